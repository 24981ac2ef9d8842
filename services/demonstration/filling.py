"""A filled demonstration store: invented units, people and responses, marked as such."""

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from federation.people import Grant, Role
from federation.units import ROOT, Unit, UnitKind
from forms.campaign import Campaign
from storage.store import Setting, Store

from ..identity import Hasher
from ..organization.people import add_person, set_password
from ..organization.start import draw_password
from ..organization.units import tree_of
from ..publishing.campaigns import publish_campaign
from ..publishing.publish import publish
from ..receiving.receive import Receiver
from ..receiving.received import Received
from .desk import work_on_desk

SETTING = "demo"
_FILLED = Setting(SETTING, "1")
_SEED = 20_261_124
_HOTLINE = "0213 000 000"  # of no subscriber: numbers behind 0213 have seven digits
_DAYS = 21

_UNITS = (
    Unit("demo-phuong", "Công đoàn phường Tân Phong (minh họa)", ROOT, UnitKind.COMMUNE),
    Unit("demo-thuy-dien", "CĐCS Thủy điện Nậm Mẫu (minh họa)", "demo-phuong"),
    Unit("demo-che", "CĐCS Chè Sương Sớm (minh họa)", "demo-phuong"),
    Unit("demo-cao-su", "CĐCS Cao su Suối Xanh (minh họa)", ROOT),
    Unit("demo-may", "CĐCS May Hoa Ban (minh họa)", ROOT),
)
_POINTS = (
    ("f28", "demo-thuy-dien", "Nhà ăn ca"),
    ("f28", "demo-may", "Nhà ăn tầng 1"),
    ("f28", "demo-cao-su", "Bếp tập thể"),
    ("f51", "demo-thuy-dien", "Cổng nhà máy"),
    ("f51", "demo-che", "Xưởng sao chè"),
    ("f51", "demo-may", "Bảng tin công đoàn"),
    ("f21", "demo-thuy-dien", "Bảng tin công đoàn"),
    ("f21", "demo-cao-su", "Lán đội 3"),
    ("f22", "demo-thuy-dien", "Bảng tin công đoàn"),
    ("f22", "demo-may", "Bảng tin công đoàn"),
    ("f91", "demo-thuy-dien", "Bảng tin công đoàn"),
)
_COUNTS = {"f28": 70, "f51": 22, "f21": 18, "f22": 16, "f91": 2}
# The Tết campaign in which some of these forms stand; some of its points were never opened yet.
_CAMPAIGN_UNITS = ("demo-thuy-dien", "demo-che", "demo-cao-su", "demo-may")
_WANTED = {"f21": 60, "f22": 50}
_DAYS_LEFT = 30
_PEOPLE = (
    ("quan-tri", "Người quản trị (minh họa)", Role.ADMIN, ROOT),
    ("lap-phieu", "Người lập biểu mẫu (minh họa)", Role.ORGANIZER, ROOT),
    ("chu-tich", "Chủ tịch công đoàn (minh họa)", Role.CHAIR, "demo-thuy-dien"),
    ("kiem-tra", "Ủy ban kiểm tra (minh họa)", Role.INSPECTOR, ROOT),
    ("nu-cong", "Ban nữ công (minh họa)", Role.WOMEN, ROOT),
    ("to-truong", "Tổ trưởng điền hộ (minh họa)", Role.HELPER, "demo-thuy-dien"),
    ("nguoi-xem", "Người xem số liệu (minh họa)", Role.VIEWER, ROOT),
)
_FAMILIES = ("Lò", "Giàng", "Tẩn", "Vàng", "Pờ", "Lý", "Sùng", "Chang", "Hoàng", "Nguyễn")
_MIDDLES = {"nam": ("A", "Văn", "Lở", "Mò"), "nu": ("Thị", "Thị", "Mẩy", "Lở")}
_GIVENS = {
    "nam": ("Páo", "Hồ", "Tơ", "Pừ", "Xá", "Dũng", "Sơn", "Chinh"),
    "nu": ("Phương", "Sú", "Mẩy", "Hoa", "Dung", "Mỷ", "Chở", "Lan"),
}
_PLACES = ("xã Mường Than, Lai Châu", "xã Sìn Hồ, Lai Châu", "phường Tân Phong, Lai Châu")
_JOBS = ("Công nhân vận hành", "Công nhân may, chuyền 2", "Tổ hái chè", "Cạo mủ, đội 3", "Bảo vệ")
_MEALS = ("Canh hôm nay nguội.", "Cơm ngon, xin thêm rau.", "Nên đổi món cá.", "Chờ hơi lâu.")
_INCOMES = ("duoi_1_5_trieu_dong", "1_5_2_trieu", "2_3_trieu")
_HARDSHIPS = (
    "Mẹ ốm nằm viện từ tháng trước.",
    "Nhà bị tốc mái sau trận lốc.",
    "Hai con nhỏ đi học.",
)

Inputs = dict[str, list[str]]


@dataclass(frozen=True)
class DemoSignIn:
    """An account of the demonstration, with the password drawn for this start."""

    name: str
    full_name: str
    password: str


def fill(store: Store, hasher: Hasher, now: datetime) -> tuple[DemoSignIn, ...]:
    """Fill an empty store once, and give its accounts new passwords every time."""
    if store.settings.get(SETTING) != _FILLED:
        store.settings.put(Setting(SETTING, "filling"))  # so that half of it is marked, too
        for unit in _UNITS:
            store.units.add(replace(unit, hotline=_HOTLINE))
        _fill_responses(store, hasher, now)
        _fill_campaign(store, now)
        work_on_desk(store, hasher, now)
        store.settings.put(_FILLED)
    return tuple(_sign_in(store, *person) for person in _PEOPLE)


def _sign_in(store: Store, name: str, full_name: str, role: Role, unit: str) -> DemoSignIn:
    password = draw_password()
    if store.people.get(name) is None:
        add_person(store, name, full_name, password, (Grant(role, unit),), tree_of(store))
    else:
        set_password(store, name, password)
    return DemoSignIn(name, full_name, password)


def _fill_responses(store: Store, hasher: Hasher, now: datetime) -> None:
    dice = random.Random(_SEED)  # noqa: S311 - invented data must be the same each time
    receiver = Receiver(store, hasher, lambda: str(uuid.UUID(int=dice.getrandbits(128), version=4)))
    tree = tree_of(store)
    begin = now - timedelta(days=_DAYS)
    points = [
        publish(store, form, [unit], place, tree=tree, now=begin).points[0]
        for form, unit, place in _POINTS
    ]
    arrivals = [
        (begin + timedelta(seconds=dice.randrange(60, _DAYS * 86_400)), at)
        for at, point in enumerate(points)
        for _ in range(_COUNTS[point.definition])
    ]
    for moment, at in sorted(arrivals):
        point = points[at]
        answers = _ANSWERS[point.definition](dice)
        taken = receiver.receive(point, answers, tree=tree, language="vi", now=moment)
        if not isinstance(taken, Received):
            raise ValueError(f"the demonstration's own answers are refused: {taken}")


def _fill_campaign(store: Store, now: datetime) -> None:
    """A campaign under way since the first answers, published to its units."""
    begin = (now - timedelta(days=_DAYS)).replace(microsecond=0)
    ends = (now + timedelta(days=_DAYS_LEFT)).date()
    campaign = Campaign(
        "demo-tet",
        "Chăm lo Tết cho đoàn viên (minh họa)",
        begin.date(),
        ends,
        tuple(_WANTED),
        _CAMPAIGN_UNITS,
        begin,
        "Mọi số liệu trong đợt này đều là giả định.",
        "Bảng tin công đoàn",
        _WANTED,
    )
    store.campaigns.put(campaign)
    publish_campaign(store, campaign, tree_of(store), begin)


def _meal(dice: random.Random) -> Inputs:
    def face() -> list[str]:
        return [str(dice.choices(range(1, 6), (1, 2, 5, 8, 5))[0])]

    rated = {name: face() for name in ("du_no", "ngon", "nong", "da_dang", "ve_sinh", "chung")}
    shift = dice.choice(("ca_sang", "ca_chieu", "ca_dem", "hanh_chinh"))
    ill = dice.choices(("khong", "co_hom_nay"), (60, 1))[0]
    said = [dice.choice(_MEALS)] if dice.random() < 0.3 else []
    return {"ca": [shift], **rated, "trieu_chung": [ill], "gop_y": said}


def _name(dice: random.Random, sex: str) -> str:
    words = (dice.choice(_FAMILIES), dice.choice(_MIDDLES[sex]), dice.choice(_GIVENS[sex]))
    return " ".join(words)


def _citizen_id(dice: random.Random, sex: str, year: int) -> str:
    century = 2 * (year >= 2000) + (sex == "nu")
    return f"012{century}{year % 100:02}{dice.randrange(10**6):06}"


def _phone(dice: random.Random) -> str:
    return f"09{dice.randrange(10, 70)}{dice.randrange(10**6):06}"


def _application(dice: random.Random) -> Inputs:
    sex, year = dice.choice(("nam", "nu")), dice.randrange(1968, 2008)
    told_year = year + (dice.random() < 0.05)  # some do not match: the reviewer has work
    people = ("thai", "mong", "kinh", "dao", "ha_nhi")
    return {
        "ho_ten": [_name(dice, sex)],
        "gioi_tinh": [sex],
        "ngay_sinh": [f"{dice.randrange(1, 28)}/{dice.randrange(1, 13)}/{told_year}"],
        "so_cccd": [_citizen_id(dice, sex, year)],
        "dien_thoai": [_phone(dice)],
        "dan_toc": [dice.choice(people)],
        "que_quan": [dice.choice(_PLACES)],
        "noi_o": [f"Bản {dice.randrange(1, 9)}, {dice.choice(_PLACES)}"],
        "cong_viec": [dice.choice(_JOBS)],
        "trinh_do": [dice.choice(("chua_qua_dao_tao", "trung_cap", "cao_dang"))],
        "quan_ly": ["khong"],
        **{tick: ["1"] for tick in ("cam_ket", "dy_xu_ly", "dy_nhay_cam")},
    }


def _request(dice: random.Random) -> Inputs:
    sex, year = dice.choice(("nam", "nu")), dice.randrange(1968, 2008)
    ground = dice.choice(("nguoi_than_om_nang", "nha_tam_dot_nat", "don_than_nuoi_con"))
    return {
        "ho_ten": [_name(dice, sex)],
        "dien_thoai": [_phone(dice)],
        "bo_phan": [dice.choice(_JOBS)],
        "so_cccd": [_citizen_id(dice, sex, year)],
        "hoan_canh": [ground],
        "thu_nhap": [dice.choice(_INCOMES)],
        "phu_thuoc": [str(dice.randrange(0, 6))],
        "ho_ngheo": [dice.choice(("ho_ngheo", "ho_can_ngheo", "khong"))],
        "mo_ta": [dice.choice(_HARDSHIPS)],
        "lan_truoc": [dice.choice(("chua_bao_gio", "tren_2_nam_truoc"))],
        **{tick: ["1"] for tick in ("dy_xu_ly", "dy_nhay_cam")},
    }


def _voucher(dice: random.Random) -> Inputs:
    sex, year, phone = dice.choice(("nam", "nu")), dice.randrange(1968, 2008), _phone(dice)
    return {
        "ho_ten": [_name(dice, sex)],
        "dien_thoai": [phone],
        "bo_phan": [dice.choice(_JOBS)],
        "so_cccd": [_citizen_id(dice, sex, year)],
        "hinh_thuc": [dice.choice(("truc_tuyen", "ca_hai"))],
        "sdt_dang_nhap": [phone],
        "sdt_nhap_lai": [phone],
        "mat_hang": [dice.choice(("gao_thuc_pham", "banh_keo_do_uong", "quan_ao"))],
        "dia_chi": [f"Bản {dice.randrange(1, 9)}, {dice.choice(_PLACES)}"],
        "dy_xu_ly": ["1"],
    }


def _complaint(dice: random.Random) -> Inputs:
    return {
        "loai": ["phan_anh_kien_nghi"],
        "ve": ["tai_chinh_cong_doan"],
        "doi_tuong": ["Ban chấp hành công đoàn (minh họa)"],
        "noi_dung": [
            f"Quý {dice.randrange(1, 5)} vừa rồi tổ chúng tôi không được xem sổ thu chi đoàn phí, "
            "hỏi thì được trả lời là đã chi hết."
        ],
        "yeu_cau": ["Công khai thu chi cho đoàn viên biết."],
        "bao_mat": ["co"],
        "dy_xu_ly": ["1"],
    }


_ANSWERS: dict[str, Callable[[random.Random], Inputs]] = {
    "f28": _meal,
    "f51": _application,
    "f21": _request,
    "f22": _voucher,
    "f91": _complaint,
}
