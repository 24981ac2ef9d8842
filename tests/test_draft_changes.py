"""What one act changed in a draft, forwards and back."""

from hypothesis import given
from hypothesis import strategies as st

from forms.draft import change_between

PLAIN_VALUES = st.recursive(
    st.text(max_size=3) | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=12,
)
PLAINS = st.dictionaries(st.sampled_from("abc"), PLAIN_VALUES)


@given(PLAINS, PLAINS)
def test_a_change_goes_both_ways(before, after):
    change = change_between(before, after)

    if before == after:
        assert change is None
    else:
        assert change.applied(before) == after
        assert change.inverse.applied(after) == before
