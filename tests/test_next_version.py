"""A later version never opens to others what people told in confidence."""

import pytest

from forms.gallery import gallery
from services.errors import Refusal
from services.publishing.publish import check_next_version


def version(form: str, **changed: object):
    return gallery()[form].model_copy(update=changed)


@pytest.mark.parametrize("readers", ["chairs", "women", "inspections"])
def test_complaints_stay_with_the_inspectors(readers):
    with pytest.raises(Refusal, match="F91") as refused:
        check_next_version(version("f91"), version("f91", readers=readers))

    assert refused.value.field == "readers"


def test_anything_else_of_a_confidential_form_may_change():
    check_next_version(version("f91"), version("f91", minutes=9))


@pytest.mark.parametrize("readers", ["chairs", "women", "inspections", "inspectors"])
def test_readers_may_become_fewer_or_others_where_nothing_was_told_in_confidence(readers):
    check_next_version(version("f62"), version("f62", readers=readers))
