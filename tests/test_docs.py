"""What the documents name exists: settings, commands, make targets, files, decisions."""

import re
from io import BytesIO
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po

from app import create_app
from config import Config

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")
UNITS = (ROOT / "docs" / "units.md").read_text("utf-8")
PRINTING = (ROOT / "docs" / "printing.md").read_text("utf-8")
EXPORTS = (ROOT / "docs" / "exports.md").read_text("utf-8")
PUBLISHING = (ROOT / "docs" / "publishing.md").read_text("utf-8")
TEN_MINUTES = (ROOT / "docs" / "campaign-in-ten-minutes.md").read_text("utf-8")
BUILDING = (ROOT / "docs" / "building.md").read_text("utf-8")
GUIDES = UNITS + PRINTING + EXPORTS + PUBLISHING


def test_every_setting_is_documented_and_every_documented_one_is_read() -> None:
    source = (ROOT / "config.py").read_text("utf-8")
    read = set(re.findall(r'"(PHIEU_[A-Z_]+|HOST|PORT)"', source))

    table = set(re.findall(r"`(PHIEU_[A-Z_]+|HOST|PORT)`", README))

    assert read - table == set()
    assert table - read == set()


@pytest.mark.parametrize(
    "line",
    sorted({*re.findall(r"flask --app app ([a-z -]+)", README + OPERATIONS + GUIDES)}),
)
def test_every_documented_command_exists(line: str) -> None:
    app = create_app(Config())
    command: click.Command = app.cli

    for word in line.split():
        if not isinstance(command, click.Group) or word.startswith("-"):
            break
        found = command.commands.get(word)
        assert found is not None, f"no command {word} in: {line}"
        command = found

    assert not isinstance(command, click.Group)


def test_every_setting_and_option_that_operations_names_exists() -> None:
    source = (ROOT / "config.py").read_text("utf-8")
    commands = "".join(p.read_text("utf-8") for p in (ROOT / "commands").glob("*.py"))

    settings = set(re.findall(r"PHIEU_[A-Z_]+", OPERATIONS))
    options = set(re.findall(r"(--[a-z][a-z-]+)", OPERATIONS + GUIDES)) - {"--app"}

    assert {name for name in settings if f'"{name}"' not in source} == set()
    assert {name for name in options if f'"{name}"' not in commands} == set()
    assert "backup" in OPERATIONS


def test_every_refusal_that_operations_quotes_is_said_by_the_program() -> None:
    said = "".join(
        re.sub(r'"\s*f?"', "", path.read_text("utf-8"))
        for room in ("storage", "services", "commands")
        for path in (ROOT / room).rglob("*.py")
    )
    quoted = re.findall(r"^\| “([^”]+)” ", OPERATIONS, re.MULTILINE)

    assert len(quoted) > 10
    assert [text for text in quoted if text not in said] == []


def test_every_documented_make_target_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    texts = [README, *(path.read_text("utf-8") for path in (ROOT / "docs").rglob("*.md"))]

    named = {name for text in texts for name in re.findall(r"`?make ([a-z-]+)", text)}

    assert {"run", "test", "demo"} <= named
    assert named - targets == set()


def test_ci_runs_the_same_targets() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")

    assert re.findall(r"^make (\w+)", script, re.MULTILINE) == ["lint", "types", "test"]


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{path.name}: {target}"
        for path in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8"))
        if not (path.parent / target).exists()
    ]

    assert broken == []


def test_every_word_that_organizers_are_told_to_press_stands_on_the_screen() -> None:
    catalogue = (ROOT / "translations" / "vi" / "LC_MESSAGES" / "messages.po").read_bytes()
    said = {
        text
        for message in read_po(BytesIO(catalogue), locale="vi")
        for text in (message.string if isinstance(message.string, tuple) else [message.string])
    }
    parts = [[re.escape(part) for part in re.split(r"%\(\w+\)s", text)] for text in said]
    shown = re.compile("|".join(r"([\d.]+|…)".join(part) for part in parts if any(part)))

    quoted = [
        re.sub(r"\s+", " ", word)
        for text in (TEN_MINUTES, PUBLISHING, BUILDING)
        for bold in re.findall(r"\*\*(.+?)\*\*", text, re.DOTALL)
        for word in bold.split(" → ")
        if word != "a form"
    ]

    assert len(quoted) > 20
    assert [word for word in quoted if not shown.fullmatch(word)] == []


def test_every_dependency_is_pinned_and_has_its_reason() -> None:
    lines = [
        line
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in (ROOT / name).read_text("utf-8").splitlines()
        if line and not line.startswith(("#", "-r"))
    ]

    assert [line for line in lines if "==" not in line] == []
    direct = (ROOT / "requirements.txt").read_text("utf-8").split("\n\n")[0].splitlines()[2:]
    assert [line for line in direct if "#" not in line] == []
