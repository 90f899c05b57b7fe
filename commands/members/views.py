"""What people see of whom the bot takes them for, and what staff see of who waits."""

from commands import blocks, cards
from commands.blocks import Block, Message
from commands.words import count, day, escaped, listed, said, spelled, who
from storage.heirs import Handed
from storage.linking import Outcome, Standing
from storage.merging import Merged
from storage.models import Role
from storage.offboarding import Leaving
from storage.pages import Page
from storage.proposals import Line
from storage.roles import Change

LINK, CHANGE = "members.link", "members.change"
OFFBOARD, MORE_WAITING = "members.offboard", "members.more_waiting"


def me(standing: Standing, zone: str) -> Message:
    """Say whom the bot takes the reader for."""
    if standing.role is Role.UNKNOWN:
        return blocks.message(blocks.section(cards.UNLINKED))
    groups = count(standing.groups, "working group")
    return blocks.message(
        blocks.section(
            f"You are *{who(standing.name, standing.organisation)}*, role: "
            f"{spelled(standing.role)}. You sit in {groups}.",
            _until(standing, zone),
        ),
        blocks.context("If that is wrong, tell the secretariat."),
    )


def waiting(page: Page[Line], zone: str) -> Message:
    """List who waits for staff."""
    if not page.total:
        return blocks.message(blocks.section("Nobody waits: everybody is linked and confirmed."))
    return blocks.message(
        blocks.header("To link or confirm"),
        *(block for line in page.rows for block in _line(line, zone)),
        *cards.pages(page, MORE_WAITING, "person", "people"),
        blocks.context("Somebody else: `/members link @Ana Adobe`"),
    )


def linked(outcome: Outcome) -> Message:
    """Say for whom somebody speaks now."""
    name = who(outcome.person.name, outcome.organisation.name)
    if not outcome.changed:
        return blocks.message(
            blocks.section(f"*{name}* is already {spelled(outcome.role)}. Nothing changed.")
        )
    told = "They have been told." if outcome.is_told else "It is confirmed from today."
    return blocks.message(
        blocks.section(
            f"*{name}* is linked, role: {spelled(outcome.role)}. {told} To take it back: "
            "`/members unlink`, with a mention."
        )
    )


def changed(change: Change) -> Message:
    """Say what somebody is now, or what it would cost, and ask for the word."""
    name = f"*{who(change.name, change.organisation)}*"
    is_what = "unlinked" if change.role is Role.UNKNOWN else spelled(change.role)
    if not (change.waits or change.changed):
        return blocks.message(blocks.section(f"{name} is already {is_what}. Nothing changed."))
    seats = count(change.seats, "seat")
    if change.changed:
        freed = f" Freed: {seats} at what is coming." if change.seats else ""
        return blocks.message(blocks.section(f"{name} is {is_what} now.{freed}", _after(change)))
    return blocks.message(
        blocks.section(
            f"{name} would be {is_what}, and lose {seats} at what is coming: "
            "whoever has waited longest gets them. Nothing was changed yet."
        ),
        blocks.actions(
            blocks.button(
                "Do it", CHANGE, change.target, style="danger", about=f"Do it: {change.name}"
            )
        ),
    )


def merged(outcome: Merged) -> Message:
    """Say that a contact is one person now with an account."""
    are = "is" if outcome.answers == 1 else "are"
    return blocks.message(
        blocks.section(
            f"*{who(outcome.person.name, outcome.organisation)}* has Slack now: "
            f"{count(outcome.answers, 'answer')} recorded before {are} theirs, and they are told "
            "of what is to come. The contact is deleted."
        )
    )


def foreseen(leaving: Leaving) -> Message:
    """Say what offboarding would do, and ask for the word."""
    if leaving.is_nothing:
        return gone(leaving)
    return blocks.message(
        blocks.section(
            f"*{said(leaving.name, 80)}*: {count(len(leaving.people), 'person', 'people')} would "
            f"lose their rights. {_held(leaving)}",
            "What is past stays as it was.",
        ),
        blocks.actions(
            blocks.button(
                "Offboard",
                OFFBOARD,
                leaving.target,
                style="danger",
                about=f"Offboard {leaving.name}",
            )
        ),
    )


def gone(leaving: Leaving) -> Message:
    """Say what was done."""
    if leaving.is_nothing:
        return blocks.message(
            blocks.section(f"*{said(leaving.name, 80)}*: nobody is linked, so nothing is left.")
        )
    return blocks.message(
        blocks.section(
            f"*{said(leaving.name, 80)}* is offboarded: "
            f"{count(len(leaving.people), 'person', 'people')}. {_held(leaving)}"
        )
    )


def to_link(line: Line, zone: str) -> Message:
    """Ask staff to link somebody."""
    return blocks.message(
        *_line(line, zone),
        blocks.context(
            "They see what is public until you link them, for example: `/members link @Ana Adobe`"
        ),
    )


def to_offboard(user: str, leaving: Leaving) -> Message:
    """Ask staff to offboard somebody who has left Slack, whom no client lets them mention."""
    name = f"*{said(leaving.name, 80)}*"
    return blocks.message(
        blocks.section(
            f"{name} has left Slack, and can see and do nothing here any more. {_holds(leaving)}",
            f"To free and hand on what they held: `{escaped(f'/members offboard <@{user}>')}`",
        )
    )


def _holds(leaving: Leaving) -> str:
    held = [
        count(number, noun)
        for number, noun in (
            (leaving.answers, "answer"),
            (leaving.seats, "group seat"),
            (leaving.actions, "open item"),
            (leaving.leads, "led initiative"),
        )
        if number
    ]
    return f"They still hold {listed(held)}." if held else ""


def _after(change: Change) -> str:
    if change.role is not Role.UNKNOWN:
        return "They have been told." if change.is_told else ""
    return (
        "They see what is public. Group seats, items and leads stay theirs; to hand those on: "
        "`/members offboard`, with a mention."
    )


def _held(leaving: Leaving) -> str:
    freed = (
        f"{count(leaving.answers, 'answer')} to what is coming freed, "
        f"{count(leaving.seats, 'group seat')} given up"
    )
    if leaving.handed is not None:
        return f"{freed}. {_handed(leaving.handed)}"
    leads = count(leaving.leads, "initiative")
    return f"{freed}, {count(leaving.actions, 'open item')} handed to you, {leads} without a lead."


def _handed(handed: Handed) -> str:
    heir = f"*{who(handed.name, handed.organisation)}*"
    parts = [
        f"{what}{listed(list(numbers))}"
        for what, numbers in (
            ("", handed.items),
            ("the lead of ", handed.leads),
            ("the chair of ", handed.chairs),
        )
        if numbers
    ]
    given = f"To {heir}: {', '.join(parts)}." if parts else f"Nothing to hand to {heir}."
    if not handed.refused:
        return given
    return (
        f"{given} They may not see {listed(list(handed.refused))}: items come to you, initiatives "
        "are without a lead and groups without this chair."
    )


def _until(standing: Standing, zone: str) -> str:
    if standing.until is None:
        yet = "The secretariat has yet to confirm this; until then you see what outside bodies see."
        return yet if standing.has_lapsed else ""
    known = day(standing.until, zone)
    if standing.has_lapsed:
        return (
            f"This was to be confirmed again by {known}. Until the secretariat does, you see what "
            "outside bodies see."
        )
    return (
        f"The secretariat confirms this again by {known}; after that you see what outside bodies "
        "see."
    )


def _line(line: Line, zone: str) -> list[Block]:
    home = f" for {said(line.organisation, 80)}" if line.organisation else ""
    facts = [f"{spelled(line.role)}{home}, {_confirmed(line, zone)}"]
    if line.role is Role.UNKNOWN:
        facts = ["not linked"]
    if line.is_outsider:
        facts.append("a guest or from another organisation")
    if line.proposal:
        facts.append(f"their e-mail address is of {said(line.proposal, 80)}")
    drawn = [blocks.section(f"*{said(line.name, 80)}* · {' · '.join(facts)}")]
    return [*drawn, *(blocks.actions(button) for button in _deciding(line))]


def _confirmed(line: Line, zone: str) -> str:
    if line.until is None:
        return "to be confirmed"
    known = day(line.until, zone)
    return f"to be confirmed again since {known}" if line.has_lapsed else f"confirmed until {known}"


def _deciding(line: Line) -> list[Block]:
    if line.role is Role.UNKNOWN and line.proposal:
        label, home = f"Link as {line.proposal}", line.proposal_id
        about = f"Link {line.name} as {line.proposal}"
    elif line.role is not Role.UNKNOWN and line.organisation_id:
        label, home = "Confirm again", line.organisation_id
        about = f"Confirm {line.name} again"
    else:
        return []
    return [blocks.button(label, LINK, f"{line.id} {home}", about=about)]
