"""Crash campaign: kill servers under load again and again; look for what was lost or doubled.

Each round lets many phones send to real servers, kills one with SIGKILL at a random moment, or
while the journal folds, an export or a backup runs beside it, and then reads the data as the next
server would. On PostgreSQL two servers share one database, and the other one goes on. Bounded in
time; talks to 127.0.0.1 only. `make torture` runs it.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from services.identity import Hasher
from storage.keys import load_keys
from storage.opening import open_store
from storage.store import ResponseFilter

from .beside import Beside
from .phones import Crowd, Sent
from .servers import Server, Site, Unsafe

LONGEST = 2.0  # seconds of load before a kill
AFTER = 0.7  # seconds that the other server goes on alone
SECRETS = {
    "PHIEU_SECRET_KEY": "for this campaign only",
    "PHIEU_HASH_KEY": "for this campaign, too",
    "PHIEU_DATA_KEY": "for-this-campaign-as-well",
}


@dataclass
class Campaign:
    """Servers on one store, what they were sent, and when they were killed."""

    folder: Path
    sites: list[Site]
    dice: random.Random
    database: str = ""
    code: str = ""
    acts: list[str] = field(default_factory=lambda: ["writing"])
    sent: Sent = field(default_factory=Sent)
    kills: Counter[str] = field(default_factory=Counter)
    usual: dict[str, float] = field(default_factory=lambda: defaultdict(lambda: 1.0))
    cut_off: Beside | None = None

    def prepare(self) -> None:
        """Publish the form that is answered, and find out what can go on beside a server."""
        site = self.sites[0]
        told = site.told("form", "publish", "F28", "--unit", "root")
        self.code = told["scan_points"][0]["code"]
        self.acts.append("exporting")
        if site.run("backup", "create", "--help").returncode == 0:
            self.acts.append("backing up")
        if not self.database:
            self.acts.append("folding")

    def play(self) -> None:
        """One round: start what is dead, load, kill, and look."""
        servers = [Server(site) for site in self.sites]
        for server in servers:
            server.wait()
        crowd = Crowd([site.port for site in self.sites], self.code, self.sent, self.dice)
        act = self.dice.choice(self.acts)
        try:
            happened = self._until_the_moment(act)
        finally:
            self.dice.shuffle(servers)
            servers.pop().kill()
            if servers:
                time.sleep(AFTER)
            crowd.stop()
            for server in servers:
                server.kill()
            if self.cut_off:
                self.cut_off.kill()
                self.cut_off = None
        self.kills[act if happened else "writing"] += 1

    def _until_the_moment(self, act: str) -> bool:
        """Wait until it is time to kill; False when what was to be hit did not come."""
        time.sleep(self.dice.uniform(0.05, LONGEST))
        if act == "folding":
            return self._catch_a_fold()
        if act != "writing":
            return self._beside(act)
        return True

    def _catch_a_fold(self) -> bool:
        folded = self.folder / "data" / "responses" / "f28.json"
        before, until = _inode(folded), time.monotonic() + LONGEST
        while time.monotonic() < until:
            if folded.with_name("f28.json.tmp").exists() or _inode(folded) != before:
                time.sleep(self.dice.choice((0, 0, 0.001, 0.003)))
                return True
        return False

    def _beside(self, act: str) -> bool:
        """Run a command beside the server; True when it still runs as the kill comes."""
        known, begin = set(self.sent.receipts), time.monotonic()
        command = Beside(self.sites[0], act, self.folder)
        if command.is_done_within(self.usual[act] * self.dice.uniform(0.3, 1.3)):
            self.usual[act] = time.monotonic() - begin
            self.sent.faults += command.faults(self.sent, known)
            return False
        self.usual[act] *= 1.05
        self.cut_off = command
        return True

    def faults(self) -> list[str]:
        """What is wrong with the data, read without a server."""
        data = self.folder / "data"
        key = SECRETS["PHIEU_HASH_KEY"] if self.database else ""
        hasher = Hasher(load_keys(data / "keys", hashing=key).hashing)
        store = open_store(data, self.database, read_only=True)
        kept = list(store.iter_responses("f28", ResponseFilter()))
        store.close()
        counts = Counter(response.instance for response in kept)
        found = {response.instance: response for response in kept}
        ours = {hasher.of_instance("f28", instance): instance for instance in self.sent.tried}
        faults = [*self.sent.faults]
        for instance, receipt in self.sent.receipts.items():
            there = found.get(hasher.of_instance("f28", instance))
            if there is None or there.receipt != hasher.of_receipt("f28", receipt):
                faults.append(f"lost: {instance}")
        faults += [f"kept {count} times: {key}" for key, count in counts.items() if count > 1]
        for key, response in found.items():
            said = self.sent.tried.get(ours.get(key, ""))
            if said != {name: str(value) for name, value in response.answers.items()}:
                faults.append(f"half there, or never sent: {key}")
        return faults


def _inode(path: Path) -> int:
    return path.stat().st_ino if path.exists() else 0


@contextmanager
def embedded(folder: Path, dice: random.Random) -> Iterator[Campaign]:
    yield Campaign(folder, [Site(folder / "data")], dice)


@contextmanager
def postgresql(folder: Path, dice: random.Random) -> Iterator[Campaign]:
    from tests.postgresql_server import fresh_database

    with fresh_database() as url:
        settings = SECRETS | {"PHIEU_DATABASE_URL": url}
        sites = [Site(folder / "data", settings=settings) for _ in range(2)]
        yield Campaign(folder, sites, dice, url)


def run(backend: str, rounds: int, seconds: float, seed: int) -> bool:
    """Play rounds until their number or the time is reached; False after the first fault."""
    folder = Path(tempfile.mkdtemp(prefix="phieu-torture-"))
    opened = embedded if backend == "embedded" else postgresql
    print(f"{backend}: seed {seed}, data in {folder}", flush=True)
    with opened(folder, random.Random(seed)) as campaign:  # noqa: S311
        campaign.prepare()
        faults: list[str] = []
        end, number = time.monotonic() + seconds, 0
        while not faults and (number < rounds if rounds else time.monotonic() < end):
            number += 1
            faults = _one(campaign)
        sent = campaign.sent
        told = f"{number} kills ({_told(campaign.kills)}), {len(sent.tried)} sent, "
        print(f"{backend}: {told}{len(sent.receipts)} acknowledged, {len(faults)} faults")
    if faults:
        print("\n".join(faults[:20]), f"\nthe data is kept in {folder}")
        return False
    print(f"{backend}: none lost, none doubled, none half there", flush=True)
    shutil.rmtree(folder)
    return True


def _one(campaign: Campaign) -> list[str]:
    try:
        campaign.play()
    except Unsafe as unsafe:
        return [str(unsafe), *campaign.faults()]
    return campaign.faults()


def _told(kills: Counter[str]) -> str:
    return ", ".join(f"{count} while {act}" for act, count in kills.most_common())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", choices=["both", "embedded", "postgresql"], default="both")
    parser.add_argument("--rounds", type=int, default=0, help="on each backend, whatever the time")
    parser.add_argument("--seconds", type=float, default=180, help="for all backends together")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    told = parser.parse_args()
    chosen = ["embedded", "postgresql"] if told.backend == "both" else [told.backend]
    share = told.seconds / len(chosen)
    safe = [run(name, told.rounds, share, told.seed) for name in chosen]
    return 0 if all(safe) else 1


if __name__ == "__main__":
    sys.exit(main())
