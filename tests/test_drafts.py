"""Drafts: whose they are, what happens when two edit one, and what becomes of them."""

import threading

import pytest
from conftest import PASSWORD
from drafting import changed, copied, editor, following, frozen, point_of

from federation.people import Grant, Role
from forms.editing import Inputs
from forms.gallery import gallery
from services.errors import NotFound, Refusal
from services.organization.people import add_person
from services.organization.units import tree_of
from services.publishing import drafts
from services.publishing.drafts import Conflict
from storage.embedded import EmbeddedStore


@pytest.fixture
def local_organizer(world):
    grants = (Grant(Role.ORGANIZER, "nam-na"),)
    add_person(world.store, "lp-nam-na", "", PASSWORD, grants, tree_of(world.store))
    return "lp-nam-na"


@pytest.fixture
def elsewhere(world):
    grants = (Grant(Role.ORGANIZER, "che"),)
    add_person(world.store, "lp-che", "", PASSWORD, grants, tree_of(world.store))
    return "lp-che"


def test_a_copy_of_a_ready_made_form_has_an_id_of_its_own(world):
    first, second = copied(world), copied(world)

    assert (first.definition, second.definition) == ("f22-2", "f22-3")
    assert first.plain["code"] == "F22-2"
    assert gallery()["f22"].id == "f22"
    frozen(world, first)
    assert copied(world).definition == "f22-4"


def test_ids_are_never_given_twice_even_after_the_first_draft_is_gone(world):
    first = copied(world)
    frozen(world, first)
    second = drafts.start_copy(world.store, gallery()["f22"], editor(world), world.clock())
    drafts.discard(world.store, second, second.revision)

    assert copied(world).definition == "f22-3"


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("Khảo sát nhà ở", "khao-sat-nha-o"),
        ("2026: đăng ký Tết", "phieu-2026-dang-ky-tet"),
        ("ꪼꪕ ꪁꪱꪫ", "bieu-mau"),
        ("Một tiêu đề rất là dài cho một biểu mẫu", "mot-tieu-de-rat-la-dai-cho"),
        ("F28", "f28-2"),
    ],
)
def test_an_empty_form_is_named_for_its_title(world, title, wanted):
    draft = drafts.start_empty(world.store, title, editor(world), world.clock())

    assert draft.definition == draft.plain["id"] == wanted
    assert draft.plain["title"] == {"vi": title}


@pytest.mark.parametrize("title", ["", "  ", "x" * 121, "a\x00"])
def test_a_form_without_a_fitting_title_is_not_begun(world, title):
    with pytest.raises(Refusal) as caught:
        drafts.start_empty(world.store, title, editor(world), world.clock())

    assert caught.value.field == "title"
    assert world.store.drafts.all() == ()


def test_a_form_has_one_next_version_at_a_time(world):
    frozen(world, copied(world))
    first = following(world, "f22-2")
    first = changed(world, first, "hide", name="bo_phan")

    assert following(world, "f22-2") == first
    assert first.version == 1


def test_the_second_of_two_editors_is_told_and_nothing_is_overwritten(world):
    draft = copied(world)
    changed(world, draft, "edit", name="ho_ten", label__vi="Của người thứ nhất")

    with pytest.raises(Conflict) as caught:
        changed(world, draft, "edit", name="ho_ten", label__vi="Của người thứ hai")

    kept = world.store.drafts.get("f22-2")
    assert kept.plain["sections"][0]["questions"][0]["label"]["vi"] == "Của người thứ nhất"
    assert caught.value.draft == kept
    assert kept.as_of(caught.value.seen) == draft.plain


def test_of_many_editors_at_once_exactly_one_is_heard_each_time(world, tmp_path):
    store = EmbeddedStore(tmp_path)
    draft = drafts.start_copy(store, gallery()["f22"], editor(world), world.clock())
    heard = []

    def edit(number):
        inputs = Inputs.of(name="ho_ten", label__vi=f"Người {number}")
        try:
            drafts.change(store, draft, 1, "edit", inputs, str(number), world.clock())
        except Conflict:
            return
        heard.append(number)

    threads = [threading.Thread(target=edit, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()

    assert len(heard) == 1
    again = EmbeddedStore(tmp_path)
    assert again.drafts.get("f22-2").by == str(heard[0])
    assert again.drafts.get("f22-2").revision == 2
    again.close()


def test_taking_back_is_shared_and_survives_a_restart(world, tmp_path):
    store = EmbeddedStore(tmp_path)
    draft = drafts.start_copy(store, gallery()["f22"], editor(world), world.clock())
    after = drafts.change(
        store, draft, 1, "hide", Inputs.of(name="bo_phan"), "lap-phieu", world.clock()
    )
    store.close()
    store = EmbeddedStore(tmp_path)

    back = drafts.undo(store, after, 2, "quan-tri", world.clock())
    again = drafts.redo(store, back, 3, "quan-tri", world.clock())
    store.close()

    assert back.plain == draft.plain
    assert (again.plain, again.revision, again.by) == (after.plain, 4, "quan-tri")


def test_an_act_that_changes_nothing_is_no_revision(world):
    draft = copied(world)

    same = changed(world, draft, "move", name="ho_ten", way="up")

    assert same.revision == 1
    assert drafts.undo(world.store, draft, 1, "lap-phieu", world.clock()).revision == 1


def test_a_draft_belongs_to_its_owner_and_to_who_stands_above(world, local_organizer, elsewhere):
    draft = copied(world, name=local_organizer)

    may = {
        name: editor(world, name).may_edit(world.store, draft.definition)
        for name in (local_organizer, elsewhere, "lap-phieu", "quan-tri", "chu-tich", "to-truong")
    }

    assert may == {
        local_organizer: True,
        elsewhere: False,
        "lap-phieu": True,
        "quan-tri": True,
        "chu-tich": False,
        "to-truong": False,
    }
    assert [d.definition for d in drafts.drafts_for(world.store, editor(world, elsewhere))] == []
    with pytest.raises(NotFound):
        drafts.find_draft(world.store, editor(world, elsewhere), draft.definition)


def test_a_published_form_belongs_to_those_whose_units_are_all_it_is_offered_in(
    world, local_organizer, elsewhere
):
    frozen(world, copied(world, name=local_organizer))
    assert not editor(world, local_organizer).may_edit(world.store, "f22-2")  # offered nowhere yet
    point_of(world, "f22-2", "nam-na")
    assert editor(world, local_organizer).may_edit(world.store, "f22-2")
    assert not editor(world, elsewhere).may_edit(world.store, "f22-2")

    point_of(world, "f22-2", "che")

    assert not editor(world, local_organizer).may_edit(world.store, "f22-2")
    assert editor(world, "lap-phieu").may_edit(world.store, "f22-2")
    with pytest.raises(NotFound):
        following(world, "f22-2", local_organizer)


def test_the_name_of_a_ready_made_form_is_the_whole_federations(world, local_organizer):
    world.publish("f28", "nam-na")

    assert not editor(world, local_organizer).may_edit(world.store, "f28")
    assert editor(world, "quan-tri").may_edit(world.store, "f28")


def test_the_draft_of_somebody_who_left_is_the_federations(world, local_organizer, elsewhere):
    draft = copied(world, name=local_organizer)
    world.store.people.remove(local_organizer)

    assert editor(world).may_edit(world.store, draft.definition)
    assert not editor(world, elsewhere).may_edit(world.store, draft.definition)


def test_publishing_ends_the_draft_and_its_name_is_found(world):
    draft = copied(world)

    version = frozen(world, draft)

    assert world.store.drafts.all() == ()
    assert world.store.versions.get("f22-2@1") == version
    with pytest.raises(NotFound):
        drafts.discard(world.store, draft, draft.revision)


def test_a_draft_with_mistakes_is_not_published(world):
    draft = drafts.start_empty(world.store, "Trống", editor(world), world.clock())

    with pytest.raises(Refusal):
        frozen(world, draft)

    assert world.store.versions.all() == ()
    assert world.store.drafts.get(draft.definition) == draft


def test_a_draft_that_was_overtaken_is_not_published(world):
    frozen(world, copied(world))
    late = following(world, "f22-2")
    world.store.drafts.remove("f22-2")
    frozen(world, following(world, "f22-2"))
    world.store.drafts.put(late)

    with pytest.raises(Refusal):
        frozen(world, late)


def test_a_copy_of_the_gallery_is_not_touched_by_its_draft(world):
    before = gallery()["f22"].model_dump()

    changed(world, copied(world), "paste_choices", name="hinh_thuc", list="Một\nHai")

    assert gallery()["f22"].model_dump() == before
