"""Files from form to chair: received once, seen by the right people, refused when too large."""

import io
import socket
import uuid

import pytest
from kinds import NAME, PAPERS, made, offered
from pictures import HEIC, PDF, data_url, jpeg, jpeg_of_a_place, opened, saved, signed
from reading import Page
from sending import HARDSHIP, JSON
from serving import Installation
from werkzeug.datastructures import FileStorage
from werkzeug.test import EnvironBuilder, encode_multipart, run_wsgi_app

from storage.store import ResponseFilter

EVERYTHING = ResponseFilter()


def photo(content=None, name="anh.jpg"):
    return io.BytesIO(jpeg() if content is None else content), name


@pytest.fixture
def code(world):
    return offered(world, made(NAME, PAPERS))


def post(world, code, *photos, headers=JSON, **inputs):
    posted = {"ten": "Lò Thị B", "instance_id": str(uuid.uuid4())} | inputs
    posted["giay_to"] = [FileStorage(content, name) for content, name in photos]
    return world.client().post(f"/q/{code}", **multipart(posted), headers=headers)


def multipart(posted):
    """The body whole: the client would leave a temporary file open behind a large one."""
    _, body = encode_multipart(posted, boundary="x")
    return {"data": body, "content_type": "multipart/form-data; boundary=x"}


def responses(world):
    return list(world.store.iter_responses("f99", EVERYTHING))


def test_a_photo_arrives_clean_and_is_named_by_the_response(world, code):
    answer = post(world, code, photo(jpeg_of_a_place()), photo(PDF, "don.pdf"), chu_ky=signed())

    (response,) = responses(world)
    names = [*response.answers["giay_to"], response.answers["chu_ky"]]
    assert answer.status_code == 201
    assert [name[-7:] for name in names] == ["-01.jpg", "-02.pdf", "-01.png"]
    assert sorted(names) == list(world.store.iter_files("f99"))
    assert b"Secret" not in world.store.file("f99", names[0])
    assert opened(world.store.file("f99", names[0])).size == (600, 900)
    assert world.store.file("f99", names[1]) == PDF


def test_a_resend_with_its_photos_keeps_nothing_twice(world, code):
    same = str(uuid.uuid4())

    first = post(world, code, photo(), instance_id=same)
    again = post(world, code, photo(), instance_id=same)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert len(list(world.store.iter_files("f99"))) == 1


def test_another_photo_under_the_same_id_is_another_response(world, code):
    same = str(uuid.uuid4())
    post(world, code, photo(), instance_id=same)

    other = post(world, code, photo(jpeg(901)), instance_id=same)

    assert other.status_code == 409
    assert len(list(world.store.iter_files("f99"))) == 2


def test_two_people_with_the_same_photo_have_a_file_each(world, code):
    post(world, code, photo())
    post(world, code, photo())

    first, second = (response.answers["giay_to"][0] for response in responses(world))
    assert first != second


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ([b""], "trống"),
        ([HEIC], "HEIC"),
        ([b"<svg/>"], "không mở được"),
        ([jpeg() + b"\0" * 5_000_000], "5 MB"),
        ([jpeg(40, 30)] * 4, "nhiều nhất 3"),
    ],
)
def test_a_bad_file_is_refused_in_the_worker_s_words_and_nothing_is_kept(world, code, files, why):
    answer = post(world, code, *(photo(content) for content in files))

    assert answer.status_code == 422
    assert why in answer.json["errors"]["giay_to"][0]
    assert responses(world) == []
    assert list(world.store.iter_files("f99")) == []


def test_a_queued_answer_keeps_its_good_photos_and_loses_only_the_bad(world, code):
    queued = world.clock().isoformat()

    answer = post(world, code, photo(), photo(HEIC), _queued_at=queued)

    (response,) = responses(world)
    assert answer.status_code == 201
    assert len(response.answers["giay_to"]) == 1
    assert "giay_to:broke_rule" in response.flags


def test_another_s_file_cannot_be_claimed_by_its_name(world, code):
    post(world, code, photo())
    (name,) = world.store.iter_files("f99")

    answer = world.client().post(
        f"/q/{code}", data={"ten": "Lò A B", "giay_to": name}, headers=JSON
    )

    assert answer.status_code == 422
    assert len(responses(world)) == 1


def test_after_an_error_the_page_asks_to_choose_the_photos_again(world, code):
    wrong, right = (
        Page(post(world, code, *photos, headers={}, ten="").text) for photos in ([photo()], [])
    )

    assert "chọn lại ảnh" in " ".join(tag.text for tag in wrong.all("p"))
    assert "chọn lại ảnh" not in " ".join(tag.text for tag in right.all("p"))
    assert "giay_to-again" in wrong.one("input", type="file")["aria-describedby"]


def test_a_signature_survives_an_error_elsewhere(world, code):
    page = Page(post(world, code, headers={}, ten="", chu_ky=signed()).text)

    assert page.one("input", name="chu_ky")["value"] == signed()


def test_only_forms_with_files_are_multipart(world, code):
    with_files = Page(world.client().get(f"/q/{code}").text)
    without = Page(world.client().get(f"/q/{world.publish('f28')}").text)

    assert with_files.all("form")[0]["enctype"] == "multipart/form-data"
    assert "enctype" not in without.all("form")[0]
    chooser = with_files.one("input", type="file")
    assert (chooser["accept"], "multiple" in chooser) == ("image/*,application/pdf", True)


# Bodies -----------------------------------------------------------------------------------


class Unread(io.RawIOBase):
    """A body that notices whether anybody reads it."""

    taken = 0

    def readable(self):
        return True

    def readinto(self, buffer):
        self.taken += len(buffer)
        return len(buffer)


def answer_to_headers(world, code, length):
    """What is answered to a body of this length, and how much of it was read."""
    body = Unread()
    builder = EnvironBuilder(path=f"/q/{code}", method="POST")
    environ = builder.get_environ() | {
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "CONTENT_LENGTH": str(length),
        "wsgi.input": body,
    }
    builder.close()
    text, status, _ = run_wsgi_app(world.app, environ, buffered=True)
    return status, b"".join(text).decode(), body.taken


@pytest.mark.parametrize(("form", "length"), [("f28", 500_000), ("f21", 15_500_000)])
def test_a_body_over_the_limit_is_refused_unread_in_plain_words(world, form, length):
    status, text, taken = answer_to_headers(world, world.publish(form), length)

    assert status.startswith("413")
    assert taken == 0
    assert "lớn quá" in text


def test_a_form_takes_as_many_bytes_as_its_files_may_have(world, code):
    large = jpeg() + b"\0" * 4_900_000

    answer = post(world, code, *(photo(large) for _ in range(3)))

    assert answer.status_code == 201, answer.text


def test_no_photo_is_written_to_the_folder_for_temporary_files(world, code, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a temporary file")

    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", refuse)

    answer = post(world, code, photo(jpeg() + b"\0" * 4_900_000))

    assert answer.status_code == 201, answer.text


def test_long_texts_are_refused_although_files_may_be_large(world, code):
    assert post(world, code, ten="x" * 500_000).status_code == 413


def test_very_many_parts_are_refused(world, code):
    assert post(world, code, **{f"x{n}": "1" for n in range(4_000)}).status_code == 413


@pytest.mark.parametrize(
    "body",
    [b"", b"garbage", b"--x\r\n", b'--x\r\nContent-Disposition: form-data; name="t', b"--x--"],
)
def test_malformed_parts_are_refused_and_nothing_is_kept(world, code, body):
    answer = world.client().post(
        f"/q/{code}", data=body, content_type="multipart/form-data; boundary=x"
    )

    assert answer.status_code in (400, 413)
    assert responses(world) == []


def test_a_server_refuses_by_the_header_before_the_body_is_sent(tmp_path):
    installation = Installation(tmp_path)
    told = installation.told("form", "publish", "F21", "--unit", "root")
    code = told["scan_points"][0]["code"]
    head = (
        f"POST /q/{code} HTTP/1.1\r\nHost: 127.0.0.1:{installation.port}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 900000000\r\n\r\n"
    )

    with (
        installation.serving(),
        socket.create_connection(("127.0.0.1", installation.port), timeout=20) as caller,
    ):
        caller.sendall(head.encode())
        answer = caller.recv(4_000)

    assert answer.startswith(b"HTTP/1.1 413")


# Who may see them -------------------------------------------------------------------------


@pytest.fixture
def sent(world):
    """A hardship response with one photo; its address for staff, and the photo's."""
    code = world.publish("f21")
    answer = world.client().post(f"/q/{code}", data=HARDSHIP | {"giay_to": photo()}, headers=JSON)
    assert answer.status_code == 201, answer.text
    (response,) = world.store.iter_responses("f21", EVERYTHING)
    page = f"/responses/f21/{response.id}"
    return page, f"{page}/files/{response.answers['giay_to'][0]}"


def test_the_chair_sees_the_photo_on_the_page_of_the_response(world, sent):
    page, file = sent
    client = world.signed_in("chu-tich")

    shown = Page(client.get(page).text).one("img")
    answer = client.get(file)

    assert shown["src"] == file
    assert shown["alt"]
    assert answer.mimetype == "image/jpeg"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith("inline")


def test_the_chair_of_another_unit_finds_nothing(world, sent):
    assert world.signed_in("chu-tich-che").get(sent[1]).status_code == 404


def test_a_file_is_not_found_through_another_response(world, sent):
    code = world.publish("f21")
    world.client().post(f"/q/{code}", data=HARDSHIP | {"ho_ten": "Lò Văn C"}, headers=JSON)
    other = next(
        response
        for response in world.store.iter_responses("f21", EVERYTHING)
        if "giay_to" not in response.answers
    )
    name = sent[1].rpartition("/")[2]

    answer = world.signed_in("chu-tich").get(f"/responses/f21/{other.id}/files/{name}")

    assert answer.status_code == 404


def test_a_pdf_is_only_downloaded(world, code):
    post(world, code, photo(PDF, "don.pdf"))
    (response,) = responses(world)
    name = response.answers["giay_to"][0]

    answer = world.signed_in("quan-tri").get(f"/responses/f99/{response.id}/files/{name}")

    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.data == PDF


def test_an_organizer_may_try_photos_in_the_preview(world):
    client = world.signed_in("lap-phieu")
    large = photo(jpeg() + b"\0" * 3_000_000)

    posted = HARDSHIP | {"csrf_token": client.csrf, "giay_to": FileStorage(*large)}
    answer = client.post("/forms/f21/preview", **multipart(posted))

    assert answer.status_code == 303
    assert list(world.store.iter_files("f21")) == []


def test_a_signature_too_long_or_broken_is_asked_for_again(world, code):
    for text in ("data:image/png;base64,AAAA", data_url(saved(opened(jpeg()), "PNG") * 60)):
        answer = post(world, code, chu_ky=text)
        assert "ký lại" in answer.json["errors"]["chu_ky"][0]
