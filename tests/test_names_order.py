"""The Vietnamese order of words and people (CLDR vi), checked once against ICU's collation."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.names import person_sort_key, sort_key

# Each line stands in ICU's order (Intl.Collator("vi")).
IN_ORDER = {
    "letters": list("aăâbcdđeêghiklmnoôơpqrstuưvxy"),
    "letters of other languages": list("efgijkvwxyz"),
    "tones": ["ma", "mà", "mả", "mã", "má", "mạ"],
    "tones on marked letters": ["ê", "ề", "ể", "ễ", "ế", "ệ", "g"],
    "every vowel": list("aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ"),
    "letters before tones": ["An", "Áp", "Ăn", "Ắp", "Ân", "Ấp"],
    "a later letter before an earlier tone": ["Lò Thị B", "Lo Thị C", "Lở A", "mã a", "Má A"],
    "d and đ": ["Dao", "Dạo", "Đao", "Đào", "Em"],
    "spaces and hyphens before letters": ["Lo an", "Lo-an", "Loan"],
    "numbers first": ["Đội 1", "Đội 2", "Đội A"],
    "short before long": ["Chè", "Chè Tam Đường"],
}
PEOPLE = [
    "Chang Thị An",
    "Lò Văn An",
    "Lò Thị Ánh",
    "Vàng Thị Ăn",
    "Lý Mò Dũng",
    "Giàng A Đức",
    "Sùng A Hồ",
    "Tẩn Lở Mẩy",
    "Giàng A Páo",
    "Lò Phương",
    "Lò Thị Phương",
    "Lò Văn Phương",
    "Vàng A Phương",
    "Vàng Thị Sú",
    "Pờ Lóng Tơ",
    "Chang Hừ Xá",
]
text = st.text(st.characters(blacklist_categories=["Cs"]), max_size=20)


def shuffled(words: list[str]) -> list[str]:
    return random.Random(7).sample(words, len(words))  # noqa: S311 - the same order in every run


@pytest.mark.parametrize("words", IN_ORDER.values(), ids=IN_ORDER)
def test_words_stand_in_the_order_of_cldr(words):
    assert sorted(shuffled(words), key=sort_key) == words
    assert len(set(map(sort_key, words))) == len(words)


def test_no_sign_is_mistaken_for_a_letter():
    signs = "0123456789 !#%&()*+,-./:;<=>?@[]^_{|}~aăâbcdđeêfghijklmnoôơpqrstuưvwxyzøß"

    assert len({sort_key(sign) for sign in signs}) == len(signs)


def test_capitals_do_not_matter():
    assert sort_key("ĐÀO THỊ ẾCH") == sort_key("đào thị ếch")


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_the_way_accents_are_encoded_does_not_matter(form):
    for words in IN_ORDER.values():
        for word in words:
            assert sort_key(unicodedata.normalize(form, word)) == sort_key(word)


def test_half_composed_letters_of_windows_keyboards_sort_alike():
    assert sort_key("Vie\u0323\u0302t") == sort_key("Viê\u0323t") == sort_key("Việt")


def test_people_stand_by_given_name_then_family_name_then_middle_name():
    assert sorted(shuffled(PEOPLE), key=person_sort_key) == PEOPLE


def test_people_with_one_word_or_no_name_are_listed_too():
    people = ["Páo", "", "  ", "Giàng A Páo"]

    assert sorted(people, key=person_sort_key)[2:] == ["Giàng A Páo", "Páo"]


def test_spaces_around_a_name_do_not_matter():
    assert person_sort_key("  Lò   Thị  Phương ") == person_sort_key("Lò Thị Phương")


def test_the_tone_of_the_given_name_counts_before_the_family_name():
    assert person_sort_key("Vàng Ha") < person_sort_key("Bùi Hà")


@given(text, text)
def test_every_text_has_a_key_and_all_keys_compare(one, other):
    assert (sort_key(one) < sort_key(other)) + (sort_key(other) < sort_key(one)) <= 1
    assert (person_sort_key(one) <= person_sort_key(other)) or (
        person_sort_key(other) <= person_sort_key(one)
    )
