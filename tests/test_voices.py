"""Questions read aloud: a control that works without scripts, one large button with them."""

import io
import threading
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import SetClock, World, fill_world
from playwright.sync_api import Browser, expect
from reading import Page
from werkzeug.serving import make_server

from app import create_app
from config import Config
from forms.definition import Definition
from forms.gallery import gallery
from forms.publication import PublishedVersion, ScanPoint
from qr.codes import check_symbol
from storage.memory import MemoryStore
from views import assets

CODE = "7FK72" + check_symbol("7FK72")


def sound(seconds: float = 0.2) -> bytes:
    """Silence, as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8_000)
        out.writeframes(b"\0\0" * int(8_000 * seconds))
    return file.getvalue()


def spoken() -> Definition:
    """F28 with two questions that are read aloud in Vietnamese, one of them recorded in vain."""
    told = gallery()["f28"].model_dump(mode="json")
    questions = [question for section in told["sections"] for question in section["questions"]]
    for question, name in zip(questions, ("ca.wav", "du-no.wav", "missing.mp3"), strict=False):
        question["audio"] = {"vi": name}
    return Definition.model_validate(told)


def is_scripted(page: Page) -> bool:
    return any("audio" in script["src"] for script in page.all("script"))


@pytest.fixture
def voices(
    config: Config, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    folder = tmp_path / "audio"
    folder.mkdir()
    (folder / "ca.wav").write_bytes(sound())
    (folder / "du-no.wav").write_bytes(sound(5))
    (folder / "notes.txt").write_text("not a voice")
    monkeypatch.setattr(assets, "AUDIO", folder)
    store = MemoryStore()
    app = create_app(config, store, clock=clock)
    fill_world(store)
    store.versions.add(PublishedVersion(spoken(), 1, "FKJ", clock()))
    store.points.add(ScanPoint(CODE, "f28", "nam-na", "Bếp", clock()))
    yield World(app, store, clock)
    store.close()


def test_a_question_with_a_voice_has_controls_that_load_nothing_unasked(voices: World) -> None:
    page = Page(voices.client().get(f"/q/{CODE}").text)

    heard = page.all("audio")

    assert [tag["preload"] for tag in heard] == ["none", "none"]
    assert all("controls" in tag for tag in heard)
    assert all("hidden" in b for b in page.all("button") if "data-stop" in b)
    assert is_scripted(page)


def test_a_language_without_voices_has_no_button(voices: World) -> None:
    page = Page(voices.client().get(f"/q/{CODE}?lang=en").text)

    assert page.all("audio") == []
    assert not is_scripted(page)


def test_forms_without_voices_stay_as_they_are(world: World) -> None:
    page = Page(world.client().get(f"/q/{world.publish('f28')}").text)

    assert page.all("audio") == []
    assert not is_scripted(page)


def test_a_voice_is_kept_for_ever_and_given_in_parts(voices: World) -> None:
    client = voices.client()
    address = Page(client.get(f"/q/{CODE}").text).all("audio")[0]["src"]

    whole = client.get(address)
    part = client.get(address, headers={"Range": "bytes=10-19"})

    assert (whole.status_code, whole.mimetype, whole.data) == (200, "audio/wav", sound())
    assert "immutable" in whole.headers["Cache-Control"]
    assert (part.status_code, part.data) == (206, sound()[10:20])


@pytest.mark.parametrize(
    "name", ["../x.mp3", "a/b.mp3", "x.exe", "X.mp3", ".mp3", "x" * 90 + ".wav"]
)
def test_a_name_that_is_no_file_of_ours_is_refused(name: str) -> None:
    told = gallery()["f28"].model_dump(mode="json")
    told["sections"][0]["questions"][0]["audio"] = {"vi": name}

    with pytest.raises(ValueError, match="audio"):
        Definition.model_validate(told)


@pytest.mark.browser
def test_one_large_button_plays_and_another_takes_over(voices: World, chromium: Browser) -> None:
    server = make_server("127.0.0.1", 0, voices.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    context = chromium.new_context(viewport={"width": 360, "height": 640})
    tab = context.new_page()
    tab.goto(f"http://127.0.0.1:{server.server_port}/q/{CODE}")
    buttons = tab.locator(".listen button")

    high = [buttons.nth(at).bounding_box()["height"] for at in (0, 1)]  # type: ignore[index]
    buttons.nth(1).click()
    first = buttons.all_text_contents()
    buttons.nth(0).click()
    expect(buttons.nth(1)).to_have_text("Nghe câu hỏi")
    expect(buttons.nth(0)).to_have_text("Nghe câu hỏi")
    last = buttons.all_text_contents()
    context.close()
    server.shutdown()
    thread.join()
    server.server_close()

    assert min(high) >= 48
    assert first == ["Nghe câu hỏi", "Dừng"]
    assert last == ["Nghe câu hỏi", "Nghe câu hỏi"]
