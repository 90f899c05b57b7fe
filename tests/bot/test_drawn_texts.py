"""Texts that hypothesis draws, typed, filled in and worn as names: shown harmless, kept as seen."""

import html
import json
import re
import unicodedata
from itertools import cycle, product
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.workspace import checks
from commands.initiatives import views
from commands.words import plain
from tests.bot.conftest import Story
from tests.bot.test_canaries import submits
from tests.bot.test_hostile_text import USER, check_all, everywhere, filled, types, unhurried
from tests.figures import DATABASES, TRANSPORTS, figure
from tests.hostile import HOSTILE

# Each way gets its own share of the texts.
WAYS = list(enumerate(product(TRANSPORTS, DATABASES)))
EACH = figure(ci=15, full=750)
NAMED, HANDLE, SPEAKS_FOR = "U0MEMBER", "handle", " (Company One)"
SCRAPS = (
    st.sampled_from(HOSTILE).map(lambda text: text[:60])
    | st.sampled_from("\u200c\u200d\ufe0e\ufe0f\u0301\u20dd\u094d\u180b\U000e0100🏽 a1<>&*क葛👍❤\0")
    | st.text(st.characters(exclude_categories=()), max_size=20)
)
TEXTS = st.builds(
    lambda scraps, times: "".join(scraps) * times,
    st.lists(SCRAPS, min_size=1, max_size=12),
    st.sampled_from((1, 1, 1, 3, 15)),
)
CALLED = re.compile(r"You are \*(.*?)(?<!\u2060)\*")


def drawn() -> list[str]:
    """Draw as many different texts as there are to try, the same ones at every run."""
    texts: dict[str, None] = {}

    @settings(
        max_examples=2 * len(WAYS) * EACH,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(TEXTS)
    def gather(text: str) -> None:
        # As it arrives: in JSON two halves that meet become one character.
        texts[json.loads(json.dumps(text))] = None

    gather()
    return list(texts)[: len(WAYS) * EACH]


async def is_kept(story: Story, view: dict[str, Any], field: str, text: str) -> bool:
    """Let *text* be filled in; what is kept opens in the next form and is the same when sent."""
    written, menus = filled(view)
    fields = {**dict.fromkeys(written, "Fine."), **menus, field: text}
    exchange = await submits(story, USER, views.SAVE, fields, view["private_metadata"])
    checks.check_submission_reply(exchange.body, view)
    if exchange.body["response_action"] == "errors":
        return False
    again = await form(story)
    kept = {
        block["block_id"]: block["element"].get("initial_value", "")
        for block in again["blocks"]
        if block["type"] == "input" and block["block_id"] in written
    }
    assert kept[field].split() == plain(text).split()
    told = await submits(story, USER, views.SAVE, {**menus, **kept}, view["private_metadata"])
    assert "You had just said the same" in told.raw.decode(), text
    return True


async def form(story: Story) -> dict[str, Any]:
    """Open the form about an initiative."""
    await types(story, "/initiatives update I1")
    opened = [sent for sent in story.workspace.sent if sent.method == "views.open"]
    view: dict[str, Any] = opened[-1].args["view"]
    return view


async def is_cut(story: Story, text: str) -> bool:
    """Let somebody be called *text*; they read it whole, or cut between two characters."""
    user = {"id": NAMED, "team_id": "T0CONVENE", "name": HANDLE, "profile": {"real_name": text}}
    assert (await story.workspace.event({"type": "user_change", "user": user})).status == 200
    told = await types(story, "/members me", NAMED)
    found = CALLED.search(told["text"])
    assert found, told["text"]
    shown = html.unescape(found[1].replace("\u2060", "")).removesuffix(SPEAKS_FOR)
    whole = plain(text) or HANDLE
    if shown != whole:
        assert is_between_two(shown.removesuffix("…"), whole), (shown, whole)
    return shown != whole


def is_between_two(kept: str, whole: str) -> bool:
    """Say whether *kept* begins *whole* and leaves off between two of its characters."""
    after = whole[len(kept) :]
    leans = unicodedata.category(after[0])[0] == "M" or after[0] in "\u200c\u200d🏻🏼🏽🏾🏿"
    return whole.startswith(kept) and not leans and kept[-1:] != "\u200d"


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("part", "transport", "database_url"),
    [(part, *way) for part, way in WAYS],
    indirect=["database_url"],
)
async def test_whatever_is_drawn_is_said_back_harmless_and_kept_as_it_is_seen(
    part: int, transport: str, database_url: str
) -> None:
    texts = drawn()[part :: len(WAYS)]
    async with unhurried(database_url, transport=transport) as (story, _):
        openings, view = cycle(everywhere()), await form(story)
        fields, kept, cut = cycle(filled(view)[0]), 0, 0
        for text in texts:
            await types(story, f"{next(openings)} {text}")
            kept += await is_kept(story, view, next(fields), text)
            await types(story, "/initiatives show I1")
            cut += await is_cut(story, text)
        await story.settled()

        assert len(texts) == EACH
        assert min(kept, cut) > EACH / 10, "or the checks above would prove little"
        assert check_all(story) > len(texts)
