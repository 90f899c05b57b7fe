"""What is seen of a text: what languages need stays, what hides or piles up goes."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.characters import seen
from tests.hostile import CORPUS, HOSTILE

ACUTE = "\u0301"
texts = st.lists(
    st.sampled_from(HOSTILE).map(lambda text: text[:60])
    | st.sampled_from(
        "\u200c\u200d\ufe0e\ufe0f\u0301\u20dd\u094d\u09cd\u180b\U000e0100 a1क র葛👍❤↔ℹ"
    )
    | st.text(st.characters(exclude_categories=()), max_size=20),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(
    "text",
    [
        "Ana Silva, 2026 – ünïcödé",
        "e\u0301\u0323\u0302",
        "می\u200cخواهم",  # Persian
        "क\u094d\u200dष",  # Devanagari, half a letter
        "ക\u0d4d\u200d and more",  # Malayalam, at the end of a word
        "ക\u0d4d\u200d",
        "র\u200d\u09cdয",  # Bengali: the joiner comes before the sign
        "ن\u064e\u200cن",  # after a mark
        "ᠠ\u180bᠠ",
        "葛\U000e0100城",
        "葛\ufe00",
        "👩\u200d👩\u200d👧\u200d👦",
        "🏳\ufe0f\u200d🌈",
        "🙂\u200d↔\ufe0f",
        "👍🏽\u200d👍",
        "1\ufe0f\u20e3",
        "☺\ufe0e",
        "ℹ\ufe0f",
        "‼\ufe0f",
        "🫩\ufe0f\u200d🫩",  # newer than some Pythons
        "🇧🇪",
        "\U0001faff\ufe0f",
        "葛\U000e01ef",
        "a\ufdff\uffef\U000dffff\U000e1000",
        "သ\u103cေ\u102c\u1038",  # four signs of Burmese on one letter
    ],
)
def test_what_writing_needs_stays(text: str) -> None:
    assert seen(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\u200db", "ab"),
        ("a\u200cb", "ab"),
        ("ن\u200ca", "نa"),
        ("ن\u200cक", "نक"),
        ("ن\u200c ن", "ن ن"),
        ("\u200dن", "ن"),
        ("ن\u200d", "ن"),
        ("ن\u200c\u200dن", "ن\u200dن"),
        ("👍\u200d", "👍"),
        ("👍\u200da", "👍a"),
        ("a\u200d👍", "a👍"),
        ("👍\u200c👍", "👍👍"),
        ("👍\ufe0f\ufe0f", "👍\ufe0f"),
        ("👍\U000e0173\U000e0169", "👍"),
        ("👍\u200d\ufe0f👍", "👍\u200d👍"),
        ("a\ufe0f", "a"),
        ("a\ufe00", "a"),
        ("a\ufe0d\U000e0100\U000e01ef", "a"),
        ("葛\u180b", "葛"),
        ("ᠠ\ufe00", "ᠠ"),
        ("葛\ufe0f", "葛"),
        (" \ufe0f", " "),
        ("\ufe0f", ""),
        ("e" + ACUTE * 4, "e" + ACUTE * 3),
        ("e" + ACUTE * 200 + "f" + ACUTE, "e" + ACUTE * 3 + "f" + ACUTE),
        ("e\u0301\u034f\u0301\u0301\u0301", "e\u0301\u0301\u0301"),
        ("\u0301a", "a"),
        ("a \u0338b", "a b"),
        ("a\u3164b", "a b"),
        ("a\u2800b\uffa0c", "a b c"),
        ("a\u115f\u1160\u17b4\u17b5\u2065\U00016fe4b", "ab"),
        ("a\ufff0\ufff8\U000e0000\U000e00ff\U000e01f0\U000e0fffb", "ab"),
        ("a\u180eb", "ab"),
        ("\U000e0068\U000e0069", ""),
        ("a\u202eb\u2066c\u2069\u200f\u061c", "abc"),
        ("a\ud83db\udfff", "ab"),
        ("a\nb\tc\r\nd\u2028e\u0085f", "a b c  d e f"),
        ("a\x00b\x1bc\x7fd\x9fe", "abcde"),
        ("\ufff7", ""),
        ("\ufff9\ufffb", ""),
        ("\ufffc\ufffd", "\ufffc\ufffd"),
        ("\U0001efff\ufe0f", "\U0001efff"),
    ],
)
def test_what_hides_or_piles_up_goes(text: str, left: str) -> None:
    assert seen(text) == left


@given(texts)
def test_what_is_seen_is_seen_as_it_is(text: str) -> None:
    once = seen(text)

    assert seen(once) == once
    assert len(once) <= len(text)
    strange = {c for c in once if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    assert strange <= {"\u200c", "\u200d"}
    assert not re.search("[\u200c\u200d]{2}|[\ufe0e\ufe0f]{2}|[\u0300-\u036f]{4}", once)


@pytest.mark.parametrize("kind", ["blanks", "turns", "controls"])
def test_words_around_what_is_not_seen_stay(kind: str) -> None:
    for text in CORPUS[kind]:
        if text.startswith("one"):
            assert seen(text).replace(" ", "").replace("\u3000", "") == "onetwo"
