"""Run our commands: in this process, as an operator types them, with their exit code."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

from app import create_app
from storage.embedded import EmbeddedStore


@dataclass
class CommandLine:
    """The command line of one installation."""

    config: object

    @property
    def folder(self) -> Path:
        return self.config.data_dir

    def __call__(self, line, *, stdin=""):
        """Run a command and give its result; `line` is split at white space, or a list."""
        words = line.split() if isinstance(line, str) else list(map(str, line))
        result = create_app(self.config).test_cli_runner().invoke(args=words, input=stdin)
        unforeseen = result.exception and not isinstance(result.exception, SystemExit)
        assert not unforeseen, result.exception
        return result

    def told(self, line, *, stdin=""):
        """The one JSON document that a command prints."""
        words = [*(line.split() if isinstance(line, str) else line), "--json"]
        result = self(words, stdin=stdin)
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    def store(self):
        return EmbeddedStore(self.folder)


def command_line(config, tmp_path):
    return CommandLine(replace(config, data_dir=tmp_path / "data"))
