"""Open a folder in a process of its own: how long it takes and what it holds afterwards.

`python -m bench.opening FOLDER` prints seconds and bytes; with `parse`, the seconds that orjson
alone takes for the same documents, a line each; with `profile`, where the time of opening goes.
"""

import cProfile
import gc
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import orjson

from storage.embedded import EmbeddedStore
from storage.store import ResponseFilter

from .profiling import top
from .sample import FORM


def in_a_process(act: str, folder: Path) -> Any:
    """Run one of the acts below in a fresh process, and read what it prints."""
    command = [sys.executable, "-m", "bench.opening", act, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return json.loads(done.stdout)


def opened(folder: Path) -> dict[str, float]:
    """Open the store, and the form, which is opened when it is first asked for."""
    before, begin = _resident(), time.perf_counter()
    store = EmbeddedStore(folder)
    store.response(FORM, "none")
    seconds = time.perf_counter() - begin
    held = _resident() - before
    total, _ = store.page_responses(FORM, ResponseFilter(), offset=0, limit=0)
    store.close()
    return {"seconds": seconds, "bytes": held / total}


def parsed(folder: Path) -> dict[str, float]:
    content = (folder / "responses" / f"{FORM}.json").read_bytes()
    documents = orjson.loads(content)["responses"].values()
    lines = [orjson.dumps(document) for document in documents]
    del content, documents
    gc.collect()
    gc.disable()
    begin = time.perf_counter()
    kept = [orjson.loads(line) for line in lines]
    return {"seconds": time.perf_counter() - begin, "bytes": sum(map(len, lines)) / len(kept)}


def profiled(folder: Path) -> list[str]:
    with cProfile.Profile() as profile:
        store = EmbeddedStore(folder)
        store.response(FORM, "none")
    store.close()
    return top(profile)


def _resident() -> int:
    """Bytes of memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


if __name__ == "__main__":
    acts = {"open": opened, "parse": parsed, "profile": profiled}
    print(json.dumps(acts[sys.argv[1]](Path(sys.argv[2]))))
