"""Hostile and enormous workbooks cost a process of its own some seconds, and the server nothing."""

import io
import re
import subprocess
import time
import zipfile

import openpyxl
import pytest
from workbooks import BOMB, FOREIGN, altered, with_entities
from xlsforms import TYPE, saved, told, xlsform

from forms.gallery import gallery
from forms.xlsform import __main__ as aside
from forms.xlsform import read_workbook
from forms.xlsform.grids import LARGEST_FILE, LARGEST_UNPACKED, MOST_ROWS
from services.errors import Refusal
from services.publishing import form_files
from services.publishing.form_files import form_workbook, read_form

GOOD = xlsform([TYPE, ("text", "a", "Câu hỏi")])
SHEET = "xl/worksheets/sheet1.xml"
HEAD = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    + '<row r="1">'
    + "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in ("type", "name", "label"))
    + "</row>"
)
TAIL = "</sheetData></worksheet>"


def refusal(content):
    with pytest.raises(Refusal) as caught:
        read_form(content)
    return str(caught.value)


def blocked(imported, said):
    assert imported.definition is None
    lines = [line for line in told(imported) if said in line]
    assert lines, told(imported)


def test_a_form_is_read_in_a_process_of_its_own():
    definition = gallery()["f28"]

    imported = read_form(form_workbook(definition))

    assert imported.definition == definition
    assert imported.findings == ()


def test_findings_come_over_from_the_other_process_as_they_were():
    assert read_form(GOOD).findings == read_workbook(GOOD).findings


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"id,name\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),  # a password, or .xls
        GOOD[:200],
        GOOD[:-30],
        altered(GOOD, "xl/workbook.xml", lambda _: b"<x"),
        altered(GOOD, SHEET, lambda _: b"<worksheet"),
        altered(GOOD, "[Content_Types].xml", lambda _: b"<x/>"),
    ],
)
def test_what_is_no_workbook_is_refused_with_what_to_do(content):
    assert "Save it as" in refusal(content)


@pytest.mark.parametrize("declaration", [BOMB, FOREIGN])
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml"])
def test_entities_are_refused(declaration, part):
    assert "macros, links to other files" in refusal(with_entities(GOOD, declaration, part))


@pytest.mark.parametrize(
    "part",
    [
        "xl/vbaProject.bin",
        "xl/externalLinks/externalLink1.xml",
        "xl/activeX/activeX1.xml",
        "xl/embeddings/oleObject1.bin",
        "../../evil",
    ],
)
def test_macros_links_and_embedded_things_are_refused(part):
    assert "macros, links to other files" in refusal(altered(GOOD, part, lambda _: b"x"))


def test_a_workbook_that_calls_itself_one_with_macros_is_refused():
    macros = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    kinds = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"

    changed = altered(GOOD, "[Content_Types].xml", lambda old: old.replace(kinds, macros))

    assert "macros, links to other files" in refusal(changed)


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = altered(GOOD, "xl/media/x.bin", lambda _: bytes(LARGEST_UNPACKED))

    assert len(bomb) < 100_000
    assert "too large for a form" in refusal(bomb)


def test_a_file_that_is_too_large_never_reaches_the_other_process(monkeypatch):
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("started"))

    assert "too large for a form" in refusal(bytes(LARGEST_FILE + 1))


def test_very_many_parts_are_refused():
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as book:
        for number in range(300):
            book.writestr(f"x/{number}", b"")

    assert "macros, links to other files" in refusal(out.getvalue())


def test_very_many_rows_end_soon():
    rows = '<row><c t="inlineStr"><is><t>a</t></is></c></row>' * 300_000

    begun = time.monotonic()
    imported = read_form(altered(GOOD, SHEET, lambda _: (HEAD + rows + TAIL).encode()))

    blocked(imported, "The sheet is too large")
    assert time.monotonic() - begun < form_files.LONGEST_WAIT


def test_a_million_rows_are_not_even_unpacked():
    rows = '<row><c t="inlineStr"><is><t>a</t></is></c></row>' * 1_048_575

    assert "too large for a form" in refusal(
        altered(GOOD, SHEET, lambda _: (HEAD + rows + TAIL).encode())
    )


def test_empty_rows_up_to_the_end_of_the_world_are_none():
    row = '<row r="1048576"><c t="inlineStr"><is><t>text</t></is></c></row>'

    imported = read_form(altered(GOOD, SHEET, lambda _: (HEAD + row + TAIL).encode()))

    assert [q.name for q in imported.definition.questions] == ["cau_1048576"]


def test_a_cell_beyond_the_last_column_is_no_silent_loss():
    book = openpyxl.load_workbook(io.BytesIO(GOOD))
    book["survey"]["XFD2"] = "xa"

    blocked(read_form(saved(book)), "The sheet is too large")


def test_what_a_sheet_says_of_its_own_size_is_not_believed():
    def small(old):
        return re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:A1"', old)

    lying = altered(GOOD, SHEET, small)

    assert b'ref="A1:A1"' in zipfile.ZipFile(io.BytesIO(lying)).read(SHEET)
    assert [q.name for q in read_form(lying).definition.questions] == ["a"]


def test_enormous_shared_texts_are_too_many():
    texts = "".join(f"<si><t>{number:09}{'x' * 90}</t></si>" for number in range(120_000))
    shared = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + texts + "</sst>"
    )
    cells = "".join(
        f'<row><c t="s"><v>{number}</v></c></row>' for number in range(1, MOST_ROWS + 100)
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    named = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}" /></Types>'

    many = altered(GOOD, SHEET, lambda _: (HEAD + cells + TAIL).encode())
    many = altered(many, "xl/sharedStrings.xml", lambda _: shared.encode())
    many = altered(
        many, "[Content_Types].xml", lambda old: old.replace(b"</Types>", named.encode())
    )

    blocked(read_form(many), "The sheet is too large")


@pytest.mark.parametrize(("limit", "value"), [("LONGEST_WAIT", 0.05)])
def test_a_process_that_takes_too_long_is_ended(limit, value, monkeypatch):
    monkeypatch.setattr(form_files, limit, value)

    assert "took too long" in refusal(GOOD)


def test_only_one_workbook_is_read_at_a_time(monkeypatch):
    monkeypatch.setattr(form_files, "_QUEUE", 0.01)

    with form_files._turn:
        assert "Other workbooks are being read" in refusal(GOOD)


def test_a_process_that_dies_is_a_refusal(monkeypatch):
    done = subprocess.CompletedProcess([], -9, stdout=b"", stderr=b"")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)

    assert "could not be read" in refusal(GOOD)


def test_the_other_process_knows_no_secret(monkeypatch):
    seen = {}

    def run(command, **more):
        seen.update(more["env"])
        return subprocess.CompletedProcess(command, 0, stdout=b'{"unfit": "none"}')

    monkeypatch.setenv("PHIEU_SECRET_KEY", "geheim")
    monkeypatch.setattr(subprocess, "run", run)
    refusal(GOOD)

    assert not any(name.startswith("PHIEU") for name in seen)


def test_the_other_process_bounds_its_memory_and_time():
    resource = pytest.importorskip("resource")
    code = (
        "from forms.xlsform.__main__ import bound_this_process as b; import resource as r; b();"
        "print(r.getrlimit(r.RLIMIT_AS)[0], r.getrlimit(r.RLIMIT_CPU)[0])"
    )

    done = subprocess.run(
        [form_files.sys.executable, "-c", code],
        cwd=form_files._ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert resource.RLIM_INFINITY != aside.MOST_MEMORY
    assert done.stdout.split() == [str(aside.MOST_MEMORY), str(aside.MOST_SECONDS)]


def test_a_thousand_questions_and_five_thousand_choices_are_read():
    choices = [("list_name", "name", "label"), *(("xa", f"x{n}", f"Xã {n}") for n in range(5_000))]
    rows = [("text", f"q{n}", f"Câu {n}") for n in range(999)]

    imported = read_form(xlsform([TYPE, ("select_one xa", "xa", "Xã"), *rows], choices))

    assert len(imported.definition.questions) == 1_000
    assert len(imported.definition.by_name["xa"].choices) == 5_000


def test_lists_used_a_thousand_times_are_too_many_choices():
    choices = [("list_name", "name", "label"), *(("xa", f"x{n}", f"Xã {n}") for n in range(5_000))]
    rows = [("select_one xa", f"q{n}", f"Câu {n}") for n in range(1_000)]

    blocked(read_form(xlsform([TYPE, *rows], choices)), "more than 50000 choices")


def test_groups_in_groups_without_end_are_told_of():
    rows = [("begin group", f"g{n}", f"Nhóm {n}") for n in range(2_000)]
    ends = [("end group",)] * 2_000

    blocked(read_form(xlsform([TYPE, *rows, ("text", "a", "A"), *ends])), "lie in each other")


def test_a_thousand_expressions_that_hang_on_each_other_end_soon():
    columns = (*TYPE, "calculation")
    rows = [("calculate", f"c{n}", "", f"${{c{n + 1}}} + 1") for n in range(999)]
    rows.append(("calculate", "c999", "", "once(1)"))

    imported = read_form(xlsform([columns, *rows, ("text", "a", "A", "")]))

    assert [q.name for q in imported.definition.questions] == ["a"]
    assert len(imported.findings) > 400


def test_json_that_nests_without_end_is_a_text():
    columns = (*TYPE, "bind::phieu:audio")

    imported = read_form(xlsform([columns, ("text", "a", "A", "[" * 30_000)]))

    assert imported.definition is None


@pytest.mark.parametrize(
    "text", ["🧑‍🌾", "مرحبا", "Kẻ\u0302", "ꪼꪕ ꪵꪬ꪿ꪉ", "Hmoob", "a\u202eb", "x\u0000y", "=cmd|'/c'!A1"]
)
def test_texts_of_every_script_stay(text):
    import unicodedata

    book = xlsform([TYPE, ("text", "a", text.replace("\0", ""))])

    imported = read_form(book)

    # A text that begins with = is a formula to a spreadsheet.
    shown = "a" if text.startswith("=") else unicodedata.normalize("NFC", text.replace("\0", ""))
    assert imported.definition.questions[0].label.into("vi") == shown
