"""Large files sealed piece by piece: whole again, never changed, moved or cut off unnoticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.data_keys import DataKey
from storage.errors import SealBroken
from storage.sealed_stream import CHUNK, SealedFile, content_size, seal_stream

KEY = DataKey(bytes(range(32)))
SEALED_CHUNK = CHUNK + 28
HEAD = 14


class OneKey:
    def sealing(self):
        return KEY

    def key(self, key_id):
        assert key_id == KEY.id
        return KEY


def written(folder, pieces, name="a"):
    path = folder / "file"
    path.write_bytes(b"".join(seal_stream(OneKey(), name, pieces)))
    return path


def read(path, name="a"):
    return b"".join(SealedFile(OneKey(), name, path).pieces())


@given(sizes=st.lists(st.integers(0, 2 * CHUNK + 3), max_size=4))
def test_any_pieces_come_back_as_one(tmp_path_factory, sizes):
    pieces = [bytes([number % 256]) * size for number, size in enumerate(sizes)]
    path = written(tmp_path_factory.mktemp("sealed"), pieces)

    assert read(path) == b"".join(pieces)
    assert content_size(path) == sum(sizes)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_sizes_around_a_chunk_are_told_right(tmp_path, size):
    path = written(tmp_path, [b"x" * size])

    assert (content_size(path), len(read(path))) == (size, size)


def _cut(kept):
    return kept[: HEAD + SEALED_CHUNK]


def _swapped(kept):
    first, second = kept[HEAD : HEAD + SEALED_CHUNK], kept[HEAD + SEALED_CHUNK :][:SEALED_CHUNK]
    return kept[:HEAD] + second + first + kept[HEAD + 2 * SEALED_CHUNK :]


def _changed(kept):
    return kept[:-1] + bytes([kept[-1] ^ 1])


def _headless(kept):
    return kept[5:]


@pytest.mark.parametrize("harm", [_cut, _swapped, _changed, _headless])
def test_a_harmed_file_does_not_open(tmp_path, harm):
    path = written(tmp_path, [b"a" * CHUNK, b"b" * CHUNK, b"c"])
    path.write_bytes(harm(path.read_bytes()))

    with pytest.raises(SealBroken):
        read(path)


def test_a_file_does_not_open_under_another_name(tmp_path):
    path = written(tmp_path, [b"x"], name="a")

    with pytest.raises(SealBroken):
        read(path, name="b")
