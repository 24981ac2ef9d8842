"""flask user …: roles with days, one-time links, the end of sign-ins."""

from urllib.parse import urlsplit

import pytest
from command import command_line
from conftest import PASSWORD

from app import create_app


@pytest.fixture
def run(config, tmp_path):
    run = command_line(config, tmp_path)
    run.told("user create chu-tich --role chair --password-stdin", stdin=PASSWORD)
    return run


def grants(run, name="chu-tich"):
    (person,) = [p for p in run.told("user list") if p["name"] == name]
    return person["grants"]


def test_a_new_account_may_have_days(run):
    told = run.told(
        "user create ai-do --role helper --from 2026-09-01 --to 31/12/2026 --password-stdin",
        stdin=PASSWORD,
    )

    assert (told["from"], told["to"]) == ("2026-09-01", "2026-12-31")
    assert grants(run, "ai-do") == [
        {"role": "helper", "unit": "root", "from": "2026-09-01", "to": "2026-12-31"}
    ]
    assert "helper@root 2026-09-01..2026-12-31" in run("user list").stdout


def test_a_grant_is_added_given_other_days_and_taken_away(run):
    steps = [
        run.told(["user", "grant", "chu-tich", *words.split()])["grants"]
        for words in ("--role women", "--role women --to 2027-01-31")
    ]
    left = run.told("user revoke CHU-TICH --role chair")["grants"]

    chair = {"role": "chair", "unit": "root"}
    women = {"role": "women", "unit": "root"}
    assert steps == [[chair, women], [chair, women | {"to": "2027-01-31"}]]
    assert left == [women | {"to": "2027-01-31"}]


@pytest.mark.parametrize(
    "line",
    [
        "user grant nobody --role chair",
        "user grant chu-tich --role king",
        "user grant chu-tich --role chair --unit nowhere",
        "user grant chu-tich --role chair --from yesterday",
        "user grant chu-tich --role chair --from 2026-12-02 --to 2026-12-01",
        "user revoke nobody --role chair",
        "user revoke chu-tich --role women",
        "user revoke chu-tich --role king",
        "user invite nobody",
        "user invite chu-tich --role chair",
        "user sign-out nobody",
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason_and_changes_nothing(run, line):
    before = run.told("user list")

    done = run(line)

    assert done.exit_code == 1
    assert done.stderr.strip()
    assert run.told("user list") == before


def opened(run, url, password):
    """Use a one-time link in a browser; gives the status of the desk and of the post."""
    store = run.store()
    client = create_app(run.config, store).test_client()
    client.get(path := urlsplit(url).path)
    with client.session_transaction() as session:
        token = session["csrf"]
    posted = client.post(path, data={"csrf_token": token, "password": password}).status_code
    desk = client.get("/desk").status_code
    store.close()
    return posted, desk


def test_an_invitation_prints_a_link_that_sets_the_password_once(run):
    line = ["user", "invite", "pao", "--role", "chair", "--full-name", "Giàng A Páo"]
    done = run(line)
    url = done.stdout.strip()

    assert url.startswith("http://phieu.example/invite/")
    assert opened(run, url, "mat-khau-cua-toi-1") == (303, 200)
    assert opened(run, url, "mat-khau-cua-toi-2") == (410, 303)
    (pao,) = [p for p in run.told("user list") if p["name"] == "pao"]
    assert pao["full_name"] == "Giàng A Páo"


def test_a_link_of_an_account_there_is_replaces_the_one_before(run):
    first, second = (run("user invite chu-tich").stdout.strip() for _ in range(2))

    assert opened(run, first, "mat-khau-cua-toi-1") == (410, 303)
    assert opened(run, second, "mat-khau-cua-toi-1") == (303, 200)


def test_the_link_is_nowhere_in_the_data_folder(run):
    secret = run("user invite chu-tich").stdout.strip().rpartition("/")[2]

    files = [path for path in run.folder.rglob("*") if path.is_file()]

    assert len(secret) >= 40
    assert len(files) > 1
    assert [path for path in files if secret.encode() in path.read_bytes()] == []


def test_a_temporary_password_must_be_changed(run):
    run.told("user password chu-tich --password-stdin --temporary", stdin="mat-khau-tam-2026")
    store = run.store()

    assert store.people.get("chu-tich").temporary
    store.close()


def test_signing_out_ends_all_sign_ins_of_the_account(run):
    store = run.store()
    app = create_app(run.config, store)
    client = app.test_client()
    client.get("/login")
    with client.session_transaction() as session:
        token = session["csrf"]
    entry = {"username": "chu-tich", "password": PASSWORD, "csrf_token": token}
    client.post("/login", data=entry)
    store.close()

    told = run.told("user sign-out chu-tich")

    assert told == {"name": "chu-tich", "ended": 1}
    store = run.store()
    assert store.sign_ins.all() == ()
    store.close()
