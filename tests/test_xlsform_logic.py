"""Expressions of foreign workbooks: what means nothing here is told of, and what it would do."""

import pytest
from xlsforms import TYPE, finding, one, questions, read


@pytest.mark.parametrize(
    ("setting", "source", "said", "instead"),
    [
        ("relevant", "once(3) > 1", "The function once()", "always asked"),
        ("relevant", "jr:choice-name(${a}, 'x') = ''", "jr:choice-name()", "always asked"),
        ("relevant", "${a}", "A question alone is no condition", "always asked"),
        ("relevant", "${nope} = 1", "reads nope", "always asked"),
        ("relevant", "${z} = 1", "reads z, which is not asked before", "always asked"),
        ("relevant", "${a} == 1", "cannot be read here", "always asked"),
        ("constraint", "pulldata('x', 'y', 'z', .) = 1", "pulldata()", "Every answer is taken"),
        ("required", "position(..) = 1", "position()", "may be left"),
        ("constraint", "1 = " + "1" * 2_000, "longer than", "Every answer is taken"),
    ],
)
def test_an_expression_that_means_nothing_here_is_told_of(setting, source, said, instead):
    imported = read(
        ("text", "a", "Một", ""),
        ("text", "b", "Hai", source),
        ("integer", "z", "Ba", ""),
        columns=(*TYPE, setting),
    )

    assert not getattr(questions(imported)[1], setting)
    finding(imported, f"survey 3 {setting}", said, instead)


def test_calculations_in_a_circle_go_with_all_that_read_them():
    imported = read(
        ("calculate", "a", "", "${b} + 1"),
        ("calculate", "b", "", "${a} + 1"),
        ("calculate", "c", "", "${a} * 2"),
        ("text", "d", "Câu hỏi", ""),
        columns=(*TYPE, "calculation"),
    )

    assert one(imported).name == "d"
    for row in (2, 3, 4):
        finding(imported, f"survey {row} calculation", "left out")


def test_conditions_that_wait_for_each_other_are_told_of():
    imported = read(
        ("text", "a", "Một", "${b} = '1'"),
        ("text", "b", "Hai", "${a} = '1'"),
        columns=(*TYPE, "relevant"),
    )

    assert questions(imported)[0].relevant is None
    assert questions(imported)[1].relevant.source == "${a} = '1'"
    finding(imported, "survey 2 relevant", "not asked before")
