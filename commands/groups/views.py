"""What people see of working groups."""

from commands import blocks, cards
from commands.blocks import Block, Message
from commands.cards import SHOW_BRIEFING, SHOWN_BY, label, where
from commands.words import channel, count, day, listed, said, spelled, when, who
from storage.asker import Asker
from storage.groups import Detail, Line, Meeting, Party
from storage.models import Role, WorkingGroup
from storage.pages import Page
from storage.seats import Outcome

MORE_MINE = "groups.more_mine"
MORE_ALL = "groups.more_all"
JOIN = "groups.join"
LEAVE = "groups.leave"
NOUN = "group"
ORGANISATIONS_SHOWN = 40
NAMES_SHOWN = 8


def mine(page: Page[Line], asker: Asker) -> Message:
    """Draw the groups the reader sits in."""
    if not page.rows:
        return blocks.message(
            blocks.section("You sit in no working group. See which there are with `/groups all`.")
        )
    return _list("Your working groups", page, asker, MORE_MINE)


def every(page: Page[Line], asker: Asker) -> Message:
    """Draw the groups the reader may see."""
    if not page.rows:
        link = "" if asker.is_linked else " " + cards.UNLINKED
        return blocks.message(blocks.section(f"There is no working group you can see yet.{link}"))
    return _list("Working groups", page, asker, MORE_ALL)


def detail(shown: Detail, asker: Asker) -> Message:
    """Draw one group in full: purpose, chairs, people, cadence, channel, next meeting."""
    group = shown.group
    return blocks.message(
        blocks.header(f"G{group.id} {group.title}"),
        blocks.section(said(group.purpose, 1000) or "Its purpose is not written down yet."),
        blocks.section(*_how(group), *_chairs(shown), *_roster(shown, asker)),
        _meeting(shown.meeting, asker.zone),
        blocks.context(label(group.audience, group.tlp)),
        *_standing(shown, asker),
    )


def joined(outcome: Outcome, zone: str) -> Message:
    """Say that the reader sits in a group now, or since when they already do."""
    group = outcome.group
    seat = f" for {said(outcome.organisation, 80)}" if outcome.organisation else ""
    became = (
        f"You now sit in {_named(group)}{seat}."
        if outcome.changed
        else f"You already sit in {_named(group)}{seat}, since {day(outcome.since, zone)}. "
        "Nothing changed."
    )
    return blocks.message(
        blocks.section(became + _told(outcome), *_how(group)),
        blocks.actions(_show(group.id), _leave(group.id)),
    )


def left(outcome: Outcome) -> Message:
    """Say that the reader has left a group, and how to come back."""
    group = outcome.group
    back = (
        "You can join again whenever you like."
        if outcome.may_join
        else "To come back, ask one of its chairs or the secretariat."
    )
    return blocks.message(
        blocks.section(f"You have left {_named(group)}.{_told(outcome)}", back),
        *([blocks.actions(_join(group.id, "Join again"))] if outcome.may_join else []),
    )


def _list(title: str, page: Page[Line], asker: Asker, more: str) -> Message:
    drawn: list[Block] = [blocks.header(title)]
    for line in page.rows:
        drawn.append(cards.group(line, asker.zone))
        if asker.is_linked and line.is_open and line.since is None:
            drawn.append(blocks.actions(_join(line.id)))
    return blocks.message(*drawn, *cards.pages(page, more, NOUN))


def _how(group: WorkingGroup) -> list[str]:
    return [
        f"Meets: {said(group.cadence, 150)}" if group.cadence else "",
        f"Channel: {channel(group.channel)}" if group.channel else "",
        "" if group.is_open else "Joined through its chairs.",
    ]


def _chairs(shown: Detail) -> list[str]:
    chairs = [who(one.name, one.organisation) for one in shown.chairs]
    return [f"{'Chair' if len(chairs) == 1 else 'Chairs'}: {listed(chairs)}"] if chairs else []


def _roster(shown: Detail, asker: Asker) -> list[str]:
    if not asker.is_linked:
        return [
            "Who sits here is shown to people the secretariat has linked to an organisation. "
            "Ask the secretariat to link you."
        ]
    if not shown.people:
        return ["Nobody sits here yet."]
    lines = [f"*{count(shown.people, 'person', 'people')}*"]
    lines += [_party(party) for party in shown.parties[:ORGANISATIONS_SHOWN]]
    if len(shown.parties) > ORGANISATIONS_SHOWN:
        lines.append(f"• and {len(shown.parties) - ORGANISATIONS_SHOWN} more organisations")
    if asker.role is Role.EXTERNAL and shown.since is None:
        lines.append("Names are shown to those who sit here and to member companies.")
    return lines


def _party(party: Party) -> str:
    if not party.names:
        kind = spelled(party.kind).capitalize() if party.kind else "No organisation"
        return f"• {kind}: {party.people}"
    names = listed([said(name, 80) for name in party.names], NAMES_SHOWN)
    return f"• {said(party.organisation, 80) or 'No organisation'}: {names}"


def _meeting(meeting: Meeting | None, zone: str) -> Block:
    if meeting is None:
        return blocks.section("No next meeting you can see is planned.")
    return blocks.section(
        f"Next meeting: E{meeting.id} {said(meeting.title, 150)}",
        when(meeting.starts_at, zone, meeting.zone, meeting.precision),
        where(meeting.place, meeting.city),
        accessory=blocks.button(
            "Details", SHOW_BRIEFING, meeting.id, about=f"Details of E{meeting.id}"
        ),
    )


def _standing(shown: Detail, asker: Asker) -> list[Block]:
    group = shown.group
    if shown.since is not None:
        since = f"You joined on {day(shown.since, asker.zone)}."
        return [blocks.context(since), blocks.actions(_leave(group.id))]
    if asker.is_linked and group.is_open:
        return [blocks.actions(_join(group.id))]
    return []


def _told(outcome: Outcome) -> str:
    if not outcome.told:
        return ""
    chairs = listed([said(name, 80) for name in outcome.told])
    return f" {chairs}, who {'chairs' if len(outcome.told) == 1 else 'chair'} it, will be told."


def _named(group: WorkingGroup) -> str:
    return f"*G{group.id} {said(group.title, 150)}*"


def _show(group_id: int) -> Block:
    return blocks.button("Details", SHOWN_BY["G"], group_id, about=f"Details of G{group_id}")


def _join(group_id: int, wording: str = "Join") -> Block:
    return blocks.button(wording, JOIN, group_id, about=f"{wording}: G{group_id}")


def _leave(group_id: int) -> Block:
    return blocks.button("Leave", LEAVE, group_id, about=f"Leave G{group_id}")
