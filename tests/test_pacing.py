"""Too much at once, of answers or passwords: told to wait; nobody else does, nothing is lost."""

import threading
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st
from sending import JSON, MEAL
from test_sign_in import log_in

from federation import passwords
from services.organization.people import set_active
from services.receiving.pacing import MOST, Pace
from storage.store import ResponseFilter
from views.site import EXTENSION

NOW = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)


def test_a_shift_of_a_thousand_that_sends_three_times_at_once_notices_nothing():
    pace = Pace()

    assert {pace.wait("ABC234", NOW) for _ in range(3_000)} == {0}


def test_beyond_the_bound_one_waits_and_other_points_do_not():
    pace = Pace(3)
    for _ in range(3):
        pace.wait("ABC234", NOW)

    refused = pace.wait("ABC234", NOW)

    assert refused == 20
    assert pace.wait("XYZ789", NOW) == 0
    assert pace.wait("ABC234", NOW + timedelta(seconds=refused)) == 0


def test_refusals_do_not_make_the_wait_longer():
    pace = Pace(1)
    pace.wait("ABC234", NOW)

    assert [pace.wait("ABC234", NOW) for _ in range(50)] == [60] * 50


def test_a_clock_that_is_set_back_locks_nobody_out():
    pace = Pace(1)
    pace.wait("ABC234", NOW)

    pace.wait("ABC234", NOW - timedelta(days=400))

    assert pace.wait("ABC234", NOW - timedelta(days=400) + timedelta(seconds=60)) == 0


@given(st.lists(st.floats(0, 40), max_size=60))
def test_no_minute_takes_more_than_twice_the_bound(pauses):
    pace, now, taken = Pace(5), NOW, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        if pace.wait("ABC234", now) == 0:
            taken.append(now)

    for moment in taken:
        assert sum(moment <= other < moment + timedelta(minutes=1) for other in taken) <= 10


def slow_down(world, most):
    site = world.app.extensions[EXTENSION]
    world.app.extensions[EXTENSION] = replace(site, pace=Pace(most))


def count(world):
    return len(list(world.store.iter_responses("f28", ResponseFilter())))


def test_an_answer_too_many_is_told_to_come_later_and_arrives_then(world):
    code, same = world.publish("f28"), {"instance_id": str(uuid.uuid4())}
    slow_down(world, 2)
    client = world.client()
    for _ in range(2):
        client.post(f"/q/{code}", data=MEAL, headers=JSON)

    refused = client.post(f"/q/{code}", data=MEAL | same, headers=JSON)
    world.clock.move(seconds=int(refused.headers["Retry-After"]))
    taken = client.post(f"/q/{code}", data=MEAL | same, headers=JSON)

    assert (refused.status_code, list(refused.json)) == (429, ["error"])
    assert taken.status_code == 201
    assert count(world) == 3


@pytest.mark.parametrize("way", ["q", "k"])
def test_without_a_script_a_page_says_so_and_keeps_nothing(world, way):
    code = world.publish("f28")
    slow_down(world, 1)
    client = world.client()
    client.post(f"/{way}/{code}", data=MEAL)

    answer = client.post(f"/{way}/{code}", data=MEAL)

    assert answer.status_code == 429
    assert "rất nhiều người" in answer.text
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert count(world) == 1


def test_many_addresses_or_one_make_no_difference(world):
    code = world.publish("f28")
    slow_down(world, 5)
    client = world.client()

    told = [
        client.post(
            f"/q/{code}", data=MEAL, headers=JSON, environ_base={"REMOTE_ADDR": f"10.0.0.{n % 3}"}
        ).status_code
        for n in range(6)
    ]

    assert told == [201] * 5 + [429]


def test_codes_that_do_not_exist_take_no_memory(world):
    client = world.client()

    for number in range(50):
        client.post(f"/q/ZZZ{number:03}", data=MEAL)

    assert world.app.extensions[EXTENSION].pace._left == {}


def test_a_body_that_found_no_memory_comes_again_later(world):
    code = world.publish("f28")

    answer = world.client().post(
        f"/q/{code}", data=MEAL, headers=JSON, environ_base={"phieu.no_room": True}
    )

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")
    assert count(world) == 0


def test_the_bound_is_one_that_a_shift_change_cannot_reach():
    assert MOST >= 1_000 * 3


# Passwords --------------------------------------------------------------------------------


class Counting(PasswordHasher):
    """Compares when told to, and notices how many do so at once."""

    def __init__(self):
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.go, self.lock = threading.Event(), threading.Lock()
        self.now = self.most = self.all = 0

    def verify(self, hash, password):
        with self.lock:
            self.now += 1
            self.all += 1
            self.most = max(self.most, self.now)
        self.go.wait(20)
        with self.lock:
            self.now -= 1
        return super().verify(hash, password)


def test_a_hundred_sign_ins_at_once_take_the_memory_of_two(world, monkeypatch):
    hasher = Counting()
    monkeypatch.setattr(passwords, "_hasher", hasher)
    told, lock = [], threading.Lock()

    def sign_in(number):
        answer = log_in(world.client(), f"khong-co-{number}", "sai-mat-khau-1")
        with lock:
            told.append((answer.status_code, answer.headers.get("Retry-After")))

    passwords._nobody()  # kept from here on
    threads = [threading.Thread(target=sign_in, args=(n,)) for n in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads[: 100 - passwords.WAITING]:
        if len(told) < 100 - passwords.WAITING:
            thread.join(0.5)
    hasher.go.set()
    for thread in threads:
        thread.join()

    assert hasher.most == passwords.AT_ONCE
    assert set(told) == {(422, None), (429, "5")}
    assert told.count((429, "5")) == 100 - hasher.all
    assert hasher.all < 100
    assert log_in(world.client(), "chu-tich").status_code == 303


def test_a_crowd_at_the_door_counts_against_no_account(world, monkeypatch):
    monkeypatch.setattr(passwords, "_queue", threading.BoundedSemaphore(1))
    with passwords._in_turn():
        told = [log_in(world.client(), "chu-tich").status_code for _ in range(8)]

    assert told == [429] * 8
    assert log_in(world.client(), "chu-tich").status_code == 303


@pytest.mark.parametrize("name", ["chu-tich", "khong-co-ai", "tam-nghi", ""])
def test_a_sign_in_compares_exactly_one_password_whoever_it_is_for(world, monkeypatch, name):
    set_active(world.store, "chu-tich-che", active=False)
    name = "chu-tich-che" if name == "tam-nghi" else name
    hasher = Counting()
    hasher.go.set()
    monkeypatch.setattr(passwords, "_hasher", hasher)

    log_in(world.client(), name, "sai-mat-khau-1")

    assert hasher.all == 1
