"""JavaRosa, the engine of ODK Collect, is the judge: it must say what our evaluator says.

Three differences are ours on purpose (docs/expressions.md): JavaRosa finds 0 the largest of
negative numbers, counts an empty answer, and reads ISO dates as days only where a question or
date(…) gives them. NaN is no answer there; large and small numbers are written with an exponent.
"""

import math
import random
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
import pyxform
from pyxform.xls2xform import convert

from forms.expressions import Known, parse

pytestmark = pytest.mark.engines

JAR = Path(pyxform.__file__).parent / "validators/odk_validate/bin/ODK_Validate.jar"
JUDGE = Path(__file__).with_name("JavaRosaJudge.java")
ASKED = {
    "t": "text",
    "n": "integer",
    "x": "decimal",
    "d": "date",
    "s": "select_one c",
    "m": "select_multiple c",
}
SOURCES = r"""
${n} > 3|${n} <= ${x}|${n} = 4|${n} = '4'|${n} != ''|${n} = ''|${t} = ''|${t} = 'a b'|${t} != ${s}
${t} = 4|${t} > 3|${t} < ${n}|${s} = 'a'|${m} = 'a b'|'10' > '9'|'a' < 'b'|${x} >= 2.5|${x} = '2.5'
${n} + ${x}|${n} - ${x} - 1|${n} * ${x}|${n} div 4|${n} div ${x}|${n} mod 3|-${n}|- -${n}
${n} mod -3
2 + 3 * 4 - 1|(2 + 3) * 4|8 div 4 div 2|1 - 0.9|0.1 + 0.2 = 0.3|1 < 2 = true()|${n} > 1 and ${x} > 1
${n} > 1 or ${x} > 1|not(${n} > 3)|not(${x} > 3 and ${n} > 3)|${t} != '' and ${n} > 0 or ${s} = 'b'
selected(${m}, 'a')|selected(${m}, 'b') and count-selected(${m}) > 1|selected(${s}, 'a')
selected(${t}, '')|selected(${m}, ' a ')|count-selected(${m})|count-selected(${t})
selected-at(${m}, 0)|selected-at(${m}, 1)|selected-at(${m}, 7)|selected-at(${m}, -1)
if(${n} > 3, 'yes', 'no')|if(${s} = 'a', ${n}, ${x})|coalesce(${t}, 'none')|coalesce(${n}, 7)
coalesce(${n}, ${x})|coalesce(number(${t}), 'x')|string-length(${t})|string-length(${n})
regex(${t}, '[a-z ]+')|regex(${t}, '^[0-9]{2}$')|regex(${n}, '[0-9]')|regex(${t}, '\d*')
regex(${t}, '(a ?)?b')|regex(${t}, 'b')|regex(${t}, '.*')|regex(${t}, '[^0-9]\w?.*')
true()|false()|1 = 2|string(true())|concat(${t}, ${n}, true())|concat(${x}, '', ${s})|concat(${m})
today() > ${d}|${d} < today()|${d} + 1|${d} = '2020-01-01'|${d} = 18262|${d} > date('2024-02-28')
string(date(coalesce(${n}, 1) + 18262))|date('2020-01-31') - date('2020-01-01')
${d} - date('2020-01-01') > 365|int((today() - ${d}) div 365.25) > 3|string(${d})|${d} != ''
round(${x})|round(${x}, 1)|round(${x} * 100, -2)|round(-2.5)|round(-3.5)|round(2.5)|round(1.005, 2)
round(${n} div 3, 2)|int(${x})|int(-${x})|number(${t})|number(true()) + 1|string(${n})|string(${x})
contains(${t}, 'b')|contains(${t}, '')|starts-with(${t}, 'a')|starts-with(${t}, ${s})
substr(${t}, 1)|substr(${t}, 0, 1)|substr(${t}, -2)|substr(${t}, 0, -1)|substr(${t}, 2, 1)
sum(${n})|sum(${x})|max('', 30)|max(${n}, 30)|max(${n}, ${x}, 0)|min('', 30)|min(${n}, ${x})
abs(${n})|abs(${x})|pow(${n}, 2)|pow(2, ${n})|pow(${x}, 0)|pow(0, -1)|1 div 0 = 1 div 0
${t} = true()|'false' = true()|'' = false()|2 = true()|true() > 0|${n} = (${x} > 0)
string-length(concat(${t}, ${m})) * 2 + ${n}
if(selected(${m}, 'a'), ${n} * 2, 0) + coalesce(${x}, 0)
"""
EXPRESSIONS = [source for line in SOURCES.strip().splitlines() for source in line.split("|")]
VALUES: dict[str, list[Known]] = {
    "t": ["a", "a b", "b", "05", "4", "12", "x", "abc", "-3", "2.5", "Lò Thị"],
    "n": [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, -7.0, 40.0, 1200.0],
    "x": [0.1, 2.5, -2.5, 1.005, 3.0, 99.95, 0.0],
    "d": ["2020-01-01", "2024-02-29", "1992-09-05", "2030-05-06"],
    "s": ["a", "b"],
    "m": ["a", "b", "a b", "a b c"],
}
SETS = 120


def answer_sets() -> list[dict[str, Known]]:
    chance = random.Random(42)  # noqa: S311 - no secret
    some = [
        {name: chance.choice(values) for name, values in VALUES.items() if chance.random() < 0.8}
        for _ in range(SETS - 1)
    ]
    return [{}, *some]


def written(value: Known) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def x_form() -> str:
    """The expressions as calculations of an XForm, made by pyxform."""
    survey = "\n".join(f"| | {kind} | {name} | {name} | |" for name, kind in ASKED.items())
    calculated = "\n".join(
        f"| | calculate | c{at} | | {source.replace('|', chr(92) + '|')} |"
        for at, source in enumerate(EXPRESSIONS)
    )
    choices = "\n".join(f"| | c | {name} | {name} |" for name in "abc")
    table = (
        f"| survey |\n| | type | name | label | calculation |\n{survey}\n{calculated}\n"
        f"| choices |\n| | list_name | name | label |\n{choices}\n"
    )
    return convert(table, file_type=".md", validate=False).xform


def judged(folder: Path, sets: list[dict[str, Known]]) -> list[list[str]]:
    """What JavaRosa says: one line per answer set, one value per expression."""
    java = shutil.which("java")
    assert java, "no Java: sudo apt install -y openjdk-17-jdk-headless"
    form, answers = folder / "form.xml", folder / "sets.tsv"
    form.write_text(x_form(), "utf-8")
    lines = ["\t".join(written(known.get(name, "")) for name in ASKED) for known in sets]
    answers.write_text("\n".join(lines) + "\n", "utf-8")
    names = ",".join(f"c{at}" for at in range(len(EXPRESSIONS)))
    done = subprocess.run(
        [java, "-Duser.timezone=UTC", "-cp", JAR, JUDGE, form, answers, ",".join(ASKED), names],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    return [line.split("\t") for line in done.stdout.split("\n")[:-1]]


def agree(ours: Known, theirs: str) -> bool:
    if isinstance(ours, bool):
        return theirs == str(int(ours))
    if isinstance(ours, str):
        return ours == theirs or (ours == "NaN" and not theirs)
    if math.isnan(ours) or not theirs:
        return math.isnan(ours) and not theirs
    return math.isclose(ours, float(theirs), rel_tol=1e-12, abs_tol=1e-12)


def test_javarosa_says_what_we_say(tmp_path: Path) -> None:
    sets, today = answer_sets(), date.today()  # noqa: DTZ011 - JavaRosa reads the clock, too

    told = judged(tmp_path, sets)

    assert [len(line) for line in told] == [len(EXPRESSIONS)] * SETS
    differing = [
        (source, known, ours, theirs)
        for known, line in zip(sets, told, strict=True)
        for source, theirs in zip(EXPRESSIONS, line, strict=True)
        for ours in [parse(source).value(known, today)]
        if not agree(ours, theirs)
    ]
    assert len(EXPRESSIONS) * SETS > 10_000
    assert differing[:5] == []
