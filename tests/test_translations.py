"""Both languages are complete, and the compiled catalogue is that of the text."""

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from forms.problems import FLAGS, WARNINGS

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "translations" / "vi" / "LC_MESSAGES"


@pytest.fixture(scope="module")
def vietnamese() -> Catalog:
    with (FOLDER / "messages.po").open("rb") as file:
        return read_po(file, locale="vi")


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The texts as they stand in code and templates now."""
    out = tmp_path_factory.mktemp("texts") / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract"]
    command += ["-F", "translations/babel.cfg", "-k", "N_", "-o", str(out), "."]
    subprocess.run(command, cwd=ROOT, check=True)
    with out.open("rb") as file:
        return read_po(file)


def ids(catalogue: Catalog) -> set[str]:
    return {m.id if isinstance(m.id, str) else m.id[0] for m in catalogue if m.id}


def texts(catalogue: Catalog) -> dict[str, str]:
    return {str(m.id): str(m.string) for m in catalogue if m.id}


def test_every_text_is_translated_and_none_is_left_over(
    vietnamese: Catalog, extracted: Catalog
) -> None:
    assert ids(extracted) - ids(vietnamese) == set(), "run make messages, then translate"
    assert ids(vietnamese) - ids(extracted) == set(), "no code uses these any more"


def test_no_translation_is_empty_or_unsure(vietnamese: Catalog) -> None:
    wanting = [
        m.id
        for m in vietnamese
        if m.id and (m.fuzzy or not (m.string if isinstance(m.string, str) else all(m.string)))
    ]

    assert wanting == []


def test_placeholders_are_the_same_in_both_languages(vietnamese: Catalog) -> None:
    def named(texts: object) -> set[str]:
        return set(re.findall(r"%\((\w+)\)s", str(texts)))

    wrong = [m.id for m in vietnamese if m.id and named(m.id) - {"num"} != named(m.string)]

    assert wrong == []


def test_the_compiled_catalogue_is_that_of_the_text(vietnamese: Catalog) -> None:
    fresh = io.BytesIO()
    write_mo(fresh, vietnamese)
    with (FOLDER / "messages.mo").open("rb") as file:
        shipped = read_mo(file)

    fresh.seek(0)
    made = read_mo(fresh)
    assert texts(shipped) == texts(made), "run make messages"


def test_every_warning_and_flag_has_its_sentence(vietnamese: Catalog) -> None:
    assert set(WARNINGS.values()) | set(FLAGS.values()) <= ids(vietnamese)


def test_the_voice_is_warm_and_never_begs_twice(vietnamese: Catalog) -> None:
    said = [m.string for m in vietnamese if m.id and isinstance(m.string, str)]

    assert not [text for text in said if text.lower().count("vui lòng") > 1]
    assert not [text for text in said if "không hợp lệ" in text.lower()]
    assert not [text for text in said if text.isupper() and len(text) > 3]
