"""The demonstration's desk: some responses under review, one corrected, one that waits for more."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from forms.answers import as_inputs
from forms.publication import PublishedVersion
from forms.response import Response
from forms.workflow import moves
from storage.store import ResponseFilter, Store

from ..identity import Hasher
from ..receiving.receive import newest_version
from ..review.cases import Case, CaseDesk
from ..review.review import ReviewDesk

REVIEWER = "chu-tich"
UNIT = "demo-thuy-dien"
_FORMS = ("f21", "f51")
_ANSWERS = {
    "waiting": "Anh/chị gửi thêm ảnh giấy ra viện giúp công đoàn nhé.",
    "accepted": "Ban chấp hành đã duyệt. Công đoàn sẽ gọi cho anh/chị.",
}
_NOTE = "Đã gọi điện, hẹn gặp sau ca sáng."
_CORRECTED = "Đọc lại đơn giấy: ghi nhầm việc đang làm (minh họa)"


def work_on_desk(store: Store, hasher: Hasher, now: datetime) -> None:
    """Let the chair of one unit have been at work since the day before yesterday."""
    for form in _FORMS:
        version = newest_version(store, form)
        where = ResponseFilter(units=frozenset({UNIT}), withdrawn=False)
        found = list(store.iter_responses(form, where))
        _review(store, hasher, version, found, now)


def _review(
    store: Store,
    hasher: Hasher,
    version: PublishedVersion,
    found: Sequence[Response],
    now: datetime,
) -> None:
    """The first ones go into each state that there is; the one after them is corrected."""
    workflow = version.definition.workflow
    for at, (response, state) in enumerate(zip(found, moves(workflow, "new"), strict=False)):
        moment = max(now - timedelta(days=2, hours=-at), response.submitted_at)
        desk = ReviewDesk(store, version.definition, hasher, REVIEWER, moment)
        moved = desk.move(response, state.name, _ANSWERS.get(state.kind))
        if state.kind == "working":
            desk.note(desk.assign(moved, REVIEWER), _NOTE)
    for response in found[len(moves(workflow, "new")) :][:1]:
        _correct(store, hasher, Case(version, response), now)


def _correct(store: Store, hasher: Hasher, case: Case, now: datetime) -> None:
    definition, answers = case.version.definition, case.response.answers
    name = next(name for name in ("bo_phan", "cong_viec") if name in definition.by_name)
    inputs = {**as_inputs(definition, answers), name: ["Tổ vận hành, ca 2"]}
    moment = max(now - timedelta(days=1), case.response.submitted_at)
    CaseDesk(store, hasher).correct(case, inputs, moment, who=REVIEWER, reason=_CORRECTED)
