"""Hostile text in every word, form, button, name and item: what leaves is valid, inert and seen."""

import json
import re
import unicodedata
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest

from bot.workspace import checks, payloads, responses
from bot.workspace.deliveries import HttpTransport, Parcel
from bot.workspace.sockets import Sockets
from commands import catalog
from commands.briefings.feedback import MORE
from commands.routes import Routes, Word
from storage import guard
from storage.models import Briefing, Person, Rsvp, Standing
from storage.models.row import TITLE_LIMIT
from tests.bot.canaries import LETTERS, MONDAY, Coalition, caged
from tests.bot.conftest import Story
from tests.bot.test_canaries import FORMS, presses, submits
from tests.factories import altering
from tests.figures import figure
from tests.hostile import CORPUS, HOSTILE, MARK

USER = "U0ADMIN"
OVER = 10  # a briefing of three weeks ago
TOLD = "coalition.told"  # what became of a form: nothing is written there
REFERENCE = b"give the secretariat this reference"
# What the bot itself writes between < and >, and what a text may have brought.
TOKEN = re.compile(r"<([^<>]*)>")
OURS = re.compile(
    r"!date\^\d+\^\{time\} your time\|[^|^]*|https://example\.org/[^|]*(\|.*)?|@U0\w+|#C0\w+"
)
CALL = re.compile(r"@(here|channel|everyone)\b", re.IGNORECASE)
FILLERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180e\u2800\u3164\uffa0\U000e0000-\U000e007f]"
)
BROKEN = re.compile(r"one\s*\n\s*two")
EVENTS = {"team_join", "user_change"}
# What says back what was written in a form of each room.
SHOWING = {
    "briefings": "/briefings drafts",
    "initiatives": "/initiatives show I1",
    "coalition": "/coalition digest",
}


@asynccontextmanager
async def unhurried(
    url: str, coalition: Coalition | None = None, transport: str = "http"
) -> AsyncIterator[tuple[Story, Coalition]]:
    """Run the bot among canaries; a shared machine may take its time to answer."""
    async with caged(url, transport, coalition) as (story, told):
        way = story.workspace.courier.transport
        assert isinstance(way, HttpTransport | Sockets)
        way.ack_timeout = 60
        yield story, told


def openings(room: Routes, word: Word) -> Iterator[str]:
    """Give what may stand before a text after *word*: each beginning of its own example."""
    example = re.sub(r"\b([EGRAI])\d+\b", r"\g<1>1", word.example)
    tokens = example.replace("@Ana", "<@U0MEMBER>").split()
    yield from (" ".join(tokens[:end]) for end in range(2, len(tokens) + 1))


def everywhere() -> Iterator[str]:
    """Give every place in a command where somebody may write."""
    for room in catalog.COMMANDS.values():
        yield room.command
        for word in room.words:
            yield from openings(room, word)


def some(texts: tuple[str, ...], number: int, of: int) -> tuple[str, ...]:
    """Give every *of*th text, others for each *number*; with FULL=1 all of them."""
    return texts[number % of :: of] if figure(ci=1, full=0) else texts


async def types(story: Story, typed: str, user: str = USER) -> Any:
    """Let somebody type, whatever a client would make of it; see what is shown, and give it."""
    world = story.workspace.world
    person, channel = world.users[user], world.channels["C0STAFF"]
    name, _, rest = typed.encode("utf-8", "ignore").decode().partition(" ")
    trigger = world.tickets.trigger(user, channel.id, typed)
    ticket = world.tickets.reply(user, channel.id, typed, command=typed)
    body = payloads.command(world, person, channel, name, rest, trigger, ticket)
    exchange = await story.workspace.courier.deliver(Parcel("command", body))
    if exchange.body is not None:
        assert responses.take_ack(world, ticket, exchange.body, exchange.raw) is None, typed
    return exchange.body


def said_in(payload: Any) -> Iterator[tuple[bool, str]]:
    """Give each text of *payload*, and whether Slack reads it as mrkdwn."""
    if isinstance(payload, str) and payload[:1] in {"[", "{"}:
        payload = json.loads(payload)
    for key, value in payload.items() if isinstance(payload, dict) else ():
        if key == "text" and isinstance(value, str):
            yield payload.get("type") != "plain_text", value
    inside = payload.values() if isinstance(payload, dict) else payload
    for value in inside if isinstance(inside, list | type({}.values())) else ():
        if isinstance(value, dict | list):
            yield from said_in(value)


def check(is_mrkdwn: bool, text: str) -> None:
    """See that *text*, which leaves, reaches nobody, hides nothing and breaks no line."""
    assert not FILLERS.search(text), text
    assert not BROKEN.search(text), text
    strange = {c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    assert strange <= {"\n", "\u2060", "\u200c", "\u200d"}, text
    assert not re.search(r"[\u0300-\u036f]{4}|[\ufe0e\ufe0f]{2}|[\u200c\u200d]{2}", text), text
    if is_mrkdwn:
        inside = TOKEN.findall(text)
        assert all(OURS.fullmatch(token) and MARK not in token.casefold() for token in inside), text
        assert not re.search("[<>]", TOKEN.sub("", text)), text
        assert not CALL.search(text), text


def check_all(story: Story) -> int:
    """Check all that the bot sent, and that nothing was an error; say how many texts it were."""
    exchanges = [delivery.exchange for delivery in story.workspace.deliveries]
    assert {exchange.status for exchange in exchanges} == {200}
    assert not any(REFERENCE in exchange.raw for exchange in exchanges)
    different: set[tuple[bool, str]] = set()
    for sent in story.workspace.sent:
        assert sent.ok, (sent.method, sent.details, sent.why)
        assert REFERENCE not in sent.body, sent.why
        different.update(said_in(sent.args))
    for is_mrkdwn, text in different:
        check(is_mrkdwn, text)
    return len(different)


@pytest.mark.timeout(1200)
async def test_what_people_type_is_said_back_harmless_whatever_it_is(sqlite_url: str) -> None:
    async with unhurried(sqlite_url) as (story, _):
        for number, opening in enumerate(everywhere()):
            for text in some(HOSTILE, number, 40):
                await types(story, f"{opening} {text}")
            await types(story, opening)
        await story.settled()

        assert check_all(story) > 100


async def opened(story: Story) -> dict[str, dict[str, Any]]:
    """Open every form there is by what opens it, and give them by id."""
    with altering(story.bot.units.database) as session:  # people are checked in where one meets
        forum = session.get_one(Briefing, 1)  # and asked what is to be known of them
        forum.starts_at, forum.questions = MONDAY, ["Badge name *"]
        over, one = (
            session.get_one(Briefing, OVER),
            session.query(Person).filter_by(slack_user=USER),
        )
        session.add(
            Rsvp(  # who took part says how it was
                workspace_id=over.workspace_id,
                briefing_id=OVER,
                person_id=one.one().id,
                standing=Standing.GOING,
                answered_at=over.starts_at,
            )
        )
    for opening in everywhere():
        await types(story, opening)
    for action in catalog.BUTTONS:
        await presses(story, USER, action, "1")
    await presses(story, USER, MORE, str(OVER))
    await story.settled()
    # The second step of writing a briefing opens by sending the first, the third by its draft.
    first = "briefings.save_what"
    second = await submits(story, USER, first, FORMS[first], "")
    await types(story, f"/briefings publish {FORMS[first]['title']}")
    views = [sent.args["view"] for sent in story.workspace.sent if sent.method == "views.open"]
    views = [view for view in [*views, second.body["view"]] if view["callback_id"] != TOLD]
    return {view["callback_id"]: view for view in views}


def filled(view: dict[str, Any]) -> tuple[list[str], dict[str, str]]:
    """Give the fields of *view* where somebody may write, and what its menus have to begin with."""
    inputs = {
        each["block_id"]: each["element"] for each in view["blocks"] if each["type"] == "input"
    }
    written = [name for name, made in inputs.items() if made["type"] == "plain_text_input"]
    menus = {name: begun(made) for name, made in inputs.items() if name not in written}
    return written, menus


def begun(made: dict[str, Any]) -> str:
    """Give what *made*, which is no field to write in, has to begin with."""
    if made["type"] in {"timepicker", "datepicker"}:
        return str(made.get("initial_time") or made.get("initial_date") or "")
    return str((made.get("initial_option") or made["options"][0])["value"])


@pytest.mark.timeout(1200)
async def test_what_people_write_in_forms_is_said_back_harmless(sqlite_url: str) -> None:
    async with unhurried(sqlite_url) as (story, _):
        forms, tried = await opened(story), set[str]()
        for form, view in forms.items():
            written, menus = filled(view)
            tried |= {form} if written else set()
            for number, field in enumerate(written):
                for text in some(HOSTILE, number, 8):
                    fine = {**dict.fromkeys(written, "Fine."), **menus, **FORMS[form]}
                    fields, about = {**fine, field: text}, view["private_metadata"]
                    exchange = await submits(story, USER, form, fields, about)
                    checks.check_submission_reply(exchange.body, view)
                    await types(story, SHOWING[form.partition(".")[0]])
        await story.settled()
        await story.workspace.open_home(USER)

        assert set(forms) == set(catalog.FORMS)
        # Nobody writes anything there.
        choosing = {"briefings.publish", "briefings.save_checkin", "coalition.save_settings"}
        assert set(forms) - tried == choosing
        assert check_all(story) > 100


@pytest.mark.timeout(1200)
async def test_what_buttons_bring_is_said_back_harmless(sqlite_url: str) -> None:
    async with unhurried(sqlite_url) as (story, _):
        for number, action in enumerate(catalog.BUTTONS):
            for text in some(HOSTILE, number, 40):
                await presses(story, USER, action, text)
        await story.settled()

        assert check_all(story) > 1


@pytest.mark.timeout(1200)
async def test_whatever_slack_says_somebody_is_called_is_one_harmless_line(sqlite_url: str) -> None:
    async with unhurried(sqlite_url) as (story, _):
        for text in some(HOSTILE, 0, 5):
            for event in EVENTS:
                profile = {"real_name": text, "email": f"{text}@example.org"}
                user = {"id": "U0MEMBER", "team_id": "T0CONVENE", "name": text, "profile": profile}
                told = await story.workspace.event({"type": event, "user": user})
                assert told.status == 200, text
            for typed in ("/members offboard <@U0MEMBER>", "/members link <@U0MEMBER> Hotline"):
                await types(story, typed)
        await story.settled()

        assert set(catalog.EVENTS) == {*EVENTS, "app_home_opened", "app_uninstalled"}
        assert check_all(story) > 1


class Hostile(Coalition):
    """A coalition whose every text is hostile."""

    def __init__(self, texts: list[str]) -> None:
        self.supply = cycle(texts)
        super().__init__()
        for entry in (*self.told["organisations"][1:], *self.told["people"]):
            entry["name"] = f"{next(self.supply)} {entry['key']}"

    def text(self, table: str, circle: str, word: str = "Forum") -> str:
        """Take the next text; what becomes part of a link has no word and stays a canary."""
        token = super().text(table, circle, word)
        return f"{next(self.supply)} {token}" if word else token


def storable() -> list[str]:
    """Give the texts that the secretariat's file may hold."""
    return [
        text
        for text in HOSTILE
        if len(text) < TITLE_LIMIT - 40
        and not re.search("[\0\ud800-\udfff]", text)
        and guard.found_in(text) is None
    ]


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("part", range(figure(ci=1, full=3)))
async def test_every_text_of_every_item_is_shown_harmless(sqlite_url: str, part: int) -> None:
    texts = storable()
    supply = Hostile(texts[part * 150 :] + texts)
    async with unhurried(sqlite_url, supply) as (story, coalition):
        for letter, table in ((letter, table) for table, letter in LETTERS.items()):
            for number in range(1, coalition.items(table) + 1):
                await types(story, f"/{table} show {letter}{number}")
                await types(story, f"/briefings who {letter}{number}")
        for opening in everywhere():
            await types(story, opening)
        for action in catalog.BUTTONS:
            for number in range(1, figure(ci=3, full=9)):
                await presses(story, USER, action, str(number))
        await story.workspace.open_home(USER)
        await story.settled()
        await story.workspace.advance(timedelta(days=8))
        await story.settled()

        assert check_all(story) > 100


def test_the_texts_are_many_and_of_every_kind() -> None:
    assert len(HOSTILE) >= 300
    assert all(len(texts) >= 5 for texts in CORPUS.values())
