"""/healthz: 200 while the store can write, else 503."""

from flask import Blueprint, Response

from .json_answer import json_answer
from .site import site

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def health() -> Response:
    refusal = site().store.refusal()
    if refusal:
        return json_answer({"status": "failing"}, 503)
    return json_answer({"status": "ok"})
