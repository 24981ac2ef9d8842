"""Every route, asked by everybody, about every kind of unit: the matrix that tests/doors.txt keeps.

`python tests/doors.py --write` (or `make doors`) writes it anew; read the difference before keeping
it. Each role is granted in the unit `own`. A cell is the status, and after a + whose answers the
page shows: o own, b below it, t another unit, m a unit that was merged into own. Routes that answer
alike for all units stand on one line.
"""

import io
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from conftest import PASSWORD, SetClock, World
from flask.testing import FlaskClient
from kinds import made
from pictures import jpeg
from sending import send

from app import create_app
from config import Config
from federation.access import Readers
from federation.breaches import Breach, Extent
from federation.people import Grant, Role
from federation.requests import Step, What
from federation.units import Change
from forms.campaign import Campaign
from forms.draft import Draft
from forms.editing.plain import as_plain
from forms.export_profile import ExportProfile, ProfileColumn
from forms.publication import PublishedVersion
from services.erasure.requests import RequestBook
from services.organization.people import add_person, invite
from services.organization.sign_in import SignInDesk
from services.organization.units import add_unit, tree_of
from storage.memory import MemoryShelf, MemoryStore
from storage.store import ResponseFilter
from views.site import EXTENSION

TABLE = Path(__file__).with_name("doors.txt")
STRANGER = "stranger"
ACTORS = (STRANGER, *Role)
WIDTHS = (58, 6, *[9] * len(ACTORS))  # set, so that a new route changes no line of another
PLACES = {"own": "nam-na", "below": "phan-xuong-1", "other": "che", "merged": "cu"}
LETTERS = {"own": "o", "below": "b", "other": "t", "merged": "m"}
REQUESTS = ("asked", "passed_on")
FORMS = {readers: f"phieu-{readers}" for readers in Readers}
QUESTIONS = """
- {type: text, name: noi_dung, label: {vi: Nội dung, en: Content}}
- {type: image, name: chung_cu, label: {vi: Chứng cứ, en: Evidence}}
"""
WHAT = {
    "people.change": (
        "password", "link", "add-grant", "remove-grant", "sign-out", "activate", "deactivate",
    ),
    "points.change": ("pause", "resume", "close"),
    "breaches.change": ("notice", "notify", "told", "note", "close", "list"),
    "requests.change": ("answer", "identify", "note", "others", "extend", "close", "pass-on"),
    "retention.ask": ("period", "hold", "lift", "passed", "purge"),
    "retention.change": ("period", "hold", "lift", "passed"),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One question: a method and an address with its variants in words, and a place."""

    words: str
    method: str
    url: str
    place: str


class Doors:
    """A federation with every role, every kind of form and every kind of unit."""

    def __init__(self, folder: Path) -> None:
        config = Config(data_dir=folder, base_url="http://phieu.example", secret_key="doors" * 8)
        config = replace(config, hash_key="doors" * 8, data_key="doors" * 8)
        self._kept, clock = MemoryStore(), SetClock()
        self.world = World(create_app(config, self._kept, clock=clock), self._kept, clock)
        self._fill()
        self.cookies = {actor: self._cookie(actor) for actor in ACTORS}
        self._whole = self._snapshot()
        self._site = self.world.app.extensions[EXTENSION]

    def _fill(self) -> None:
        store = self.world.store
        add_unit(store, "nam-na", "Nậm Na", "root", "enterprise")
        add_unit(store, "phan-xuong-1", "Phân xưởng", "nam-na", "section")
        add_unit(store, "che", "Chè", "root", "enterprise")
        add_unit(store, "cu", "Đơn vị cũ", "root", "enterprise")
        tree = tree_of(store)
        for role in Role:
            add_person(store, role, "", PASSWORD, (Grant(role, "nam-na"),), tree)
        for place, unit in PLACES.items():
            grants = (Grant(Role.HELPER, unit),)
            add_person(store, f"nguoi-{place}", "", PASSWORD, grants, tree)
        grants = (Grant(Role.HELPER, "che"),)
        _, self.secret = invite(store, "duoc-moi", "", grants, tree, self.world.clock())
        for number, readers in enumerate(Readers):
            form = made(QUESTIONS, id=FORMS[readers], code=f"T{number}", readers=readers)
            version = PublishedVersion(form, 1, f"7F{'KMNP'[number]}", self.world.clock())
            store.versions.put(version)
            columns = (ProfileColumn("Nội dung", "noi_dung"),)
            store.profiles.put(ExportProfile(form.id, "mau", "Mẫu", columns))
        self.codes = {
            (readers, place): self._answered(readers, place)
            for readers in Readers
            for place in PLACES
        }
        self.answers = {
            (readers, response.unit): self._named(response)
            for readers in Readers
            for response in tuple(store.iter_responses(FORMS[readers], ResponseFilter()))
        }
        self.second = self._second_answers()
        self.requests = {
            (kind, place): request
            for place in PLACES
            for kind, request in zip(REQUESTS, self._asked_for(place), strict=True)
        }
        store.breaches.put(Breach("vu-1", self.world.clock(), Extent()))
        day = self.world.clock().date()
        for place, unit in PLACES.items():
            one = Campaign(place, place, day, day, ("fa3",), (unit,), self.world.clock())
            store.campaigns.put(one)
            self._draft(place, unit)
        self._merge()
        self.job = self._printed()

    def _printed(self) -> str:
        """A finished job of the administrator."""
        jobs, owner = self.world.app.extensions[EXTENSION].jobs, Role.ADMIN
        asked = {"kind": "posters", "owner": owner, "title": "F", "file_name": "f.pdf", "total": 1}
        about = {"definition": FORMS[Readers.CHAIRS]}
        job = jobs.begin(lambda _told: [b"%PDF"], about=about, **asked)
        while not jobs.find(job.id, owner).is_finished:
            time.sleep(0.01)
        return str(job.id)

    def _draft(self, place: str, unit: str) -> None:
        """A draft of an organizer of this unit, never published."""
        owner, id_, store = f"lap-{place}", f"nhap-{place}", self.world.store
        grants = (Grant(Role.ORGANIZER, unit),)
        add_person(store, owner, "", PASSWORD, grants, tree_of(store))
        plain = as_plain(made(QUESTIONS, id=id_, summary={"vi": f"lời của {place}"}))
        store.drafts.put(Draft(id_, owner, plain, self.world.clock(), owner))

    def _asked_for(self, place: str) -> tuple[str, str]:
        """The ids of a request in a unit, its sender known, and of the inspectors' copy."""
        code = self.world.publish("fa3", PLACES[place], "Cổng")
        said = {"ho_ten": "Ai Đó", "dien_thoai": "0912345678", "chi_tiet": f"lời của {place}"}
        told = send(self.world, code, {"quyen": "xoa", "tra_loi": "dien_thoai", **said})
        book, now = RequestBook(self.world.store), self.world.clock()
        response = self.world.store.response_by_receipt("fa3", told["receipt"])
        assert response is not None
        step = Step(now, "ai-do", What.IDENTIFIED)
        asked = book.add(book.find(response.id), step)
        passed_on = f"passed-on-{place}"
        book.pass_on(asked, passed_on, at=now, who="ai-do")
        book.store.requests.put(asked)
        return asked.id, passed_on

    def _merge(self) -> None:
        store, unit = self.world.store, self.world.store.units.get("cu")
        assert unit is not None
        day = self.world.clock().date()
        closing = Change(day, closed=True, successor="nam-na")
        store.units.put(replace(unit, changes=(closing,)))

    def _answered(self, readers: Readers, place: str) -> str:
        code = self.world.publish(FORMS[readers], PLACES[place], "Cổng")
        answers = {"noi_dung": f"lời của {place}"}
        send(self.world, code, answers, chung_cu=(io.BytesIO(jpeg(40, 40)), "a.jpg"))
        return code

    def _second_answers(self) -> dict[tuple[Readers, str], str]:
        """The ids of one more answer at each place, to compare with the first."""
        found = {}
        for readers in Readers:
            known = {answer.id for answer in self.answers.values()}
            for place in PLACES:
                send(self.world, self.codes[readers, place], {"noi_dung": "lần hai"})
            every = tuple(self.world.store.iter_responses(FORMS[readers], ResponseFilter()))
            for response in every:
                if response.id not in known:
                    found[readers, response.unit] = self._named(response).id
        return found

    def _named(self, response: Any) -> Any:
        """The response; a complaint as it is when nobody with an account is concerned."""
        if response.definition != FORMS[Readers.INSPECTORS]:
            return response
        named = replace(response, reader="ai-do", named=True)
        assert self.world.store.change_response(response, named)
        return named

    def _cookie(self, actor: str) -> tuple[str, str]:
        """The session cookie of an actor, and the token in it."""
        client = self.world.client() if actor == STRANGER else self.world.signed_in(actor)
        client.get("/login")
        with client.session_transaction() as session:
            token = session["csrf"]
        cookie = client.get_cookie("phieu_session")
        assert cookie is not None
        return cookie.value, token

    def _snapshot(self) -> dict[str, Any]:
        kept = self._kept
        found: dict[str, Any] = {name: dict(shelf._items) for name, shelf in self._shelves()}
        found["responses"] = {form: list(all_) for form, all_ in kept._responses.items()}
        return found

    def _shelves(self) -> Iterator[tuple[str, MemoryShelf[Any]]]:
        pairs = vars(self._kept).items()
        return ((name, shelf) for name, shelf in pairs if isinstance(shelf, MemoryShelf))

    def _restore(self) -> None:
        for name, shelf in self._shelves():
            shelf._items.clear()
            shelf._items.update(self._whole[name])
        for form, all_ in self._whole["responses"].items():
            self._kept._responses[form][:] = all_
        desk = SignInDesk(self.world.store)
        self.world.app.extensions[EXTENSION] = replace(self._site, desk=desk)

    def asked(self) -> Iterator[Asked]:
        """All questions, in the order of their addresses."""
        adapter = self.world.app.url_map.bind("localhost")
        for rule in sorted(self.world.app.url_map.iter_rules(), key=lambda rule: rule.rule):
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                of_drafts = rule.rule.startswith("/drafts/")
                by_readers = "definition" in rule.arguments and not of_drafts
                for readers in Readers if by_readers else (Readers.CHAIRS,):
                    for what in WHAT.get(rule.endpoint, ("",)):
                        shown = rule.rule.replace("<what>", what or "<what>")
                        named = "draft" if of_drafts else readers
                        shown = shown.replace("<definition>", f"[{named}]")
                        for kind in REQUESTS if "request_id" in rule.arguments else ("",):
                            words = f"{method} {shown.replace('<request_id>', f'[{kind}]')}"
                            for place in PLACES:
                                values = self._values(rule.endpoint, readers, place, what)
                                values["request_id"] = self.requests.get((kind, place))
                                url = adapter.build(rule.endpoint, values, append_unknown=False)
                                yield Asked(words, method, url, place)

    def _values(self, endpoint: str, readers: Readers, place: str, what: str) -> dict[str, Any]:
        answer = self.answers[readers, PLACES[place]]
        is_file = endpoint == "answer_files.show_file"
        by_receipt = endpoint.startswith(("worker.show_receipt", "case."))
        is_draft = endpoint.startswith(("builder.", "draft_publishing."))
        if is_draft and endpoint != "draft_publishing.show_versions":
            return {"definition": f"nhap-{place}", "name": "noi_dung", "number": 0}
        return {
            "code": answer.receipt if by_receipt else self.codes[readers, place],
            "definition": FORMS[readers],
            "response_id": answer.id,
            "other_id": self.second[readers, PLACES[place]],
            "profile_id": "mau",
            "receipt": answer.receipt,
            "unit_id": PLACES[place],
            "name": answer.answers["chung_cu"][0] if is_file else f"nguoi-{place}",
            "what": what,
            "breach_id": "vu-1",
            "campaign_id": place,
            "secret": self.secret,
            "kind": "svg",
            "question": "noi_dung",
            "number": 1,
            "language": "vi",
            "job_id": self.job,
        }

    def cell(self, asked: Asked, actor: str) -> str:
        """The answer to one question, after which everything is as before."""
        cookie, token = self.cookies[actor]
        client = self.world.client()
        client.set_cookie("phieu_session", cookie)
        answer = self._ask(client, asked, token)
        self._restore()
        shown = "".join(
            letter
            for place, letter in LETTERS.items()
            if f"lời của {place}".encode() in answer.data
        )
        return f"{answer.status_code}+{shown}" if shown else str(answer.status_code)

    def _ask(self, client: FlaskClient, asked: Asked, token: str) -> Any:
        if asked.method == "GET":
            return client.get(asked.url)
        unit, kind = PLACES[asked.place], "passed_on" if "[passed_on]" in asked.words else "asked"
        read_by = Readers.INSPECTORS if kind == "passed_on" else Readers.CHAIRS
        answer = self.answers[read_by, unit]
        inputs = {
            "csrf_token": token, "unit": unit, "parent": unit, "kind": "section", "place": "Kho",
            "name": "Tên mới", "username": "moi-toanh", "full_name": "Mới", "role": "helper",
            "password": "mat-khau-moi-2027", "present": PASSWORD, "how": "link", "nobody": "1",
            "sign_in": "others", "grant": f"helper:{unit}",
            "answer_text": "x", "identify_way": "called", "note_text": "x", "others_text": "x",
            "extend_kind": "delete", "extend_days": "1", "extend_reason": "x",
            "close_kind": "delete", "close_outcome": "done", "_reason": "x",
            "list_text": "x", "detected_on": "24/11/2026",
            "starts": "2026-12-01", "ends": "2026-12-31", "forms": "fa3", "pasted": unit,
            "by": "phone", "value": "0912345678", "act": "copy",
            "response": f"{answer.definition}/{answer.id}",
            "other_seen": "0", "ground": "test", "reason": "x",
        }  # fmt: skip
        if asked.url.endswith("/export"):
            inputs |= {"kind": "csv", "unit": ""}
        if asked.words == "POST /drafts/[draft]":
            inputs |= {"act": "hide", "name": "noi_dung"}
        if "/enter" in asked.url:
            code = self.codes[self._readers_in(asked.url), asked.place]
            inputs |= {"code": code, "_signed": "1", "noi_dung": "x"}
        if asked.url.endswith(("/correct", "/withdraw")) or "/merge/" in asked.url:
            inputs |= {"seen": "0", "what": "merge", "confirm": "1"}
        if asked.url.startswith("/responses/") and asked.url.endswith("/merge"):
            readers = self._readers_in(asked.url)
            pair = [self.answers[readers, unit].id, self.second[readers, unit]]
            return client.post(asked.url, data=inputs | {"response": pair})
        inputs |= {"revision": "1", "title": "Biểu mẫu"} if "/drafts" in asked.words else {}
        return client.post(asked.url, data=inputs)

    def _readers_in(self, url: str) -> Readers:
        """Whose form an address below /responses names."""
        return next(readers for readers, form in FORMS.items() if form == url.split("/")[2])

    def lines(self) -> list[str]:
        """The table: places on one line where they answer alike."""
        rows: dict[str, dict[str, tuple[str, ...]]] = {}
        for asked in self.asked():
            cells = tuple(self.cell(asked, actor) for actor in ACTORS)
            rows.setdefault(asked.words, {})[asked.place] = cells
        table = [("route", "unit", *ACTORS)]
        for words, by_place in rows.items():
            alike = len(set(by_place.values())) == 1
            for place, cells in [("all", by_place["own"])] if alike else by_place.items():
                table.append((words, place, *cells))
        return ["  ".join(map(str.ljust, row, WIDTHS)).rstrip() for row in table]


def main() -> int:
    """Write the table, or print it."""
    with tempfile.TemporaryDirectory() as folder:  # keys are made in it
        text = "\n".join(Doors(Path(folder)).lines()) + "\n"
    if "--write" in sys.argv[1:]:
        TABLE.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
