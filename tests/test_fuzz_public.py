"""Whatever a stranger sends to a public address: never an error of ours, never without bounds."""

import uuid
from collections.abc import Iterator

import pytest
from conftest import SetClock, World, fill_world
from hypothesis import given, settings
from hypothesis import strategies as st
from kinds import NAME, PAPERS, made, offered
from sending import HARDSHIP, JOINING, MEAL, send
from werkzeug.test import encode_multipart

from app import create_app
from config import Config
from storage.memory import MemoryStore
from storage.store import ResponseFilter

LARGEST = 400_000  # bytes of an answer
FORM = "application/x-www-form-urlencoded"
often = settings(max_examples=80, deadline=None)


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Iterator[tuple[World, dict[str, str]]]:
    """One world for all examples; the codes of its forms, and a receipt."""
    config = Config(
        data_dir=tmp_path_factory.mktemp("fuzz"),
        base_url="http://phieu.example",
        secret_key="a secret for tests only, of some length",
        hash_key="a hashing key for tests only, of some length",
    )
    store, clock = MemoryStore(), SetClock()
    world = World(create_app(config, store, clock=clock), store, clock)
    fill_world(store)
    codes = {form: world.publish(form) for form in ("f21", "f28", "f51")}
    codes["f99"] = offered(world, made(NAME, PAPERS))
    codes["receipt"] = send(world, codes["f21"], HARDSHIP)["receipt"]
    yield world, codes
    store.close()


SIGNS = ["\0", "\r\n", "\u202e", "\ud7ff", "\ufffd", "😀", "e\u0323" * 40, "'", '"', "<", "{{7*7}}"]
PIECES = [*SIGNS, "../", "%s", "%00", "1", "-1", "1e999", "9" * 5_000, "null", "[]", "=1+1", " "]
texts = st.one_of(st.text(max_size=30), st.sampled_from(PIECES), st.just("x" * 20_000))
languages = st.sampled_from(["vi", "en", "hmn", "VI", "", "vi,en", "../en", "\0"]) | texts
moments = st.sampled_from(
    [
        "2026-11-24T10:30:00+07:00",
        "1764000000000",
        "0",
        "-1",
        "1e400",
        "NaN",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "2026-02-30",
        "9" * 400,
    ]
)
ONE = str(uuid.uuid4())
OWN = {
    "instance_id": st.sampled_from([str(uuid.uuid4()), str(uuid.uuid4()).upper(), "0" * 32])
    | texts,
    "_version": st.sampled_from(["1", "2", "0", "-1", "1.0", "９", "²", "9" * 4_500]) | texts,
    "_lang": languages,
    "_queued_at": moments | texts,
    "_step": st.sampled_from(["1", "2", "99", "-1", "next", "back", "९"]) | texts,
    "_website": texts,
    "unit": st.sampled_from(["nam-na", "root", "che"]) | texts,
    "_act": st.sampled_from(["open", "edit", "correct", "ask_delete", "delete", "withdraw"])
    | texts,
    "_digits": st.sampled_from(["5678", "5 6 7 8", "５６７８"]) | texts,
    "_proof": texts,
    "_add": texts,
    "_remove": texts,
}
QUESTIONS = sorted({*HARDSHIP, *JOINING, *MEAL, "giay_to", "ten", "chu_ky", "ngay_sinh.day"})
names = st.sampled_from(QUESTIONS) | st.sampled_from(["1.ten", "999999.ten", "-1.ten"]) | texts
values = (
    texts | moments | st.sampled_from(["co_hom_nay", "khac", "5/9/1992", "data:image/png;base64,"])
)
inputs = st.builds(
    lambda own, others: [*own.items(), *others],
    st.fixed_dictionaries({}, optional=OWN),
    st.lists(st.tuples(names, values), max_size=12),
)
headers = st.fixed_dictionaries(
    {},
    optional={
        "Accept": st.sampled_from(["application/json", "text/html", "*/*;q=0", "a/b;q=x", ",,,"]),
        "Accept-Language": languages.filter(lambda text: text.isprintable()),
        "Accept-Encoding": st.sampled_from(["gzip", "br;q=1.0, gzip;q=9", "gzip;q=nan", "*"]),
        "Cookie": st.sampled_from(["phieu_session=x", "phieu_session=" + "." * 90, "a", "=;=;"]),
        "Host": st.sampled_from(["phieu.example", "x:y", "[", "a b", "", "é"]),
        "Origin": st.sampled_from(["null", "http://[", "http://phieu.example", "x"]),
        "If-None-Match": st.sampled_from(["*", '"x"', "W/"]),
        "Range": st.sampled_from(["bytes=0-1", "bytes=9-1", "x"]),
        "X-Forwarded-For": st.sampled_from(["1.2.3.4", ",,,", "x"]),
        "If-Modified-Since": st.sampled_from(["Tue, 24 Nov 2026 03:30:00 GMT", "yesterday"]),
        "Authorization": st.sampled_from(["Basic x", "Bearer"]),
    },
)
queries = st.dictionaries(
    st.sampled_from(["lang", "code", "sent", "next", "x"]), languages, max_size=3
)


def kept(world):
    forms = world.store.forms_with_responses()
    return sum(len(list(world.store.iter_responses(form, ResponseFilter()))) for form in forms)


def ask(world, method, url, **sent):
    """The answer of our application, which is one of ours and within bounds."""
    before = kept(world) if method == "POST" else 0
    answer = world.client().open(url, method=method, **sent)
    assert answer.status_code < 500, (url, sent)
    assert len(answer.data) < LARGEST
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    if method == "POST":
        assert kept(world) - before in (0, 1)
    return answer


@pytest.mark.parametrize("way", ["q", "Q", "k", "K", "r", "R"])
@given(code=texts, query=queries, sent=headers)
@often
def test_any_code_is_found_or_refused(place, way, code, query, sent):
    world, codes = place
    for tried in (code, codes["f21"] + code[:3], codes["receipt"].lower()):
        path = {"PATH_INFO": f"/{way}/{tried}".encode().decode("latin-1")}
        ask(world, "GET", "/", query_string=query, headers=sent, environ_overrides=path)


@pytest.mark.parametrize("url", ["/", "/login", "/thu-may", "/healthz", "/sw.js", "/nowhere"])
@given(query=queries, sent=headers, method=st.sampled_from(["GET", "HEAD", "OPTIONS", "PUT", "X"]))
@often
def test_any_question_to_a_page_is_answered(place, url, query, sent, method):
    ask(place[0], method, url, query_string=query, headers=sent)


def encoded(pairs):
    posted = {}
    for name, value in pairs:
        posted.setdefault(name, []).append(value)
    return posted


@pytest.mark.parametrize("form", ["f21", "f28", "f51", "f99"])
@given(pairs=inputs, sent=headers, query=queries, way=st.sampled_from("qk"))
@often
def test_any_inputs_to_a_form_are_kept_once_or_refused(place, form, pairs, sent, query, way):
    world, codes = place
    posted = {"data": encoded(pairs), "content_type": FORM, "query_string": query}

    ask(world, "POST", f"/{way}/{codes[form]}", headers=sent, **posted)


@pytest.mark.parametrize("form", ["f21", "f28", "f51"])
@given(pairs=inputs, dropped=st.sets(st.sampled_from(QUESTIONS), max_size=3))
@often
def test_right_answers_with_anything_beside_them(place, form, pairs, dropped):
    world, codes = place
    right = {"f21": HARDSHIP, "f28": MEAL, "f51": JOINING}[form]
    posted = {name: value for name, value in right.items() if name not in dropped}
    posted |= encoded([pair for pair in pairs if pair[0] not in posted])

    ask(world, "POST", f"/q/{codes[form]}", data=posted, content_type=FORM)


@given(pairs=inputs, sent=headers)
@often
def test_any_act_on_a_receipt_is_done_or_refused(place, pairs, sent):
    world, codes = place
    acts = [pair for pair in pairs if pair[1] not in ("delete", "withdraw")]

    ask(world, "POST", f"/r/{codes['receipt']}", data=encoded(acts), headers=sent)


@given(body=st.binary(max_size=400), kind=st.sampled_from([FORM, "multipart/form-data", "a/b", ""]))
@often
def test_any_bytes_are_refused(place, body, kind):
    world, codes = place
    for url in (f"/q/{codes['f99']}", f"/k/{codes['f28']}", f"/r/{codes['receipt']}", "/login"):
        answer = ask(world, "POST", url, data=body, content_type=kind)
        assert answer.status_code in (303, 400, 403, 415, 422, 429)


HEADS = [b"\xff\xd8\xff", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n"]
parts = st.lists(
    st.tuples(
        st.sampled_from(["giay_to", "ten", "chu_ky", "", "a\r\nb", '"']),
        st.sampled_from(["", "a.jpg", "../../x", "a\0", "é" * 300]),
        st.binary(max_size=80)
        | st.sampled_from([b"\xff\xd8\xff", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n"]),
    ),
    max_size=6,
)


@given(parts=parts, cut=st.integers(0, 400), garbage=st.binary(max_size=30))
@often
def test_any_parts_whole_or_cut_off(place, parts, cut, garbage):
    world, codes = place
    body = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%b"; filename="%b"\r\n\r\n%b\r\n'
        % (name.encode(), file.encode(), content)
        for name, file, content in parts
    )
    for sent in (body + b"--x--", body[:cut], body + garbage, garbage + body + b"--x--"):
        kind = "multipart/form-data; boundary=x"
        ask(world, "POST", f"/q/{codes['f99']}", data=sent, content_type=kind)


@given(pairs=inputs)
@often
def test_the_same_inputs_in_parts(place, pairs):
    world, codes = place
    safe = [(n, v) for n, v in pairs if n.isprintable() and '"' not in n]
    boundary, body = encode_multipart(encoded(safe))
    kind = f"multipart/form-data; boundary={boundary}"

    ask(world, "POST", f"/q/{codes['f99']}", data=body, content_type=kind)


@given(name=texts, password=texts, target=texts, token=texts)
@often
def test_any_name_and_password_open_nothing(place, name, password, target, token):
    client = place[0].client()
    client.get("/login")
    with client.session_transaction() as session:
        known = session["csrf"]
    for sent in (known, token):
        inputs = {"username": name, "password": password, "next": target, "csrf_token": sent}
        answer = client.post("/login", data=inputs)
        assert answer.status_code in (400, 422, 429)
    assert client.get("/desk").status_code == 303
