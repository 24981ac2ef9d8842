"""Every page is closed unless said otherwise: to strangers, other sites, other units.

Which role opens which page of which unit: tests/doors.txt.
"""

import html
import io
import re
from types import SimpleNamespace

import pytest
from conftest import PASSWORD
from pictures import jpeg
from sending import HARDSHIP, kept, post, send

from federation.people import Grant, Role
from forms.campaign import Campaign
from services.organization.people import add_person
from services.organization.units import tree_of

# What a stranger may open. Everything else must refuse.
PUBLIC = {
    "worker.home",
    "worker.show_form",
    "worker.show_form_upper",
    "worker.take_answers",
    "worker.take_answers_upper",
    "worker.show_receipt",
    "worker.show_receipt_upper",
    "kiosk.show_form",
    "kiosk.show_form_upper",
    "kiosk.take_answers",
    "kiosk.take_answers_upper",
    "case.act",
    "case.act_upper",
    "health.health",
    "session.show_login",
    "session.sign_in",
    "session.sign_out",
    "assets.static_file",
    "assets.service_worker",
    "phone.self_test",
    "phone.link_card",
    "invitation.show_link",
    "invitation.set_own_password",
}


@pytest.fixture
def filled(world):
    return one_of_each(world)


def one_of_each(world):
    """The world with one point, one response with a photo (`code`, `id`, `file` name them) and one
    campaign.
    """
    day = world.clock().date()
    campaign = Campaign("mot", "Tết", day, day, ("f21",), ("nam-na",), world.clock())
    world.store.campaigns.put(campaign)
    code = world.publish("f21")
    send(world, code, HARDSHIP, giay_to=(io.BytesIO(jpeg()), "so.jpg"))
    response = next(iter(world.kept._snapshot("f21")))
    file = response.answers["giay_to"][0]
    return SimpleNamespace(
        world=world, code=code, id=response.id, file=file, receipt=response.receipt
    )


def addresses(filled, method):
    """Endpoint and a real address of every route that takes this method."""
    named = {
        "code": filled.code,
        "definition": "f21",
        "response_id": filled.id,
        "other_id": filled.id,
        "profile_id": "ho-so-doan-vien",
        "receipt": filled.receipt,
        "unit_id": "nam-na",
        "request_id": "no-request",
        "breach_id": "no-breach",
        "campaign_id": "mot",
        "name": "chu-tich",
        "what": "pause",
        "kind": "svg",
        "question": "gop_y",
        "number": 1,
        "language": "vi",
        "secret": "no-link-of-ours",
        "job_id": "0" * 32,
    }
    for rule in filled.world.app.url_map.iter_rules():
        if method in rule.methods:
            values = dict(named)
            if rule.endpoint == "people.change":
                values["what"] = "deactivate"
            if rule.endpoint == "answer_files.show_file":
                values["name"] = filled.file
            adapter = filled.world.app.url_map.bind("localhost")
            yield rule.endpoint, adapter.build(rule.endpoint, values, append_unknown=False)


def guarded(filled, method):
    return [pair for pair in addresses(filled, method) if pair[0] not in PUBLIC]


def stranger(world):
    client = world.client()
    client.get("/login")
    with client.session_transaction() as session:
        client.csrf = session["csrf"]
    return client


def test_the_public_list_names_only_routes_there_are(world):
    there = {rule.endpoint for rule in world.app.url_map.iter_rules()}

    assert there >= PUBLIC
    assert len(there - PUBLIC) > 15


def test_every_other_page_sends_a_stranger_to_sign_in(filled):
    client = filled.world.client()

    for endpoint, url in guarded(filled, "GET"):
        answer = client.get(url)
        assert answer.status_code == 303, endpoint
        assert answer.location.startswith("/login?next=/"), endpoint
        assert answer.data.count(b"\n") < 10, endpoint


def test_every_other_post_of_a_stranger_is_refused(filled):
    client, before = stranger(filled.world), kept(filled.world.store)

    for endpoint, url in guarded(filled, "POST"):
        assert post(client, url, password="mat-khau-moi-2027").status_code == 403, endpoint
    assert kept(filled.world.store) == before


@pytest.mark.parametrize(
    "token", ["", "wrong", "another session's", "é\udcff".encode(errors="replace")]
)
def test_every_staff_post_needs_the_token_of_its_session(filled, token):
    world = filled.world
    client, before = world.signed_in("quan-tri"), kept(world.store)
    sent = stranger(world).csrf if token == "another session's" else token
    inputs = {"csrf_token": sent, "name": "X", "parent": "root", "unit": "che", "place": "Cổng"}
    inputs |= {"password": PASSWORD + "-2", "role": "admin", "username": "moi-toanh"}

    staff = [*guarded(filled, "POST"), ("session.sign_out", "/logout"), ("in", "/login")]
    for endpoint, url in staff:
        assert client.post(url, data=inputs).status_code == 400, endpoint
    assert kept(world.store) == before
    assert client.get("/desk").status_code == 200


def test_a_post_without_any_token_input_is_refused_too(filled):
    client = filled.world.signed_in("quan-tri")

    for endpoint, url in guarded(filled, "POST"):
        assert client.post(url).status_code == 400, endpoint


@pytest.mark.parametrize(
    "header",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_cannot_post_even_with_the_right_token(filled, header):
    world = filled.world
    client, before = world.signed_in("quan-tri"), kept(world.store)

    for endpoint, url in guarded(filled, "POST"):
        answer = client.post(url, data={"csrf_token": client.csrf}, headers=header)
        assert answer.status_code == 403, endpoint
    assert kept(world.store) == before


def test_our_own_page_may_post(filled):
    client = filled.world.signed_in("quan-tri")
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}

    answer = client.post(
        f"/points/{filled.code}/pause", data={"csrf_token": client.csrf}, headers=headers
    )

    assert answer.status_code == 303


@pytest.mark.parametrize("name", ["lap-phieu", "chu-tich", "to-truong"])
def test_no_role_posts_to_a_page_it_cannot_open(filled, name):
    client, before = filled.world.signed_in(name), kept(filled.world.store)
    closed = {"units.add", "units.change", "people.add", "people.change", "headcounts.keep"}
    closed |= {f"unit_acts.{act}" for act in ("move", "merge", "close", "withdraw")}
    closed |= {"unit_files.take_import", "headcounts.take_import"}
    closed |= {"requests.begin", "requests.change", "person_data.find_data", "person_data.act"}
    closed |= {"person_correction.correct"}
    closed |= {"retention.ask", "retention.change", "retention.purge"}
    closed |= {"person_correction.correct", "breaches.begin", "breaches.change"}
    if name != "lap-phieu":
        closed |= {"organizer.publish_form", "organizer.try_preview", "points.change"}
        closed |= {"builder.start", "builder.change"}
        closed |= {"draft_publishing.try_preview", "draft_publishing.publish"}
        closed |= {f"campaigns.{act}" for act in ("add", "change", "publish", "repeat", "remove")}
        closed |= {"publishing.publish", "offers.change", "point_list.change"}
        closed |= {
            f"point_acts.{act}" for act in ("change_times", "change_place", "lead_elsewhere")
        }

    for endpoint, url in guarded(filled, "POST"):
        if endpoint in closed:
            assert post(client, url, unit="che", name="X").status_code == 403, endpoint
    assert kept(filled.world.store) == before


def test_a_person_without_any_role_opens_the_desk_and_nothing_else(filled):
    add_person(filled.world.store, "moi", "Mới", PASSWORD, (), tree_of(filled.world.store))
    client = filled.world.signed_in("moi")
    opened = {url for _, url in guarded(filled, "GET") if client.get(url).status_code != 403}

    assert opened == {"/desk", "/account"}


@pytest.mark.parametrize(
    "address",
    [
        "/forms/nope",
        "/forms/nope/preview",
        "/forms/%00",
        "/points/ZZZZZZ",
        "/points/{small_code}",
        "/points/ZZZZZZ/close",
        "/points/{code}/qr.gif",
        "/points/..%2f..%2fetc/qr.png",
        "/responses/nope",
        "/responses/nope.csv",
        "/responses/f28",
        "/responses/f28.csv",
        "/responses/..%2fregistry.csv",
        "/responses/f21/nope",
        "/responses/f21/{code}",
        "/responses/f28/{id}",
        "/responses/f21/{id}/files/" + "0" * 32 + "-01.jpg",
        "/responses/f21/{id}/files/..%2f..%2fregistry.json",
        "/responses/f21/nope/files/" + "0" * 32 + "-01.jpg",
        "/units/nope",
        "/units/%F0%9F%98%80",
        "/people/nope",
        "/people/nope/deactivate",
        "/people/" + "x" * 3_000,
        "/assets/staff-000000000000.css",
        "/nowhere",
    ],
)
def test_what_is_not_there_is_not_found(filled, address):
    client = filled.world.signed_in("quan-tri")
    url = address.format(code=filled.code, small_code=filled.code.lower(), id=filled.id)

    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/points/{code}/delete", "/people/chu-tich/nope", "/points/ZZZZZZ/pause", "/units/nope"],
)
def test_an_unknown_act_is_not_found_and_changes_nothing(filled, address):
    client, before = filled.world.signed_in("quan-tri"), kept(filled.world.store)

    answer = post(client, address.format(code=filled.code), name="X")

    assert answer.status_code == 404
    assert kept(filled.world.store) == before


def test_an_organizer_of_one_unit_cannot_touch_another_unit_s_point(filled):
    world = filled.world
    grants = (Grant(Role.ORGANIZER, "che"),)
    add_person(world.store, "lap-phieu-che", "", PASSWORD, grants, tree_of(world.store))
    client, before = world.signed_in("lap-phieu-che"), kept(world.store)
    point = f"/points/{filled.code}"

    pages = [client.get(point + page) for page in ("", "/close", "/qr.svg", "/qr.png")]
    acts = [post(client, f"{point}/{act}") for act in ("pause", "resume", "close")]

    assert {answer.status_code for answer in (*pages, *acts)} == {404}
    assert post(client, "/forms/f21", unit="nam-na", place="").status_code == 422
    assert filled.code not in client.get("/forms/f21").text.replace(" ", "")
    assert kept(world.store) == before


def test_every_answer_carries_the_headers_that_protect_it(filled):
    client = filled.world.signed_in("quan-tri")
    urls = [url for _, url in addresses(filled, "GET")] + ["/nowhere", "/people/nope"]

    for url in urls:
        headers = client.get(url).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; "), url
        assert "frame-ancestors 'none'" in policy, url
        assert "unsafe" not in policy, url
        assert headers["X-Content-Type-Options"] == "nosniff", url
        assert headers["Referrer-Policy"] == "same-origin", url
        kept = url.startswith(("/assets/", "/og/")) or url == "/sw.js"
        assert kept or "no-store" in headers["Cache-Control"], url


def test_every_page_says_its_language(filled):
    client = filled.world.signed_in("quan-tri")
    urls = [url for _, url in addresses(filled, "GET")] + ["/nowhere", "/people/nope"]
    seen = {}
    for url in urls:
        for language in ("vi", "en"):
            page = client.get(url, query_string={"lang": language})
            if page.mimetype == "text/html" and page.status_code != 303:
                found = re.findall(r"<html lang=\"(\w+)\"", page.text)
                seen[url, language] = found == [language]

    assert len(seen) > 30
    assert [where for where, right in seen.items() if not right] == []


def broken_links(client):
    """Every link that can be reached from the desk and does not open."""
    broken, waiting, seen = [], ["/desk"], {"/desk"}
    while waiting:
        page = client.get(url := waiting.pop())
        if page.status_code not in (200, 303):
            broken.append((url, page.status_code))
        if page.mimetype == "text/html" and not url.startswith("/q/"):
            links = {html.unescape(link) for link in re.findall(r' href="(/[^"]*)"', page.text)}
            waiting += links - seen
            seen |= links
    assert {"/desk", "/account"} <= seen
    return broken


@pytest.mark.parametrize("name", ["quan-tri", "lap-phieu", "chu-tich", "chu-tich-che", "to-truong"])
def test_every_link_on_every_page_of_a_role_leads_somewhere(filled, name):
    assert broken_links(filled.world.signed_in(name)) == []


@pytest.mark.parametrize("name", ["quan-tri", "lap-phieu", "chu-tich", "to-truong"])
def test_every_link_leads_somewhere_while_nothing_is_published(world, name):
    assert broken_links(world.signed_in(name)) == []


def test_every_link_leads_somewhere_for_a_person_without_any_role(world):
    add_person(world.store, "moi", "Mới", PASSWORD, (), tree_of(world.store))

    assert broken_links(world.signed_in("moi")) == []
