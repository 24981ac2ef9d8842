"""Nervous phones: threads that send meal answers and remember what was acknowledged.

Each answer carries a text and marks of its own, so that half an answer would be noticed. A phone
tries another server, as behind a load balancer, when one does not answer, and sends again what it
is not sure of, and sometimes what it is sure of.
"""

import http.client
import json
import random
import threading
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlencode

PHONES = 12
_HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
_MARKED = ("du_no", "ngon", "nong", "da_dang", "ve_sinh", "chung")


@dataclass
class Sent:
    """What the phones did: instance id → answers, and → receipt once acknowledged."""

    tried: dict[str, dict[str, str]] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


class Crowd:
    """So many phones, sending until told to stop."""

    def __init__(self, ports: list[int], code: str, sent: Sent, dice: random.Random) -> None:
        self._ports, self._code, self._sent = ports, code, sent
        self._stop = threading.Event()
        seeds = [dice.getrandbits(64) for _ in range(PHONES)]
        self._threads = [threading.Thread(target=self._phone, args=(seed,)) for seed in seeds]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _phone(self, seed: int) -> None:
        dice = random.Random(seed)  # noqa: S311 - a campaign is repeated by its seed
        while not self._stop.is_set():
            instance = str(uuid.UUID(int=dice.getrandbits(128), version=4))
            answers = _meal(dice)
            self._sent.tried[instance] = answers
            body = urlencode(answers | {"instance_id": instance})
            for _ in range(dice.choice((1, 1, 2, 3))):
                self._send(dice.sample(self._ports, len(self._ports)), instance, body)

    def _send(self, ports: list[int], instance: str, body: str) -> None:
        """Try the servers one after the other; note what was acknowledged."""
        for port in ports:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            try:
                connection.request("POST", f"/q/{self._code}", body, _HEADERS)
                answer = connection.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException):
                continue
            finally:
                connection.close()
            self._note(instance, answer.status, text)
            return

    def _note(self, instance: str, status: int, text: bytes) -> None:
        if status not in (200, 201):
            self._sent.faults.append(f"answered with {status}: {instance}")
            return
        receipt = json.loads(text)["receipt"]
        if self._sent.receipts.setdefault(instance, receipt) != receipt:
            self._sent.faults.append(f"two receipts: {instance}")


def _meal(dice: random.Random) -> dict[str, str]:
    marks = {name: str(dice.randint(1, 5)) for name in _MARKED}
    shift = dice.choice(("ca_sang", "ca_dem"))
    text = f"Bữa {dice.random()} " + "cơm " * dice.randint(0, 60)
    return marks | {"ca": shift, "trieu_chung": "khong", "gop_y": text.strip()}
