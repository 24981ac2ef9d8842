"""Prove with the data keys that everything encrypted opens; says where not, never what is in it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from forms.publication import PublishedVersion, version_key
from forms.response import Response
from forms.types import Value
from storage.data_keys import DataKey, DataKeys
from storage.errors import SealBroken
from storage.key_ring import DATA_KEY
from storage.looking import Finding
from storage.sealer import Sealer, file_key_id, open_value, sealed_parts
from storage.store import Setting


class _KeysHere:
    """storage/sealer.py's Keys, for opening only."""

    def __init__(self, keys: DataKeys) -> None:
        self._keys = keys

    def sealing(self) -> DataKey:
        raise TypeError("a check seals nothing")

    def key(self, key_id: str) -> DataKey:
        key = self._keys.get(key_id)
        if key is None:
            raise _NotHere(key_id)
        return key


class _NotHere(SealBroken):
    pass


class SealCheck:
    """One check; without keys nothing is opened."""

    def __init__(self, keys: DataKeys | None) -> None:
        self._keys = keys
        self._here = _KeysHere(keys or DataKeys())
        self._sealer = Sealer(self._here, bytes, lambda _form, _version: None)
        self._missing: Counter[str] = Counter()
        self._clear: Counter[tuple[str, str]] = Counter()
        self._clear_files = 0

    def opened(self, response: Response, where: str, findings: list[Finding]) -> Response:
        """The response with those of its answers opened that can be."""
        key = version_key(response.definition, response.version)
        befores = (name for change in response.history for name in change.before)
        self._clear.update((key, name) for name in {*response.answers, *befores})
        opened: dict[str, Value] = {}
        for name, place, text in sealed_parts(response) if self._keys is not None else ():
            try:
                value = open_value(self._here, place, text)
            except _NotHere as error:
                self._missing[str(error)] += 1
            except (SealBroken, ValueError):
                findings.append(Finding(where, f"its encrypted answer to {name} does not open"))
            else:
                if value is not None and response.sealed.get(name) == text:
                    opened[name] = value
        return replace(response, answers={**response.answers, **opened})

    def check_file(self, form: str, name: str, kept: bytes, findings: list[Finding]) -> None:
        """See that a file opens."""
        if not file_key_id(kept):
            self._clear_files += 1
        elif self._keys is not None:
            try:
                self._sealer.open_file(form, name, kept)
            except _NotHere as error:
                self._missing[str(error)] += 1
            except SealBroken:
                findings.append(
                    Finding(f"files/{form}/{name}", "this encrypted file does not open")
                )

    def findings(
        self, versions: Mapping[str, PublishedVersion], recorded: Setting | None
    ) -> Iterator[Finding]:
        """What is to be said when everything was read."""
        for key_id, count in sorted(self._missing.items()):
            problem = f"{count} answers and files are encrypted under {key_id}, which is not here"
            yield Finding("data key", problem)
        if recorded is not None and self._keys is not None:
            for key_id in recorded.value.split(","):
                if key_id not in self._keys.ids and key_id not in self._missing:
                    yield Finding(DATA_KEY, f"the key {key_id}, which encrypts here, is not here")
        clear = sum(
            count
            for (key, name), count in self._clear.items()
            if key in versions and name in versions[key].definition.sealed_names
        )
        if count := clear + self._clear_files:
            problem = f"{count} answers and files of before are not encrypted yet: key rotate does"
            yield Finding("data key", problem, False)
