"""What becomes of a form that was sent: its place, the waiting list, the union's decision."""

from sending import HARDSHIP, post, send
from stage import Stage, scene

from forms.offer import Offer
from forms.response import Response
from services.offering.offers import keep_offer
from storage.store import ResponseFilter

CHECK = {
    "ho_ten": "Lò Thị Phương",
    "dien_thoai": "0912345678",
    "so_cccd": "012190123456",
    "ngay_sinh": "5/9/1990",
    "gioi_tinh": "nu",
    "buoi": "dot_1_buoi_sang",
    "goi": "tong_quat",
    "bhyt": "co",
    "xe": "khong",
    "dy_xu_ly": "1",
}
SLOTS = {"dot_1_buoi_sang": 1, "dot_1_buoi_chieu": 3, "dot_2_buoi_sang": 40}
ASKED = "Chị chụp thêm giấy ra viện của mẹ nhé, rồi gửi lại trước thứ Sáu."
REFUSED = "Năm nay quỹ đã chi hết; công đoàn sẽ xét hoàn cảnh của chị vào đợt Tết."


def _check(stage: Stage, **limits: object) -> str:
    """Publish the health check with these limits; gives its code."""
    world = stage.world
    code = world.publish("f27")
    _limit(stage, **limits)
    send(world, code, CHECK | {"ho_ten": "Giàng A Páo", "dien_thoai": "0987654321"})
    return code


def _limit(stage: Stage, **limits: object) -> None:
    world = stage.world
    definition = world.store.versions.get("f27@1").definition  # type: ignore[union-attr]
    offer = Offer("f27", **limits)  # type: ignore[arg-type]
    hasher = world.app.extensions["phieu"].hasher
    keep_offer(world.store, hasher, definition, offer, world.clock())


@scene("Places, of which some are taken")
def places(stage: Stage) -> None:
    stage.go(f"/q/{_check(stage, slots={'buoi': SLOTS})}")
    stage.look_at("#buoi")


@scene("All places are taken: the waiting list")
def places_full(stage: Stage) -> None:
    stage.go(f"/q/{_check(stage, total=1)}")


@scene("All places are taken, and nobody waits")
def places_none(stage: Stage) -> None:
    stage.go(f"/q/{_check(stage, total=1, waiting=False)}")


@scene("The receipt of somebody who waits for a place")
def places_waiting(stage: Stage) -> None:
    stage.go(f"/q/{_check(stage, slots={'buoi': SLOTS})}")
    told = send(stage.world, stage.page.url.rsplit("/", 1)[1], CHECK)
    stage.go(f"/r/{told['receipt']}")


@scene("A place became free for who waited")
def places_got(stage: Stage) -> None:
    places_waiting(stage)
    _limit(stage, slots={"buoi": SLOTS | {"dot_1_buoi_sang": 2}})
    stage.page.reload()


def _hardship(stage: Stage) -> Response:
    code = stage.world.publish("f21")
    told = send(stage.world, code, HARDSHIP)
    found = stage.world.store.response_by_receipt("f21", told["receipt"])
    assert found is not None
    return found


def _decided(stage: Stage, into: str, message: str) -> Response:
    """A request for support that the chair put into this state with these words."""
    response = _hardship(stage)
    chair = stage.world.signed_in("chu-tich")
    stage.world.clock.move(hours=3)
    act = {"what": "state", "seen": "0", "into": into, "message": message, "confirm": "1"}
    done = post(chair, f"/responses/f21/{response.id}/review", **act)
    assert done.status_code == 303, done.text
    return response


def _opened(stage: Stage, receipt: str) -> None:
    stage.go(f"/r/{receipt}")
    stage.page.fill("#_digits", "5678")
    stage.page.click("button[value=open]")


@scene("The union asks for more: what strangers see")
def decided_more(stage: Stage) -> None:
    stage.go(f"/r/{_decided(stage, 'can_bo_sung', ASKED).receipt}")


@scene("The union asks for more: its words")
def decided_more_opened(stage: Stage) -> None:
    _opened(stage, _decided(stage, "can_bo_sung", ASKED).receipt)


@scene("Approved")
def decided_yes(stage: Stage) -> None:
    _opened(stage, _decided(stage, "duyet", "Chị đến nhận ở phòng công đoàn sáng thứ Hai.").receipt)


@scene("Refused, with the reason")
def decided_no(stage: Stage) -> None:
    _opened(stage, _decided(stage, "khong_duyet", REFUSED).receipt)


@scene("An officer withdrew it")
def withdrawn(stage: Stage) -> None:
    response = _hardship(stage)
    chair = stage.world.signed_in("chu-tich")
    act = {"seen": "0", "ground": "test", "reason": "Gửi thử", "confirm": "1"}
    done = post(chair, f"/responses/f21/{response.id}/withdraw", **act)
    assert done.status_code == 303, done.text
    stage.go(f"/r/{response.receipt}")


@scene("Two of one person were put together")
def merged(stage: Stage) -> None:
    first = _hardship(stage)
    told = send(stage.world, stage.world.publish("f21"), HARDSHIP | {"mo_ta": "Nhà tốc mái"})
    every = stage.world.store.iter_responses("f21", ResponseFilter())
    second = next(response for response in every if response.id != first.id)
    chair = stage.world.signed_in("chu-tich")
    act = {"seen": "0", "other_seen": "0", "what": "merge", "confirm": "1"}
    done = post(chair, f"/responses/f21/{first.id}/merge/{second.id}", **act)
    assert done.status_code == 303, done.text
    stage.go(f"/r/{told['receipt']}")
