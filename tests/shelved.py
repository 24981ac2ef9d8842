"""One record of every shelf with everything in it, and its key: what a store must keep whole."""

from datetime import date, datetime

from federation.breaches import Breach, BreachStep, Extent, Happened
from federation.headcounts import Headcount
from federation.people import Grant, Link, Person, Role, SignIn
from federation.requests import DataRequest, Deletion, Erased, Kind, Step, Way, What
from federation.retentions import FormRetention, FullExport, Hold, PeriodChange, Purge, Purged
from federation.units import Change, Unit, UnitKind
from forms.campaign import Campaign
from forms.draft import Change as Edit
from forms.draft import Draft
from forms.draft import Step as Turn
from forms.export_profile import ExportProfile, ProfileColumn
from forms.gallery import gallery
from forms.offer import Offer
from forms.publication import Former, Openings, PublishedVersion, ScanPoint
from forms.workflow import Once
from services.clock import VIETNAM
from storage.store import Setting

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=VIETNAM)

SHELVED = {
    "units": Unit(
        "che",
        "CĐCS Chè Than Uyên",
        "root",
        UnitKind.ENTERPRISE,
        "0213 3 878 436",
        since=date(2025, 7, 1),
        changes=(
            Change(date(2026, 1, 1), name="CĐCS Chè", parent="xa", kind=UnitKind.SECTION),
            Change(date(2026, 7, 1), closed=True, successor="xa"),
        ),
    ),
    "headcounts": Headcount("che", "2026-Q4", 1_810, None),
    "people": Person(
        "chu-tich",
        "Lò Thị Phương",
        "$argon2id$",
        (Grant(Role.CHAIR, "che"), Grant(Role.WOMEN, "che", NOON.date(), NOON.date())),
        temporary=True,
        link=Link("hash", NOON),
    ),
    "sign_ins": SignIn("token", "chu-tich", NOON, NOON, "Zalo · Android"),
    "versions": PublishedVersion(gallery()["f51"], 1, "7FK", NOON),
    "drafts": Draft(
        "f51-2",
        "lap-phieu",
        {"id": "f51-2", "title": {"vi": "Kết nạp"}, "sections": [{"questions": []}]},
        NOON,
        "quan-tri",
        gallery="f51",
        revision=2,
        steps=(
            Turn("act", "texts", Edit(("title", "vi"), ("Cũ",), ("Kết nạp",)), NOON, "quan-tri"),
            Turn("undo", "move", Edit(("sections",), (), ({"questions": []},), 0), NOON, "x"),
        ),
    ),
    "points": ScanPoint(
        "7FK722",
        "f51",
        "che",
        "Cổng",
        NOON,
        paused=True,
        closes_at=NOON,
        former=(Former("f28", "nam-na", ""),),
    ),
    "offers": Offer(
        "f27",
        total=60,
        per_unit=10,
        slots={"buoi": {"dot_1_buoi_sang": 20}},
        waiting=False,
        own_once=True,
        once=Once(per="person", question="so_cccd"),
        opens_at=NOON,
        closes_at=NOON,
    ),
    "openings": Openings("f51", {"7FK722": 12}),
    "campaigns": Campaign(
        "thang-cong-nhan-2026",
        "Tháng Công nhân 2026",
        NOON.date(),
        NOON.date(),
        ("f28", "f27"),
        ("che",),
        NOON,
        note="Đợt chính",
        place="Nhà ăn",
        targets={"f28": 400},
        based_on="thang-cong-nhan-2025",
    ),
    "settings": Setting("demo", "1"),
    "profiles": ExportProfile(
        "f51",
        "ho-so",
        "Hồ sơ",
        (ProfileColumn("STT", "_row"), ProfileColumn("Sinh", "ngay_sinh", dates="day")),
    ),
    "requests": DataRequest(
        "mot",
        Way.FORM,
        "che",
        NOON,
        (Kind.SEE, Kind.DELETE),
        "7FKMNP234567C",
        source="mot",
        steps=(Step(NOON, "quan-tri", What.EXTENDED, Kind.DELETE, 20, "nhiều phiếu"),),
        deletions=(Deletion(NOON, "quan-tri", (Erased("f21", "7FK", NOON.date(), 2),)),),
    ),
    "breaches": Breach(
        "vu-1",
        NOON,
        Extent(("f21",), ("che",), NOON, NOON, "chu-tich"),
        {"nature": "Mất máy"},
        (BreachStep(NOON, "quan-tri", Happened.LISTED, 7, "báo từng người"),),
    ),
}
SHELVED["retentions"] = FormRetention(
    "f51",
    changes=(PeriodChange(NOON, "quan-tri", 60, "chuyển xong sớm"),),
    holds=(
        Hold(NOON, "quan-tri", "thanh tra", NOON, "quan-tri", "đã có kết luận"),
        Hold(NOON, "quan-tri", "tòa yêu cầu"),
    ),
    exports=(FullExport(NOON), FullExport(NOON, ("che", "nam-na"))),
    purges=(Purge(NOON, "server", 14),),
    purged=(Purged("che", "Cổng", "7FK722", 14),),
)
KEYS = {
    "units": "che",
    "headcounts": "che@2026-Q4",
    "people": "chu-tich",
    "sign_ins": "token",
    "versions": "f51@1",
    "drafts": "f51-2",
    "points": "7FK722",
    "offers": "f27",
    "openings": "f51",
    "campaigns": "thang-cong-nhan-2026",
    "settings": "demo",
    "profiles": "f51/ho-so",
    "requests": "mot",
    "retentions": "f51",
    "breaches": "vu-1",
}
