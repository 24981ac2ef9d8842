"""Templates and addresses are compiled once for all the applications that one test run makes.

Nearly every test has an application of its own. Compiling the same templates and the same 170
addresses for each of them took more time than what the tests look at.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.templating import Environment
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


class KeptCode(BytecodeCache):
    """Compiled templates by name; Jinja itself compares the checksum of their source."""

    def __init__(self) -> None:
        self._code: dict[str, tuple[str, Any]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._code.get(bucket.key, ("", None))
        bucket.code = code if checksum == bucket.checksum else None

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.checksum, bucket.code


def keeping_environment() -> type[Environment]:
    """Flask's environment, with the one cache for all of them."""
    kept = KeptCode()

    class KeepingEnvironment(Environment):
        def __init__(self, app: Flask, **options: Any) -> None:
            super().__init__(app, **options, bytecode_cache=kept)

    return KeepingEnvironment


def keeping_builders() -> Callable[[Rule, bool], Builder]:
    """Werkzeug's maker of address builders, asked once for rules that are written alike."""
    builders: dict[object, Builder] = {}
    make = Rule._compile_builder

    def builder(rule: Rule, append_unknown: bool = True) -> Builder:
        if rule.defaults:
            return make(rule, append_unknown)
        key = (tuple(rule._trace), append_unknown)
        if key not in builders:
            builders[key] = make(rule, append_unknown)
        return builders[key]

    return builder


@contextmanager
def compiled_once() -> Iterator[None]:
    """As long as this is open, applications share what was compiled for earlier ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_environment", keeping_environment())
        patch.setattr(Rule, "_compile_builder", keeping_builders())
        yield
