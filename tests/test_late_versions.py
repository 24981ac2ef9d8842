"""A version that is published while others read is known together with the responses to it."""

from dataclasses import replace

import pytest
from conftest import fill_world
from filled import NOON
from kinds import made as form
from test_store_contract import made

from forms.publication import PublishedVersion
from services.organization.start import prepare
from services.organization.units import tree_of
from services.reading import responses
from storage.embedded import EmbeddedStore
from storage.embedded_snapshot import EmbeddedSnapshot
from storage.memory import MemoryStore
from storage.store import ResponseFilter

PLAIN = "[{type: text, name: mot, label: {vi: Một, en: One}}]"
MORE = "[{type: text, name: hai, label: {vi: Hai, en: Two}}]"
FIRST = PublishedVersion(form(PLAIN), 1, "7FK", NOON)
SECOND = PublishedVersion(form(PLAIN, MORE), 2, "7FK", NOON)


def answer(number, version):
    return made(number, definition="f99", version=version, answers={"mot": "x", "hai": "y"})


def publish_and_answer(store):
    """What may happen at any moment of a reading."""
    if store.versions.add(SECOND):
        store.add_response(answer(2, 2))


class Racing(MemoryStore):
    """Just when the responses are read, a version is published and answered."""

    def iter_responses(self, definition, where, *, newest_first=False):
        publish_and_answer(self)
        return super().iter_responses(definition, where, newest_first=newest_first)


@pytest.fixture
def racing():
    store = Racing()
    prepare(store, "LĐLĐ tỉnh Lai Châu")
    fill_world(store)
    store.versions.put(FIRST)
    store.add_response(answer(1, 1))
    return store


def test_a_file_knows_every_version_that_its_responses_answer(racing):
    view = responses.view_for(racing, FIRST.definition, None, tree_of(racing), today=NOON.date())

    versions, found = responses.exported(racing, view)

    assert [response.version for response in found] == [1, 2]
    assert versions == (FIRST.definition, SECOND.definition)


def test_responses_that_come_after_the_versions_were_read_are_not_in_the_file(tmp_path):
    store = EmbeddedStore(tmp_path)
    prepare(store, "LĐLĐ tỉnh Lai Châu")
    fill_world(store)
    store.versions.put(FIRST)
    store.add_response(answer(1, 1))
    view = responses.view_for(store, FIRST.definition, None, tree_of(store), today=NOON.date())

    versions, found = responses.exported(store, view)
    publish_and_answer(store)

    assert [response.version for response in found] == [1]
    assert versions == (FIRST.definition,)
    store.close()


def test_an_empty_form_has_its_versions_too(racing):
    view = responses.view_for(
        racing, FIRST.definition, None, tree_of(racing), today=NOON.date(), since=None
    )
    nothing = replace(view, where=ResponseFilter(units=frozenset()))

    versions, found = responses.exported(racing, nothing)

    assert (len(versions), list(found)) == (2, [])


def test_a_snapshot_knows_what_its_responses_refer_to(tmp_path):
    store = EmbeddedStore(tmp_path)
    store.versions.put(FIRST)
    snapshot = EmbeddedSnapshot(tmp_path)
    before = snapshot.versions.all()
    publish_and_answer(store)

    (response,) = snapshot.iter_responses("f99", ResponseFilter())
    second = snapshot.versions.get("f99@2")
    store.versions.put(replace(FIRST, number=3))

    assert (before, response.version, second) == ((FIRST,), 2, SECOND)
    assert snapshot.versions.all() == (FIRST, SECOND)
    store.close()
