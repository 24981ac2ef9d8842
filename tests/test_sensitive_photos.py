"""Photos that say something sensitive: masked, shown on demand for a while, never lost."""

from kinds import NAME, made, offered
from reading import Page
from sending import JSON
from test_erasing import eraser, erasure
from test_uploads import multipart, photo
from werkzeug.datastructures import FileStorage

from services.upkeep.sweeping import sweep_uploads
from storage.store import ResponseFilter

HOSPITAL = """
- {type: image, name: ra_vien, label: {vi: Giấy ra viện, en: Hospital paper}, sensitive: true}
- {type: consent, name: dy, label: {vi: Đồng ý, en: I agree}, purpose: sensitive}
"""


def test_a_sensitive_photo_opens_for_a_while_to_whom_asked_for_it(world):
    code = offered(world, made(NAME, HOSPITAL))
    sent = {"ten": "Lò Thị B", "ra_vien": [FileStorage(*photo())], "dy": "1"}
    answer = world.client().post(f"/q/{code}", **multipart(sent), headers=JSON)
    (response,) = world.store.iter_responses("f99", ResponseFilter())
    page = f"/responses/f99/{response.id}"
    file = f"{page}/files/{response.answers['ra_vien'][0]}"
    chair, other = world.signed_in("chu-tich"), world.signed_in("chu-tich")

    masked = chair.get(page).text
    closed = chair.get(file).status_code
    shown = chair.post(f"{page}/sensitive", data={"csrf_token": chair.csrf}).text
    opened_file = chair.get(file)
    world.clock.move(minutes=16)

    assert answer.status_code == 201
    assert (closed, "***" in masked, "<img" in masked) == (404, True, False)
    assert Page(shown).one("img")["src"] == file
    assert (opened_file.status_code, opened_file.mimetype) == (200, "image/jpeg")
    assert other.get(file).status_code == 404
    assert chair.get(file).status_code == 404
    assert "<img" not in chair.get(page).text


def test_a_sensitive_photo_is_no_lost_upload_and_goes_with_its_response(world):
    code = offered(world, made(NAME, HOSPITAL))
    sent = {"ten": "Lò Thị B", "ra_vien": [FileStorage(*photo())], "dy": "1"}
    world.client().post(f"/q/{code}", **multipart(sent), headers=JSON)
    (response,) = world.store.iter_responses("f99", ResponseFilter())
    world.clock.move(days=3)

    swept = sweep_uploads(world.store, world.clock())
    left = list(world.store.iter_files("f99"))
    eraser(world).erase(response, erasure(world))

    assert (swept, left) == (0, response.answers["ra_vien"])
    assert list(world.store.iter_files("f99")) == []
