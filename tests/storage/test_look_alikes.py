"""Look-alike names: what a reader cannot tell apart is the same, what they can is not."""

import pytest

from storage.look_alikes import passes_for_us, skeleton


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Аdobe", "Adobe"),  # Cyrillic
        ("Αdobe", "Adobe"),  # Greek
        ("G00gle", "Google"),
        ("Goog1e", "Google"),
        ("AppIe", "Apple"),
        ("Ａpple", "Apple"),
        ("Ap\u200bple", "Apple"),
        ("Microsоft", "Microsoft"),
        ("SECRETARІAT", "Secretariat"),  # a capital Cyrillic І
        ("Dіscord", "Discord"),
        ("Secre tariat", "Secretariat"),
        ("rnicrosoft", "Microsoft"),
        ("Discօrd", "Discord"),  # Armenian
        ("АррӀе", "Apple"),
    ],
)
def test_a_name_that_looks_like_another_has_its_skeleton(name: str, other: str) -> None:
    assert skeleton(name) == skeleton(other)


@pytest.mark.parametrize(("name", "other"), [("Meta", "Mega"), ("Snap", "Soap"), ("A1", "A2")])
def test_a_name_that_looks_different_has_another(name: str, other: str) -> None:
    assert skeleton(name) != skeleton(other)


@pytest.mark.parametrize(
    ("name", "passes"),
    [
        ("Secretariat", True),
        ("the SECRETARІAT", True),
        ("C0nvene", True),
        ("The Convene", True),
        ("Secretariat of Health", False),
        ("Convener", False),
    ],
)
def test_nobody_else_passes_for_the_secretariat_or_the_bot(name: str, passes: bool) -> None:
    assert passes_for_us(name) is passes
