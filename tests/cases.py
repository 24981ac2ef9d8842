"""A worker with a receipt: sends a form, opens it with the digits, presses the buttons."""

import uuid
from dataclasses import dataclass

from conftest import World
from flask.testing import FlaskClient
from reading import Page
from sending import HARDSHIP, send
from werkzeug.test import TestResponse

DIGITS = "5678"


@dataclass
class Sender:
    """A browser with no cookie, and the receipt it holds."""

    client: FlaskClient
    receipt: str
    instance: str
    code: str

    @property
    def url(self) -> str:
        return f"/r/{self.receipt}"

    def press(self, act: str, **inputs: object) -> TestResponse:
        """Post to the receipt as a button does."""
        return self.client.post(self.url, data={"_act": act, **inputs})

    def open(self, digits: str = DIGITS) -> TestResponse:
        return self.press("open", _digits=digits)

    def proof(self) -> str:
        """The proof that the opened page hands on."""
        return Page(self.open().text).one("input", name="_proof")["value"]

    def typed(self) -> dict[str, list[str]]:
        """What the correction page would send as it stands."""
        page = Page(self.press("edit", _proof=self.proof()).text)
        return page.sent()

    def resend(self, answers: dict[str, object]) -> TestResponse:
        posted = {"instance_id": self.instance, **answers}
        return self.client.post(
            f"/q/{self.code}", data=posted, headers={"Accept": "application/json"}
        )


def sent(world: World, form: str = "f21", answers: dict[str, object] = HARDSHIP) -> Sender:
    """Somebody who has just sent a form."""
    code, instance = world.publish(form), str(uuid.uuid4())
    told = send(world, code, answers, instance_id=instance)
    return Sender(world.client(), told["receipt"], instance, code)
