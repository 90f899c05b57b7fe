"""A briefing's post is changed where it stands, whatever happens on the way to Slack."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from bot import outcomes
from bot.delivery import MARGIN
from bot.unsure import TRIES
from bot.workspace import Message
from bot.workspace.faults import Fault
from bot.workspace.places import Channel
from storage import authoring, erasure, postings, posts, redaction
from storage.asker import Asker
from storage.deliveries import LEASE, PACE, SETTLE
from storage.models import Briefing, Delivery, DeliveryState, Role
from tests.bot import crashing
from tests.bot.crashing import DIED, Start
from tests.bot.office import POST, SECOND, Office, opened
from tests.factories import NOON

PATIENCE = 0.4
UPDATE, INFO = "chat.update", "conversations.info"
ONCE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
COLUMNS = {
    "sqlite": ("sqlite", False),
    "postgresql": ("postgresql", False),
    "postgresql with Procrastinate": ("postgresql", True),
}
DRIVEN = pytest.mark.parametrize(
    ("database_url", "is_driven"), COLUMNS.values(), ids=COLUMNS, indirect=["database_url"]
)
LOST = [
    Fault.server_error(500),
    Fault.error("internal_error"),
    Fault.hang(seconds=PATIENCE + 0.3),
    Fault.drop_after_accept(),
]


@dataclass
class Room:
    """A channel of members in which Ana has posted a briefing, and a secretary who changes it."""

    office: Office
    sue: Asker
    ana: Asker
    briefing: Briefing
    channel: Channel

    @property
    def now(self) -> datetime:
        """What the workspace's clock says."""
        return self.office.workspace.clock()

    def change(self, title: str) -> None:
        """Give the briefing another title."""
        run, known = self.office.world.database.run, (self.sue, self.now, self.briefing.id)
        what = run(authoring.by_id, *known).what
        run(authoring.revise, *known, authoring.mark(what), replace(what, title=title))

    def messages(self) -> list[Message]:
        """List what stands in the channel."""
        return self.office.workspace.messages(self.channel)

    @property
    def post(self) -> Message:
        """The only message that stands there."""
        (message,) = self.messages()
        return message

    @property
    def title(self) -> str:
        """What the post calls the briefing."""
        return self.post.text.splitlines()[0].partition(" ")[2]

    def redraws(self) -> list[Delivery]:
        """List what was owed to the post."""
        return [row for row in self.office.rows() if row.kind == posts.KIND]

    def states(self) -> list[str]:
        """Say what became of it."""
        return [row.state.value for row in self.redraws()]

    def told(self) -> list[str]:
        """List what the secretary was told."""
        return self.office.texts(self.sue)

    async def process(self, now: datetime, dies: str = "", *, is_driven: bool = False) -> int:
        """Run a process that may die."""
        return await crashing.run(self.start(now, dies, is_driven=is_driven))

    def start(
        self, now: datetime, dies: str = "", *, margin: float = MARGIN, is_driven: bool = False
    ) -> Start:
        """Say what a process is to do."""
        office = self.office
        url = office.world.database.url.render_as_string(hide_password=False)
        slack = f"{office.workspace.url}/api/"
        token, world = office.workspace.bot_token, office.world.id
        return Start(url, slack, token, world, now, dies, None, margin, is_driven)


@pytest.fixture
async def room(database_url: str) -> AsyncIterator[Room]:
    async with opened(database_url, patience=PATIENCE) as office:
        sue = office.world.staff("Sue")
        office.workspace.add_user("Sue", id=sue.slack_user)
        ana = office.member("Ana")
        starts_at = NOON + timedelta(days=7)
        briefing = office.world.briefing("Grooming", starts_at=starts_at)
        members = [ana.slack_user, sue.slack_user]
        channel = office.workspace.add_channel("room", members=members, is_private=True)
        made = Room(office, sue, ana, briefing, channel)
        office.world.database.run(postings.ask, ana, NOON, f"E{briefing.id}", channel.id)
        await office.sender.pump()
        yield made


async def test_it_is_changed_half_a_minute_later_and_is_the_same_message(room: Room) -> None:
    was = room.post.ts
    room.change("Hashing")

    await room.office.pump_after(posts.HOLD - SECOND)
    early = room.title
    await room.office.pump_after(SECOND)

    assert (early, room.title, room.post.ts) == ("Grooming", "Hashing", was)
    assert room.states() == ["sent"]
    assert (room.office.calls(POST), room.office.calls(UPDATE)) == (1, 1)


@ONCE
@pytest.mark.parametrize("fault", LOST, ids=lambda fault: f"{fault.kind} {fault.name}")
async def test_where_slack_does_not_say_what_became_of_it_it_is_changed_again(
    room: Room, fault: Fault
) -> None:
    room.office.workspace.faults.add(UPDATE, fault)
    room.change("Hashing")

    await room.office.pump_after(posts.HOLD)
    unsure = room.states()
    await room.office.pump_after(SETTLE)

    assert (unsure, room.states(), room.title) == (["sending"], ["sent"], "Hashing")
    assert room.office.calls(UPDATE) == 2


@ONCE
async def test_what_was_in_doubt_is_drawn_as_it_is_by_then(room: Room) -> None:
    room.office.workspace.faults.add(UPDATE, Fault.drop_after_accept())
    room.change("Hashing")
    await room.office.pump_after(posts.HOLD)

    room.change("Grooming")
    await room.office.pump_after(SETTLE)
    await room.office.pump_after(PACE)

    assert (room.title, room.states()) == ("Grooming", ["sent", "sent"])


@ONCE
async def test_where_slack_asks_to_wait_it_waits_and_nothing_is_told(room: Room) -> None:
    room.office.workspace.faults.add(UPDATE, Fault.rate_limited(20))
    room.change("Hashing")

    await room.office.pump_after(posts.HOLD)
    room.change("Hashing and more")
    await room.office.pump_after(19 * SECOND)
    waits = (room.states(), room.office.calls(UPDATE))
    await room.office.pump_after(2 * SECOND)

    assert waits == (["pending"], 1)
    assert (room.states(), room.title, room.told()) == (["sent"], "Hashing and more", [])


@ONCE
async def test_while_the_readers_are_not_known_it_stays_and_is_not_given_up(room: Room) -> None:
    room.office.workspace.faults.add(INFO, Fault.server_error(500), times=TRIES + 3)
    room.change("Hashing")

    await room.office.pump_after(posts.HOLD)
    for _ in range(TRIES + 2):
        await room.office.pump_after(outcomes.PARKED)
    unknown = (room.states(), room.title)
    await room.office.pump_after(outcomes.PARKED)

    assert unknown == (["pending"], "Grooming")
    assert (room.states(), room.title, room.told()) == (["sent"], "Hashing", [])


@ONCE
@pytest.mark.parametrize("name", ["cant_update_message", "edit_window_closed", "is_inactive"])
async def test_where_slack_never_takes_it_staff_are_told_once(room: Room, name: str) -> None:
    room.office.workspace.faults.add(UPDATE, Fault.error(name), times=9)

    for title in ("One", "Two"):
        room.change(title)
        await room.office.pump_after(posts.HOLD)
        await room.office.pump_after(PACE)

    assert (room.states(), room.title) == (["dead"], "Grooming")
    (told,) = room.told()
    assert told.startswith("The post of a briefing is kept up to date no more in ")


@ONCE
async def test_with_a_guest_there_it_is_taken_back_also_if_slack_does_not_say_so_at_once(
    room: Room,
) -> None:
    guest = room.office.world.person("Gus", Role.UNKNOWN, is_guest=True)
    room.office.workspace.add_user("Gus", id=guest.slack_user)
    room.channel.members.append(guest.slack_user)
    room.office.workspace.faults.add("chat.delete", Fault.drop_after_accept())
    room.change("Hashing")

    await room.office.pump_after(posts.HOLD)
    await room.office.pump_after(outcomes.PARKED)
    await room.office.pump_after(PACE)
    room.change("Not for Gus")
    await room.office.pump_after(posts.HOLD)

    assert (room.messages(), room.states(), room.office.calls(UPDATE)) == ([], ["dead"], 0)
    (told,) = room.told()
    assert "It was taken back. Somebody in the channel may not see this" in told
    assert "Grooming" not in told


@ONCE
async def test_whoever_posted_it_and_is_gone_is_named_no_more(room: Room) -> None:
    before = room.post.text
    room.channel.members.remove(room.ana.slack_user)
    room.office.world.database.run(erasure.erase, room.ana, room.now, room.ana.person)
    room.change("Hashing")

    await room.office.pump_after(posts.HOLD)

    assert "Posted for Ana" in before
    assert room.title == "Hashing"
    assert "Posted for" not in room.post.text


async def test_removed_while_it_is_drawn_it_is_taken_back_all_the_same(room: Room) -> None:
    room.office.workspace.faults.add(UPDATE, Fault.drop_after_accept())
    room.change("Hashing")
    await room.office.pump_after(posts.HOLD)

    known = (room.sue, room.now, f"E{room.briefing.id}")
    foreseen = room.office.world.database.run(redaction.foreseen, *known)
    room.office.world.database.run(redaction.redact, *known)
    for _ in range(4):
        await room.office.pump_after(SETTLE)

    assert foreseen.copies == 1
    assert room.messages() == []
    assert set(room.office.states) <= {"sent", "skipped"}


async def test_it_is_one_copy_however_often_it_was_drawn(room: Room) -> None:
    for title in ("One", "Two"):
        room.change(title)
        await room.office.pump_after(posts.HOLD)

    known = (room.sue, room.now, f"E{room.briefing.id}")
    redacted = room.office.world.database.run(redaction.redact, *known)
    await room.office.pump_after(PACE)

    assert (redacted.copies, room.messages()) == (1, [])


@DRIVEN
@pytest.mark.parametrize(
    "point", ["after claim", "before body", "after body", "before settle", "after settle"]
)
async def test_after_a_crash_at_any_point_it_stands_as_the_briefing_is(
    room: Room, point: str, *, is_driven: bool
) -> None:
    room.change("Hashing")
    due = NOON + posts.HOLD

    died = await room.process(due, point, is_driven=is_driven)
    lived = await room.process(due + LEASE, is_driven=is_driven)

    assert (died, lived) == (DIED, 0)
    assert (room.title, room.states()) == ("Hashing", ["sent"])


@pytest.mark.parametrize("margin", [0.3, 1e6], ids=["in time", "control"])
async def test_a_process_frozen_before_the_body_puts_nothing_old_back(
    room: Room, margin: float
) -> None:
    room.change("Old")
    due = NOON + posts.HOLD
    sleeper = await crashing.frozen(room.start(due, margin=margin))
    await asyncio.sleep(0.4)
    room.office.workspace.clock.advance(posts.HOLD)
    room.change("New")
    others = [await room.process(due + LEASE), await room.process(due + LEASE + posts.HOLD)]
    meanwhile = room.title

    woken = await crashing.thawed(sleeper)

    assert (others, woken, meanwhile) == ([0, 0], 0, "New")
    # The control: without the deadline it shows again what was true before.
    assert room.title == ("New" if margin < 1 else "Old")
    assert DeliveryState.HELD not in [row.state for row in room.redraws()]
