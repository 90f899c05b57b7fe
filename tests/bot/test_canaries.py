"""Nobody hears of what is not theirs: twelve people, every surface, in every byte that leaves."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from itertools import product

import pytest

from bot.__main__ import NOISY
from bot.workspace import payloads
from bot.workspace.deliveries import Exchange, Parcel
from commands import catalog
from commands.routes import Routes
from tests.bot.canaries import ACTORS, CANARY, LETTERS, Coalition, caged
from tests.bot.conftest import Story
from tests.figures import TRANSPORTS, figure, in_turn, ways

# Joining changes what one may see from then on, rightly; tests/storage/test_sharing.py tells of it.
STEPS = {"groups.join", "groups.leave"}
FORMS = {
    "briefings.save_checkin": {"came_0": "1\n2"},
    "initiatives.save": {"health": "on_track", "text": "Moved on.", "next_step": "", "reason": ""},
    "coalition.save_order": {
        "edition": "members",
        "about": "3",
        "days": "monday",
        "at": "13:00",
        "zone": "UTC",
        "sections": "attention\nresources",
        "topics": "",
    },
    "coalition.save_settings": {
        "digest": "daily",
        "at": "13:00",
        "sections": "items\nresources",
        "topics": "",
        "muted": "actions",
        "back": "",
        "quiet_from": "22:00",
        "quiet_until": "07:00",
    },
    "briefings.save_what": {
        **dict.fromkeys(("last_day", "venue", "city", "join_link", "summary", "agenda"), ""),
        "title": "Round table",
        "kind": "briefing",
        "day": "2026-12-08",
        "at": "10:00",
        "until": "11:00",
        "zone": "UTC",
        "place": "virtual",
    },
    "briefings.save_terms": {
        **dict.fromkeys(("hosts", "speakers", "company_seats", "opens", "closes"), ""),
        "audience": "members",
        "label": "AMBER",
        "capacity": "9",
        "waitlist": "yes",
        "approval": "",
        "notices": "recording",
        "questions": "Dietary needs",
    },
    "briefings.publish": {},
    "briefings.save_particulars": {"answer_0": "Vegetarian"},
    "briefings.save_sessions": {
        "day_2026-11-24": "12:30-13:00 | Opening | Main | Hall 2 | Hotline"
    },
    "briefings.save_feedback": {"remark": "Well prepared."},
}
UPTO = 10  # no table has more rows
OURS = ("bot", "commands", "storage")


class Ear:
    """What left for anybody since it began to listen: calls, answers, and lines of the log."""

    def __init__(self, story: Story, log: pytest.LogCaptureFixture) -> None:
        self.story, self.log = story, log
        self.sent, self.told = len(story.workspace.sent), len(story.workspace.deliveries)

    def heard(self) -> set[str]:
        """Give the canaries in every byte that left."""
        sent = self.story.workspace.sent[self.sent :]
        answered = self.story.workspace.deliveries[self.told :]
        raw = [each.body for each in sent] + [each.exchange.raw for each in answered]
        return set(CANARY.findall(b"\n".join(raw).decode("utf-8", "replace")))

    def logged(self) -> set[str]:
        """Give the canaries in the log."""
        return set(CANARY.findall(self.log.text))


def texts(room: Routes, coalition: Coalition) -> Iterator[str]:
    """Give what may follow a word: nothing, every id of the room, some of others, titles, pages.

    With FULL=1 rooms without a table of their own get every id of every table.
    """
    own = next((letter for table, letter in LETTERS.items() if table == room.room), "")
    yield from ("", "2", "Forum", "Forun", "purpose", "topic:x", "level:staff Forum")
    for table, letter in LETTERS.items():
        every = letter == own or figure(ci=0, full=not own)
        upto = coalition.items(table) if every else figure(ci=1, full=2)
        yield from (f"{letter}{number}" for number in range(1, upto + 1))


async def types(story: Story, user: str, typed: str) -> None:
    """Let *user* type, whatever their client would say: a request may come from anywhere."""
    world = story.workspace.world
    person, channel = world.users[user], world.dm(world.users[user])
    name, _, rest = typed.partition(" ")
    trigger = world.tickets.trigger(user, channel.id, typed)
    ticket = world.tickets.reply(user, channel.id, typed, command=typed)
    body = payloads.command(world, person, channel, name, rest, trigger, ticket)
    await story.workspace.courier.deliver(Parcel("command", body))


async def presses(story: Story, user: str, action: str, value: str) -> Exchange:
    """Let *user* press a button that was perhaps never shown to them."""
    world = story.workspace.world
    body = payloads.interaction(world, "block_actions", world.users[user])
    body["trigger_id"] = world.tickets.trigger(user, world.dm(world.users[user]).id, action)
    body["container"] = {"type": "view", "view_id": "V1"}
    body["actions"] = [
        {"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": "1.1"}
    ]
    return await story.workspace.courier.deliver(Parcel("interactive", body))


async def submits(
    story: Story, user: str, form: str, fields: dict[str, str], about: str
) -> Exchange:
    """Let *user* send a form about *about* that was perhaps never opened for them."""
    world = story.workspace.world
    body = payloads.interaction(world, "view_submission", world.users[user])
    body["trigger_id"] = world.tickets.trigger(user, world.dm(world.users[user]).id, form)
    values = {
        name: {name: {"type": "plain_text_input", "value": given}} for name, given in fields.items()
    }
    plain = {"type": "plain_text", "text": "Form"}
    body["view"] = {
        "id": "V1",
        "hash": "1.a",
        "type": "modal",
        "callback_id": form,
        "private_metadata": about,
        "title": plain,
        "state": {"values": values},
        "blocks": [{"type": "input", "block_id": name} for name in fields],
    }
    return await story.workspace.courier.deliver(Parcel("interactive", body))


def listen(log: pytest.LogCaptureFixture) -> None:
    """Hear all that we say, and of the libraries what is heard where the bot runs."""
    log.set_level(logging.INFO)
    for name in OURS:
        log.set_level(logging.DEBUG, name)
    for name in NOISY:
        log.set_level(logging.ERROR, name)


WAYS = ("user", "transport", "database_url")


@pytest.mark.timeout(figure(ci=600, full=3600))
@pytest.mark.parametrize(WAYS, ways(ACTORS), indirect=["database_url"])
async def test_nobody_hears_of_what_is_not_theirs(
    user: str, transport: str, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    listen(caplog)
    async with caged(database_url, transport) as (story, coalition):
        ear = Ear(story, caplog)
        turn = list(ACTORS).index(user)
        await everything(story, coalition, user, turn + turn // 4)  # not the same way each time
        await types(story, user, "/coalition privacy my data")
        await story.bot.scheduler.beat()

        assert ear.heard() <= coalition.allowed(user)
        assert ear.logged() == set()
        # The control: what one may hear, one does hear, so that silence is no pass.
        titles = {
            token
            for token in coalition.allowed(user)
            if not token.startswith("cnryacti") or user in {"U0STAFF", "U0ADMIN"}
        }
        assert len(ear.heard()) >= 0.6 * len(titles)


async def everything(story: Story, coalition: Coalition, user: str, turn: int) -> None:
    """Let *user* use every surface with every id, or half of them: words, buttons, forms, Home."""
    for typed in in_turn(commands(coalition), turn):
        await types(story, user, typed)
    await story.settled()
    numbers = [str(number) for number in range(1, UPTO + 1)]
    for action, number in in_turn(product(sorted(set(catalog.BUTTONS) - STEPS), numbers), turn):
        await presses(story, user, action, number)
    for form, number in in_turn(product(catalog.FORMS, numbers), turn):
        await submits(story, user, form, FORMS[form], number)
    await story.settled()
    if user != "U0GONE":
        await story.workspace.open_home(user)
    await story.settled()


def commands(coalition: Coalition) -> Iterator[str]:
    """Give every word of every command with all that may follow it."""
    for room in catalog.COMMANDS.values():
        for word in ["", *(word.word for word in room.words)]:
            if f"{room.room}.{word}" not in STEPS:
                for text in texts(room, coalition):
                    more = f"{text} yes" if word == "rsvp" else text
                    yield f"{room.command} {word} {more}".strip()


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_channel_hears_what_is_for_all_who_read_it_and_a_person_what_is_theirs(
    database_url: str, transport: str, caplog: pytest.LogCaptureFixture
) -> None:
    listen(caplog)
    async with caged(database_url, transport) as (story, coalition):
        for user in ACTORS:
            await types(story, user, "/coalition digest weekly")
        before = len(story.workspace.sent)
        await story.workspace.advance(timedelta(days=8))
        await story.settled()

        heard: dict[str, set[str]] = {}
        for sent in story.workspace.sent[before:]:
            canaries = set(CANARY.findall(sent.body.decode("utf-8", "replace")))
            heard.setdefault(str(sent.args.get("channel")), set()).update(canaries)
        circles = {
            channel: {coalition.circle[token] for token in tokens}
            for channel, tokens in heard.items()
        }

    told = {user for user in ACTORS if heard.get(user)}
    assert told == ACTORS.keys() - {"U0GONE"}
    assert [user for user in told if not heard[user] <= coalition.allowed(user)] == []
    assert circles["C0PUBLIC"] == {"public"}
    assert circles["C0MEMBERS"] == {"public", "community", "members"}
    assert circles["C0GROUP"] == {"public", "community", "group"}
    assert circles["C0STAFF"] >= {"public", "community", "members", "group", "named", "staff"}
    assert set(CANARY.findall(caplog.text)) == set()


async def test_every_form_there_is_has_its_fields_here() -> None:
    assert set(FORMS) == set(catalog.FORMS)


def test_there_are_twelve_people_and_forty_items() -> None:
    coalition = Coalition()

    assert len(ACTORS) == 12
    assert sum(coalition.items(table) for table in LETTERS) == 40
    assert max(coalition.items(table) for table in LETTERS) <= UPTO
