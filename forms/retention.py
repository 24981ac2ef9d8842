"""How long the responses of a form are kept: so many days, and from what they are counted.

One source for the machine that erases and for the words of the notice that people agree to
(Luật 91/2025/QH15 Điều 14).
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .localized import Localized

LONGEST = 3_660  # days: ten years
_YEAR = 365

Origin = Literal["never", "closing", "settled", "submitted", "exported"]
Days = Annotated[int, Field(ge=1, le=LONGEST)]


class Retention(BaseModel):
    """`after` says from what the days are counted, for each response by itself.

    `never`: kept without limit. `closing`: the last scan point of the form is closed. `settled`:
    the case got a state that closes it. `submitted`: it arrived. `exported`: staff took a full
    file of it after the case was closed. Days of years and months are whole: 365 is 12 months.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    after: Origin
    days: Days | None = None

    @property
    def is_limited(self) -> bool:
        return self.days is not None

    @model_validator(mode="after")
    def _days_fit(self) -> Self:
        if self.after == "never" and self.days is not None:
            raise ValueError("retention: what is kept without limit has no `days`; remove them")
        if self.after != "never" and self.days is None:
            raise ValueError(f"retention: say after how many `days`, from 1 to {LONGEST}")
        return self


UNLIMITED = Retention(after="never")
# Where a form says nothing: what a campaign collects, it may keep for a year after it.
DEFAULT = Retention(after="closing", days=_YEAR)

_SAID: dict[Origin, Localized] = {
    "never": Localized({"vi": "lâu dài", "en": "without limit"}),
    "closing": Localized(
        {
            "vi": "đến khi đợt nhận phiếu kết thúc và thêm {days}",
            "en": "until this form is closed and {days} more",
        }
    ),
    "settled": Localized(
        {
            "vi": "đến khi phiếu được giải quyết xong và thêm {days}",
            "en": "until it has been dealt with and {days} more",
        }
    ),
    "submitted": Localized(
        {"vi": "{days} kể từ ngày gửi", "en": "for {days} from the day of sending"}
    ),
    "exported": Localized(
        {
            "vi": "đến khi hồ sơ được chuyển sang phần mềm quản lý đoàn viên và thêm {days}",
            "en": "until your record has been passed to the member software and {days} more",
        }
    ),
}
_UNITS = {"vi": ("ngày", "tháng", "năm"), "en": ("days", "months", "years")}


def in_words(retention: Retention, language: str) -> str:
    """What stands in a notice after “is kept”; Vietnamese for languages other than English."""
    said = _SAID[retention.after].into(language)
    return said.replace("{days}", days_in_words(retention.days or 0, language))


def days_in_words(days: int, language: str) -> str:
    """90 → 90 ngày, 365 → 12 tháng, 1825 → 5 năm."""
    day, month, year = _UNITS.get(language, _UNITS["vi"])
    if days % _YEAR:
        return f"{days} {day}" if days != 1 or language != "en" else "1 day"
    years = days // _YEAR
    return f"{years} {year}" if years > 2 else f"{years * 12} {month}"
