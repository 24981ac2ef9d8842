"""The house rules that can be checked: imports one way, small files, signs on the doors."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LONGEST, LONGEST_TEST = 300, 450

# What each room may import; a room is always open to itself, and config.py to all above forms.
LOWEST = {"forms", "federation"}
MAY_IMPORT = {
    "forms": set(),
    "federation": set(),
    "qr": LOWEST,
    "export": LOWEST,
    "storage": LOWEST,
    "services": LOWEST | {"qr", "export", "storage", "config"},
    "views": LOWEST | {"qr", "export", "storage", "services", "config"},
    "commands": LOWEST | {"qr", "export", "storage", "services", "config"},
    "config.py": set(),
}
# The rooms within a room, each above those it may import; what stands outside them is under all.
STOREYS = {
    "services": (
        *("trail", "receiving", "erasure", "publishing", "reading", "offering", "review"),
        *("organization", "outgoing", "rights", "demonstration", "upkeep"),
    ),
    "views": (
        *("worker", "organization", "builder", "review", "outgoing", "publishing", "rights"),
    ),
}
ON_TOP = {"views/doors.py", "views/desk.py"}  # they join the rooms
OURS = {name.removesuffix(".py") for name in MAY_IMPORT} | {"app"}
BELOW_THE_WEB = ("forms", "federation", "qr", "export", "storage", "services", "config.py")


def files(*rooms: str) -> Iterator[Path]:
    for room in rooms:
        path = ROOT / room
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def imported(path: Path) -> set[str]:
    """The top-level names a file imports from elsewhere."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_imports_point_one_way(room: str) -> None:
    allowed = MAY_IMPORT[room] | {room.removesuffix(".py")}

    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files(room)
        for name in imported(path) & OURS - allowed
    }

    assert wrong == set()


def inner_rooms(path: Path, top: str) -> set[str]:
    """The rooms within `top` that a file of it imports from."""
    here, found = path.relative_to(ROOT).with_suffix("").parts, set[str]()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level] if node.level else ()
            target = (*base, *(node.module or "").split("."))
            found |= {target[1]} if target[0] == top and len(target) > 1 else set()
    return found & set(STOREYS[top])


@pytest.mark.parametrize("top", STOREYS)
def test_rooms_within_a_room_import_downwards(top: str) -> None:
    order = STOREYS[top]
    rooms = {path.name for path in (ROOT / top).iterdir() if (path / "__init__.py").exists()}

    wrong = [
        f"{name} imports {top}/{other}"
        for path in files(top)
        for name in [str(path.relative_to(ROOT))]
        for own in [path.relative_to(ROOT).parts[1]]
        for other in inner_rooms(path, top)
        if name not in ON_TOP and other not in order[: order.index(own) + 1 if own in order else 0]
    ]

    assert rooms == set(order)
    assert wrong == []


def test_nothing_below_the_pages_knows_the_web() -> None:
    web = {"flask", "flask_babel", "werkzeug", "jinja2"}

    wrong = {str(path) for path in files(*BELOW_THE_WEB) if imported(path) & web}

    assert wrong == set()


def test_only_one_file_reads_the_clock() -> None:
    reads = re.compile(r"datetime\.now|date\.today|time\.time\(|utcnow")

    readers = {
        str(path.relative_to(ROOT))
        for path in files(*MAY_IMPORT, "app.py")
        if reads.search(path.read_text("utf-8"))
    }

    assert readers == {"services/clock.py"}


def test_no_file_is_too_long() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for suffix in ("py", "html", "css", "js")
        for path in ROOT.rglob(f"*.{suffix}")
        if not {".venv", "node_modules", "build"} & set(path.parts)
        for count in [len(path.read_text("utf-8").splitlines())]
        if count > (LONGEST_TEST if "tests" in path.parts else LONGEST)
    }

    assert long == {}


def test_every_room_has_a_sign_on_its_door() -> None:
    doors = [ROOT / room / "__init__.py" for room in MAY_IMPORT if (ROOT / room).is_dir()]

    without = [
        str(path.relative_to(ROOT))
        for path in [*files(*MAY_IMPORT, "app.py")]
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]

    assert all(door.exists() for door in doors)
    assert without == []


def test_no_name_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "common", "misc", "core", "manager"}

    found = {path.stem for path in files(*MAY_IMPORT)} & empty

    assert found == set()


def test_what_the_map_names_exists() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")

    paths = set(re.findall(r"`([a-z_]+(?:/[a-zA-Z_./]*)?(?:\.py|\.html|\.po|/))`", text))
    missing = {path for path in paths if not (ROOT / path).exists()}
    named = re.findall(r"`([a-z_/]+\.py)` `(?:(\w+)\.)?(\w+)`", text)
    unnamed = [name for path, _, name in named if name not in (ROOT / path).read_text("utf-8")]

    assert len(paths) > 12
    assert missing == set()
    assert len(named) >= 6
    assert unnamed == []
