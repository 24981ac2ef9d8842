"""One form's responses as the measurements need them: whole, alike, and each unseen."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from forms.response import Response
from forms.types import Value
from services.clock import VIETNAM

FORM = "f51"
BEGIN = datetime(2026, 11, 24, 8, 0, tzinfo=VIETNAM)
ANSWERS: dict[str, Value] = {
    "ho_ten": "Giàng A Páo",
    "gioi_tinh": "nam",
    "ngay_sinh": "1992-09-05",
    "so_cccd": "012092001234",
    "dien_thoai": "0912345678",
    "dan_toc": "mong",
    "que_quan": "xã Sìn Hồ, Lai Châu",
    "noi_o": "Bản 3, xã Mường Than, Lai Châu",
    "cong_viec": "Công nhân vận hành",
    "trinh_do": "trung_cap",
    "quan_ly": "khong",
    "dy_xu_ly": 1,
}
SAMPLE = Response(
    id="",
    definition=FORM,
    version=1,
    instance="",
    content="",
    receipt="",
    unit="nam-na",
    place="Cổng nhà máy",
    point="7FK722",
    submitted_at=BEGIN,
    language="vi",
    answers=ANSWERS,
    flags=("so_cccd:sex",),
    ancestors=("root",),
)
_NUMBERS = count(1)


def fresh() -> Response:
    """A response that no store has seen, with texts of its own, as long as real ones."""
    number = next(_NUMBERS)
    answers = ANSWERS | {"ho_ten": f"Giàng A Páo {number}", "dien_thoai": f"09{number % 10**8:08}"}
    return replace(
        SAMPLE,
        id=f"{number:08x}-0000-4000-8000-000000000000",
        instance=f"{number:08x}-1111-4111-8111-111111111111",
        content=f"{number:064x}",
        receipt=f"R{number:012}",
        submitted_at=BEGIN + timedelta(seconds=number % 10**7),
        answers=answers,
    )


class Supply:
    """Responses made ahead, so that making them is not measured; made on demand when they end."""

    def __init__(self, number: int) -> None:
        self._ready = [fresh() for _ in range(number)]

    def take(self) -> Response:
        try:
            return self._ready.pop()
        except IndexError:
            return fresh()
