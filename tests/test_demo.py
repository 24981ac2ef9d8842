"""The demonstration store: filled once, marked as such, with new passwords each time."""

import re
from types import SimpleNamespace

import pytest
from command import command_line
from conftest import fill_world
from test_sign_in import log_in

from app import create_app
from federation.people import Role
from services.organization.units import tree_of
from services.publishing.publish import publish
from storage.store import ResponseFilter

EVERYTHING = ResponseFilter()


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A demonstration store that was filled twice, and what each time told."""
    from config import Config

    folder = tmp_path_factory.mktemp("demo")
    run = command_line(Config(base_url="http://phieu.example"), folder)
    first = run.told("demo fill")
    before = contents(run)
    second = run.told("demo fill")
    return SimpleNamespace(run=run, first=first, second=second, before=before)


def contents(run):
    """Units, points and responses, without what a password changes."""
    store = run.store()
    forms = [version.definition.id for version in store.versions.all()]
    found = [
        store.units.all(),
        store.points.all(),
        store.versions.all(),
        [tuple(store.iter_responses(form, EVERYTHING)) for form in forms],
    ]
    store.close()
    return found


def test_filling_twice_keeps_one_set_of_data(demo):
    assert contents(demo.run) == demo.before
    assert sum(map(len, demo.before[3])) > 100


def test_each_filling_draws_new_passwords_for_the_same_people(demo):
    first, second = ({s["name"]: s["password"] for s in told} for told in (demo.first, demo.second))

    assert first.keys() == second.keys()
    assert not set(first.values()) & set(second.values())
    assert len(set(second.values())) == len(second) == 7


def test_the_accounts_show_every_role(demo):
    store = demo.run.store()
    roles = {grant.role for person in store.people.all() for grant in person.grants}
    store.close()

    assert roles == set(Role)


def test_the_passwords_told_last_open_every_account(demo):
    store = demo.run.store()
    app = create_app(demo.run.config, store)

    opened = [log_in(app.test_client(), s["name"], s["password"]) for s in demo.second]
    earlier = [log_in(app.test_client(), s["name"], s["password"]) for s in demo.first]

    store.close()
    assert {answer.status_code for answer in opened} == {303}
    assert {answer.status_code for answer in earlier} == {422}


def test_every_page_of_a_worker_says_that_this_is_a_demonstration(demo, world):
    store = demo.run.store()
    point = store.points.all()[0]
    page = create_app(demo.run.config, store).test_client().get(f"/q/{point.code}").text
    store.close()
    plain = world.client().get(f"/q/{world.publish(point.definition)}").text

    marks = [set(re.findall(r'class="([^"]+)"', text)) for text in (page, plain)]

    assert marks[0] - marks[1] >= {"demo"}
    assert all("minh họa" in unit.name for unit in demo.before[0] if unit.id != "root")


def test_the_first_page_of_the_organizer_has_a_campaign_under_way(demo):
    store = demo.run.store()
    app = create_app(demo.run.config, store)
    client, sign_in = app.test_client(), {s["name"]: s["password"] for s in demo.second}
    log_in(client, "lap-phieu", sign_in["lap-phieu"])

    pages = [client.get(url).text for url in ("/desk", "/forms", "/campaigns", "/points")]
    (campaign,) = store.campaigns.all()
    points = [p for p in store.points.all() if p.definition == "f22"]
    answered = store.count_by_point("f22")
    store.close()

    assert "chiến dịch đang diễn ra" in pages[0]
    for page in pages[1:3]:
        assert "Chăm lo Tết cho đoàn viên (minh họa)" in page
    assert "lâu không có phiếu" in pages[3]
    assert {point.unit for point in points} == set(campaign.units)
    assert 0 < sum(answered.values()) < sum(campaign.targets.values())


def test_a_store_with_real_forms_is_left_alone(config, tmp_path):
    run = command_line(config, tmp_path)
    store = run.store()
    create_app(run.config, store)
    fill_world(store)
    publish(store, "f28", ["che"], "", tree=tree_of(store), now=create_now())
    store.close()
    before = contents(run)

    result = run("demo fill")

    assert (result.exit_code, result.stdout) == (1, "")
    assert str(run.folder) in result.stderr
    assert contents(run) == before


def create_now():
    from services.clock import now

    return now()


def test_the_desk_is_alive(demo):
    store = demo.run.store()
    found = [r for form in ("f21", "f51") for r in store.iter_responses(form, EVERYTHING)]
    done = {change.what for response in found for change in response.history}
    told = [response.message for response in found if response.message]
    states = {response.state for response in found}
    units = {response.unit for response in found if response.history}
    store.close()

    assert {"moved", "noted", "assigned", "corrected"} <= done
    assert any("corrected_by_reviewer" in response.flags for response in found)
    assert len(states) > 3
    assert told
    assert units == {"demo-thuy-dien"}
