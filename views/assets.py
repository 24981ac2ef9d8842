"""Our styles, scripts and drawings, read once: worker style and drawings inline, the rest by name.

A file's address holds a hash of its content, so browsers may keep it for ever.
"""

import base64
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flask import Blueprint, Response, abort
from markupsafe import Markup
from PIL import Image

STATIC = Path(__file__).resolve().parent.parent / "static"
PICTURES = STATIC.parent / "forms" / "gallery" / "images"
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".png": "image/png",
    ".jpg": "image/jpeg",
}


@dataclass(frozen=True)
class Asset:
    """A file as it is served: the last part of its address, its content, its media type."""

    name: str
    content: bytes
    mimetype: str

    @classmethod
    def of(cls, file_name: str, content: bytes) -> "Asset":
        stem, _, suffix = file_name.rpartition(".")
        digest = hashlib.sha256(content).hexdigest()[:12]
        return cls(f"{stem}-{digest}.{suffix}", content, _TYPES[f".{suffix}"])


@dataclass(frozen=True)
class Assets:
    """`worker_style` is the text between <style> tags, `worker_hash` its CSP source.

    `files` are served by their hashed names; `by_file` finds them by the name they have in static/.
    """

    worker_style: Markup
    worker_hash: str
    by_file: Mapping[str, Asset]
    pictures: Mapping[str, Markup] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path = STATIC, pictures: Path = PICTURES) -> "Assets":
        tokens, worker, staff = (
            (folder / f"{name}.css").read_text("utf-8") for name in ("tokens", "worker", "staff")
        )
        style = tokens + worker
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        files = {"staff.css": Asset.of("staff.css", (tokens + staff).encode())}
        for script in sorted(folder.glob("*.js")):
            files[script.name] = Asset.of(script.name, script.read_bytes())
        drawn = {}
        for picture in sorted(pictures.iterdir()):
            if picture.suffix == ".svg":
                drawn[picture.name] = Markup(picture.read_text("utf-8").strip())  # noqa: S704 - ours
            else:
                asset = Asset.of(picture.name, picture.read_bytes())
                files[picture.name], drawn[picture.name] = asset, _shown(asset)
        return cls(Markup(style), f"'sha256-{digest}'", files, drawn)  # noqa: S704 - our own file

    def picture(self, file_name: str) -> Markup:
        """What shows a choice's picture: a small drawing inline, anything else by its address.

        It says nothing to those who cannot see it: the words stand below.
        """
        return self.pictures.get(file_name, Markup())

    @property
    def staff_name(self) -> str:
        return self.by_file["staff.css"].name

    def addresses(self, file_names: Iterable[str]) -> tuple[str, ...]:
        """Where scripts are, each once, in the order given."""
        return tuple(f"/assets/{self.by_file[name].name}" for name in dict.fromkeys(file_names))


def _shown(asset: Asset) -> Markup:
    with Image.open(io.BytesIO(asset.content)) as picture:
        width, height = picture.size
    return Markup('<img src="/assets/{}" alt="" width="{}" height="{}" loading="lazy">').format(
        asset.name, width, height
    )


def assets_blueprint(assets: Assets) -> Blueprint:
    """The addresses of the static files: named by content, kept by browsers for ever."""
    blueprint = Blueprint("assets", __name__)
    served = {asset.name: asset for asset in assets.by_file.values()}

    @blueprint.get("/assets/<name>")
    def static_file(name: str) -> Response:
        asset = served.get(name)
        if asset is None:
            abort(404)
        answer = Response(asset.content, mimetype=asset.mimetype)
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer

    return blueprint
