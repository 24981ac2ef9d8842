"""Acts on staff pages leave entries in the trail; what cannot be noted is not shown."""

import re

import pytest
from sending import HARDSHIP, MEAL, post, send
from test_doors import PUBLIC

from services.trail.audit import Deed
from storage.errors import StoreFailed
from storage.store import ResponseFilter
from views.trailing import NOTED

# Pages behind the doors that change nothing, or nothing of persons, and show no response.
# An assisted response itself names its helper, and a purge or withdrawal writes its own line.
UNTOLD = """
session.show_login invitation.show_link session.choose_language
desk.show_desk account.show_account
organizer.list_forms organizer.show_form organizer.preview organizer.try_preview
builder.start builder.show_draft builder.change builder.show_alarm builder.show_kinds
builder.show_mark builder.show_question builder.show_section builder.show_texts
draft_publishing.preview draft_publishing.try_preview
draft_publishing.show_changes draft_publishing.show_versions draft_publishing.ask_to_publish
draft_publishing.ask_to_discard
form_files.show_import form_files.take_import form_files.download form_files.download_draft
points.show_point points.download_code points.ask_to_close point_list.list_points
publishing.choose offers.show campaigns.list_campaigns campaigns.show_new campaigns.show
campaigns.edit
chair.choose_form totals.list_forms totals.show_form
merging.choose withdrawing.withdraw
chair.find_responses chair.keep_list chair.forget_list bulk.ask
results.show_results results.download_csv results.download_xlsx
units.list_units units.show_unit unit_acts.show_move unit_acts.show_merge unit_acts.show_close
unit_files.download_csv unit_files.download_xlsx unit_files.show_import
headcounts.show_headcounts headcounts.download_csv headcounts.download_xlsx
headcounts.show_import
people.list_people people.show_person people.ask_to_deactivate
assist.list_points assist.show_form assist.show_receipt papers.download_blank
assist.take_answers entry.show_start entry.begin entry.show_form entry.take
posters.choose posters.begin jobs.list_jobs jobs.show_job jobs.cancel jobs.download
jobs.download_record
requests.list_requests
retention.list_forms retention.show_form retention.ask retention.purge
exporting.show_export export_profiles.list_profiles export_profiles.show_profile
requests.list_requests breaches.list_breaches
data_flow.show_flow data_flow.download_file data_flow.download_pdf
"""


def trail(world):
    return [(e.who, str(e.act), dict(e.about)) for e in world.store.trail.all()]


def told_by(world, client, act):
    """What is added to the trail while something is done."""
    before = len(trail(world))
    act(client)
    return trail(world)[before:]


def test_every_page_behind_a_door_is_noted_or_said_to_tell_nothing(world):
    found = {
        (method, rule.endpoint)
        for rule in world.app.url_map.iter_rules()
        for method in rule.methods & {"GET", "POST"}
        if rule.endpoint not in PUBLIC
    }

    silent = {endpoint for method, endpoint in found if (method, endpoint) not in NOTED}
    assert silent <= {*UNTOLD.split(), "static"}
    assert {*NOTED} <= found | {
        ("POST", "session.sign_in"),
        ("POST", "session.sign_out"),
        ("POST", "invitation.set_own_password"),
    }


def test_signing_in_and_out_is_noted_under_the_name(world):
    client = world.signed_in("chu-tich")
    post(client, "/logout")

    assert [(who, act) for who, act, _ in trail(world)] == [
        ("chu-tich", "signed_in"),
        ("chu-tich", "signed_out"),
    ]


def test_a_failed_sign_in_names_only_people_there_are(world):
    for name in ("chu-tich", "mat-khau-go-nham"):
        client = world.client()
        client.get("/login")
        with client.session_transaction() as session:
            token = session["csrf"]
        client.post("/login", data={"username": name, "password": "sai", "csrf_token": token})

    assert [(who, act) for who, act, _ in trail(world)] == [
        ("chu-tich", "sign_in_failed"),
        ("", "sign_in_failed"),
    ]


def test_lists_responses_files_and_exports_are_noted_without_answers(world):
    code = world.publish("f21")
    send(world, code, HARDSHIP)
    [response] = world.store.iter_responses("f21", ResponseFilter())
    client = world.signed_in("chu-tich")

    told = told_by(
        world,
        client,
        lambda chair: [
            chair.get(address)
            for address in (
                "/responses/f21",
                f"/responses/f21/{response.id}",
                "/responses/f21.csv",
            )
        ],
    )

    assert told == [
        ("chu-tich", "responses_listed", {"form": "f21", "page": "1", "rows": "1/1"}),
        ("chu-tich", "response_opened", {"form": "f21", "response": response.id}),
        ("chu-tich", "exported", {"form": "f21"}),
    ]
    everything = str(trail(world))
    for answer in ("Lò Thị Phương", "0912345678", "012190123456", "Mẹ ốm"):
        assert answer not in everything


def test_sensitive_answers_are_shown_on_demand_and_that_is_noted(world):
    code = world.publish("f21")
    send(world, code, HARDSHIP)
    [response] = world.store.iter_responses("f21", ResponseFilter())
    client = world.signed_in("chu-tich")
    masked = client.get(f"/responses/f21/{response.id}").text

    shown = post(client, f"/responses/f21/{response.id}/sensitive").text

    assert "Mẹ ốm nằm viện" not in masked
    assert "Mẹ ốm nằm viện" in shown
    assert trail(world)[-1] == (
        "chu-tich",
        "sensitive_shown",
        {"form": "f21", "response": response.id},
    )


def test_sensitive_answers_of_another_unit_stay_closed_and_nothing_is_noted(world):
    code = world.publish("f21", unit="che")
    send(world, code, HARDSHIP)
    [response] = world.store.iter_responses("f21", ResponseFilter())

    told = told_by(
        world,
        world.signed_in("chu-tich"),
        lambda chair: post(chair, f"/responses/f21/{response.id}/sensitive"),
    )

    assert told == []


def test_what_cannot_be_noted_is_not_shown(world, monkeypatch):
    code = world.publish("f21")
    send(world, code, HARDSHIP)
    [response] = world.store.iter_responses("f21", ResponseFilter())
    client = world.signed_in("chu-tich")

    def full(make):
        raise StoreFailed("no space left")

    monkeypatch.setattr(world.store.trail, "append", full)
    answer = client.get(f"/responses/f21/{response.id}")

    assert answer.status_code == 503
    assert "Lò Thị Phương" not in answer.text
    assert answer.headers["Content-Security-Policy"]


def test_changes_of_people_units_and_forms_are_noted(world):
    client = world.signed_in("quan-tri")

    told = told_by(
        world,
        client,
        lambda admin: [
            post(admin, "/forms/f28", units="nam-na", unit="nam-na", place="Cổng"),
            post(admin, "/people/chu-tich/deactivate"),
        ],
    )

    assert [(who, act) for who, act, _ in told] == [
        ("quan-tri", "form_published"),
        ("quan-tri", "person_changed"),
    ]
    assert told[1][2] == {"person": "chu-tich", "what": "deactivate"}


def test_the_administrator_reads_the_trail_in_words_and_searches_it(world):
    world.signed_in("chu-tich")
    admin = world.signed_in("quan-tri")

    everything = admin.get("/trail").text
    found = admin.get("/trail?who=chu-tich").text
    nothing = admin.get("/trail?who=ai-do").text

    assert "Đăng nhập" in everything
    assert re.search(r"<td[^>]*>chu-tich", found)
    assert not re.search(r"<td[^>]*>quan-tri", found)
    assert "Không có dòng nào" in nothing


def test_the_file_of_the_trail_can_be_proven(world):
    world.signed_in("chu-tich")
    admin = world.signed_in("quan-tri")

    lines = admin.get("/trail.csv").text.splitlines()

    last = world.store.trail.all()[1]
    assert lines[0].lstrip("\ufeff") == "number,at,who,act,about,seal"
    assert last.seal in lines[2]


def test_a_changed_trail_is_told_on_its_page(world):
    world.signed_in("chu-tich")
    [entry] = world.store.trail.all()
    world.store.trail.put(type(entry)(1, entry.at, "ai-do", entry.act, {}, entry.seal))

    page = world.signed_in("quan-tri").get("/trail").text

    assert "đã bị sửa từ bên ngoài" in page


@pytest.mark.parametrize("name", ["lap-phieu", "chu-tich", "to-truong"])
def test_nobody_else_reads_the_trail(world, name):
    client = world.signed_in(name)

    assert client.get("/trail").status_code == 403
    assert client.get("/trail.csv").status_code == 403


def test_every_deed_has_a_word(world):
    from views.rights.trail_words import deed_words

    with world.app.test_request_context():
        assert set(deed_words()) == set(Deed)


def test_answers_of_workers_leave_no_entry(world):
    told = told_by(world, None, lambda _: send(world, world.publish("f28"), MEAL))

    assert told == []
