"""Our stylesheets, read once: inline for workers (with a CSP hash), by a hashed name for staff."""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, abort
from markupsafe import Markup

STATIC = Path(__file__).resolve().parent.parent / "static"


@dataclass(frozen=True)
class Assets:
    """`worker_style` is the text between <style> tags, `worker_hash` its CSP source."""

    worker_style: Markup
    worker_hash: str
    staff_style: bytes
    staff_name: str

    @classmethod
    def load(cls, folder: Path = STATIC) -> "Assets":
        tokens, worker, staff = (
            (folder / f"{name}.css").read_text("utf-8") for name in ("tokens", "worker", "staff")
        )
        style = tokens + worker
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        staff_style = (tokens + staff).encode()
        name = f"staff-{hashlib.sha256(staff_style).hexdigest()[:12]}.css"
        return cls(Markup(style), f"'sha256-{digest}'", staff_style, name)  # noqa: S704 - our own file


def assets_blueprint(assets: Assets) -> Blueprint:
    """The addresses of the static files: named by content, kept by browsers for ever."""
    blueprint = Blueprint("assets", __name__)

    @blueprint.get("/assets/<name>")
    def stylesheet(name: str) -> Response:
        if name != assets.staff_name:
            abort(404)
        answer = Response(assets.staff_style, mimetype="text/css")
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer

    return blueprint
