"""Patterns of regex: what they match, what is refused because engines differ, and bombs."""

import re
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.expressions import ExpressionError
from forms.expressions.patterns import LONGEST_SUBJECT, MOST_TRIES, plain_pattern


@pytest.mark.parametrize(
    ("pattern", "plain"),
    [
        (r"^[0-9]{10}$", r"[0-9]{10}"),
        (r"\d{1,2}/\d{1,2}/\d{4}", r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}"),
        (r"(0|\+84)[35789]\d{8}", r"(?:0|\+84)[35789][0-9]{8}"),
        (r"[\w\s.-]+", r"[A-Za-z0-9_ \t\n\r\f\v.\-]+"),
        (r"\S+@\W", r"[^ \t\n\r\f\v]+@[^A-Za-z0-9_]"),
        (r"(?:a|b)?c", r"(?:a|b)?c"),
        (r".{20,}", r"[^\n\r\u2028\u2029]{20,}"),
        (r"[^@ ]+@[^@ ]+\.[^@ ]+", r"[^@ ]+@[^@ ]+\.[^@ ]+"),
        (r"(\d{1,3}\.){3}\d{1,3}", r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}"),
        (r"[à-ỹ]+ế", r"[à-ỹ]+ế"),
        (r"[a|b]\-\/\.", r"[a\|b]-/\."),
        (r"", r""),
    ],
)
def test_a_pattern_is_written_in_its_plainest_form(pattern, plain):
    assert plain_pattern(pattern) == plain


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"(?=a)", "look-around, a name or a flag"),
        (r"(?<=a)b", "look-around, a name or a flag"),
        (r"(?P<ten>a)", "look-around, a name or a flag"),
        (r"(?i)a", "look-around, a name or a flag"),
        (r"(a)\1", r"has \1, which engines read differently"),
        (r"\bx", r"has \b, which engines read differently"),
        (r"\p{L}+", r"has \p, which engines read differently"),
        (r"[\D]", r"has \D, which engines read differently"),
        ("a\\", "which engines read differently"),
        (r"[[:alpha:]]", "has [ in []"),
        (r"[a&&b]", "has & in []"),
        (r"[]a]", "an empty []"),
        (r"[a", "lacks a closing ]"),
        (r"[z-a]", "the wrong way round"),
        (r"a**", "two repeats in a row: **"),
        (r"a+?", "two repeats in a row: +?"),
        (r"a{2", "a { that opens no repeat"),
        (r"a{,2}", "a { that opens no repeat"),
        (r"a{5,2}", "has the repeat {5,2}"),
        (r"a{9999}", "has the repeat {9999}"),
        (r"*a", "has '*' in a place of no meaning; write \\*"),
        (r"a^b", "has '^' in a place of no meaning"),
        (r"a$b", "has '$' in a place of no meaning"),
        (r"(a", "lacks a closing parenthesis"),
        (r"a)", "a closing parenthesis too many"),
        ("(" * 20 + "a" + ")" * 20, "groups nested more than 10 deep"),
        ("a" * 201, "longer than 200 characters"),
    ],
)
def test_what_engines_read_differently_is_refused(pattern, why):
    with pytest.raises(ExpressionError) as caught:
        plain_pattern(pattern)

    assert why in str(caught.value)


BOMBS = [
    r"(a+)+",
    r"(a*)*b",
    r"(a|a)*",
    r"(a|aa)+",
    r"(\w+\s?)*",
    r"([a-z]+ )*x",
    r"((a{0,9}){0,9}){0,9}",
    r"(a{1,20}){10}b",
    "a?" * 30 + "a" * 30,
    "(a|a)" * 30 + "b",
    r"(a*)(a*)(a*)b",
    r".*.*.*x",
    r".*@.*\..*",
    r"a*b?a*b?a*c",
    r"\d+\d+\d+x",
    r"(\d|\w)+(\d|\w)+x",
    r"x*(x*(x*y))",
    r"((((a?){9}){9}){9}){9}",
]


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_pattern_that_could_run_long_is_refused(bomb):
    with pytest.raises(ExpressionError, match=r"too many ways|repeats a part"):
        plain_pattern(bomb)


pieces = ["a", "b", "[ab]", "[^a]", ".", r"\d", r"\w", "(", ")", "(?:", "|", "*", "+", "?", "{2}"]
pieces += ["{1,3}", "{2,}", "{0,40}", "1", " ", r"\.", "-", "^", "$"]
patterns = st.lists(st.sampled_from(pieces), max_size=14).map("".join)
ENDS = ["", "!", "\n", "c1", "ab a"]


@settings(max_examples=400, deadline=None)
@given(
    pattern=patterns, unit=st.sampled_from(["a", "ab", "1", "a1 ", "."]), end=st.sampled_from(ENDS)
)
def test_an_accepted_pattern_means_what_it_meant_and_ends_soon(pattern, unit, end):
    try:
        plain = plain_pattern(pattern)
    except ExpressionError:
        return
    short, long = unit * 7 + end, unit * (LONGEST_SUBJECT // len(unit)) + end
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        original = re.compile(pattern, re.ASCII)

    meant = original.fullmatch(short) is not None
    assert (re.fullmatch(plain, short) is not None) == meant or "\n" in short
    # Would run for hours if the bound on tries were wrong.
    re.fullmatch(plain, long[:LONGEST_SUBJECT])


def test_the_costliest_accepted_pattern_is_still_within_the_bound():
    assert plain_pattern(r"\S+ \S+.*") and MOST_TRIES < LONGEST_SUBJECT**2  # noqa: PT018
    assert re.fullmatch(plain_pattern(r"a*a*b"), "a" * LONGEST_SUBJECT) is None
