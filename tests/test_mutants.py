"""The faults that measure the tests: each kind is made, one at a time."""

import pytest

from storage import policy
from tests.mutants import faults


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a < 1", {"a <= 1", "a < 2", "a < 0"}),
        ("a is not b", {"a is b"}),
        ("a in b and c", {"a not in b and c", "a in b or c"}),
        ("x = not a", {"x = a"}),
        ("x = a + b", {"x = a - b"}),
        ("x = True", {"x = False"}),
        ("x = Tlp.CLEAR", {"x = Tlp.GREEN"}),
        ("x = Tlp.RED", {"x = Tlp.CLEAR"}),
        ("x = sa.or_(a)", {"x = sa.and_(a)"}),
        ("x = any(a)", {"x = all(a)"}),
        ("x.y = a", {"pass"}),
        ("f(a)", {"pass"}),
        ("raise a", {"pass"}),
        ("x = b if a else c", {"x = b if not a else c"}),
        ("def f():\n    return a", {"def f():\n    return None"}),
        ("def f(a: b | c) -> b | c:\n    pass", set[str]()),
        ('"""A sentence."""', set[str]()),
        ("x = 'text'", set[str]()),
    ],
)
def test_each_small_fault_is_made(text: str, made: set[str]) -> None:
    given = {mutated for _, mutated in faults(text, policy)} - {"pass"}

    assert given == made - {"pass"}


def test_a_fault_is_the_only_one() -> None:
    text = "a < b\nc < d\ne and f\ng(x.y and z)"

    for line, mutated in faults(text, policy):
        before, after = text.splitlines(), mutated.splitlines()
        assert [n for n in range(4) if before[n] != after[n]] == [line - 1]
