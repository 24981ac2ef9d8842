"""Pictures as phones and attackers send them, made here and now."""

import base64
import io
import struct
import zlib

from PIL import Image, ImageDraw

from forms.types.base import Upload


def drawn(width: int = 900, height: int = 600, mode: str = "RGB") -> Image.Image:
    """A picture with a dark corner at the top left, to see which way up it is."""
    picture = Image.new(mode, (width, height), "white" if mode == "RGB" else 0)
    ImageDraw.Draw(picture).rectangle((0, 0, width // 4, height // 4), fill="navy")
    return picture


def saved(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    written = io.BytesIO()
    picture.save(written, kind, **options)
    return written.getvalue()


def jpeg(width: int = 900, height: int = 600) -> bytes:
    return saved(drawn(width, height))


def jpeg_of_a_place(orientation: int = 6) -> bytes:
    """A JPEG that tells where and with what it was taken, and lies on its side."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "SecretCamera"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (22.0, 23.0, 45.0)
    return saved(drawn(), exif=exif, comment=b"SecretComment")


def photo_of_a_paper() -> bytes:
    """A written sheet that lies on a table."""
    table = Image.new("RGB", (900, 900), "#8a6f52")
    pen = ImageDraw.Draw(table)
    pen.polygon([(190, 90), (730, 60), (770, 830), (150, 850)], fill="#f7f4ea")
    pen.line([(300, 160), (620, 150)], "#444", 22)
    for at in range(260, 760, 55):
        pen.line([(240, at), (690 - at % 4 * 40, at - 8)], "#8a8a8a", 9)
    return saved(table)


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises a huge picture."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1_000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(kind, content) for kind, content in parts)


def png_chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def webp_that_claims(width: int, height: int) -> bytes:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    block = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + size
    return b"RIFF" + struct.pack("<I", len(block) + 4) + b"WEBP" + block


def many_scans(count: int) -> bytes:
    """A JPEG that would be drawn over and over."""
    return jpeg()[:-2] + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" * count + b"\xff\xd9"


def signed() -> str:
    """What the canvas of a signature gives."""
    canvas = Image.new("RGBA", (600, 240), "white")
    ImageDraw.Draw(canvas).line([(60, 180), (180, 40), (300, 190), (520, 60)], "#123", 4)
    return data_url(saved(canvas, "PNG"))


def data_url(content: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(content).decode()


def upload(content: bytes, name: str = "anh.jpg") -> Upload:
    return Upload(name, "image/jpeg", content)


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


GIF_THAT_IS_A_SCRIPT = b"GIF89a/*" + b"\0" * 40 + b"*/=1;alert(1)"
JPEG_THAT_IS_A_SCRIPT = jpeg() + b"*/=1;alert(1)//<script>alert(2)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200
ZIP = b"PK\x03\x04" + b"\0" * 100
PDF = b"%PDF-1.7\n1 0 obj << /JS (app.alert(1)) >> endobj\n%%EOF\n"
