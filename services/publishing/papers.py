"""Make the papers of a scan point."""

from collections.abc import Callable

from export.papers import BlankForm, blank_form
from export.sheet import Unprintable
from federation.units import ROOT, UnitTree
from forms.problems import N_
from forms.publication import ScanPoint
from qr.address import point_url
from qr.codes import spaced
from qr.images import matrix
from storage.store import Store

from ..errors import Refusal
from ..receiving.receive import newest_version


def blank_paper(
    store: Store,
    point: ScanPoint,
    *,
    tree: UnitTree,
    base_url: str,
    organization: str,
    contact: str,
    language: str,
    translate: Callable[[str], str],
) -> bytes:
    """The blank form of a scan point as PDF; raises Refusal for signs that cannot be printed."""
    definition = newest_version(store, point.definition).definition
    names = {
        "organization": organization,
        "contact": contact or tree.hotline(ROOT) or organization,
    }
    paper = BlankForm(
        definition=definition,
        language=language,
        names=names,
        unit_name=tree.home_name(point.unit),
        place=point.place,
        code=spaced(point.code),
        qr=matrix(point_url(base_url, point.code)),
        translate=translate,
    )
    try:
        return blank_form(paper)
    except Unprintable as error:
        raise Refusal(
            N_("These signs cannot be printed: %(signs)s."), {"signs": str(error)}
        ) from error
