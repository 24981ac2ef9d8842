"""Every command that writes, or lets data out, leaves a line in the trail, or says why it need not.

Those that read leave theirs in the spool beside a running server; nothing leaves without.
"""

import json
import stat
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from command import command_line
from conftest import PASSWORD
from journal_faults import FaultyFiles
from postgresql_server import fresh_database
from sending import HARDSHIP
from test_command_line import lines_of

from app import create_app
from forms.gallery import gallery
from services.clock import now
from services.identity import Hasher
from services.trail.audit import Audit, Deed
from services.trail.keeping import TrailCare
from services.trail.notes import Note, note_bytes
from storage.embedded import EmbeddedStore
from storage.errors import StoreFailed
from storage.memory import MemoryStore
from storage.spool import SPOOL, Spool

# Commands that leave no line, and why.
UNTOLD = {
    "user list": "names and roles of staff, as on the page of people",
    "unit list": "no person's data",
    "unit export": "no person's data",
    "unit headcount list": "sums of people, nobody's data",
    "unit headcount export": "sums of people, nobody's data",
    "form gallery": "the program's own forms",
    "form list": "forms and how many answers they have",
    "form validate": "reads a file of its own",
    "form export": "the form itself, no person's data",
    "form blank": "an empty form",
    "request list": "clocks of requests; names nobody",
    "audit verify": "says only whether the trail is whole",
    "storage compact": "changes nothing that is kept",
    "storage check": "says where something is wrong, and quotes nothing",
    "backup verify": "restores into a folder of its own that it removes",
    "demo fill": "invented people in a store that holds no real form",
    "poster": "codes of scan points, no person's data",
    "response purge": "each purge writes a line of its own: tests/test_purging.py",
    "doctor": "says how the installation is, and quotes nothing",
}
PHONE = "--phone 0912345678"
# What each of the others leaves when it is run as written here; {there} is a folder for its files.
TOLD = {
    "user create ai-do --role chair --password-stdin": Deed.PERSON_CREATED,
    "user invite ai-do --role chair": Deed.PERSON_CREATED,
    "user invite chu-tich": Deed.PERSON_CHANGED,
    "user password chu-tich --password-stdin": Deed.PASSWORD_CHANGED,
    "user grant chu-tich --role viewer": Deed.PERSON_CHANGED,
    "user revoke chu-tich --role chair": Deed.PERSON_CHANGED,
    "user sign-out chu-tich": Deed.SIGNED_OUT,
    "unit import {there}/units.csv": Deed.UNIT_CHANGED,
    "unit seed lai-chau": Deed.UNIT_CHANGED,
    "unit rename a X": Deed.UNIT_CHANGED,
    "unit move a --to b": Deed.UNIT_CHANGED,
    "unit merge a --into b": Deed.UNIT_CHANGED,
    "unit close a": Deed.UNIT_CHANGED,
    "unit headcount import {there}/heads.csv": Deed.UNIT_CHANGED,
    "form publish f28 --unit root": Deed.FORM_PUBLISHED,
    "form pause f21": Deed.FORM_CHANGED,
    "form import {there}/form.yaml": Deed.FORM_CHANGED,
    "form resume f21": Deed.FORM_CHANGED,
    "form close f21": Deed.FORM_CHANGED,
    "response export f21 -o {there}/f21.csv": Deed.EXPORTED,
    "response export f21 --format jsonl --sensitive --reason vì-sao": Deed.EXPORTED,
    "response receive {there}/saved.jsonl": Deed.STORE_IMPORTED,
    f"person find {PHONE}": Deed.PERSON_SOUGHT,
    f"person export {PHONE} -o {{there}}/copy.zip --reason hỏi": Deed.EXPORTED,
    f"person delete {PHONE} --reason hỏi --yes": Deed.RESPONSES_DELETED,
    "audit list": Deed.TRAIL_READ,
    "audit export -o {there}/trail.csv": Deed.TRAIL_EXPORTED,
    "storage copy --to {there}/copied": Deed.STORE_COPIED,
    "backup create -o {there}/b.zip": Deed.BACKUP_MADE,
    "backup restore {there}/made.zip": Deed.STORE_RESTORED,
    "key show": Deed.KEYS_SHOWN,
    "key rotate": Deed.KEYS_ROTATED,
}
READING = (
    "response export f21 -o {there}/f21.csv",
    f"person find {PHONE}",
    "audit list",
    "audit export -o {there}/trail.csv",
    "storage copy --to {there}/copied",
    "backup create -o {there}/b.zip",
    "key show",
)


@pytest.fixture
def run(config, tmp_path):
    """An installation with two units, a chair, and one answer."""
    own = replace(config, hash_key="", secret_key="", data_key="", base_url="http://phieu.example")
    made = command_line(own, tmp_path)
    (tmp_path / "units.csv").write_text("id,name,parent,kind\na,A,root,\nb,B,root,\n")
    (tmp_path / "heads.csv").write_text("unit,quarter,workers,members\na,2026-Q4,9,8\n")
    (tmp_path / "saved.jsonl").write_text("")
    form = gallery()["f28"].model_copy(update={"id": "bua-an", "code": ""})
    (tmp_path / "form.yaml").write_text(form.model_dump_json(exclude_defaults=True), "utf-8")
    made.told(["unit", "import", tmp_path / "units.csv"])
    made.told("user create chu-tich --role chair --password-stdin", stdin=PASSWORD)
    code = made.told("form publish f21 --unit a")["scan_points"][0]["code"]
    store = made.store()
    answer = create_app(made.config, store).test_client().post(f"/q/{code}", data=HARDSHIP)
    assert answer.status_code == 303
    store.close()
    return made


def words_of(line, there):
    return [word.format(there=there) for word in line.split()]


def trail(run):
    """What is in the trail once the waiting notes were taken in, as the next server does."""
    store = run.store()
    create_app(run.config, store)
    told = [(e.who, str(e.act), dict(e.about)) for e in store.trail.all()]
    store.close()
    return told


def test_every_command_leaves_a_line_or_says_why_not(run):
    commands = create_app(run.config).cli.commands
    ours = {"user", "unit", "form", "response", "request", "person", "audit", "storage"}
    ours |= {"backup", "key", "demo", "doctor", "poster"}
    there = {line for name in ours for line in lines_of(name, commands[name])}

    told = {one for one in there for line in TOLD if f"{line} ".startswith(f"{one} ")}

    assert told | UNTOLD.keys() == there
    assert not told & UNTOLD.keys()


@pytest.mark.parametrize("line", TOLD)
def test_the_line_of_each_command_says_who_and_what(run, tmp_path, line):
    before = trail(run)
    if "restore" in line:
        run.told(["backup", "create", "-o", tmp_path / "made.zip"])
        (run.folder).rename(tmp_path / "lost")
        (run.folder / "keys").mkdir(parents=True)
        for key in (tmp_path / "lost" / "keys").iterdir():
            (run.folder / "keys" / key.name).write_bytes(key.read_bytes())

    done = run(words_of(line, tmp_path), stdin=PASSWORD)

    assert done.exit_code == 0, done.stderr
    (who, act, about), *others = [
        told for told in trail(run)[len(before) :] if told[0] == "command"
    ]
    assert (who, act) == ("command", TOLD[line])
    assert others == [] or "person delete" in line
    assert "0912345678" not in json.dumps(about)


def test_a_dry_run_and_a_refusal_leave_no_line(run, tmp_path):
    before = trail(run)

    run.told(["unit", "import", tmp_path / "units.csv", "--dry-run"])
    assert run("form publish f28 --unit nowhere").exit_code == 1
    assert run("user grant nobody --role chair").exit_code == 1
    assert run("response export f99").exit_code == 1

    assert trail(run) == before


@pytest.mark.parametrize("line", READING)
def test_beside_a_server_a_reader_is_told_at_once_when_the_server_next_notes(run, tmp_path, line):
    store = run.store()
    app = create_app(run.config, store)
    before = len(store.trail.all())

    done = run(words_of(line, tmp_path))

    assert done.exit_code == 0, done.stderr
    (note,) = Spool(run.folder).waiting()
    path = run.folder / SPOOL / note
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not any(text in path.read_text("utf-8") for text in ("0912", "Lò Thị", "ốm"))
    assert len(store.trail.all()) == before
    site = app.extensions["phieu"]
    site.audit.note("chu-tich", Deed.SIGNED_IN, site.now())
    taken, mine = store.trail.all()[before:]
    store.close()
    assert (taken.act, taken.about["note"], mine.act) == (TOLD[line], note, "signed_in")
    assert Spool(run.folder).waiting() == ()


def left(spool, minutes=0):
    at = now() - timedelta(days=1, minutes=minutes)
    return spool.leave(note_bytes(Note(at, "command", Deed.EXPORTED, {"form": "f21"}))), at


def test_a_note_keeps_the_time_at_which_it_happened(run):
    name, at = left(Spool(run.folder))
    store = run.store()

    TrailCare(store, Audit(store, Hasher(b"k"), Spool(run.folder)), now).look()

    last = store.trail.last()
    store.close()
    assert (last.at, last.about) == (at, {"form": "f21", "note": name})


def test_notes_are_taken_in_by_their_time(run):
    spool = Spool(run.folder)
    notes = [left(spool, minutes) for minutes in (1, 9, 4)]

    told = trail(run)

    assert [about["note"] for _, _, about in told[-3:]] == [notes[n][0] for n in (1, 2, 0)]


def test_the_next_start_and_the_next_writing_command_take_notes_in(run):
    run.told(f"person find {PHONE}")
    run.told("unit rename a X")

    store = run.store()
    acts = [entry.act for entry in store.trail.all()]
    assert acts[-2:] == ["person_sought", "unit_changed"]
    run.told(f"person find {PHONE}")
    create_app(run.config, store)
    assert store.trail.last().act == "person_sought"
    store.close()


@pytest.mark.parametrize("line", READING)
def test_what_cannot_be_told_does_not_leave(run, tmp_path, line, monkeypatch):
    def refuse(self, content):
        raise StoreFailed("spool: No space left on device")

    monkeypatch.setattr(Spool, "leave", refuse)
    there = set(tmp_path.iterdir())

    done = run(words_of(line, tmp_path))

    assert (done.exit_code, done.stdout) == (1, "")
    assert "No space left on device" in done.stderr
    assert set(tmp_path.iterdir()) <= there | {tmp_path / "copied"}
    assert not (tmp_path / "copied" / "registry.json").exists()


def test_a_disk_that_fails_at_any_moment_leaves_a_whole_note_or_refuses(tmp_path):
    """Cut at every call to the disk: what was told to be there is there, whole."""
    counting = FaultyFiles(None)
    left(Spool(tmp_path / "count", counting))

    for at in range(len(counting.calls)):
        folder = tmp_path / str(at)
        files = FaultyFiles(at + 1)
        try:
            name, _ = left(Spool(folder, files))
        except StoreFailed:
            continue
        assert Spool(folder).read(name).endswith(b"}\n"), at
    assert len(counting.calls) > 4


def test_a_crash_between_the_line_and_the_tidying_tells_it_once(tmp_path):
    """The server dies after each step of taking in; the next one goes on."""
    for at in range(6):
        spool, store = Spool(tmp_path / str(at)), MemoryStore()
        names = [left(spool, minutes)[0] for minutes in (3, 2, 1)]
        dying = Audit(_Dying(store, at // 2), Hasher(b"k"), _Untidy(spool, at // 2 + at % 2))
        with suppress(StoreFailed):
            dying.take_in()

        Audit(store, Hasher(b"k"), spool).take_in()

        assert [entry.about["note"] for entry in store.trail.all()] == names, at
        assert spool.waiting() == ()
        assert Audit(store, Hasher(b"k")).first_broken() is None


class _Dying:
    """A store whose trail takes so many lines and then no more."""

    def __init__(self, store, left):
        self.trail, self.settings, self._inner, self._left = self, store.settings, store.trail, left

    def page(self, **where):
        return self._inner.page(**where)

    def append(self, make):
        if self._left == 0:
            raise StoreFailed("killed")
        self._left -= 1
        return self._inner.append(make)


class _Untidy:
    """A spool that removes so many notes and then no more."""

    def __init__(self, spool, left):
        self._spool, self._left = spool, left

    def __getattr__(self, name):
        return getattr(self._spool, name)

    def remove(self, name):
        if self._left == 0:
            raise StoreFailed("killed")
        self._left -= 1
        self._spool.remove(name)


def test_two_that_take_in_at_once_tell_each_note_once(tmp_path):
    spool, store = Spool(tmp_path), MemoryStore()
    left(spool)
    audit = Audit(store, Hasher(b"k"), spool)

    with spool.alone():
        assert audit.take_in() == 0
    assert audit.take_in() == 1

    assert len(store.trail.all()) == 1


def test_a_note_that_cannot_be_read_stays_and_is_told(run):
    (run.folder / SPOOL).mkdir()
    (run.folder / SPOOL / ("0" * 32)).write_text("{")
    before = trail(run)

    result = run("storage check --json")

    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [fault["where"] for fault in told["faults"]] == [f"{SPOOL}/{'0' * 32}"]
    assert trail(run) == before
    assert Spool(run.folder).waiting() == ("0" * 32,)


def test_on_a_database_readers_write_into_the_trail_at_once(config, tmp_path):
    own = replace(config, hash_key="", secret_key="", data_key="")
    with fresh_database() as url:
        run = command_line(replace(own, database_url=url), tmp_path)
        run.told("form publish f21 --unit root")
        run.told("response export f21 -o " + str(tmp_path / "f21.csv"))
        told = run.told("audit list")

    assert [line["act"] for line in told] == ["form_published", "exported"]
    assert not (run.folder / SPOOL).exists()


def test_a_backup_that_a_root_makes_is_told_by_the_servers_user(run, tmp_path, monkeypatch):
    given = []
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)
    monkeypatch.setattr("os.chown", lambda path, *owner: given.append(path), raising=False)

    run.told(["backup", "create", "-o", tmp_path / "b.zip"])

    (note,) = Spool(run.folder).waiting()
    assert given == [run.folder / SPOOL, run.folder / SPOOL / note]


def test_the_trail_is_listed_by_day_name_and_act(run):
    run.told("user grant chu-tich --role viewer")

    by_act = run.told("audit list --act person_changed")
    by_name = run.told("audit list --who chu-tich")
    since = run.told("audit list --since 2099-12-31")

    assert [line["about"] for line in by_act] == [{"person": "chu-tich"}]
    assert by_name == since == []
    assert run("audit list --act nothing").exit_code == 2


def test_the_exported_trail_has_the_seals_and_nothing_confidential(run, tmp_path):
    store = run.store()
    create_app(run.config, store).extensions["phieu"].audit.note(
        "ubkt", Deed.RESPONSE_OPENED, now(), form="f21", confidential=1
    )
    store.close()
    run.told(["audit", "export", "-o", tmp_path / "t.jsonl"])
    run.told(["audit", "export", "-o", tmp_path / "t.csv"])

    lines = [json.loads(line) for line in (tmp_path / "t.jsonl").read_text().splitlines()]
    table = (tmp_path / "t.csv").read_text("utf-8-sig").splitlines()

    assert all(len(line["seal"]) == 64 for line in lines)
    assert "ubkt" not in {line["who"] for line in lines}
    assert table[0] == "number,at,who,act,about,seal"
    assert run(["audit", "export", "-o", tmp_path / "t.csv"]).exit_code == 1


def test_a_store_opened_by_stock_means_is_not_needed_for_the_keys(run):
    """Keys are shown beside a database that is down: the note waits in the folder."""
    run.config = replace(run.config, database_url="postgresql://nobody@127.0.0.1:1/nothing")

    done = run("key show")

    assert done.exit_code == 0
    run.config = replace(run.config, database_url="")
    assert trail(run)[-1][1] == "keys_shown"
    assert isinstance(run.store(), EmbeddedStore)
