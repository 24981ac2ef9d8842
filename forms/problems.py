"""What a check can say of an answer: a problem, or a warning for the reviewer.

Both are message ids in English plus named values; the views translate them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(text: str) -> str:  # noqa: N802 - the name that message extraction looks for
    """Mark a text for the catalogue without translating it here."""
    return text


@dataclass(frozen=True)
class Problem:
    """Why an answer cannot be taken, said as what to write instead.

    `suggestion` is what the person probably meant; the page offers it in the field. `inner` are the
    problems of the parts of an answer that has parts, by their place (`0.ho_ten` in a repeat).
    """

    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    suggestion: str | None = None
    inner: "Mapping[str, Problem]" = field(default_factory=dict)


UNREADABLE = Problem(
    N_("Part of this answer could not be read. Please delete the strange signs and type it again.")
)
ONE_ANSWER = Problem(N_("Please give one answer only."))
BROKEN_CONSTRAINT = Problem(N_("This answer does not fit the rules of this form. Please check it."))
REQUIRED = Problem(N_("Please answer this question."))

# Warnings never block; they travel with the response as flags `question:code`.
WARNINGS: Mapping[str, str] = {
    "birth_year": N_("The ID number says another year of birth than the answer."),
    "sex": N_("The ID number says another sex than the answer."),
    "age": N_("The ID number belongs to somebody outside 15 to 75 years."),
    "province": N_("The first three digits of the ID number are no known place."),
    "old_id": N_("This looks like an old 9-digit identity card number."),
    "short_passport": N_("A passport number without letters: please compare with the document."),
    "unknown_prefix": N_("No mobile network uses this prefix."),
    "landline": N_("This is a landline number: messages cannot reach it."),
    "capitals": N_("The name was typed in capital letters."),
    "legacy_text": N_("The text seems to be typed in an old Vietnamese font."),
    "under_16": N_("Perhaps under 16: a parent or guardian must agree, too."),
    "year_only": N_("Only the year of birth is known."),
    "broke_rule": N_("The answer breaks a rule of the form and was kept as it came."),
}

# Flags of a whole response.
FLAGS: Mapping[str, str] = {
    "variant": N_("Sent again with other answers: an earlier response of this sender exists."),
    "unit_changed": N_("The worker named another unit than the poster's."),
    "unit_successor": N_(
        "The poster's unit was merged: the unit that succeeded it has the answer."
    ),
    "unit_unknown": N_("The worker named a unit that does not exist; the poster's unit was kept."),
    "old_version": N_("Answered on an earlier version of the form."),
    "version_unknown": N_("The version named by the sender does not exist."),
    "late": N_("Filled before, arrived after the form was closed."),
    "paused": N_("Filled before, arrived while the form was paused."),
    "queued": N_("Kept on the phone without signal and sent later."),
    "queued_time": N_("The time named by the phone cannot be right."),
    "robot": N_("Filled a field that people do not see: perhaps a robot."),
    "repeated": N_("This person, unit or month has sent this form before: only one counts."),
    "waiting": N_("All places were taken when it came: it is on the waiting list."),
    "corrected": N_("Corrected by the worker after sending."),
    "corrected_by_union": N_("Corrected by the union because the worker asked for it."),
    "corrected_by_reviewer": N_("Corrected by a reviewer: the reason stands in the history."),
    "assisted": N_("Filled in for the worker by somebody who is signed in."),
    "manager": N_("Says to be an owner or manager: check whether they may join."),
}
