"""What workers answer in the tests, and how workers and staff send their forms."""

import uuid

JSON = {"Accept": "application/json"}

MEAL = {
    "ca": "ca_sang",
    "du_no": "4",
    "ngon": "4",
    "nong": "3",
    "da_dang": "4",
    "ve_sinh": "5",
    "trieu_chung": "khong",
    "chung": "4",
}
ILL = MEAL | {"trieu_chung": "co_hom_nay", "ca": "ca_dem"}
HARDSHIP = {
    "ho_ten": "Lò Thị Phương",
    "dien_thoai": "0912345678",
    "so_cccd": "012190123456",
    "hoan_canh": ["nguoi_than_om_nang", "nha_tam_dot_nat"],
    "thu_nhap": "2_3_trieu",
    "phu_thuoc": "3",
    "ho_ngheo": "khong",
    "mo_ta": "Mẹ ốm nằm viện",
    "lan_truoc": "chua_bao_gio",
    "dy_xu_ly": "1",
    "dy_nhay_cam": "1",
}
JOINING = {
    "ho_ten": "Giàng A Páo",
    "gioi_tinh": "nam",
    "ngay_sinh": "5/9/1990",
    "so_cccd": "012090123456",
    "dien_thoai": "0987654321",
    "dan_toc": "mong",
    "que_quan": "xã Sìn Hồ",
    "noi_o": "Bản 3",
    "cong_viec": "Cạo mủ",
    "trinh_do": "trung_cap",
    "quan_ly": "khong",
    "dy_xu_ly": "1",
    "dy_nhay_cam": "1",
    "cam_ket": "1",
}


def send(world, code, answers, **changed):
    """Send answers to a scan point as a worker does; gives what the server told."""
    posted = {"instance_id": str(uuid.uuid4()), **answers, **changed}
    answer = world.client().post(f"/q/{code}", data=posted, headers=JSON)
    assert answer.status_code == 201, answer.text
    return answer.json


def send_meals(world, code, count):
    """Anonymous answers whose remarks number them in the order of arrival."""
    for number in range(count):
        send(world, code, MEAL, gop_y=f"bữa số {number:02}")


def post(client, url, **inputs):
    """Post a staff form with the session's token."""
    return client.post(url, data={"csrf_token": client.csrf, **inputs})


def kept(store):
    """All small records of a store, to see whether anything changed."""
    shelves = (store.units, store.people, store.versions, store.points, store.settings)
    shelves += (store.offers, store.openings, store.campaigns)
    return [shelf.all() for shelf in shelves]
