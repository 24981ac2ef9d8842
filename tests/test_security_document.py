"""docs/security.md: twenty risks, each met and tested; SECURITY.md invents no address."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs" / "security.md").read_text("utf-8")
REPORTING = (ROOT / "SECURITY.md").read_text("utf-8")
RISKS = re.split(r"^\d+\. ", TEXT, flags=re.MULTILINE)[1:]


def test_there_are_twenty_risks_in_order():
    assert re.findall(r"^(\d+)\. \*\*", TEXT, re.MULTILINE) == [str(n) for n in range(1, 21)]


def test_every_risk_says_how_it_is_met_and_by_which_tests():
    bare = [
        risk[:40]
        for risk in RISKS
        if not re.search(r"\*\*.+?\*\*\s+\S.{30}", risk, re.DOTALL) or "::test_" not in risk
    ]

    assert bare == []


def test_every_named_test_exists():
    named = re.findall(r"`tests/(test_\w+\.py)::(test_\w+)`", TEXT)
    missing = [
        (file, name)
        for file, name in named
        if not (ROOT / "tests" / file).exists()
        or f"def {name}(" not in (ROOT / "tests" / file).read_text("utf-8")
    ]

    assert len(named) >= 40
    assert len(named) == TEXT.count("::")
    assert missing == []


def test_every_risk_that_the_threats_point_at_is_there():
    pointed = {
        int(number)
        for group in re.findall(r"\((\d+(?:, \d+)*)\)", TEXT)
        for number in group.split(", ")
    }

    assert pointed == set(range(1, 21))


def test_reports_go_to_no_invented_address():
    assert re.findall(r"\S+@\S+|\+?\d[\d .]{7,}|https?://\S+", REPORTING) == []
    assert "private" in REPORTING
