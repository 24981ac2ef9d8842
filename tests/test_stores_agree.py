"""Whatever is done to them, in whatever order, all backends of the Store answer alike."""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from postgresql_server import fresh_database
from test_store_contract import EVERYTHING, NOON, made

from federation.units import Unit
from forms.response import Response, emptied
from storage.embedded import EmbeddedStore
from storage.errors import StoreError
from storage.memory import MemoryStore
from storage.places import Claim
from storage.postgresql import PostgresqlStore
from storage.response_filter import Order, ResponseFilter, Word
from storage.store import Setting, Store

FORMS = st.sampled_from(["f51", "f51", "f28"])
FEW = st.integers(0, 5)
SAME = st.integers(0, 1)  # so few that they often meet
RECEIPTS = st.sampled_from([0, 1, 10, 11, 99])
PLACES = st.sampled_from(["Cổng", "Nhà ăn", ""])
UNITS = st.sampled_from(["nam-na", "che"])
ANSWERS = st.dictionaries(
    st.sampled_from(["ho_ten", "so", "chon"]),
    st.one_of(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=4),
        st.integers(-(2**53), 2**53),
        st.sampled_from([0.5, -2.25, 1e9]),
        st.lists(st.sampled_from(["a", "b"]), max_size=2),
        st.sampled_from(["a", "Giàng A Páo", "Lò Thị Phương", "Đỗ Ánh", "Lò Văn Áng", "pao"]),
    ),
)
COMPLAINTS = st.sampled_from(
    [
        {},
        {"reader": "an"},
        {"reader": "an", "named": True},
        {"reader": "an", "named": True, "concerned": ("an", "binh")},
    ]
)
FLAGS = st.sampled_from([(), ("queued",), ("robot", "unit_changed")])
PLACED = ("total", "buoi:sang", "buoi:toi", "once:person:a", "once:person:b")
LIMITS = {"total": 3, "buoi:sang": 1, "buoi:toi": 2}
CLAIMS = st.lists(
    st.sampled_from([Claim(name, LIMITS.get(name, 1)) for name in PLACED]), max_size=3
)
WHERE = st.builds(
    ResponseFilter,
    units=st.none() | st.frozensets(UNITS),
    groups=st.none() | st.frozensets(st.tuples(UNITS, PLACES)),
    since=st.none() | st.builds(lambda n: NOON + timedelta(minutes=n), FEW),
    until=st.none() | st.builds(lambda n: NOON + timedelta(minutes=n), FEW),
    withdrawn=st.booleans(),
    confided_to=st.none() | st.sampled_from(["", "an", "binh"]),
    states=st.none() | st.frozensets(st.sampled_from(["new", "seen", "withdrawn"])),
    versions=st.none() | st.frozensets(st.sampled_from([1, 2])),
    places=st.none() | st.frozensets(PLACES),
    flags=st.none() | st.frozensets(st.sampled_from(["queued", "robot", "variant"])),
    assigned=st.none() | st.sampled_from(["", "an"]),
    choices=st.frozensets(st.tuples(st.sampled_from(["chon", "ho_ten"]), st.sampled_from("ab"))),
    words=st.lists(
        st.builds(Word, st.sampled_from(["a", "pao", "cong", "1"]), st.frozensets(UNITS)),
        max_size=2,
    ).map(tuple),
)
SETTINGS = st.builds(Setting, st.sampled_from("abc"), st.sampled_from(["", "1", "Đỗ"]))


class StoresAgree(RuleBasedStateMachine):
    """Do everything to all three; each may be closed and opened, ours may fold or be killed."""

    @initialize()
    def start(self) -> None:
        self.open = ExitStack()
        self.url = self.open.enter_context(fresh_database())
        self.root = Path(tempfile.mkdtemp())
        self.folder = self.root / "0"
        self.memory, self.ours = MemoryStore(), EmbeddedStore(self.folder)
        self.sql = PostgresqlStore(self.url)
        self.ids = self.crashes = 0

    def teardown(self) -> None:
        self.ours.close()
        self.sql.close()
        self.open.close()
        shutil.rmtree(self.root)

    def agree(self, act: Callable[[Store], Any]) -> Any:
        """Do it to all, and give what they agree on: a value, or the kind of an error."""
        outcomes = [_outcome(act, store) for store in (self.memory, self.ours, self.sql)]

        assert outcomes[1] == outcomes[0]
        assert outcomes[2] == outcomes[0]
        return outcomes[0]

    def drawn(self, form: str, instance: int, content: int, receipt: int, **more: Any) -> Response:
        """A response with an id of its own; the rest may meet what is there."""
        self.ids += 1
        return made(
            definition=form,
            id=f"id-{self.ids}",
            instance=f"instance-{instance}",
            content=f"content-{content}",
            receipt=f"{receipt}",
            **more,
        )

    @rule(
        form=FORMS, instance=SAME, content=SAME, minute=FEW, unit=UNITS, place=PLACES, flags=FLAGS,
        answers=ANSWERS, attempt=FEW, claims=CLAIMS, complaint=COMPLAINTS,
    )  # fmt: skip
    def add(
        self,
        form,
        instance,
        content,
        minute,
        unit,
        place,
        flags,
        answers,
        attempt,
        claims,
        complaint,
    ) -> None:
        """As people do: the receipt follows from instance and content, the clock jumps about."""
        response = self.drawn(
            form, instance, content, 10 * instance + content, unit=unit, place=place, flags=flags,
            answers=answers, attempt=attempt, submitted_at=NOON + timedelta(minutes=minute),
            **complaint,
        )  # fmt: skip
        self.agree(lambda store: store.add_response(response, claims))

    @rule(form=FORMS, claims=CLAIMS)
    def add_another(self, form, claims) -> None:
        """Somebody new, so that places fill up."""
        number = 1000 + self.ids
        response = self.drawn(form, number, 0, number)
        self.agree(lambda store: store.add_response(response, claims))

    @rule(form=FORMS, number=FEW, claims=st.none() | CLAIMS, state=st.sampled_from(["new", "seen"]))
    def change(self, form, number, claims, state) -> None:
        """Correct it, see to it, or refuse it and so give its places up."""
        if (expected := self.kept(form, number)) is None:
            return
        new = replace(expected, state=state)
        if claims is None and state == "seen":
            new = replace(new, claims=(), waits_for=())
        self.agree(lambda store: store.change_response(expected, new, claims))

    @rule(form=FORMS, number=FEW)
    def withdraw(self, form, number) -> None:
        if expected := self.kept(form, number):
            new = emptied(expected, NOON, "withdrawn")
            self.agree(lambda store: store.change_response(expected, new))

    def kept(self, form: str, number: int) -> Response | None:
        responses = list(self.memory.iter_responses(form, EVERYTHING))
        return responses[number] if number < len(responses) else None

    @rule(form=FORMS, more=FEW)
    def promote(self, form, more) -> None:
        limits = {name: limit + more for name, limit in LIMITS.items()}
        self.agree(lambda store: store.promote(form, limits, NOON))

    @rule(form=FORMS, instance=SAME, content=SAME, receipt=RECEIPTS)
    def add_with_any_receipt(self, form: str, instance: int, content: int, receipt: int) -> None:
        response = self.drawn(form, instance, content, receipt)
        self.agree(lambda store: store.add_response(response))

    @rule(form=FORMS, instance=SAME, content=SAME, receipt=RECEIPTS)
    def load_one(self, form: str, instance: int, content: int, receipt: int) -> None:
        response = self.drawn(form, instance, content, receipt)
        self.agree(lambda store: store.load_responses(form, [response]))

    @rule(form=FORMS, count=FEW, twins=st.booleans())
    def load_new_and_known(self, form: str, count: int, twins: bool) -> None:
        """A copy that is made again brings what is there, and what is new."""
        known = list(self.memory.iter_responses(form, EVERYTHING))
        new = [
            self.drawn(form, 100 + self.ids, 0, 100 + self.ids, claims=PLACED[:count])
            for _ in range(count)
        ]
        if twins:
            new += [replace(r, id=f"{r.id}v", content="w", receipt=f"{r.receipt}v") for r in new]
        kept = self.agree(lambda store: store.load_responses(form, iter(known + new)))

        assert kept == len(new)

    @rule(form=FORMS)
    def load_of_another_form(self, form: str) -> None:
        other = "f28" if form == "f51" else "f51"
        self.agree(lambda store: store.load_responses(form, [self.memory_like(other)]))

    def memory_like(self, form: str) -> Response:
        return made(definition=form)

    @rule(
        form=FORMS, where=WHERE, offset=FEW, limit=FEW, backwards=st.booleans(),
        order=st.sampled_from(Order),
    )  # fmt: skip
    def look(self, form, where, offset, limit, backwards, order) -> None:
        """A filter says as data what `accepts` says of each response."""
        found = self.agree(
            lambda store: list(store.iter_responses(form, where, newest_first=backwards))
        )
        page = self.agree(
            lambda store: store.page_responses(form, where, offset=offset, limit=limit, order=order)
        )
        kept = self.memory.iter_responses(form, EVERYTHING, newest_first=backwards)

        assert found == list(filter(where.accepts, kept))
        assert page[0] == len(found)

    @rule(form=FORMS, number=FEW, name=st.sampled_from(["", "an"]))
    def assign(self, form, number, name) -> None:
        if expected := self.kept(form, number):
            new = replace(expected, assigned=name)
            self.agree(lambda store: store.change_response(expected, new))

    @rule(form=FORMS, number=st.integers(0, 12))
    def find(self, form: str, number: int) -> None:
        self.agree(lambda store: store.response(form, f"id-{number}"))
        self.agree(lambda store: store.response_by_receipt(form, f"{number}"))

    @rule(setting=SETTINGS)
    def add_setting(self, setting: Setting) -> None:
        self.agree(lambda store: store.settings.add(setting))

    @rule(setting=SETTINGS)
    def put_setting(self, setting: Setting) -> None:
        self.agree(lambda store: store.settings.put(setting))

    @rule(name=st.sampled_from("abcd"))
    def remove_setting(self, name: str) -> None:
        self.agree(lambda store: store.settings.remove(name))
        self.agree(lambda store: store.settings.get(name))

    @rule(unit=UNITS, name=st.text(st.characters(codec="utf-8", exclude_characters="\0")))
    def put_unit(self, unit: str, name: str) -> None:
        self.agree(lambda store: store.units.put(Unit(unit, name, "root")))

    @rule()
    def close_and_open(self) -> None:
        self.ours.close()
        self.ours = EmbeddedStore(self.folder)

    @rule()
    def open_another_process(self) -> None:
        self.sql.close()
        self.sql = PostgresqlStore(self.url)

    @rule()
    def fold(self) -> None:
        for file in self.ours._files.values():
            file.db.fold()
        self.ours._registry.fold()

    @rule()
    def kill(self) -> None:
        """Go on with the files as they are at this moment, as after a kill."""
        self.crashes += 1
        left = self.root / f"{self.crashes}"
        shutil.copytree(self.folder, left)
        self.ours.close()
        self.folder, self.ours = left, EmbeddedStore(left)

    @invariant()
    def all_is_equal(self) -> None:
        for form in self.agree(lambda store: store.forms_with_responses()):
            self.agree(lambda store, form=form: list(store.iter_responses(form, EVERYTHING)))
            self.agree(lambda store, form=form: dict(store.count_by_point(form)))
            self.agree(lambda store, form=form: dict(store.count_by_group(form)))
            self.agree(lambda store, form=form: dict(store.places(form, PLACED)))
        self.agree(lambda store: store.settings.all())
        self.agree(lambda store: store.units.all())


def _outcome(act: Callable[[Store], Any], store: Store) -> Any:
    try:
        return act(store)
    except StoreError as error:
        return type(error)


StoresAgree.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
TestStoresAgree = StoresAgree.TestCase
