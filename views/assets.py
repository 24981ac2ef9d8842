"""Our styles, scripts and drawings, read once: worker style and drawings inline, the rest by name.

A file's address holds a hash of its content, so browsers may keep it for ever. Only the service
worker has a fixed address, for its place decides which pages it may open.
"""

import base64
import hashlib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flask import Blueprint, Response, abort, request
from markupsafe import Markup
from PIL import Image

from .wire import encode

STATIC = Path(__file__).resolve().parent.parent / "static"
PICTURES = STATIC.parent / "forms" / "gallery" / "images"
# Voices that read questions aloud. None is shipped: the union records its own (docs/voices.md).
AUDIO = STATIC.parent / "forms" / "gallery" / "audio"
_VOICES = {".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".wav": "audio/wav"}
# Scripts served as one: their names, and a hash of what they say.
_JOINED = re.compile(r"([a-z]{1,20}(?:\.[a-z]{1,20}){1,15})-[0-9a-f]{12}\.js")
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".png": "image/png",
    ".jpg": "image/jpeg",
} | _VOICES


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

    `by_file` finds the files by the name they have in static/; they are served by hashed names.
    """

    worker_style: Markup
    worker_hash: str
    by_file: Mapping[str, Asset]
    service_worker: Asset
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
        for voice in sorted(AUDIO.glob("*.*")):
            if voice.suffix in _VOICES:
                files[f"audio/{voice.name}"] = Asset.of(voice.name, voice.read_bytes())
        worker_script = _service_worker(files.pop("sw.js"), files["phieu.js"])
        drawn = {}
        for picture in sorted(pictures.iterdir()):
            if picture.suffix == ".svg":
                drawn[picture.name] = Markup(picture.read_text("utf-8").strip())  # noqa: S704 - ours
            else:
                asset = Asset.of(picture.name, picture.read_bytes())
                files[picture.name], drawn[picture.name] = asset, _shown(asset)
        return cls(Markup(style), f"'sha256-{digest}'", files, worker_script, drawn)  # noqa: S704 - ours

    def picture(self, file_name: str) -> Markup:
        """What shows a choice's picture: a small drawing inline, anything else by its address.

        It says nothing to those who cannot see it: the words stand below.
        """
        return self.pictures.get(file_name, Markup())

    @property
    def staff_name(self) -> str:
        return self.by_file["staff.css"].name

    def voice(self, file_name: str) -> str:
        """Where a recorded voice is, or nothing."""
        found = self.by_file.get(f"audio/{file_name}")
        return f"/assets/{found.name}" if found else ""

    def addresses(self, file_names: Iterable[str]) -> tuple[str, ...]:
        """Where scripts are, each once, in the order given."""
        return tuple(f"/assets/{self.by_file[name].name}" for name in dict.fromkeys(file_names))

    def joined(self, file_names: Iterable[str]) -> str:
        """Where these scripts are as one file, each once, in the order given.

        On a weak line every further request costs two journeys there and back.
        """
        return f"/assets/{self._join(tuple(dict.fromkeys(file_names))).name}"

    def find_joined(self, name: str) -> Asset | None:
        """The joined file of this name, also when another process gave it."""
        found = _JOINED.fullmatch(name)
        parts = tuple(f"{stem}.js" for stem in found[1].split(".")) if found else ()
        if not parts or not all(part in self.by_file for part in parts):
            return None
        asset = self._join(parts)
        return asset if asset.name == name else None

    def _join(self, file_names: tuple[str, ...]) -> Asset:
        content = b"".join(self.by_file[name].content for name in file_names)
        return Asset.of(".".join(name.removesuffix(".js") for name in file_names) + ".js", content)


def _service_worker(script: Asset, queue: Asset) -> Asset:
    """sw.js with the queue it shares with the pages, and a cache name that changes with both."""
    version = f"{script.name[3:-3]}-{queue.name[6:-3]}"
    above = f'importScripts("/assets/{queue.name}");\nconst CACHE = "phieu-{version}";\n'
    return Asset("sw.js", above.encode() + script.content, script.mimetype)


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
        asset = served.get(name) or assets.find_joined(name)
        if asset is None:
            abort(404)
        answer = _answer(asset, "public, max-age=31536000, immutable")
        if asset.mimetype.startswith("audio/"):  # players ask for parts; iOS plays nothing without
            size = len(asset.content)
            answer.make_conditional(request, accept_ranges=True, complete_length=size)
        return answer

    @blueprint.get("/sw.js")
    def service_worker() -> Response:
        return _answer(assets.service_worker, "no-cache")

    return blueprint


def _answer(asset: Asset, caching: str) -> Response:
    answer = encode(Response(mimetype=asset.mimetype), asset.content)
    answer.headers["Cache-Control"] = caching
    return answer
