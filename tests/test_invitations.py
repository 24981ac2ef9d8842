"""One-time links: shown once, kept as a hash, used once, within a week, by whoever is active."""

import re

import pytest
from conftest import PASSWORD
from sending import kept, post

from services.organization.people import set_active, set_password
from services.organization.start import prepare
from storage.embedded import EmbeddedStore
from storage.records import PEOPLE

NEW = {"username": "giang.a.pao", "full_name": "Giàng A Páo", "role": "chair", "unit": "che"}
CHOSEN = "mat-khau-cua-toi-1"


@pytest.fixture
def admin(world):
    return world.signed_in("quan-tri")


def link_in(answer):
    """The path of the link that a page shows."""
    (secret,) = set(re.findall(r"http://phieu\.example/invite/([\w-]{43})<", answer.text))
    return f"/invite/{secret}"


def invited(admin, **changed):
    answer = post(admin, "/people", **NEW | changed, how="link")
    assert answer.status_code == 200, answer.text
    return link_in(answer)


def use(world, path, password=CHOSEN):
    """Open a link in a new browser and choose a password."""
    client = world.client()
    client.get(path)
    with client.session_transaction() as session:
        token = session["csrf"]
    answer = client.post(path, data={"csrf_token": token, "password": password})
    return client, answer


def test_who_is_invited_chooses_a_password_and_is_signed_in(world, admin):
    path = invited(admin)
    page = world.client().get(path).text

    client, answer = use(world, path)

    assert "Giàng A Páo" in page
    assert "giang.a.pao" in page
    assert (answer.status_code, answer.location) == (303, "/desk")
    assert client.get("/responses").status_code == 200
    assert not world.store.people.get("giang.a.pao").temporary


def test_an_invited_person_without_a_password_cannot_sign_in(world, admin):
    invited(admin)
    client = world.client()
    client.get("/login")
    with client.session_transaction() as session:
        token = session["csrf"]

    for password in ("", PASSWORD, CHOSEN):
        entry = {"username": "giang.a.pao", "password": password, "csrf_token": token}
        assert client.post("/login", data=entry).status_code == 422


def test_a_link_works_once(world, admin):
    path = invited(admin)
    use(world, path)

    client, answer = use(world, path, "mat-khau-khac-2027")

    assert answer.status_code == 410
    assert client.get("/desk").status_code == 303
    assert world.client().get(path).status_code == 410


def test_looking_at_a_link_does_not_use_it_up(world, admin):
    path, before = invited(admin), kept(world.store)
    for _ in range(3):
        world.client().get(path)
        world.client().head(path)

    assert kept(world.store) == before
    assert use(world, path)[1].status_code == 303


@pytest.mark.parametrize(("seconds", "status"), [(-1, 303), (0, 410)])
def test_a_link_lasts_a_week(world, admin, seconds, status):
    path = invited(admin)

    world.clock.move(days=7, seconds=seconds)

    assert use(world, path)[1].status_code == status


def test_a_newer_link_ends_the_one_before(world, admin):
    first = invited(admin)
    second = link_in(post(admin, "/people/giang.a.pao/link"))

    assert use(world, first)[1].status_code == 410
    assert use(world, second)[1].status_code == 303


@pytest.mark.parametrize("act", ["deactivate", "password"])
def test_taking_away_access_or_giving_a_password_ends_the_link(world, admin, act):
    path = invited(admin)

    post(admin, f"/people/giang.a.pao/{act}", password="mat-khau-tam-2026")

    assert use(world, path)[1].status_code == 410
    set_active(world.store, "giang.a.pao", active=True)
    assert use(world, path)[1].status_code == 410


def test_who_has_no_access_gets_no_link(world, admin):
    set_active(world.store, "chu-tich", active=False)

    assert post(admin, "/people/chu-tich/link").status_code == 422
    assert world.store.people.get("chu-tich").link is None


def test_a_link_for_a_forgotten_password_ends_all_sign_ins_when_it_is_used(world, admin):
    old = world.signed_in("chu-tich")
    path = link_in(post(admin, "/people/chu-tich/link"))
    still = old.get("/desk").status_code

    client, _ = use(world, path)

    assert (still, old.get("/desk").status_code) == (200, 303)
    assert client.get("/desk").status_code == 200


@pytest.mark.parametrize("password", ["", "ngan", "x" * 201])
def test_a_password_that_cannot_be_kept_leaves_the_link_open(world, admin, password):
    path = invited(admin)

    client, answer = use(world, path, password)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert client.get("/desk").status_code == 303
    assert use(world, path)[1].status_code == 303


@pytest.mark.parametrize("secret", ["x", "a" * 43, "%00", "..%2f..%2fdata", "é", "a" * 5_000])
def test_a_made_up_link_opens_nothing(world, secret):
    assert world.client().get(f"/invite/{secret}").status_code in (404, 410)
    assert use(world, "/invite/x")[1].status_code == 410


def test_the_link_is_told_once_and_kept_as_a_hash(world, admin):
    secret = invited(admin).rpartition("/")[2]

    later = [admin.get(path).text for path in ("/people", "/people/giang.a.pao", "/desk")]
    with admin.session_transaction() as session:
        later.append(repr(dict(session)))

    assert all(secret not in text for text in later)
    assert secret not in repr(world.store.people.all())
    assert admin.get("/people/giang.a.pao").text.count("Đang có một liên kết") == 1


def test_the_link_page_is_kept_by_nobody_and_told_to_no_other_site(world, admin):
    answer = post(admin, "/people", **NEW, how="link")

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "<svg" in answer.text


def test_another_site_cannot_use_the_link_in_the_person_s_browser(world, admin):
    path = invited(admin)
    client = world.client()
    client.get(path)

    without = client.post(path, data={"password": CHOSEN})
    with client.session_transaction() as session:
        token = session["csrf"]
    data = {"password": CHOSEN, "csrf_token": token}
    foreign = client.post(path, data=data, headers={"Origin": "https://evil.example"})

    assert (without.status_code, foreign.status_code) == (400, 403)
    assert use(world, path)[1].status_code == 303


def test_using_a_link_signs_out_whoever_used_the_browser(world, admin):
    path = invited(admin)
    token = admin.csrf

    admin.post(path, data={"csrf_token": token, "password": CHOSEN})

    assert "Giàng A Páo" in admin.get("/account").text
    assert not [s for s in world.store.sign_ins.all() if s.person == "quan-tri"]


def test_inputs_the_page_of_a_link_does_not_have_change_nothing(world, admin):
    path = invited(admin)
    client = world.client()
    client.get(path)
    with client.session_transaction() as session:
        token = session["csrf"]
    extra = {"username": "quan-tri", "name": "quan-tri", "role": "admin", "unit": "root"}

    client.post(path, data={"csrf_token": token, "password": CHOSEN, "grants": "x", **extra})

    (grant,) = world.store.people.get("giang.a.pao").grants
    assert (grant.role, grant.unit) == ("chair", "che")
    assert world.signed_in("quan-tri").get("/people").status_code == 200


def test_a_link_outlives_a_restart(tmp_path, world, admin):
    path = invited(admin)
    document = PEOPLE.to_document(world.store.people.get("giang.a.pao"))
    store = EmbeddedStore(tmp_path)
    prepare(store, "LĐLĐ")
    store.people.put(PEOPLE.to_item(document))
    store.close()

    store = EmbeddedStore(tmp_path)
    link = store.people.get("giang.a.pao").link
    store.close()

    assert link == world.store.people.get("giang.a.pao").link
    assert path.rpartition("/")[2] not in repr(document)


def test_an_administrator_who_is_only_invited_does_not_replace_the_last_one(world, admin):
    invited(admin, role="admin", unit="root")

    refused = post(admin, "/people/quan-tri/deactivate").status_code
    set_password(world.store, "giang.a.pao", CHOSEN)

    assert refused == 422
    assert post(admin, "/people/quan-tri/deactivate").status_code == 303
