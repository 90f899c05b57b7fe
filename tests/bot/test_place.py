"""Nothing is posted where somebody may read it whom it is not for, and staff hear of it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot import audience, delivery, outcomes, unsure
from bot.workspace.faults import Fault
from bot.workspace.places import Channel
from storage import postings
from storage.asker import Asker
from storage.models import (
    Audience,
    Briefing,
    NamedReader,
    Person,
    Role,
    Tlp,
    WorkingGroup,
)
from tests.bot.office import SECOND, Office, opened
from tests.factories import NOON

PATIENCE = 0.4
TITLE = "Round table on grooming"
INFO, MEMBERS, WHOAMI = "conversations.info", "conversations.members", "auth.test"
AUDIENCES = ("public", "community", "members", "group", "named", "staff")

# Who is in a channel, and which items of the six audiences may stand there: written from the
# table of section 4, not from the code. The group's and the named readers are Ana and Ben.
EXPECTED: dict[str, tuple[str, ...]] = {
    "public": ("public",),
    "private of members": ("public", "community", "members"),
    "private of those it is for": ("public", "community", "members", "group", "named"),
    "private of staff": AUDIENCES,
    "private with a linked outsider": ("public", "community"),
    "private with a guest nobody linked": ("public",),
    "private with a guest linked as member long ago": ("public", "community"),
    "private with a stranger": ("public",),
    "private with somebody deactivated": ("public",),
    "private with another app": ("public",),
    "private with somebody unmet": ("public",),
    "shared by Slack Connect": ("public",),
    "about to be shared by Slack Connect": ("public",),
    "archived": (),
    "direct messages": (),
    "group of direct messages of members": ("public", "community", "members"),
    "without the bot": (),
}


@dataclass
class Setting:
    """An office with a secretary who is told, a group, and two people who may read most."""

    office: Office
    sue: Asker
    ana: Asker
    ben: Asker
    group: WorkingGroup

    def item(self, level: str) -> Briefing:
        """Make an item of audience *level*."""
        world = self.office.world
        given: dict[str, Any] = {"audience": Audience(level), "tlp": Tlp.CLEAR}
        if level == "group":
            given["audience_group_id"] = self.group.id
        made = world.briefing(f"{TITLE}, for {level}", **given)
        if level == "named":
            for reader in (self.ana, self.ben):
                world.add(
                    NamedReader(item_table="briefings", item_id=made.id, person_id=reader.person)
                )
        return made

    def person(self, name: str, role: Role = Role.MEMBER, **given: Any) -> str:
        """Make somebody who is in Slack and whom the bot has met; give the user id."""
        person: Person = self.office.world.person(name, role, **given)
        self.office.workspace.add_user(name, id=person.slack_user)
        return person.slack_user

    def channel(self, kind: str) -> str:
        """Make a channel of *kind*; give its id."""
        workspace = self.office.workspace
        pair = [self.ana.slack_user, self.ben.slack_user]
        if kind == "direct messages":
            return workspace.dm(self.ana.slack_user).id
        made = workspace.add_channel(
            "room", members=[*pair, *self.more(kind)], is_private=kind != "public"
        )
        if kind == "private of members":
            made.members.append(self.person("Cleo"))
        if kind == "private of staff":
            made.members[:] = [self.sue.slack_user, "U0CONVENE"]
        made.is_ext_shared = kind == "shared by Slack Connect"
        made.is_pending_ext_shared = kind == "about to be shared by Slack Connect"
        made.is_archived = kind == "archived"
        if kind.startswith("group of direct"):
            made.kind = "mpim"
            made.members.append(self.person("Cleo"))
            workspace.scopes.add("mpim:read")
        if kind == "without the bot":
            made.members.remove("U0CONVENE")
        return made.id

    def more(self, kind: str) -> list[str]:
        """Give who is in a channel of *kind* besides Ana and Ben."""
        if kind == "private with a linked outsider":
            return [self.person("Otto", Role.EXTERNAL)]
        if kind == "private with a guest nobody linked":
            return [self.person("Gus", Role.UNKNOWN, is_guest=True)]
        if kind == "private with a guest linked as member long ago":
            return [self.person("Gus", is_guest=True, linked_at=NOON - timedelta(days=181))]
        if kind == "private with a stranger":
            return [self.person("Stan", Role.UNKNOWN, is_stranger=True, slack_team="T0OTHER")]
        if kind == "private with somebody deactivated":
            return [self.person("Dee", is_active=False)]
        if kind == "private with another app":
            return [self.person("Robo", is_bot=True)]
        if kind == "private with somebody unmet":
            return [self.office.workspace.add_user("Una").id]
        return []

    def ask(self, item: Any, channel: str, asker: Asker | None = None) -> None:
        """Owe *channel* the item, as pressing Post here does."""
        # Some places refuse at once; the sender's own check is what is tried here.
        self.office.owe(
            asker or self.sue,
            item,
            key=f"here:{item.id}:{channel}",
            kind="posted_here",
            recipient=channel,
            details={"item": f"E{item.id}", "person": (asker or self.sue).person},
        )

    def said(self, channel: str) -> list[str]:
        """List what stands in *channel*."""
        return [message.text for message in self.office.workspace.messages(channel)]

    def told(self) -> list[str]:
        """List what the secretary was told."""
        return self.office.texts(self.sue)


@pytest.fixture
async def setting(database_url: str) -> AsyncIterator[Setting]:
    async with opened(database_url, patience=PATIENCE) as office:
        yield set_in(office)


@pytest.fixture
async def quick(sqlite_url: str) -> AsyncIterator[Setting]:
    async with opened(sqlite_url, patience=PATIENCE) as office:
        yield set_in(office)


def set_in(office: Office) -> Setting:
    sue = office.world.staff("Sue")
    office.workspace.add_user("Sue", id=sue.slack_user)
    people = [office.world.person(name) for name in ("Ana", "Ben")]
    for person in people:
        office.workspace.add_user(person.name, id=person.slack_user)
    group = office.world.group("Lantern", *people)
    ana, ben = (office.world.asker(person) for person in people)
    return Setting(office, sue, ana, ben, group)


async def settled(setting: Setting) -> None:
    """Send until nothing is owed any more."""
    while "pending" in setting.office.states:
        await setting.office.pump_after(2 * SECOND)


async def pumped(setting: Setting) -> None:
    """Send what is due, then what came of it."""
    await setting.office.sender.pump()
    await setting.office.pump_after(2 * SECOND)


async def test_an_item_stands_only_where_every_reader_may_see_it(setting: Setting) -> None:
    channels = {kind: setting.channel(kind) for kind in EXPECTED}
    items = {level: setting.item(level) for level in AUDIENCES}
    for channel in channels.values():
        for item in items.values():
            setting.ask(item, channel)

    await settled(setting)

    posted = {kind: standing(setting, channel) for kind, channel in channels.items()}
    assert posted == EXPECTED
    refused = [text for text in setting.told() if "did not go" in text]
    due = sum(len(AUDIENCES) - len(levels) for levels in EXPECTED.values())
    assert len(refused) == due
    assert {channel for channel in channels.values() if f"<#{channel}>" in "".join(refused)} == {
        channels[kind] for kind, levels in EXPECTED.items() if levels != AUDIENCES
    }
    assert TITLE not in "".join(setting.told())


def standing(setting: Setting, channel: str) -> tuple[str, ...]:
    said = setting.said(channel)
    return tuple(
        level for level in AUDIENCES if any(f"{TITLE}, for {level}" in text for text in said)
    )


@pytest.mark.parametrize(
    "fault",
    [
        Fault.server_error(500),
        Fault.rate_limited(2),
        Fault.error("internal_error"),
        Fault.error("never_heard_of"),
        Fault.hang(seconds=PATIENCE + 0.3),
        Fault.drop_after_accept(),
    ],
    ids=lambda fault: f"{fault.kind} {fault.name}",
)
@pytest.mark.parametrize("method", [INFO, MEMBERS, WHOAMI])
async def test_while_the_readers_are_not_known_nothing_is_posted(
    quick: Setting, method: str, fault: Fault
) -> None:
    channel = quick.channel("private of members")
    quick.ask(quick.item("members"), channel)
    quick.office.workspace.faults.add(method, fault, times=2)

    await quick.office.sender.pump()
    unknown = (quick.office.states, quick.said(channel))
    quick.office.workspace.faults.clear()
    await quick.office.pump_after(outcomes.PARKED)

    assert unknown == (["pending"], [])
    assert len(quick.said(channel)) == 1


@pytest.mark.parametrize("name", ["missing_scope", "channel_not_found", "is_archived"])
@pytest.mark.parametrize("method", [INFO, MEMBERS])
async def test_where_the_readers_cannot_be_known_it_is_dead_and_staff_are_told_once(
    quick: Setting, method: str, name: str
) -> None:
    channel = quick.channel("private of members")
    quick.ask(quick.item("members"), channel)
    quick.office.workspace.faults.add(method, Fault.error(name))

    await pumped(quick)
    await pumped(quick)

    assert (quick.office.states[0], quick.said(channel)) == ("dead", [])
    (refused, wished) = quick.told()
    assert f"<#{channel}>" in refused
    assert f"<#{channel}>" in wished


async def test_what_cannot_be_checked_for_long_is_given_up_and_staff_are_told(
    quick: Setting,
) -> None:
    channel = quick.channel("private of members")
    quick.ask(quick.item("members"), channel, quick.ana)
    quick.office.workspace.faults.add(INFO, Fault.server_error(500), times=99)

    for _ in range(unsure.TRIES):
        await quick.office.pump_after(outcomes.PARKED)
    await pumped(quick)

    assert (quick.office.states[0], quick.office.calls(INFO)) == ("dead", unsure.TRIES)
    assert any(delivery.UNCHECKED in text for text in quick.told())


CHANGES: dict[str, dict[str, Any]] = {
    "it becomes shared": {"is_ext_shared": True},
    "sharing is on its way": {"is_pending_ext_shared": True},
    "it is archived": {"is_archived": True},
    "it becomes public": {"kind": "public"},
}


async def test_what_changed_in_the_channel_since_it_was_asked_for_counts(
    setting: Setting,
) -> None:
    changes = [*CHANGES, "a guest joins", "an app joins"]
    channels = {change: setting.channel("private of those it is for") for change in changes}
    for level in ("community", "members", "group", "named"):
        item = setting.item(level)
        for channel in channels.values():
            setting.ask(item, channel)

    for change, channel in channels.items():
        place: Channel = setting.office.workspace.channel(channel)
        for flag, value in CHANGES.get(change, {}).items():
            setattr(place, flag, value)
    joins = setting.office.workspace.channel(channels["a guest joins"]).members
    joins.append(setting.person("Gus", Role.UNKNOWN, is_guest=True))
    joins = setting.office.workspace.channel(channels["an app joins"]).members
    joins.append(setting.office.workspace.add_user("Robo", is_bot=True).id)
    await settled(setting)

    assert {change: standing(setting, channel) for change, channel in channels.items()} == (
        dict.fromkeys(changes, ())
    )
    assert len([text for text in setting.told() if "did not go" in text]) == 4 * len(changes)


async def test_what_was_narrowed_since_it_was_asked_for_goes_nowhere(setting: Setting) -> None:
    channel = setting.channel("private of members")
    item = setting.item("members")
    setting.ask(item, channel)

    setting.office.change(item, audience=Audience.STAFF)
    await pumped(setting)

    assert (setting.office.states[0], setting.said(channel)) == ("dead", [])


async def test_who_may_no_longer_see_it_posts_nothing_and_hears_so(setting: Setting) -> None:
    channel = setting.channel("private of staff")
    item = setting.item("members")
    setting.ask(item, channel, setting.ana)
    person = setting.office.world.database.run(lambda s: s.get_one(Person, setting.ana.person))

    setting.office.change(person, role=Role.UNKNOWN)
    await pumped(setting)

    assert (setting.office.states[0], setting.said(channel)) == ("skipped", [])
    (text,) = setting.office.texts(setting.ana)
    assert text.startswith(f"E{item.id} was not posted in <#{channel}>.")
    assert setting.told() == []


async def test_a_digest_obeys_the_same_and_staff_are_told_once(setting: Setting) -> None:
    channel = setting.office.digest(Audience.MEMBERS)
    channel.members.append(setting.person("Gus", Role.UNKNOWN, is_guest=True))

    await pumped(setting)
    await pumped(setting)

    assert (setting.office.states[0], setting.office.texts(channel)) == ("dead", [])
    assert setting.told() == [f"The weekly digest did not go to <#{channel.id}>.\n{audience.SOME}"]


async def test_only_who_still_is_staff_is_told(quick: Setting) -> None:
    old = quick.office.world.person("Old", Role.STAFF, is_guest=True, linked_at=None)
    gone = quick.office.world.person("Gone", Role.ADMIN, is_active=False)
    for person in (old, gone):
        quick.office.workspace.add_user(person.name, id=person.slack_user)
    quick.office.digest(Audience.MEMBERS, is_archived=True)

    await pumped(quick)

    assert len(quick.told()) == 1
    assert quick.office.texts(quick.office.world.asker(old)) == []
    assert [row.recipient for row in quick.office.rows()][1:] == [
        quick.sue.slack_user,
        old.slack_user,
    ]


async def test_every_page_of_readers_is_asked_for(
    quick: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience, "PAGE", 2)
    channel = quick.channel("private of members")
    place = quick.office.workspace.channel(channel)
    place.members.extend(quick.person(f"Member {number}") for number in range(4))
    place.members.append(quick.person("Gus", Role.UNKNOWN, is_guest=True))
    quick.ask(quick.item("members"), channel)

    await pumped(quick)

    assert quick.office.calls(MEMBERS) == 5
    assert (quick.office.states[0], quick.said(channel)) == ("dead", [])


@pytest.mark.parametrize(("level", "state"), [("public", "sent"), ("members", "dead")])
@pytest.mark.parametrize("limit", ["MOST", "PAGES"])
async def test_too_many_to_check_counts_as_not_for_them(
    quick: Setting, monkeypatch: pytest.MonkeyPatch, level: str, state: str, limit: str
) -> None:
    monkeypatch.setattr(audience, "PAGE", 2)
    monkeypatch.setattr(audience, limit, 1)
    channel = quick.channel("private of members")
    quick.ask(quick.item(level), channel)

    await pumped(quick)

    assert quick.office.states[0] == state


async def test_what_says_nothing_of_its_audience_stands_in_no_channel(quick: Setting) -> None:
    channel = quick.channel("private of members")
    quick.office.going(quick.ana, item := quick.item("public"))
    quick.office.owe(quick.ana, item, recipient=channel)

    await quick.office.sender.pump()

    assert (quick.office.states[0], quick.said(channel)) == ("dead", [])
    assert quick.office.rows()[0].reason == audience.UNSAID


@pytest.mark.parametrize("made", ["briefing", "initiative", "resource"])
async def test_each_sort_of_item_is_posted_with_who_wished_it(quick: Setting, made: str) -> None:
    channel = quick.channel("private of members")
    row = getattr(quick.office.world, made)(TITLE)
    letter = {"briefing": "E", "initiative": "I", "resource": "R"}[made]
    asked = quick.office.world.database.run(
        postings.ask, quick.ana, NOON, f"{letter}{row.id}", channel
    )
    again = quick.office.world.database.run(
        postings.ask, quick.ana, NOON + 30 * SECOND, f"{letter}{row.id}", channel
    )

    await pumped(quick)

    (text,) = quick.said(channel)
    assert TITLE in text
    assert "Posted for Ana (" in text
    assert "Post here" not in text
    assert (asked, again) == (True, False)
