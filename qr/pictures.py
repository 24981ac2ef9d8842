"""The codes of many scan points as pictures in one ZIP, for those who lay out papers themselves."""

import re
import zipfile
from collections.abc import Iterable
from io import BytesIO

from forms.cleaning import fold

from .images import Matrix, png_of, svg_of

_LONGEST = 40  # characters of each part of a name
_MODULE = 24  # pixels: 29 modules with their border make a picture of 888
_STAMP = (1980, 1, 1, 0, 0, 0)  # the same codes make the same file


def picture_name(unit: str, place: str, code: str) -> str:
    """`CĐCS Thủy điện Nậm Na 3`, `Nhà ăn ca` → cdcs-thuy-dien-nam-na-3_nha-an-ca_7FK722."""
    parts = [re.sub(r"[^a-z0-9]+", "-", fold(part)).strip("-") for part in (unit, place)]
    return "_".join([part[:_LONGEST].strip("-") for part in parts if part] + [code])


def pictures_zip(pictures: Iterable[tuple[str, Matrix]]) -> bytes:
    """A PNG and an SVG under each name."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, rows in pictures:
            png = zipfile.ZipInfo(f"{name}.png", _STAMP)
            archive.writestr(png, png_of(rows, _MODULE))  # compressed already
            svg = zipfile.ZipInfo(f"{name}.svg", _STAMP)
            archive.writestr(svg, svg_of(rows), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
