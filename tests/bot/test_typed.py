"""What Slack hands on holds nothing that a database cannot store, however it is nested."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from hypothesis import example, given
from hypothesis import strategies as st

from bot.typed import read, read_form, storable

UNFIT = {"\0", *map(chr, range(0xD800, 0xE000))}
texts = st.text(st.characters(categories=None) | st.sampled_from("\0\ud800\udfff"), max_size=5)
bodies = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def said(told: Any) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        for name, value in told.items():
            yield from (name, *said(value))
    elif isinstance(told, list):
        for value in told:
            yield from said(value)


@given(bodies)
def test_nothing_unfit_is_left_and_nothing_else_is_lost(body: Any) -> None:
    fit = storable(body)

    assert not UNFIT & set("".join(said(fit)))
    assert storable(fit) == fit
    if not UNFIT & set("".join(said(body))):
        assert fit == body


@given(bodies, st.booleans())
def test_json_is_read_without_it_however_it_is_written(body: Any, is_loud: bool) -> None:
    text = json.dumps(body)
    if is_loud:
        text = re.sub(r"\\u\w{4}", lambda found: f"\\u{found[0][2:].upper()}", text)

    assert read(text) == storable(json.loads(text))


@given(st.text("ab=&+%0dDaAfF\0", max_size=30))
@example("a%00=b")
@example("half=%ED%A0%80")
def test_a_form_is_read_as_if_each_of_its_texts_were_looked_at(text: str) -> None:
    told = dict(parse_qsl(text, keep_blank_values=True))

    assert read_form(text) == storable(told)
    assert not UNFIT & set("".join(said(read_form(text))))
