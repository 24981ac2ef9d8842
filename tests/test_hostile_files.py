"""Real bombs, not only their headers: each is refused or made harmless within bounded memory."""

import subprocess
import sys
import uuid
import zlib
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import hostile
import pytest
from kinds import PAPERS, made, offered
from pictures import opened
from sending import HARDSHIP, JSON
from serving import HERE, Installation
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from forms.pictures import LARGEST_FILE, clean_picture
from forms.problems import Problem
from storage.store import ResponseFilter

MOST_MEBIBYTES = 600  # that a picture within the limit of pixels may take while it is made smaller
LITTLE = 40  # what a refusal may take
CHILD = """
import sys
from forms.pictures import clean_picture
def peak():
    (line,) = (line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024
content = sys.stdin.buffer.read()
before = peak()
done = clean_picture(content)
print(peak() - before, "taken" if isinstance(done, bytes) else done.message)
"""
NO_PHOTO, TOO_LARGE = "no photo that we can open", "too large"
BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "pixels that go on": (hostile.png_that_goes_on, "taken"),
    "a text": (lambda: hostile.png_with_a_bomb_beside(b"zTXt"), NO_PHOTO),
    "a text of the world": (lambda: hostile.png_with_a_bomb_beside(b"iTXt"), NO_PHOTO),
    "a colour profile": (lambda: hostile.png_with_a_bomb_beside(b"iCCP"), NO_PHOTO),
    "a whole huge PNG": (hostile.png_whole, TOO_LARGE),
    "a whole huge JPEG": (hostile.jpeg_whole, TOO_LARGE),
    "a huge GIF": (hostile.gif_that_claims, NO_PHOTO),
    "a billion laughs": (hostile.svg_of_a_billion, NO_PHOTO),
    "HEIC": (lambda: hostile.heic(b"heic"), "HEIC"),
    "HEIC of another brand": (lambda: hostile.heic(b"msf1"), "HEIC"),
    "AVIF": (lambda: hostile.heic(b"avif"), NO_PHOTO),
    "a PDF before a photo": (hostile.pdf_that_is_a_jpeg, NO_PHOTO),
    "a PDF within a photo": (hostile.jpeg_that_is_a_pdf, "taken"),
}


def opened_in_a_child(content: bytes) -> tuple[int, str]:
    """How many mebibytes it took, and what came of it."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD], cwd=HERE, input=content, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[-2_000:]
    grown, _, told = done.stdout.decode().strip().partition(" ")
    return int(grown), told


def test_the_bombs_are_what_they_are_called() -> None:
    inflated = zlib.decompressobj().decompress(hostile.deflated(3_000_001, b"head"))
    stream = hostile.png_that_goes_on()

    assert inflated == b"head" + bytes(3_000_001)
    assert stream.count(b"\0" * 100) == 0 or len(stream) < LARGEST_FILE
    assert opened(hostile.png_whole(900)).size == (900, 900)
    assert opened(hostile.png_heavy(90)).size == (90, 90)
    assert opened(hostile.jpeg_whole(904)).size == (904, 904)
    assert opened(hostile.jpeg_whole(904, 3)).mode == "RGB"
    assert opened(hostile.jpeg_that_is_a_pdf()).size == (900, 600)


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_takes_little_memory_and_says_why_not(bomb: str) -> None:
    make, expected = BOMBS[bomb]
    content = make()

    grown, told = opened_in_a_child(content)

    assert len(content) <= LARGEST_FILE  # it comes as far as the reader of pictures
    assert expected in told
    assert grown <= LITTLE


@pytest.mark.parametrize(
    "make",
    [hostile.png_whole, hostile.png_heavy, hostile.jpeg_whole, lambda s: hostile.jpeg_whole(s, 3)],
    ids=["one bit", "sixty-four bits", "grey scans", "coloured scans"],
)
def test_the_largest_pictures_that_are_taken_stay_within_their_memory(
    make: Callable[[int], bytes],
) -> None:
    grown, told = opened_in_a_child(make(7_000))

    assert told == "taken"
    assert grown <= MOST_MEBIBYTES


def test_of_two_files_in_one_only_the_photo_is_left() -> None:
    taken = clean_picture(hostile.jpeg_that_is_a_pdf())

    assert not isinstance(taken, Problem)
    assert b"PDF" not in taken
    assert b"JavaScript" not in taken


def multipart(content: bytes, name: str) -> tuple[bytes, str]:
    """A hardship form with this file, as a browser sends it; says that it is a photo."""
    posted: dict[str, object] = {"instance_id": str(uuid.uuid4()), **HARDSHIP}
    posted["giay_to"] = FileStorage(hostile.stream(content), name, content_type="image/jpeg")
    _, body = encode_multipart(posted, boundary="x")
    return body, "multipart/form-data; boundary=x"


@pytest.mark.parametrize("named", ["don.pdf", "anh.jpg", "anh.svg", "../../x.html"])
def test_the_content_not_the_name_says_what_a_file_is(world, named: str) -> None:
    code = offered(world, made(PAPERS))
    files = [hostile.jpeg_that_is_a_pdf(), hostile.pdf_that_is_a_jpeg()]
    posted = {"giay_to": [FileStorage(hostile.stream(content), named) for content in files]}
    _, body = encode_multipart(posted, boundary="x")
    answer = world.client().post(
        f"/q/{code}", data=body, content_type="multipart/form-data; boundary=x", headers=JSON
    )

    (response,) = world.store.iter_responses("f99", ResponseFilter())
    photo, paper = response.answers["giay_to"]
    assert answer.status_code == 201
    assert (photo[-4:], paper[-4:]) == (".jpg", ".pdf")
    assert b"PDF" not in world.store.file("f99", photo)
    staff, page = world.signed_in("quan-tri"), f"/responses/f99/{response.id}/files/"
    shown, saved = staff.get(page + photo), staff.get(page + paper)
    assert shown.mimetype == "image/jpeg"
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert {a.headers["X-Content-Type-Options"] for a in (shown, saved)} == {"nosniff"}


def peak_of(process: int) -> int:
    """The most mebibytes that this process and its children have held, together."""
    peak = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            told = dict(line.split(":", 1) for line in status.read_text().splitlines())
        except OSError:
            continue  # it has ended meanwhile
        if process in (int(told["PPid"]), int(told["Pid"])) and "VmHWM" in told:
            peak += int(told["VmHWM"].split()[0]) // 1024
    return peak


def test_a_server_outlives_every_bomb(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "data")
    told = installation.told("form", "publish", "F21", "--unit", "root")
    code, statuses = told["scan_points"][0]["code"], {}

    with installation.serving() as process:
        before = peak_of(process.pid)
        for name, (make, _) in BOMBS.items():
            body, kind = multipart(make(), "anh.jpg")
            with closing(HTTPConnection("127.0.0.1", installation.port, timeout=60)) as caller:
                caller.request("POST", f"/q/{code}", body, {"Content-Type": kind, **JSON})
                statuses[name] = caller.getresponse().status
        grown = peak_of(process.pid) - before

    expected = {name: 201 if said == "taken" else 422 for name, (_, said) in BOMBS.items()}
    assert statuses == expected
    assert grown <= MOST_MEBIBYTES // 4
