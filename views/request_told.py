"""What a worker reads by receipt: whether the union restricted, corrected or deleted the form; and,
of a data request, how far it is. What officers wrote is shown after the digits only.
"""

from flask_babel import gettext

from federation.requests import CLOSING, DataRequest, Due, Kind, What, due_on
from forms.response import Response
from services.cases import Case
from services.claims import has_limited_place
from services.errors import NotFound
from services.requests import FORM
from storage.places import SEATED

from .language import state_word
from .request_words import due_text, kind_words
from .site import site


def told_state(case: Case) -> str:
    """The state in the words of the form, else in ours; what the union erased is not called taken
    back.
    """
    response = case.response
    if response.is_withdrawn and response.history[-1].who != "worker":
        return gettext("Deleted by the union")
    return state_word(response.state, case.version.definition.workflow)


def became_of(case: Case, *, is_proven: bool = False) -> list[str]:
    """Sentences about what was done, none where nothing was; `is_proven`: the digits were right."""
    response = case.response
    if response.is_withdrawn:
        return _erased(response)
    told = []
    if response.restricted:
        told.append(
            gettext(
                "As you asked, the union does not use this form for the time being. It is kept."
            )
        )
    seated = [change.at for change in response.history if change.what == SEATED]
    if seated and has_limited_place(response):
        told.append(gettext("You have a place since %(day)s.", day=f"{seated[-1]:%d/%m/%Y}"))
    corrected = [c.at for c in response.history if c.what == "corrected" and c.who != "worker"]
    if corrected:
        told.append(
            gettext(
                "As you asked, the union corrected this form on %(day)s.",
                day=f"{corrected[-1]:%d/%m/%Y}",
            )
        )
    return told + (_request(response, is_proven) if response.definition == FORM else [])


def _erased(response: Response) -> list[str]:
    act = response.history[-1]
    if act.who == "worker":
        return []
    day = f"{act.at:%d/%m/%Y}"
    if act.what == "purged":
        return [gettext("Its time was over: the union erased it on %(day)s.", day=day)]
    return [gettext("As you asked, the union erased it on %(day)s.", day=day)]


def _request(response: Response, is_proven: bool) -> list[str]:
    try:
        one = site().requests.find(response.id)
    except NotFound:
        return []
    told = [_kind_line(one, kind, is_proven) for kind in one.kinds]
    due = site().requests.due(one)
    if due is not None and due.kind is None:
        told.insert(0, due_text(due))
    return told


def _kind_line(one: DataRequest, kind: Kind, is_proven: bool) -> str:
    """One kind: by when, or what came of it and what the person is told."""
    word = kind_words()[kind]
    closing = next((s for s in one.steps if s.kind is kind and s.what in CLOSING), None)
    if closing is None:
        line = due_text(Due(due_on(one, kind), kind))
        more = next((s.text for s in one.steps if (s.what, s.kind) == (What.EXTENDED, kind)), "")
        return f"{line}. {more}" if more and is_proven else line
    day = f"{closing.at:%d/%m/%Y}"
    if closing.what is What.DONE:
        said = gettext("%(kind)s: carried out on %(day)s", kind=word, day=day)
    else:
        said = gettext("%(kind)s: cannot be carried out (%(day)s)", kind=word, day=day)
    return f"{said}. {closing.text}" if closing.text and is_proven else said
