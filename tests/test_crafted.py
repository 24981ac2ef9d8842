"""Requests made by hand: inputs nobody offered, roles one has not, names that lead elsewhere."""

import io
import re
from dataclasses import replace

import pytest
from conftest import PASSWORD
from pictures import jpeg
from sending import HARDSHIP, JSON, MEAL, kept, post, send
from test_doors import addresses, filled

from federation.people import Grant, Role
from services.organization.people import add_person
from services.organization.units import add_unit, tree_of
from storage.store import ResponseFilter

__all__ = ["filled"]

OURS = {
    "_state": "approved",
    "state": "approved",
    "_unit": "che",
    "unit": "che",
    "_unit_name": "X",
    "_place": "X",
    "place": "X",
    "_receipt": "AAAAAAAAAAAAA",
    "receipt": "AAAAAAAAAAAAA",
    "_flags": "trusted",
    "flags": "trusted",
    "_submitted_at": "2020-01-01",
    "submitted_at": "2020-01-01",
    "id": "0",
    "definition": "f21",
    "_definition": "f21",
    "point": "ZZZZZZ",
    "attempt": "7",
    "message": "Đã duyệt",
    "_helper": "quan-tri",
    "helper": "quan-tri",
    "_channel": "paper",
    "channel": "paper",
    "history": "[]",
    "content": "0",
    "instance": "0",
    "__class__": "x",
    "self": "x",
}


def responses(world, form):
    return list(world.store.iter_responses(form, ResponseFilter()))


def test_a_worker_cannot_set_what_only_the_server_knows(world):
    code = world.publish("f28")
    plain, crafted = send(world, code, MEAL), send(world, code, OURS | MEAL)

    first, second = responses(world, "f28")
    same = {name: getattr(first, name) for name in ("id", "instance", "content", "receipt")}
    assert replace(second, **same) == first
    assert plain["flags"] == crafted["flags"]


@pytest.mark.parametrize("name", ["quan-tri", "chu-tich", "to-truong"])
def test_nobody_gives_themselves_more_on_the_page_of_the_account(world, name):
    client, before = world.signed_in(name), world.store.people.get(name)
    inputs = {
        "name": "quan-tri",
        "username": "quan-tri",
        "role": "admin",
        "unit": "root",
        "grants": '[["admin","root"]]',
        "active": "1",
        "full_name": "X",
    }

    post(client, "/account", present=PASSWORD, password="mat-khau-moi-2027", **inputs)

    after = world.store.people.get(name)
    assert replace(after, password=before.password) == before
    assert after.password != before.password


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        ("admin", "root"),
        ("admin", "che"),
        ("chair", "root"),
        ("superadmin", "nam-na"),
        ("", "nam-na"),
        ("admin", ""),
        ("admin", "../root"),
        ("ADMIN", "root"),
    ],
)
def test_an_administrator_of_one_unit_makes_nobody_more_than_that(world, role, unit):
    tree = tree_of(world.store)
    add_person(world.store, "cap-duoi", "", PASSWORD, (Grant(Role.ADMIN, "nam-na"),), tree)
    client, before = world.signed_in("cap-duoi"), world.store.people.all()
    inputs = {"role": role, "unit": unit, "password": PASSWORD, "full_name": "X"}

    post(client, "/people", username="moi-them", **inputs)
    for name in ("quan-tri", "chu-tich-che"):
        for what in ("grant", "roles", "password", "deactivate", "change"):
            post(client, f"/people/{name}/{what}", **inputs)
    post(client, "/people/cap-duoi/roles", **inputs)

    assert world.store.people.all() == before


def test_a_stranger_s_words_in_the_session_open_nothing(world):
    client = world.client()
    client.get("/login?lang=en")
    with client.session_transaction() as session:
        session |= {"person": "quan-tri", "role": "admin", "user_id": "quan-tri"}
        session["sign_in"] = "quan-tri"

    assert client.get("/desk").status_code == 303


@pytest.mark.parametrize("planted", ["chosen-by-the-attacker", 7, ["a"], None, ""])
def test_a_session_chosen_by_somebody_else_is_not_the_one_after_signing_in(world, planted):
    client = world.client()
    client.get("/login")
    with client.session_transaction() as session:
        session["sign_in"] = planted
        token = session["csrf"]

    named = {"username": "chu-tich", "password": PASSWORD, "csrf_token": token}
    client.post("/login", data=named)

    with client.session_transaction() as session:
        assert len(session["sign_in"]) > 30
        assert session["sign_in"] != planted


# Headers ------------------------------------------------------------------------------------

BREAKS = [
    "a\r\nSet-Cookie: x=1",
    "a\nX-Evil: 1",
    "a\r\n\r\n<html>",
    "a\x00b",
    "a\u2028b",
    'a"; b="',
]
SAFE_NAME = re.compile(r'(inline|attachment); filename="[A-Za-z0-9_.-]+"')


def is_whole(answer):
    """Whether no header was broken into two, and file names are plain (RFC 6266)."""
    names = {name.lower() for name, _ in answer.headers}
    one_line = all(not re.search(r"[\r\n\0]", value) for _, value in answer.headers)
    shown = answer.headers.get("Content-Disposition")
    is_ours = "x=1" not in answer.headers.get("Set-Cookie", "") and "x-evil" not in names
    return one_line and is_ours and (shown is None or SAFE_NAME.fullmatch(shown) is not None)


@pytest.mark.parametrize("text", BREAKS)
def test_no_name_or_place_breaks_a_header(world, text):
    client = world.signed_in("quan-tri")
    post(client, "/units", name=text, kind="enterprise", parent="root")
    post(client, "/units/nam-na", name=text, hotline=text)
    post(client, "/forms/f21", unit="nam-na", place=text)
    codes = {point.code for point in world.store.points.all()} | {world.publish("f21")}
    for code in codes:
        for name in ("a.jpg", text):
            photo = (io.BytesIO(jpeg()), name)
            world.client().post(f"/q/{code}", data=HARDSHIP | {"giay_to": photo}, headers=JSON)
    response = responses(world, "f21")[0]
    ends = ("/qr.svg", "/qr.png", "/blank.pdf")
    urls = [f"/points/{code}{end}" for code in codes for end in ends]
    urls += ["/responses/f21.csv", "/og/f21/1/vi.png"]
    urls += [f"/responses/f21/{response.id}/files/{name}" for name in response.answers["giay_to"]]

    answers = [client.get(url) for url in urls]

    assert {answer.status_code for answer in answers} == {200}
    assert all(map(is_whole, answers))


@pytest.mark.parametrize("text", BREAKS)
def test_no_input_or_address_breaks_a_header(filled, text):
    client = filled.world.signed_in("quan-tri")
    query = dict.fromkeys(("lang", "next", "code", "header", "separator", "sent", "form"), text)

    answers = [client.get(url, query_string=query) for _, url in addresses(filled, "GET")]
    answers += [
        client.post(url, query_string=query, data=query) for _, url in addresses(filled, "POST")
    ]

    assert all(map(is_whole, answers))
    assert max(answer.status_code for answer in answers) < 500


# Paths --------------------------------------------------------------------------------------

ELSEWHERE = [
    "../../../../../../etc/passwd",
    "..%2f..%2f..%2f..%2fetc%2fpasswd",
    "..%252f..%252fetc%252fpasswd",
    "....//....//etc/passwd",
    "..\\..\\windows\\win.ini",
    "%2e%2e",
    "%2fetc%2fpasswd",
    "C:%5cwindows%5cwin.ini",
    "f21%00.csv",
    "keys%2fhash.key",
    "..%2fkeys%2fhash.key",
    "~root",
    "%ff%fe",
    "con.csv",
    "x" * 5_000,
]


def places(filled):
    """Every address with a text of the caller in it, as a pattern with one place to fill."""
    for rule in filled.world.app.url_map.iter_rules():
        pattern = str(rule)
        for argument in re.findall(r"<\w+>", pattern):
            one = pattern.replace(argument, "{}")
            others = {"definition": "f21", "response_id": filled.id, "unit_id": "nam-na"}
            others |= {"code": filled.code, "kind": "svg", "name": filled.file, "language": "vi"}
            yield re.sub(r"<(?:int:)?(\w+)>", lambda m, o=others: o.get(m[1], "1"), one)


@pytest.mark.parametrize("text", ELSEWHERE, ids=lambda text: text[:30])
def test_no_address_reaches_a_file_that_is_not_ours_to_show(filled, text):
    client, before = filled.world.signed_in("quan-tri"), kept(filled.world.store)
    patterns = sorted(set(places(filled)))

    for pattern in patterns:
        for answer in (client.get(pattern.format(text)), post(client, pattern.format(text))):
            assert answer.status_code in (303, 400, 404, 405, 410, 413, 415, 422), (pattern, answer)
            assert b"root:" not in answer.data

    assert len(patterns) > 20
    assert kept(filled.world.store) == before


def test_names_of_uploaded_files_never_become_paths(world):
    code = world.publish("f21")
    for name in ("../../../evil.jpg", "/etc/cron.d/x", "..\\evil.jpg", "a\0.jpg", "con", "é" * 500):
        photo = (io.BytesIO(jpeg()), name)
        world.client().post(f"/q/{code}", data=HARDSHIP | {"giay_to": photo}, headers=JSON)

    names = list(world.store.iter_files("f21"))

    assert len(names) >= 5
    assert all(re.fullmatch(r"[0-9a-f]{32}-\d\d\.(jpg|png|pdf)", name) for name in names)


def test_a_unit_named_to_be_a_formula_stays_text_in_the_csv(world):
    add_unit(world.store, "ten", '=HYPERLINK("http://evil","x")', "root", "enterprise")
    code = world.publish("f21", "ten", place="+cmd|' /C calc'!A0")
    send(world, code, HARDSHIP)

    rows = world.signed_in("quan-tri").get("/responses/f21.csv").data.decode("utf-8-sig")

    cells = [cell.strip('"') for cell in re.split(r",|\r\n", rows)]
    assert "'+cmd|' /C calc'!A0" in cells
    assert [cell for cell in cells if re.match(r"[=+@\t\r]|-\D", cell)] == []


ROBOTS = ["Zalo/1.0", "facebookexternalhit/1.1", "Googlebot/2.1", "WhatsApp/2.23", "curl/8", ""]


@pytest.mark.parametrize("agent", ROBOTS)
def test_a_visit_of_a_robot_changes_nothing(filled, agent):
    world, client = filled.world, filled.world.client()
    before = (kept(world.store), len(responses(world, "f21")))

    for method in ("GET", "HEAD"):
        for _, url in addresses(filled, method):
            client.open(url, method=method, headers={"User-Agent": agent})

    assert (kept(world.store), len(responses(world, "f21"))) == before
