"""Workbooks for the tests: good ones, and such as an attacker makes."""

import io
import zipfile

from export.workbook import workbook_bytes

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">'
    + "".join(
        f'<!ENTITY {new} "{f"&{old};" * 10}">'
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
FOREIGN = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def workbook(rows, columns=("id", "name", "parent", "kind")):
    return workbook_bytes("don-vi", list(columns), [list(row) for row in rows])


def altered(content, part, change):
    """The workbook with one of its parts changed; a part that is not there is made."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    parts[part] = change(parts.get(part, b""))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in parts.items():
            book.writestr(name, data)
    return out.getvalue()


def with_entities(content, declaration, part="xl/worksheets/sheet1.xml"):
    """The workbook with entities declared in a part and used in it."""

    def change(old):
        text = old.decode()
        body = text.split("?>", 1)[1] if text.startswith("<?xml") else text
        return (declaration + body.replace("<v>", "<v>&a;", 1)).encode()

    return altered(content, part, change)
