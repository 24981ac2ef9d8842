"""How responses and files are sealed for the disk and opened for reading; knows no store.

A sealed answer is `<key id>.<base64>` of nonce, cipher and tag; before, its JSON is filled up to
steps of 64 bytes, for the length of a short answer would tell which choice it is. It is bound to
its definition, response, question, and to its place (the answers, or which entry of the history). A
sealed file begins with MAGIC and the key's id, and is bound to its definition and name.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Protocol

import orjson

from forms.definition import Definition
from forms.response import REMARKS, Change, Response
from forms.types import Value

from .data_keys import DataKey
from .errors import SealBroken
from .finding import finding_hash

MAGIC = b"PHIEU\x01"  # no picture and no PDF begins so
STEP = 64
_ID = 8
_ANSWERS = "answers"


class Keys(Protocol):
    """Where keys come from: storage/key_ring.py."""

    def sealing(self) -> DataKey: ...

    def key(self, key_id: str) -> DataKey: ...


class OpenedAnswers(Mapping[str, "Value | None"]):
    """Answers of which the sealed ones are opened when somebody looks at them, and only those."""

    def __init__(
        self,
        clear: Mapping[str, Value | None],
        sealed: Mapping[str, str],
        open_one: Callable[[str, str], Value | None],
    ) -> None:
        self.clear = clear
        self._sealed, self._open_one = sealed, open_one
        self._opened: dict[str, Value | None] = {}

    def __getitem__(self, name: str) -> Value | None:
        if name in self.clear:
            return self.clear[name]
        if name not in self._opened:
            self._opened[name] = self._open_one(name, self._sealed[name])
        return self._opened[name]

    def __contains__(self, name: object) -> bool:
        return name in self.clear or name in self._sealed

    def __iter__(self) -> Iterator[str]:
        yield from self.clear
        yield from self._sealed

    def __len__(self) -> int:
        return len(self.clear) + len(self._sealed)

    def __repr__(self) -> str:
        return f"OpenedAnswers({', '.join(self)})"


class Sealer:
    """Seals by the definition's version that was answered; opens whatever is sealed."""

    def __init__(
        self,
        keys: Keys,
        hashing: Callable[[], bytes],
        definition_of: Callable[[str, int], Definition | None],
    ) -> None:
        """`hashing` gives the hashing key, under which people are found."""
        self._keys, self._hashing, self._definition_of = keys, hashing, definition_of

    def sealed(self, response: Response) -> Response:
        """The response as it is kept: of an unknown version every answer is sealed."""
        response = self.opened(response)
        definition = self._definition_of(response.definition, response.version)
        answers, sealed = self._sealed_part(response, definition, response.answers, _ANSWERS)
        history = []
        for number, change in enumerate(response.history):
            before, hidden = self._sealed_part(
                response, definition, change.before, _history(number)
            )
            history.append(replace(change, before=before, sealed=hidden))
        return replace(
            response,
            answers=answers,
            sealed=sealed,
            history=tuple(history),
            found_by=self.found_by(response, definition),
        )

    def _sealed_part(
        self,
        response: Response,
        definition: Definition | None,
        answers: Mapping[str, Value | None],
        place: str,
    ) -> tuple[dict[str, Value], dict[str, str]]:
        """The answers that stay as they are, and the others sealed."""
        names = set(answers) if definition is None else definition.sealed_names | REMARKS
        clear = {name: answers[name] for name in answers if name not in names}
        sealed = {
            name: seal_value(self._keys.sealing(), _where(response, place, name), answers[name])
            for name in answers
            if name in names
        }
        return clear, sealed  # type: ignore[return-value] # None stands in a history only

    def found_by(self, response: Response, definition: Definition | None) -> Mapping[str, str]:
        """The hashes by which the response is found; anonymous ones by none."""
        if definition is None:
            return response.found_by
        if definition.anonymous:
            return {}
        return {
            place: finding_hash(self._hashing(), finds_by, text)
            for question in definition.asking
            if question.is_sealed and question.name in response.answers
            for place, finds_by, text in question.identifying(response.answers[question.name])
        }

    def opened(self, kept: Response) -> Response:
        """The response for reading: each sealed answer is opened when it is looked at."""
        if kept.sealed:
            answers = self._opened_part(kept, kept.answers, kept.sealed, _ANSWERS)
            kept = replace(kept, answers=answers, sealed={})
        if any(change.sealed for change in kept.history):
            changes = (self._opened_change(kept, *item) for item in enumerate(kept.history))
            kept = replace(kept, history=tuple(changes))
        return kept

    def _opened_change(self, kept: Response, number: int, change: Change) -> Change:
        before = self._opened_part(kept, change.before, change.sealed, _history(number))
        return replace(change, before=before, sealed={})

    def _opened_part(
        self,
        kept: Response,
        clear: Mapping[str, Value | None],
        sealed: Mapping[str, str],
        place: str,
    ) -> Mapping[str, Value]:
        def open_one(name: str, text: str) -> Value | None:
            return open_value(self._keys, _where(kept, place, name), text)

        return OpenedAnswers(clear, sealed, open_one)  # type: ignore[return-value] # as above

    def resealed(self, kept: Response) -> Response:
        """The same under the key that seals now; the very same object when nothing is to do."""
        if set(key_ids(kept)) <= {self._keys.sealing().id} and self._is_complete(kept):
            return kept
        return self.sealed(self.opened(kept))

    def _is_complete(self, kept: Response) -> bool:
        """Whether everything is sealed that should be, and found by the right hashes."""
        definition = self._definition_of(kept.definition, kept.version)
        clear = {*kept.answers, *(name for change in kept.history for name in change.before)}
        if clear & (clear if definition is None else definition.sealed_names | REMARKS):
            return False
        return kept.found_by == self.found_by(self.opened(kept), definition)

    def seal_file(self, definition: str, name: str, content: bytes) -> bytes:
        key = self._keys.sealing()
        return MAGIC + key.id.encode() + key.seal(_where_file(definition, name), content)

    def open_file(self, definition: str, name: str, kept: bytes) -> bytes:
        """The file's content; as it is when it was stored before files were sealed."""
        key_id = file_key_id(kept)
        if not key_id:
            return kept
        sealed = kept[len(MAGIC) + _ID :]
        return self._keys.key(key_id).open(_where_file(definition, name), sealed)


def seal_value(key: DataKey, where: bytes, value: Value | None) -> str:
    text = orjson.dumps(value)
    text += b" " * (-len(text) % STEP)
    return f"{key.id}.{b64encode(key.seal(where, text)).decode()}"


def open_value(keys: Keys, where: bytes, sealed: str) -> Value | None:
    """The value that was sealed for this place; raises SealBroken."""
    key_id, _, text = sealed.partition(".")
    key = keys.key(key_id)
    try:
        content = b64decode(text, validate=True)
    except ValueError as error:
        raise SealBroken("an encrypted answer is not written as this program writes") from error
    value: Value | None = orjson.loads(key.open(where, content))
    return value


def sealed_parts(kept: Response) -> Iterator[tuple[str, bytes, str]]:
    """Every sealed value of a kept response: its question, where it stands, and itself."""
    for name, text in kept.sealed.items():
        yield name, _where(kept, _ANSWERS, name), text
    for number, change in enumerate(kept.history):
        for name, text in change.sealed.items():
            yield name, _where(kept, _history(number), name), text


def key_ids(kept: Response) -> Iterator[str]:
    """The ids of the keys under which its values are sealed."""
    return (text.partition(".")[0] for _, _, text in sealed_parts(kept))


def file_key_id(kept: bytes) -> str:
    """The id of the key under which a file is sealed; empty when it is not."""
    if not kept.startswith(MAGIC):
        return ""
    return kept[len(MAGIC) : len(MAGIC) + _ID].decode("ascii", "replace")


def _history(number: int) -> str:
    return f"history {number}"


def _where(response: Response, place: str, name: str) -> bytes:
    return "\0".join(("value", response.definition, response.id, place, name)).encode()


def _where_file(definition: str, name: str) -> bytes:
    return "\0".join(("file", definition, name)).encode()
