"""Where the heavy judges from npm are, and how they are asked; engines/package.json pins them.

`make test-engines` installs them. Nothing here knows a page of ours.
"""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

_MODULES = Path(__file__).with_name("engines") / "node_modules"
_LIGHTHOUSE = _MODULES / "lighthouse/cli/index.js"
_VNU = _MODULES / "vnu-jar/build/dist/vnu.jar"


def program(name: str, package: str) -> str:
    """A program of the system, or the line that installs it."""
    found = shutil.which(name)
    assert found, f"no {name}: sudo apt install -y {package}"
    return found


def _installed(judge: Path) -> Path:
    assert judge.is_file(), "the judges from npm are missing: make test-engines installs them"
    return judge


def lighthouse(url: str, *settings: str) -> dict[str, Any]:
    """Lighthouse's report of one load on its mobile phone; `runtimeError` in it: no measurement."""
    flags = "--headless=new" + (" --no-sandbox" if os.geteuid() == 0 else "")
    node = program("node", "nodejs")
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder, "report.json")  # its standard output may end before the report does
        options = ["--output=json", f"--output-path={written}", "--quiet"]
        done = subprocess.run(
            [node, _installed(_LIGHTHOUSE), url, *options, f"--chrome-flags={flags}", *settings],
            env=os.environ | {"CHROME_PATH": program("chromium", "chromium")},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=300,
        )
        assert written.exists(), done.stderr[-2_000:]
        report: dict[str, Any] = json.loads(written.read_text("utf-8"))
    return report


def vnu(pages: list[Path]) -> list[dict[str, Any]]:
    """What the Nu HTML checker says of these files; `info` without a `subType` is no complaint."""
    done = subprocess.run(
        [
            program("java", "openjdk-17-jdk-headless"),
            *("-jar", _installed(_VNU), "--format", "json", "--exit-zero-always", *pages),
        ],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    messages: list[dict[str, Any]] = json.loads(done.stderr)["messages"]
    return messages
