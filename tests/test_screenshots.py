"""The pictures in docs/screenshots: one for every state, none too many, small, and all listed."""

from PIL import Image
from screenshots import FOLDER, readme, shots

ALL_TOGETHER = 1_500_000  # bytes


def test_every_state_has_its_picture_and_no_other_is_there() -> None:
    assert {path.name for path in FOLDER.glob("*.png")} == {name for name, *_ in shots()}
    assert (FOLDER / "README.md").read_text("utf-8") == readme()


def test_the_pictures_are_a_phone_s_and_small() -> None:
    paths = sorted(FOLDER.glob("*.png"))
    sizes = set()
    for path in paths:
        with Image.open(path) as picture:
            sizes.add(picture.size)

    assert sizes == {(360, 640)}
    assert sum(path.stat().st_size for path in paths) <= ALL_TOGETHER
