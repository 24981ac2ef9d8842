"""Pictures that strangers send, made anew from their pixels; PDF files, looked at from outside.

Pure: bytes in, bytes or a problem out. What comes out holds no place, no time, no device, no second
file hidden behind the first, whatever went in.
"""

import io
import threading
import warnings

from PIL import Image, ImageOps

from .problems import N_, Problem

LARGEST_FILE = 5_000_000  # bytes, as it arrives
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2_000
QUALITY = 80
# A progressive JPEG is drawn once per scan; cameras write about ten, an attacker thousands.
MOST_SCANS = 64
SIGNATURE_SIZE = (640, 240)
# One picture at a time on any number of threads: 50 megapixels of a PNG take up to 450 MB and two
# seconds while they are made smaller (a JPEG a fraction of it).
_ONE_AT_A_TIME = threading.Lock()
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_FORMATS = ("JPEG", "PNG", "WEBP")

EMPTY = Problem(N_("This file is empty. Please choose it again."))
TOO_LARGE = Problem(N_("A file may have 5 MB at most. Please send a smaller photo."))
TOO_MANY_PIXELS = Problem(
    N_("This picture is too large. Please take it with a lower resolution, or send a screenshot.")
)
NO_PICTURE = Problem(N_("This is no photo that we can open. Please send a photo as JPG or PNG."))
NO_PICTURE_OR_PDF = Problem(
    N_("This is no file that we can open. Please send a photo (JPG or PNG) or a PDF.")
)
IS_HEIC = Problem(
    N_(
        "Your phone saved this photo as HEIC, which we cannot open. "
        "Take a screenshot of the photo and send that."
    )
)


def clean_picture(content: bytes) -> bytes | Problem:
    """The picture as a JPEG of at most 2,000 pixels a side, upright, without anything beside it."""
    if problem := _refused(content):
        return problem
    try:
        with _ONE_AT_A_TIME, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow talks of odd EXIF blocks; they are dropped
            return _drawn_anew(content)
    except _TooManyPixels:
        return TOO_MANY_PIXELS
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, OverflowError, KeyError):
        return NO_PICTURE
    except (IndexError, TypeError, ZeroDivisionError, AttributeError, RuntimeError):
        return NO_PICTURE  # what broken files make Pillow's readers stumble over


def clean_signature(content: bytes) -> bytes | Problem:
    """A drawn signature as a small grey PNG: dark on white."""
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        return NO_PICTURE
    opened = clean_picture(content)
    if isinstance(opened, Problem):
        return opened
    with Image.open(io.BytesIO(opened), formats=("JPEG",)) as picture:
        grey = picture.convert("L")
    grey.thumbnail(SIGNATURE_SIZE)
    return _saved(grey.quantize(16).convert("L"), "PNG", optimize=True)


def picture_size(content: bytes) -> tuple[int, int]:
    """Width and height of a picture that was cleaned here."""
    with Image.open(io.BytesIO(content), formats=("JPEG",)) as picture:
        return picture.size


def is_pdf(content: bytes) -> bool:
    """Whether it says it is a PDF; what is in it is never opened here."""
    return content.startswith(b"%PDF-")


def _refused(content: bytes) -> Problem | None:
    """What can be said without decoding anything."""
    if not content:
        return EMPTY
    if len(content) > LARGEST_FILE:
        return TOO_LARGE
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        return IS_HEIC
    if content.startswith(b"\xff\xd8") and content.count(b"\xff\xda") > MOST_SCANS:
        return NO_PICTURE
    # Pillow makes room for a whole WebP before it tells its size.
    width, height = _webp_size(content) if content[8:12] == b"WEBP" else (0, 0)
    return TOO_MANY_PIXELS if width * height > MOST_PIXELS else None


class _TooManyPixels(Exception):
    pass


def _drawn_anew(content: bytes) -> bytes:
    try:
        opened = Image.open(io.BytesIO(content), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise _TooManyPixels from error
    with opened as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise _TooManyPixels
        smooth = picture.convert("RGBA") if picture.mode in ("P", "PA", "1") else picture
        smooth.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded near its final size
        upright = ImageOps.exif_transpose(smooth)
        return _saved(_on_white(upright), "JPEG", quality=QUALITY)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGB", "L"):
        return picture
    if picture.mode.startswith("I") or picture.mode == "F":  # 16 bits of grey
        return picture.convert("I").point(lambda grey: grey / 256).convert("L")
    layered = picture.convert("RGBA")
    paper = Image.new("RGB", layered.size, "white")
    paper.paste(layered, mask=layered.getchannel("A"))
    return paper


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    # A fresh picture of the same pixels: what the reader had beside them (EXIF, comments) stays.
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    written = io.BytesIO()
    bare.save(written, kind, **options)
    return written.getvalue()


def _webp_size(content: bytes) -> tuple[int, int]:
    """Width and height out of a WebP's first block (RFC 9649 §2.5–2.7); (0, 0) is unknown."""
    kind = content[12:16]
    if kind == b"VP8X":
        return _little(content[24:27]) + 1, _little(content[27:30]) + 1
    if kind == b"VP8L":
        bits = _little(content[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        return _little(content[26:28]) & 0x3FFF, _little(content[28:30]) & 0x3FFF
    return 0, 0


def _little(content: bytes) -> int:
    return int.from_bytes(content, "little")
