"""Reading expressions: the tree they become, and mistakes that say where and what to write."""

from datetime import date

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.expressions import (
    DEEPEST,
    FUNCTIONS,
    LONGEST,
    Call,
    Constant,
    ExpressionError,
    Node,
    Own,
    Reference,
    parse,
    parse_calculation,
    parse_condition,
    parse_constraint,
)
from forms.expressions.grammar import BINDS

TODAY = date(2026, 11, 24)
often = settings(max_examples=200, deadline=None)


def call(function: str, *parts: object) -> Call:
    """A call whose parts are trees, or constants."""
    return Call(function, tuple(Constant(p) if isinstance(p, str | float) else p for p in parts))


A, B, C = (Reference(name) for name in "abc")


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        (
            "${a}='x' or ${b}='y' and 1",
            call("or", call("=", A, "x"), call("and", call("=", B, "y"), 1.0)),
        ),
        ("1 or 2 or 3", call("or", 1.0, 2.0, 3.0)),
        ("1 + 2 + 3 - 4 - 5", call("-", call("-", call("+", 1.0, 2.0, 3.0), 4.0), 5.0)),
        ("1 - 2 + 3", call("+", call("-", 1.0, 2.0), 3.0)),
        ("1 + 2 * 3", call("+", 1.0, call("*", 2.0, 3.0))),
        ("(1 + 2) * 3", call("*", call("+", 1.0, 2.0), 3.0)),
        ("8 div 4 div 2", call("div", call("div", 8.0, 4.0), 2.0)),
        ("7 mod 4 * 2", call("*", call("mod", 7.0, 4.0), 2.0)),
        ("-${a} * -2", call("*", call("-", A), call("-", 2.0))),
        ("--1", call("-", call("-", 1.0))),
        ("${a}-1", call("-", A, 1.0)),
        ("${a-b} < .5", call("<", Reference("a-b"), 0.5)),
        (". >= 1 and . <= 5.", call("and", call(">=", Own(), 1.0), call("<=", Own(), 5.0))),
        ("1 < 2 = 3 > 4", call("=", call("<", 1.0, 2.0), call(">", 3.0, 4.0))),
        ("1 < 2 != 1 <= 2", call("!=", call("<", 1.0, 2.0), call("<=", 1.0, 2.0))),
        ("count-selected(${a}) - 1", call("-", call("count-selected", A), 1.0)),
        ("if(true(), 'it''', \"y\")".replace("''", ""), call("if", call("true"), "it", "y")),
        ("\n today( )\t>${a} ", call(">", call("today"), A)),
        ("regex(., '^\\d{3}$')", call("regex", Own(), "[0-9]{3}")),
    ],
)
def test_operators_bind_as_in_xpath(source, tree):
    assert parse(source).tree == tree


def test_the_phone_gets_the_tree_as_plain_lists():
    expression = parse_constraint("selected(${mon}, 'com') and . >= 2.5 and not(today() = '')")

    assert expression.json == [
        "and",
        ["selected", ["$", "mon"], "com"],
        [">=", ["."], 2.5],
        ["not", ["=", ["today"], ""]],
    ]
    assert parse("${a} = 3").json == ["=", ["$", "a"], 3]
    assert b"3.0" not in orjson.dumps(parse("${a} = 3").json)


def test_an_expression_knows_its_words_and_the_questions_it_reads():
    source = "not(${a} = 'x') and (selected(${b-2}, 'y') or ${c_3} != '')"

    assert parse(source).source == source
    assert parse(source).names == {"a", "b-2", "c_3"}


@pytest.mark.parametrize(
    ("source", "choice"),
    [
        ("${a} = 'x'", ("a", "x")),
        ("(selected(${a}, 'x'))", ("a", "x")),
        ("${a} = ''", None),
        ("${a} != 'x'", None),
        ("'x' = ${a}", None),
        ("${a} = 1", None),
        ("${a} = 'x' or ${a} = 'y'", None),
        ("selected(${a}, ${b})", None),
        ("true()", None),
    ],
)
def test_asking_for_one_choice_is_recognised(source, choice):
    assert parse(source).choice == choice


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (
            "",
            "character 1: expected a question such as ${name}, 'text' or a number before 'the end'",
        ),
        ("   ", "character 4: expected a question"),
        ("${ca} = ", "character 9: expected a question"),
        (
            "${ca} = dem",
            "character 9: 'dem' is no function; write a text as 'dem', a question as ${dem}",
        ),
        ("${ca} = 'dem", "character 9: cannot read \"'dem\"; the closing ' is missing"),
        ('${ca} = "dem', 'the closing " is missing'),
        ("${ca} == 'dem'", "character 7: cannot read \"== 'dem'\"; write = once"),
        ("${ca} <> 'dem'", "write !="),
        ("${ca} = “dem”", "write straight quotes"),
        ("${ca} && ${b}", "write and"),
        ("${ca} || ${b}", "write or"),
        ("!${ca}", "write not(…) or !="),
        ("${ca} % 2", "write mod"),
        ("${ca} / 2", "write div to divide"),
        ("../ca = 1", "write a question as ${name}"),
        ("${2ca} = 'x'", "character 1: cannot read \"${2ca} = 'x'\"; write a question as ${name}"),
        ("${ca = 'x'", "write a question as ${name}"),
        (
            "ca = 'dem'",
            "character 1: 'ca' is no function; write a text as 'ca', a question as ${ca}",
        ),
        ("chon(${ca}, 'dem')", "'chon' is no function"),
        ("chon()", "functions abs, coalesce, concat"),
        ("Selected(${ca}, 'dem')", "'Selected' is no function"),
        ("selected(${ca} 'dem')", "character 16: expected a comma or a closing parenthesis before"),
        ("selected(${ca}, 'dem'", "a closing parenthesis before 'the end'"),
        ("selected(${ca})", "character 1: selected(…) takes 2 values, not 1"),
        ("round()", "round(…) takes 1 to 2 values, not 0"),
        ("true(1)", "true(…) takes 0 values, not 1"),
        ("selected(,)", "before ','"),
        ("(${ca} = 'dem'", "a closing parenthesis before 'the end'"),
        ("${ca} = 'dem')", "character 14: did not expect ')'"),
        ("${ca} = 'a' ${ca} = 'b'", "character 13: did not expect '${ca}'; write and, or"),
        ("${ca} = 'a' and", "before 'the end'"),
        ("and 1", "before 'and'"),
        ("1 + * 2", "character 5: expected a question"),
        ("not ${ca} = 'a'", "character 5: expected ( after not before '${ca}'"),
        ("${ca} = 1234567890123456", "a number of at most 15 digits"),
        ("${ca} > 1e5", "did not expect 'e5'"),
        ("${ca} = '" + "a" * LONGEST + "'", "longer than 2,000 characters"),
        ("regex(${a}, ${b})", "write the pattern of regex as a text in quotes"),
        ("regex(${a}, concat('a', 'b'))", "write the pattern of regex as a text in quotes"),
    ],
)
def test_a_mistake_says_where_and_what_to_write(source, why):
    with pytest.raises(ExpressionError) as caught:
        parse(source)

    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("${ca}", "${ca} alone is no condition; write ${ca} != ''"),
        ("(${ca})", "write ${ca} != ''"),
        ("${ca} and 1", "write ${ca} != ''"),
        ("1 or not(${ca})", "write ${ca} != ''"),
        ("if(${ca}, 1, 2) = 1", "write ${ca} != ''"),
        ("if(1, ${ca}, 2)", "write ${ca} != ''"),
        ("coalesce(1, ${ca})", "write ${ca} != ''"),
        ("'dem'", "the text 'dem' alone is no condition; compare a question with it"),
        ("concat('a', 'b')", "concat(…) gives a text, which is no condition; compare it"),
        ("today()", "today(…) gives a text"),
        (". > 1", "a . has a meaning in `constraint` only; write ${name}"),
    ],
)
def test_a_bare_answer_is_no_condition_because_engines_disagree_about_it(source, why):
    with pytest.raises(ExpressionError) as caught:
        parse_condition(source)

    assert why in str(caught.value)


@pytest.mark.parametrize("source", ["1", "count-selected(${a})", "if(1, 2, ${a} > 1)", "true()"])
def test_numbers_and_comparisons_are_conditions(source):
    assert parse_condition(source).source == source


def test_the_judged_answer_stands_in_constraints_only():
    assert parse_constraint("${a} < .").tree == call("<", A, Own())
    with pytest.raises(ExpressionError, match="alone is no condition; write what it must be"):
        parse_constraint(".")
    with pytest.raises(ExpressionError, match="in `constraint` only"):
        parse_calculation(". + 1")


# Hostile texts -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opening", "closing"), [("(", ")"), ("not(", ")"), ("-", ""), ("1+(2*", ")"), ("abs(1-", ")")]
)
def test_nesting_is_bounded(opening, closing):
    def nested(depth: int) -> str:
        return opening * depth + "1" + closing * depth

    with pytest.raises(ExpressionError, match=f"nested more than {DEEPEST} deep"):
        parse(nested(200))

    assert parse(nested(20)).value({}, TODAY) is not None
    assert parse("(" * (DEEPEST - 1) + "1" + ")" * (DEEPEST - 1)).tree == Constant(1.0)


def test_long_chains_are_not_deep_but_mixed_ones_are():
    chain = " or ".join(["${ca}='x'"] * 130 + ["${ca}='dem'"])

    assert len(chain) <= LONGEST
    assert parse(chain).holds({"ca": "dem"}, TODAY)
    assert parse("1" + "+1" * 900).value({}, TODAY) == 901
    with pytest.raises(ExpressionError, match="nested more than"):
        parse("1" + "-1" * 900)


signs = ["${a}", "${b}", "'x'", '"y"', "1", ".5", ".", *BINDS, "(", ")", ",", " ", "regex", "'a*'"]
signs += [f"{name}(" for name in FUNCTIONS]


@often
@given(
    source=st.text(st.characters())
    | st.lists(st.sampled_from(signs), max_size=12).map("".join)
    | st.lists(st.sampled_from(signs), max_size=60).map(" ".join)
    | st.sampled_from(signs).map(lambda sign: sign * 700)
    | st.sampled_from(signs).map(lambda sign: f"1 {sign} " * 200)
)
def test_any_text_is_an_expression_or_says_why_not(source):
    try:
        expression = parse(source)
    except ExpressionError as error:
        assert str(error)  # noqa: PT017 - both outcomes are right
    else:
        assert expression.value({"a": "x" * 20_000, "b": ["y"] * 99}, TODAY, "1") is not None
        assert expression.source == source


# Round trip ---------------------------------------------------------------------------------

names = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,5}", fullmatch=True)
quoted = st.text(st.characters(exclude_characters="'", exclude_categories=["C"]), max_size=8)
leaves = (
    st.builds(Reference, names)
    | st.builds(Constant, quoted.filter(lambda text: text.isascii()))
    | st.builds(Constant, st.integers(0, 999).map(float) | st.sampled_from([0.5, 2.25]))
    | st.just(Own())
)


def calls(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """A call of any operator or function over parts that may stand there."""
    yes = st.builds(lambda a, b: Call("<", (a, b)), parts, parts)
    number = st.builds(lambda a: Call("number", (a,)), parts)
    operators = [name for name in BINDS if name not in ("and", "or", "+", "*")]
    pairs = st.builds(lambda f, a, b: Call(f, (a, b)), st.sampled_from(operators), parts, parts)
    chains = st.builds(
        lambda f, some: Call(f, tuple(some)),
        st.sampled_from(["and", "or"]),
        st.lists(yes, min_size=2, max_size=4),
    )
    return (
        pairs
        | chains
        | yes
        | number
        | st.builds(lambda a, b, c: Call("if", (a, b, c)), yes, parts, parts)
        | st.builds(lambda a: Call("not", (a,)), number)
        | st.builds(
            lambda some: Call("concat", tuple(some)), st.lists(parts, min_size=1, max_size=3)
        )
    )


def written(tree: Node) -> str:
    """The text of a tree, with every parenthesis."""
    match tree:
        case Reference(name):
            return f"${{{name}}}"
        case Own():
            return "."
        case Constant(str(text)):
            return f"'{text}'"
        case Constant(number):
            return str(number)
        case Call(sign, parts) if sign in BINDS:
            return f" {sign} ".join(f"({written(part)})" for part in parts)
        case Call(function, parts):
            return f"{function}({', '.join(map(written, parts))})"
    raise AssertionError(tree)


@often
@given(tree=st.recursive(leaves, calls, max_leaves=12))
def test_a_tree_is_read_back_from_its_text(tree):
    assert parse(written(tree)).tree == tree
