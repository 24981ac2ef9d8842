"""Days as officers write them in forms and spreadsheets."""

import re
from datetime import date

from forms.cleaning import as_digits, clean_line

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(:00)?)?")
_WRITTEN = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def read_day(text: str) -> date | None:
    """`2026-09-05`, `5/9/2026` or `05.09.2026`; None for what is no day from 1900 on."""
    text = as_digits(clean_line(text))
    if match := _ISO.fullmatch(text):
        year, month, day = match[1], match[2], match[3]
    elif match := _WRITTEN.fullmatch(text):
        day, month, year = match[1], match[2], match[3]
    else:
        return None
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2100 else None


def day_text(day: date) -> str:
    """05/09/2026, as people write it."""
    return f"{day:%d/%m/%Y}"
