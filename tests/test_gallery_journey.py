"""Every ready-made form from the poster to the spreadsheet: it opens, is filled, leaves whole."""

import csv
import gzip
import io
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from conftest import SetClock, World, fill_world
from gallery_sheets import CONTENT, Answers, Sheet, files_of, sheets, texts_of
from reading import Page
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app import create_app
from config import Config
from export.csv import csv_chunks
from export.jsonl import jsonl_lines
from export.table import META, Style, Table
from forms.answers import check_answers
from forms.gallery import gallery
from forms.types import Value
from forms.types.calculate import Calculate
from forms.types.photo import Photo
from services.organization.units import tree_of
from services.reading import responses
from storage.memory import MemoryStore
from storage.store import Store

DOCUMENT = 14_000  # bytes of a page, compressed
# From five answers on, an anonymous form shows a unit's.
GROUP = 5
# The full answers come from one unit, the minimal ones from another.
EXAMPLES = {"full": "nam-na", "minimal": "che"}

forms = pytest.mark.parametrize("form", sheets())
examples = pytest.mark.parametrize("example", EXAMPLES)


@dataclass(frozen=True)
class Offered:
    """A federation in which every ready-made form hangs on the wall of both units."""

    world: World
    codes: Mapping[tuple[str, str], str]
    receipts: dict[tuple[str, str], str]

    def filled(self, form: str, example: str) -> str:
        """Send the example once (an anonymous one five times); gives the receipt's page."""
        if (form, example) not in self.receipts:
            for _ in range(GROUP if gallery()[form].anonymous else 1):
                answer = self.send(form, example)
                assert answer.status_code == 303, Page(answer.text).one("h1").text
            self.receipts[form, example] = answer.location
        return self.receipts[form, example]

    def send(self, form, example):
        given = example_of(form, example)
        posted = {"instance_id": str(uuid.uuid4()), **texts_of(given)}
        for name, values in given.items():
            if name not in posted:
                posted[name] = [
                    FileStorage(io.BytesIO(CONTENT[v][0]), CONTENT[v][1]) for v in values
                ]
        _, body = encode_multipart(posted, boundary="x")
        return self.world.client().post(
            f"/q/{self.codes[form, example]}",
            data=body,
            content_type="multipart/form-data; boundary=x",
        )


@pytest.fixture(scope="module")
def offered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Offered]:
    config = Config(
        data_dir=tmp_path_factory.mktemp("gallery"),
        base_url="http://phieu.example",
        secret_key="a secret for tests only, of some length",
        hash_key="a hashing key for tests only, of some length",
        organization="LĐLĐ tỉnh Lai Châu",
    )
    store, clock = MemoryStore(), SetClock()
    world = World(create_app(config, store, clock=clock), store, clock)
    fill_world(store)
    codes = {
        (form, example): world.publish(form, unit)
        for form in sheets()
        for example, unit in EXAMPLES.items()
    }
    yield Offered(world, codes, {})
    store.close()


def example_of(form: str, example: str) -> Answers:
    sheet: Sheet = sheets()[form]
    return sheet.full if example == "full" else sheet.minimal


def kept_of(world: World, form: str, example: str) -> Mapping[str, Value]:
    """What must be kept of an example, by the one check that every way in uses."""
    given = example_of(form, example)
    uploads = files_of(given)
    today = world.clock().date()
    return check_answers(gallery()[form], texts_of(given), today, uploads=uploads).answers


def view(world: World, form: str, example: str) -> responses.View:
    tree, today = tree_of(world.store), world.clock().date()
    unit = EXAMPLES[example]
    return responses.view_for(opened(world), gallery()[form], None, tree, today=today, unit=unit)


def opened(world: World) -> Store:
    """The store as the pages read it, with what is encrypted at rest."""
    store: Store = world.app.extensions["phieu"].store
    return store


def cell(value: Value) -> str:
    """An answer as a spreadsheet must show it under `--header name`."""
    return ";".join(map(str, value)) if isinstance(value, list) else str(value)


@forms
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_form_opens_small_and_asks_every_question(offered, form, language):
    answer = offered.world.client().get(
        f"/q/{offered.codes[form, 'full']}?lang={language}", headers={"Accept-Encoding": "gzip"}
    )

    definition = gallery()[form]
    html = gzip.decompress(answer.data).decode()
    page = Page(html)
    assert (answer.status_code, answer.content_encoding) == (200, "gzip")
    assert len(answer.data) <= DOCUMENT
    assert page.one("h1").text == definition.title.into(language)
    assert (
        definition.notice.summary.into(language) in page.one("details", **{"class": "notice"}).text
    )
    for question in definition.sections[0].questions:
        assert question.label.into(language) in page.one("main").text
    for question in definition.asking:
        told = "id" if isinstance(question, Calculate) else "name"
        assert f'{told}="{question.name}' in html, question.name


@forms
@examples
def test_the_example_is_received_and_its_receipt_says_what_follows(offered, form, example):
    receipt = offered.world.client().get(offered.filled(form, example))

    assert receipt.status_code == 200
    assert gallery()[form].next_steps.into("vi") in Page(receipt.text).one("main").text


@forms
@examples
def test_json_lines_give_every_answer_back(offered, form, example):
    world = offered.world
    offered.filled(form, example)
    expected = kept_of(world, form, example)

    lines = jsonl_lines(
        responses.export_order(opened(world), view(world, form, example)),
        anonymous=gallery()[form].anonymous,
        masked=frozenset(),
        unit_name=str,
    )

    told = [json.loads(line) for line in lines]
    assert [one["answers"].keys() for one in told] == [expected.keys()] * len(told)
    for one in told:
        for question in gallery()[form].asking:
            if isinstance(question, Photo):
                files = one["answers"].pop(question.name, [])
                assert all(world.store.file(form, name) for name in files)
                assert len(files) == len(expected.get(question.name, []))
        assert one["answers"] == {name: expected[name] for name in one["answers"]}
    assert len(told) == (GROUP if gallery()[form].anonymous else 1)


@forms
@examples
def test_the_csv_has_a_column_for_every_question_and_every_answer_in_its_place(
    offered, form, example
):
    world, definition = offered.world, gallery()[form]
    offered.filled(form, example)
    expected = kept_of(world, form, example)
    table = Table([definition], Style(sensitive=True), unit_name=str)

    rows = table.rows(responses.export_order(world.store, view(world, form, example)))
    text = "".join(csv_chunks(table.header(), rows)).removeprefix("\ufeff")

    read = list(csv.DictReader(io.StringIO(text, newline="")))
    columns = [question.name for question in definition.asking]
    assert read
    for row in read:
        assert list(row) == [*META, *columns]
        assert {name for name in columns if row[name]} == expected.keys()
        for name, value in expected.items():
            if definition.by_name[name].type not in ("image", "repeat"):
                assert row[name].removeprefix("'") == cell(value)


def test_a_phone_leaves_the_names_of_fellow_travellers_to_the_server(offered):
    page = offered.world.client().get(f"/q/{offered.codes['f24', 'full']}").text
    logic = json.loads(page.split('id="_logic">')[1].split("</script>")[0])

    told = {question["name"]: question for question in logic["questions"]}

    assert told["ten_nguoi_cung"].keys() == {"name", "kind", "relevant"}
