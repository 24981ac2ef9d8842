"""Lines that are held open to wear the server down: silent, slow to speak, slow to read."""

import io
import re
import socket
import sys
import threading
import time
import urllib.request
import uuid
from contextlib import ExitStack

import pytest
from pictures import jpeg
from sending import HARDSHIP
from serving import Installation
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from commands.listening import listen, most_lines
from commands.serving import HEAD_WITHIN, LARGEST_HEAD

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
STARTS = {
    "silent": b"",
    "half a head": b"GET /healthz HTTP/1.1\r\nHo",
    "a whole request": HEALTH,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A running server and the code of a form with files."""
    place = Installation(tmp_path_factory.mktemp("slow") / "data")
    code = place.told("form", "publish", "F21", "--unit", "root")["scan_points"][0]["code"]
    with place.serving():
        yield place, code


def lines(place, stack, count, start=b"", **options):
    """So many lines to the server, each after its first bytes."""
    made = []
    for _ in range(count):
        line = stack.enter_context(socket.socket())
        for option, value in options.items():
            line.setsockopt(socket.SOL_SOCKET, getattr(socket, option), value)
        line.settimeout(20)
        line.connect(("127.0.0.1", place.port))
        line.sendall(start)
        made.append(line)
    return made


def health_seconds(place):
    started = time.monotonic()
    with urllib.request.urlopen(f"{place.base}/healthz", timeout=20) as answer:
        assert answer.status == 200
    return time.monotonic() - started


def closed_after(line):
    """Seconds until the server ends a line."""
    started = time.monotonic()
    try:
        while line.recv(65536):
            pass
    except ConnectionResetError:
        pass
    return time.monotonic() - started


def test_lines_that_do_not_ask_in_time_are_closed(place):
    times = {}
    with ExitStack() as stack:
        watchers = []
        for name, start in STARTS.items():
            (line,) = lines(place[0], stack, 1, start)

            def watch(name=name, line=line):
                times[name] = closed_after(line)

            watchers.append(threading.Thread(target=watch))
            watchers[-1].start()
        for watcher in watchers:
            watcher.join()

    assert set(times) == set(STARTS)
    assert max(times.values()) < HEAD_WITHIN + 8


def trickles(line):
    """Whether one more header could be sent."""
    try:
        line.sendall(b"X-A: b\r\n")
    except OSError:  # reset or broken pipe, as it comes
        return False
    return True


def test_a_head_that_trickles_in_is_cut_off_all_the_same(place):
    with ExitStack() as stack:
        (line,) = lines(place[0], stack, 1, b"GET /healthz HTTP/1.1\r\n")
        started = time.monotonic()
        while time.monotonic() < started + 2 * HEAD_WITHIN and trickles(line):
            time.sleep(0.5)
        took = time.monotonic() - started

    assert took < HEAD_WITHIN + 8


def test_a_thousand_and_a_half_idle_lines_keep_nobody_waiting(place):
    with ExitStack() as stack:
        lines(place[0], stack, 1_500)

        assert health_seconds(place[0]) < 5


def test_readers_that_take_nothing_keep_nobody_waiting(place):
    installation, _ = place
    with urllib.request.urlopen(f"{installation.base}/login", timeout=20) as answer:
        style = re.search(r"/assets/staff-[\w.-]+\.css", answer.read().decode())[0]
    many = f"GET {style} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 200  # more than buffers take

    with ExitStack() as stack:
        lines(installation, stack, 40, many, SO_RCVBUF=1024)

        assert health_seconds(installation) < 5


def test_a_head_too_large_is_refused(place):
    with ExitStack() as stack:
        (line,) = lines(place[0], stack, 1, HEALTH[:-2] + b"X: " + b"a" * LARGEST_HEAD)

        assert line.recv(20).startswith(b"HTTP/1.1 431")


def test_photos_larger_than_any_text_arrive(place):
    installation, code = place
    large = jpeg() + b"\0" * 2_000_000
    photo = FileStorage(io.BytesIO(large), "a.jpg")
    posted = HARDSHIP | {"instance_id": str(uuid.uuid4()), "giay_to": photo}
    boundary, body = encode_multipart(posted)
    request = urllib.request.Request(f"{installation.base}/q/{code}", data=body)
    request.add_header("Content-Type", f"multipart/form-data; boundary={boundary}")
    request.add_header("Accept", "application/json")

    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 201


def test_no_answer_tells_which_program_and_version_made_it(place):
    installation, _ = place
    told = []
    with ExitStack() as stack:
        for start in (HEALTH, HEALTH.replace(b"healthz", b"login"), b"NONSENSE\r\n\r\n"):
            (line,) = lines(installation, stack, 1, start)
            told.append(line.recv(4_000).split(b"\r\n\r\n")[0].lower())

    assert [b"server: web" in head for head in told] == [True, True, False]
    assert not [head for head in told if re.search(rb"granian|waitress|werkzeug|python", head)]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a server bound it")
def test_a_reader_that_takes_nothing_is_given_up_by_the_system():
    with listen("127.0.0.1", 0, unread=1.0) as listener, socket.socket() as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        reader.connect(listener.getsockname())
        sender, _ = listener.accept()
        sender.settimeout(30)
        with sender, pytest.raises(TimeoutError) as given_up:
            sender.sendall(b"x" * 20_000_000)

    assert given_up.value.errno is not None  # the system's word, not our own patience


def test_a_server_may_hold_many_more_lines_than_a_shift_has_phones():
    assert most_lines() > 1_500
