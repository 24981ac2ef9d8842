"""JSON answers."""

from collections.abc import Mapping

import orjson
from flask import Response


def json_answer(told: Mapping[str, object], status: int = 200) -> Response:
    return Response(orjson.dumps(told), status, mimetype="application/json")
