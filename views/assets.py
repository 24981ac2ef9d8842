"""Our stylesheets and scripts, read once: worker style inline (with a CSP hash), the rest by name.

A file's address holds a hash of its content, so browsers may keep it for ever.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, abort, request
from markupsafe import Markup

STATIC = Path(__file__).resolve().parent.parent / "static"
# Voices that read questions aloud. None is shipped: the union records its own (docs/voices.md).
AUDIO = STATIC.parent / "forms" / "gallery" / "audio"
_VOICES = {".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".wav": "audio/wav"}
_TYPES = {".css": "text/css", ".js": "text/javascript"} | _VOICES


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

    @classmethod
    def load(cls, folder: Path = STATIC) -> "Assets":
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
        return cls(Markup(style), f"'sha256-{digest}'", files)  # noqa: S704 - our own file

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
        if asset.mimetype.startswith("audio/"):  # players ask for parts; iOS plays nothing without
            size = len(asset.content)
            answer.make_conditional(request, accept_ranges=True, complete_length=size)
        return answer

    return blueprint
