"""Large exports as long work: told of, left, ended, fetched in parts, never half a file."""

import csv
import hashlib
import io
import json
import threading
import time
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from pictures import jpeg
from sending import HARDSHIP, post, send
from test_export_csv import hardship_response
from test_export_pages import table

from export import csv as csv_files
from export.bundle import nameless
from forms.types.photo import Photo
from services.erasure.erasing import DELETED, Erasure
from services.outgoing import exporting
from services.outgoing.job_records import JobState
from storage.store import ResponseFilter
from views.outgoing import exporting as pages
from views.site import EXTENSION


@pytest.fixture
def chair(world):
    return world.signed_in("chu-tich")


@pytest.fixture
def jobs(world, monkeypatch):
    """The world's long work; everything above two rows is some."""
    monkeypatch.setattr(pages, "DIRECT", 2)
    found = world.app.extensions[EXTENSION].jobs
    yield found
    found.stop()


def filled(world, count=3):
    code = world.publish("f21")
    for number in range(count):
        send(world, code, HARDSHIP, bo_phan=f"Tổ {number}")
    return code


def begun(client, form="f21", **wish):
    answer = post(client, f"/responses/{form}/export", **wish)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def ended(jobs, href, owner="chu-tich"):
    """The job once it is over."""
    until = time.monotonic() + 20
    while not (job := jobs.find(href.rpartition("/")[2], owner)).is_finished:
        assert time.monotonic() < until
        time.sleep(0.01)
    return job


def fetched(client, jobs, form="f21", **wish):
    href = begun(client, form, **wish)
    assert ended(jobs, href).state is JobState.DONE
    answer = client.get(f"{href}/file")
    assert answer.status_code == 200
    return answer.data


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl"])
def test_a_large_export_is_work_whose_file_and_record_fit(world, chair, jobs, kind):
    filled(world, 4)
    href = begun(chair, kind=kind)
    job = ended(jobs, href)

    page = chair.get(href).text
    file = chair.get(f"{href}/file")
    record = chair.get(f"{href}/record").json

    assert (job.done, job.total, job.file_name) == (4, 4, f"f21_2026-11-24.{kind}")
    assert file.headers["Content-Disposition"] == f'attachment; filename="{job.file_name}"'
    assert record["sha256"] == hashlib.sha256(file.data).hexdigest()
    assert (record["rows"], record["file"]) == (4, job.file_name)
    assert "Số liệu chốt lúc" in page
    assert "10:30:00 24/11/2026" in page
    assert f'href="{href}/record"' in page
    if kind == "xlsx":
        assert "Bảng mã" in openpyxl.load_workbook(io.BytesIO(file.data)).sheetnames


def test_few_rows_come_at_once(world, chair, jobs):
    filled(world, 2)

    assert post(chair, "/responses/f21/export", kind="csv").mimetype == "text/csv"
    assert jobs.of("chu-tich") == []


def test_a_download_that_broke_off_goes_on_where_it_was(world, chair, jobs):
    filled(world)
    href = begun(chair, kind="csv")
    ended(jobs, href)

    whole = chair.get(f"{href}/file")
    middle = chair.get(
        f"{href}/file", headers={"Range": "bytes=100-299", "If-Range": whole.headers["ETag"]}
    )
    other = chair.get(f"{href}/file", headers={"Range": "bytes=100-", "If-Range": '"other"'})
    beyond = chair.get(f"{href}/file", headers={"Range": "bytes=99999999-"})

    assert (middle.status_code, middle.data) == (206, whole.data[100:300])
    assert middle.headers["Content-Range"] == f"bytes 100-299/{len(whole.data)}"
    assert (other.status_code, other.data) == (200, whole.data)
    assert beyond.status_code == 416
    assert "Content-Encoding" not in whole.headers


def test_nobody_fetches_another_s_file(world, chair, jobs):
    filled(world)
    href = begun(chair, kind="csv")
    ended(jobs, href)

    for name in ("quan-tri", "chu-tich-che"):
        other = world.signed_in(name)
        for page in ("", "/file", "/record"):
            assert other.get(href + page).status_code == 404
        assert post(other, f"{href}/cancel").status_code == 404


def test_who_may_no_longer_export_does_not_fetch_it_either(world, chair, jobs):
    filled(world)
    href = begun(chair, kind="csv")
    ended(jobs, href)
    person = world.store.people.get("chu-tich")
    helper = world.store.people.get("to-truong").grants
    world.store.people.put(replace(person, grants=helper))

    assert [chair.get(href + page).status_code for page in ("", "/file", "/record")] == [403] * 3


def test_beginning_and_fetching_are_noted(world, chair, jobs):
    filled(world)
    wish = {"kind": "csv", "sensitive": "1", "reason": "xét hỗ trợ", "unit": "nam-na"}
    fetched(chair, jobs, **wish)

    told = [(str(e.act), dict(e.about)) for e in world.store.trail.all()][-2:]

    assert told == [
        (
            "exported",
            {
                "form": "f21",
                "kind": "csv",
                "rows": "3",
                "sensitive": "1",
                "reason": "xét hỗ trợ",
                "unit": "nam-na",
            },
        ),
        ("exported", {"form": "f21", "what": "file", "file": "f21_2026-11-24.csv"}),
    ]


def test_work_that_is_ended_leaves_nothing(world, chair, jobs, config, monkeypatch):
    filled(world, 3)
    begun_writing, go_on = threading.Event(), threading.Event()

    def slowly(header, rows, **options):
        begun_writing.set()
        go_on.wait(20)
        yield from csv_files.csv_chunks(header, rows, **options)

    monkeypatch.setattr(exporting, "csv_chunks", slowly)
    href = begun(chair, kind="csv")
    assert begun_writing.wait(20)
    scratch = [path for path in (config.data_dir / "jobs").iterdir() if path.is_dir()]
    threading.Timer(0.2, go_on.set).start()
    post(chair, f"{href}/cancel")
    job = ended(jobs, href)

    assert len(scratch) == 1
    assert job.state is JobState.CANCELLED
    assert chair.get(f"{href}/file").status_code == 404
    assert {path.suffix for path in (config.data_dir / "jobs").iterdir()} == {".json"}


def test_work_that_fails_is_said_to_and_leaves_no_half_file(
    world, chair, jobs, config, monkeypatch
):
    filled(world, 3)

    def broken(*_, **__):
        yield "nửa tệp"
        raise RuntimeError("Lò Thị Phương")

    monkeypatch.setattr(exporting, "csv_chunks", broken)
    href = begun(chair, kind="csv")
    job = ended(jobs, href)

    assert job.state is JobState.FAILED
    assert "Lò Thị Phương" not in chair.get(href).text
    assert chair.get(f"{href}/file").status_code == 404
    assert {path.suffix for path in (config.data_dir / "jobs").iterdir()} == {".json"}


def test_rows_are_those_of_the_moment_that_is_named(world, chair, jobs, monkeypatch):
    code = filled(world, 3)

    def meanwhile(header, rows, **options):
        for _ in range(5):
            send(world, code, HARDSHIP)
        yield from csv_files.csv_chunks(header, rows, **options)

    monkeypatch.setattr(exporting, "csv_chunks", meanwhile)
    found = table(fetched(chair, jobs, kind="csv", header="name"))

    assert [row["bo_phan"] for row in found] == ["Tổ 0", "Tổ 1", "Tổ 2"]


def test_photos_come_in_a_zip_under_names_people_can_read(world, chair, jobs):
    photo = (io.BytesIO(jpeg()), "Sổ hộ nghèo.jpg")
    receipt = send(world, world.publish("f21"), HARDSHIP, giay_to=photo)["receipt"]

    wish = {"kind": "csv", "files": "1", "header": "name"}
    masked = fetched(chair, jobs, **wish)
    content = fetched(chair, jobs, sensitive="1", reason="xét hồ sơ", **wish)

    name = f"{receipt}_giay_to_1.jpg"
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert sorted(parts.namelist()) == [
            "f21_2026-11-24.csv",
            "f21_2026-11-24.csv.manifest.json",
            f"tep/{name}",
        ]
        assert parts.read(f"tep/{name}").startswith(b"\xff\xd8")
        (row,) = csv.DictReader(
            io.StringIO(parts.read("f21_2026-11-24.csv").decode("utf-8-sig"), newline="")
        )
        told = json.loads(parts.read("f21_2026-11-24.csv.manifest.json"))
    assert row["giay_to"] == name
    assert (told["taken"], told["lost"]) == (1, 0)
    is_marked = world.store.versions.all()[0].definition.by_name["giay_to"].sensitive
    with zipfile.ZipFile(io.BytesIO(masked)) as parts:
        assert (f"tep/{name}" in parts.namelist()) is not is_marked


def test_a_file_that_is_gone_is_counted_and_the_rest_leaves(world, chair, jobs):
    photo = (io.BytesIO(jpeg()), "a.jpg")
    send(world, world.publish("f21"), HARDSHIP, giay_to=photo)
    (name,) = world.store.iter_files("f21")
    world.store.remove_file("f21", name)

    wish = {"kind": "csv", "files": "1", "sensitive": "1", "reason": "x"}
    with zipfile.ZipFile(io.BytesIO(fetched(chair, jobs, **wish))) as parts:
        told = json.loads(parts.read("f21_2026-11-24.csv.manifest.json"))

    assert (told["rows"], told["taken"], told["lost"]) == (1, 0, 1)


def test_photos_of_an_anonymous_form_are_named_for_their_row():
    photo = Photo(name="anh", label={"vi": "Ảnh"}, type="image")
    text = hardship_response(1)
    stored = [f"{'ab' * 16}-0{number}.jpg" for number in (1, 2)]
    found = [replace(text, answers={"anh": stored}), replace(text, answers={"anh": stored[:1]})]

    named = [response.answers["anh"] for response in nameless(found, [photo])]

    assert named == [["000001_anh_1.jpg", "000001_anh_2.jpg"], ["000002_anh_1.jpg"]]
    assert found[0].answers["anh"] == stored


def test_a_file_from_before_an_erasure_is_gone(world, chair, jobs):
    filled(world)
    href = begun(chair, kind="csv")
    ended(jobs, href)
    store = world.app.extensions[EXTENSION].store
    first = next(store.iter_responses("f21", ResponseFilter()))
    world.app.extensions[EXTENSION].eraser.erase(first, Erasure(world.clock(), DELETED, "quan-tri"))

    assert chair.get(f"{href}/file").status_code == 404
    assert jobs.of("chu-tich") == []


def test_a_finished_file_lies_sealed_on_the_disk(world, chair, jobs):
    filled(world)
    content = fetched(chair, jobs, kind="csv")
    folder = world.app.extensions[EXTENSION].config.data_dir / "jobs"

    assert "Tổ 1".encode() in content
    assert not any("Tổ 1".encode() in path.read_bytes() for path in folder.iterdir())
