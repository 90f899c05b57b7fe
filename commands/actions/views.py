"""What people see of action items."""

from datetime import datetime

from commands import blocks, cards
from commands.blocks import Block, Message
from commands.cards import SHOW_ACTION
from commands.words import day, said, spelled, who
from storage.actions import Detail, Line, Outcome
from storage.asker import Asker
from storage.models import ActionItem, ActionState, Person
from storage.pages import Page

MORE_MINE = "actions.more_mine"
REOPEN = "actions.reopen"


def mine(page: Page[Line], asker: Asker, now: datetime) -> Message:
    """Draw what the reader has to do, each with its buttons."""
    if not page.rows and not asker.is_linked:
        return blocks.message(blocks.section(f"You have nothing to do here. {cards.UNLINKED}"))
    if not page.rows:
        return blocks.message(
            blocks.section(
                "You have nothing to do here. Note something with "
                "`/actions add Draft the agenda due 3 June`."
            )
        )
    rows = [block for line in page.rows for block in cards.action(line, asker.person, now)]
    return blocks.message(
        blocks.header("Your action items"), *rows, *cards.pages(page, MORE_MINE, "action item")
    )


def detail(shown: Detail, asker: Asker, now: datetime) -> Message:
    """Draw one item in full, with what the reader may do about it."""
    item = shown.item
    stands = {
        ActionState.PROPOSED: f"proposed: {said(item.owner.name, 80)} has not taken it yet",
        ActionState.OPEN: "open",
        ActionState.DONE: f"done by {_doer(item)}",
        ActionState.DECLINED: f"declined by {said(item.owner.name, 80)}",
    }[item.state]
    facts = [
        f"*{stands[0].upper()}{stands[1:]}* · {cards.due(item, now)}",
        f"Owner: {_person(item.owner)}",
        f"Added by {_person(item.creator)} on {day(item.created_at, asker.zone)}",
        *(f"From {short} {said(title, 150)}" for short, title in shown.origins),
    ]
    if item.done_at is not None:
        facts[0] = f"*Done* by {_doer(item)} on {day(item.done_at, asker.zone)}"
    label = "Reason" if item.state is ActionState.DECLINED else "Note"
    if item.note:
        facts.append(f"{label}: {said(item.note, 300)}")
    return blocks.message(
        blocks.header(f"A{item.id} {item.title}"),
        blocks.section(*facts),
        blocks.context(cards.label(item.audience, item.tlp)),
        *_buttons(item, asker),
    )


def added(outcome: Outcome, asker: Asker) -> Message:
    """Say whose the new item is, until when, and what happens next."""
    item = outcome.item
    name, owner = _name(item), _person(item.owner)
    until = f"Due {day(item.due_on)}." if item.due_on else "It has no due date."
    if item.owner_id == asker.person:
        became = f"{name} is yours."
    elif item.state is ActionState.PROPOSED:
        became = f"{name} is proposed to {owner}. It is theirs once they take it; you will hear."
    else:
        became = f"{name} is given to {owner}, who is told."
    same = "" if outcome.changed else " You had just added it, so nothing changed."
    details = blocks.button("Details", SHOW_ACTION, item.id, about=f"Details of A{item.id}")
    return blocks.message(
        blocks.section(f"{became} {until}{same}"),
        *(_buttons(item, asker) or [blocks.actions(details)]),
    )


def done(outcome: Outcome, asker: Asker) -> Message:
    """Say that it is done, or was before, and by whom."""
    item = outcome.item
    if not outcome.changed:
        return blocks.message(blocks.section(_already_done(item, asker)), *_buttons(item, asker))
    note = f"Note: {said(item.note, 300)}" if item.note else ""
    return blocks.message(blocks.section(f"{_name(item)} is done.", note), *_buttons(item, asker))


def reopened(outcome: Outcome, asker: Asker) -> Message:
    """Say that it is to be done again."""
    item = outcome.item
    state = "proposed" if item.state is ActionState.PROPOSED else spelled(item.state)
    became = f"is {state} again." if outcome.changed else f"is {state}. Nothing changed."
    return blocks.message(blocks.section(f"{_name(item)} {became}"), *_buttons(item, asker))


def accepted(outcome: Outcome, asker: Asker) -> Message:
    """Say that it is the reader's now, and that whoever proposed it is told."""
    item = outcome.item
    if item.state is ActionState.DONE:
        became = _already_done(item, asker)
    elif outcome.changed:
        until = f" Due {day(item.due_on)}." if item.due_on else " It has no due date."
        became = f"{_name(item)} is yours.{until} {said(item.creator.name, 80)} is told."
    else:
        became = f"{_name(item)} is yours already. Nothing changed."
    return blocks.message(blocks.section(became), *_buttons(item, asker))


def declined(outcome: Outcome, asker: Asker) -> Message:
    """Say that it is declined, and how to take it after all."""
    item = outcome.item
    if item.state is ActionState.DONE:
        became = _already_done(item, asker)
    elif outcome.changed:
        reason = f" Reason: {said(item.note, 300)}" if item.note else ""
        became = f"{_name(item)} is declined. {said(item.creator.name, 80)} is told.{reason}"
    else:
        became = f"{_name(item)} is declined already. Nothing changed."
    return blocks.message(blocks.section(became), *_buttons(item, asker))


def _name(item: ActionItem) -> str:
    return f"*A{item.id} {said(item.title, 150)}*"


def _person(person: Person) -> str:
    return who(person.name, person.organisation.name if person.organisation else None)


def _doer(item: ActionItem) -> str:
    return said(item.done_by.name, 80) if item.done_by else "somebody who has left"


def _already_done(item: ActionItem, asker: Asker) -> str:
    on = f" on {day(item.done_at, asker.zone)}" if item.done_at else ""
    return f"{_name(item)} is already done by {_doer(item)}{on}. Nothing changed."


def _buttons(item: ActionItem, asker: Asker) -> list[Block]:
    """Draw what *asker* may do about *item* next, if anything."""
    drawn = []
    owns = item.owner_id == asker.person
    if item.state is ActionState.PROPOSED and owns:
        drawn += cards.taking(item.id)
    elif item.state is ActionState.DECLINED and owns:
        drawn.append(cards.taking(item.id)[0])
    elif owns or item.creator_id == asker.person or asker.is_staff:
        if item.state is ActionState.OPEN:
            drawn.append(cards.finishing(item.id))
        if item.state is ActionState.DONE:
            drawn.append(blocks.button("Undo", REOPEN, item.id, about=f"Not done: A{item.id}"))
    return [blocks.actions(*drawn)] if drawn else []
