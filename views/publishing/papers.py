"""Papers of a scan point to print, for everybody who may fill in for workers there."""

from flask import Blueprint, abort
from flask import Response as WebResponse
from werkzeug.wrappers import Response

from federation.access import Act
from services.errors import Refusal
from services.publishing.papers import blank_paper

from ..language import screen_language, translated_to
from ..refusals import refuse
from ..session import my_units, staff_blueprint
from ..site import site

blueprint: Blueprint = staff_blueprint("papers", Act.ASSIST)


@blueprint.get("/points/<code>/blank.pdf")
def download_blank(code: str) -> Response:
    """The blank form in the language of the screen."""
    point = site().store.points.get(code)
    if point is None or point.unit not in my_units(Act.ASSIST):
        abort(404)
    language = screen_language()
    try:
        content = blank_paper(
            site().store,
            point,
            tree=site().tree,
            base_url=site().base_url,
            organization=site().config.organization,
            contact=site().config.contact,
            language=language,
            translate=lambda text: translated_to(language, text),
        )
    except Refusal:
        return refuse("unprintable", 422)
    answer = WebResponse(content, mimetype="application/pdf")
    name = f"{point.definition}_{code}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
