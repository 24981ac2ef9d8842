"""Files made to break whoever opens them, built here and now; small on the way, huge inside."""

import struct
import zlib
from collections.abc import Iterable
from io import BytesIO
from itertools import pairwise

from pictures import drawn, jpeg, png_chunk, saved

SIDE = 50_000
GIGABYTE = 1 << 30
_PNG = b"\x89PNG\r\n\x1a\n"
_MEGABYTE = bytes(1 << 20)


def deflated(size: int, head: bytes = b"") -> bytes:
    """A zlib stream that opens to this head and so many zeros, at a thousandth of their length.

    One megabyte is packed once and its blocks repeated; the checksum of zeros is reckoned.
    """
    start = _packed(head, zlib.Z_FULL_FLUSH) + _packed(_MEGABYTE, zlib.Z_FULL_FLUSH) * (size >> 20)
    low = zlib.adler32(head) & 0xFFFF
    high = ((zlib.adler32(head) >> 16) + size * low) % 65_521
    rest = _packed(bytes(size % (1 << 20)), zlib.Z_FINISH)
    return b"\x78\xda" + start + rest + struct.pack(">HH", high, low)


def _packed(content: bytes, flush: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush(flush)


def _png(
    width: int, height: int, bits: int, colours: int, chunks: Iterable[tuple[bytes, bytes]]
) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, bits, colours, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IEND", b"")]
    return _PNG + b"".join(png_chunk(kind, content) for kind, content in parts)


def png_that_goes_on() -> bytes:
    """A picture of 100×100 whose pixels open to more than a gigabyte."""
    return _png(100, 100, 8, 2, [(b"IDAT", deflated(GIGABYTE + 1))])


def png_with_a_bomb_beside(kind: bytes) -> bytes:
    """A sound picture of 100×100 with a text or colour profile that opens to a gigabyte."""
    heads = {b"zTXt": b"Comment\0\0", b"iTXt": b"Comment\0\1\0\0\0", b"iCCP": b"icc\0\0"}
    bomb = (kind, heads[kind] + deflated(GIGABYTE))
    return _png(100, 100, 8, 2, [bomb, (b"IDAT", deflated(100 * 301))])


def png_whole(side: int = SIDE) -> bytes:
    """A black picture with every pixel it promises, one bit each."""
    return _png(side, side, 1, 0, [(b"IDAT", deflated(side * ((side + 7) // 8 + 1)))])


def png_heavy(side: int) -> bytes:
    """The same with the most a pixel can weigh: four times 16 bits."""
    return _png(side, side, 16, 6, [(b"IDAT", deflated(side * (8 * side + 1)))])


def jpeg_whole(side: int = SIDE, parts: int = 1) -> bytes:
    """A progressive grey (or, of 3 parts, coloured) picture with all its data: one bit a block."""
    blocks = ((side + 7) // 8) ** 2 * parts

    def segment(mark: int, content: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, mark, len(content) + 2) + content

    named = [bytes((number, 0x11, 0)) for number in range(1, parts + 1)]
    frame = struct.pack(">BHHB", 8, side, side, parts) + b"".join(named)
    one_code = b"\0" + bytes((1, *[0] * 15)) + b"\0"  # the bit 0 says: as the block before
    chosen = b"".join(bytes((number, 0)) for number in range(1, parts + 1))
    return b"".join(
        (
            b"\xff\xd8",
            segment(0xDB, b"\0" + bytes([1] * 64)),
            segment(0xC2, frame),
            segment(0xC4, one_code),
            segment(0xDA, bytes((parts,)) + chosen + b"\0\0\0"),
            bytes((blocks + 7) // 8),
            b"\xff\xd9",
        )
    )


def gif_that_claims(side: int = SIDE) -> bytes:
    """A GIF of that size; the data are those of a smaller one."""
    small, claimed = struct.pack("<HH", 900, 600), struct.pack("<HH", side, side)
    return saved(drawn(), "GIF").replace(small, claimed)


PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def jpeg_that_is_a_pdf() -> bytes:
    """A photo with a whole PDF in its comment: a reader of either kind is content."""
    photo = jpeg()
    return photo[:2] + struct.pack(">BBH", 0xFF, 0xFE, len(PDF) + 2) + PDF + photo[2:]


def pdf_that_is_a_jpeg() -> bytes:
    """The other way round: a PDF first, and a photo behind it."""
    return PDF + jpeg()


def svg_of_a_billion() -> bytes:
    """A drawing whose words double and double again (billion laughs)."""
    names = "abcdefghijklmnopqrstuvwxyz"
    doubled = "".join(f'<!ENTITY {b} "&{a};&{a};">' for a, b in pairwise(names))
    return (
        f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "ha">{doubled}]>'
        '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><text>&z;</text></svg>'
    ).encode()


def heic(brand: bytes) -> bytes:
    """The head of a photo as Apple's and Samsung's cameras keep it, and a body of noise."""
    kinds = struct.pack(">I4s4sI", 24, b"ftyp", brand, 0) + b"mif1heic"
    return kinds + struct.pack(">I4s", 200_008, b"mdat") + bytes(range(250)) * 800


def stream(content: bytes) -> BytesIO:
    """The file as a form's field takes it."""
    return BytesIO(content)
