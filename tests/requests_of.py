"""Somebody who asks about own data, and an officer who deals with it; holds no test itself."""

import re
from dataclasses import dataclass
from typing import Any

from conftest import World
from flask.testing import FlaskClient
from reading import Page
from sending import post, send
from werkzeug.test import TestResponse

from federation.requests import DataRequest
from storage.store import ResponseFilter

ASKING = {
    "quyen": ["xoa", "cung_cap_ban_sao"],
    "ho_ten": "Lò Thị Phương",
    "dien_thoai": "0912 345 678",
    "chi_tiet": "Xin xóa những gì tôi đã gửi",
    "tra_loi": "dien_thoai",
}


def ask(world: World, unit: str = "root", **changed: object) -> dict[str, Any]:
    """Send form FA3; gives what the server told."""
    told: dict[str, Any] = send(world, world.publish("fa3", unit, "Cổng"), ASKING | changed)
    return told


@dataclass
class Officer:
    """Who is signed in, with one request."""

    world: World
    client: FlaskClient
    id: str

    @property
    def url(self) -> str:
        return f"/requests/{self.id}"

    @property
    def request(self) -> DataRequest:
        return book(self.world).find(self.id)

    def page(self) -> Page:
        return Page(self.client.get(self.url).text)

    def do(self, what: str, **inputs: object) -> TestResponse:
        """Press a button of the request; inputs without the name of their form before them."""
        named = {f"{what}_{name}": value for name, value in inputs.items()}
        return post(self.client, f"{self.url}/{what}", **named)

    def identify(self) -> None:
        assert self.do("identify", way="called").status_code == 303

    def find(self, by: str = "phone", value: str = "0912345678") -> list[str]:
        """The forms found, as the page names them."""
        answer = post(self.client, f"{self.url}/find", by=by, value=value)
        assert answer.status_code == 200, answer.text
        return re.findall(r'name="response" value="([^"]+)"', answer.text)

    def act(self, what: str, *named: str, **inputs: object) -> TestResponse:
        posted = {"act": what, "response": list(named), **inputs}
        return post(self.client, f"{self.url}/act", **posted)


def book(world: World) -> Any:
    return world.app.extensions["phieu"].requests


def officer(world: World, told: dict[str, Any], name: str = "quan-tri") -> Officer:
    """Somebody of the staff at the request that was told of."""
    response = world.store.response_by_receipt("fa3", told["receipt"])
    assert response is not None
    return Officer(world, world.signed_in(name), response.id)


def responses(world: World, form: str) -> list[Any]:
    return list(world.store.iter_responses(form, ResponseFilter()))
