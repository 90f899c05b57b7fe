"""Action items: who does what by when, and what became of it."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.orm import aliased, selectinload

from storage import audit, deliveries, guard, titles
from storage.asker import Asker
from storage.crowds import line_of
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import (
    ActionItem,
    ActionState,
    Briefing,
    Initiative,
    Organisation,
    Person,
    WorkingGroup,
)
from storage.pages import Page, listing
from storage.policy import scope
from storage.scoping import unscoped

NOTE_LIMIT = 300
States = tuple[ActionState, ...]
LIVE: States = (ActionState.OPEN, ActionState.PROPOSED)


@dataclass(frozen=True)
class Line:
    """An item in a list. *organisation* is the owner's at the time it was given."""

    id: int
    title: str
    state: ActionState
    due_on: date | None
    due_at: datetime | None
    done_at: datetime | None
    owner_id: int
    owner: str
    organisation: str | None
    creator: str
    done_by: str | None


@dataclass(frozen=True)
class Detail:
    """One item in full. *origins* are what it came from, as far as the asker may see that."""

    item: ActionItem
    origins: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Outcome:
    """What became of an item. *changed* is False when it already stood so."""

    item: ActionItem
    changed: bool


_WHOLE = unscoped(
    sa.select(ActionItem)
    .options(
        selectinload(ActionItem.owner).selectinload(Person.organisation),
        selectinload(ActionItem.creator).selectinload(Person.organisation),
        selectinload(ActionItem.done_by),
        selectinload(ActionItem.organisation),
    )
    .execution_options(populate_existing=True),
    "an item that was just found for whoever asks",
)
OWNER, CREATOR, _doer = aliased(Person), aliased(Person), aliased(Person)
EVERY = (
    sa.select(
        ActionItem.id,
        ActionItem.title,
        ActionItem.state,
        ActionItem.due_on,
        ActionItem.due_at,
        ActionItem.done_at,
        ActionItem.owner_id,
        OWNER.name.label("owner"),
        Organisation.name.label("organisation"),
        CREATOR.name.label("creator"),
        _doer.name.label("done_by"),
    )
    .join(OWNER, ActionItem.owner_id == OWNER.id)
    .join(CREATOR, ActionItem.creator_id == CREATOR.id)
    .outerjoin(_doer, ActionItem.done_by_id == _doer.id)
    .outerjoin(Organisation, ActionItem.organisation_id == Organisation.id)
)
LINES = EVERY.where(scope(ActionItem))
_STATES: sa.BindParameter[ActionState] = bindparam("states", expanding=True)
_IS_MINE = sa.and_(ActionItem.owner_id == bindparam("asker"), ActionItem.state.in_(_STATES))
SOONEST = (ActionItem.due_at.is_(None), ActionItem.due_at, ActionItem.id)
_MINE = listing(ActionItem, LINES, SOONEST, _IS_MINE)


def mine(
    session: Session, asker: Asker, now: datetime, page: int = 0, states: States = LIVE
) -> Page[Line]:
    """List what the asker owns and that is in one of *states*, due soonest first, undated last."""
    values = asker.binds() | {"states": states}
    return _MINE.read(session, values, page).made(line_of(Line))


def show(session: Session, asker: Asker, now: datetime, called: str) -> Detail:
    """Show the item *called* so. Raises Refusal where none or several are."""
    found = titles.find(session, asker, ActionItem, called, among=ActionItem.state.in_(LIVE))
    item = loaded(session, found.id)
    origins: list[tuple[str, str]] = []
    for model, number in (
        (Briefing, item.briefing_id),
        (WorkingGroup, item.group_id),
        (Initiative, item.initiative_id),
    ):
        statement = sa.select(model.id, model.title).where(scope(model), model.id == number)
        origins += [
            (f"{titles.LETTERS[model]}{row.id}", row.title)
            for row in session.execute(statement, asker.binds())
        ]
    return Detail(item, tuple(origins))


@writes
def done(
    session: Session, asker: Asker, now: datetime, called: str, note: str | None = None
) -> Outcome:
    """Mark the item *called* so as done; done before, it stays as it was.

    Raises Refusal for anybody but its owner, its creator and staff.
    """
    item = _held(session, asker, called, among=ActionItem.state.in_(LIVE))
    _check_may_close(asker, item)
    if item.state is ActionState.DONE:
        return Outcome(item, changed=False)
    if item.state is ActionState.DECLINED:
        raise Refusal(
            f"A{item.id} was declined by {item.owner.name}, so it cannot be done. Add it again "
            "for whoever will do it."
        )
    _check_fits("note", note)
    item.done_at, item.done_by_id, item.note = now, asker.person, note or item.note
    return _moved(session, asker, now, item, ActionState.DONE, "done")


@writes
def reopen(session: Session, asker: Asker, now: datetime, called: str) -> Outcome:
    """Undo `done`: the item stands as it stood before. Raises Refusal like `done`."""
    item = _held(session, asker, called, among=ActionItem.state == ActionState.DONE)
    _check_may_close(asker, item)
    if item.state is not ActionState.DONE:
        return Outcome(item, changed=False)
    before = _state_before_done(session, item)
    item.done_at, item.done_by_id, item.note = None, None, None
    return _moved(session, asker, now, item, before, "reopen")


@writes
def accept(session: Session, asker: Asker, now: datetime, called: str) -> Outcome:
    """Take an item that was proposed to the asker, also one they declined before."""
    item = _held(session, asker, called, among=ActionItem.state == ActionState.PROPOSED)
    _check_owns(asker, item)
    if item.state not in {ActionState.PROPOSED, ActionState.DECLINED}:
        return Outcome(item, changed=False)
    item.note = None
    tell(session, now, item, item.creator, "action_accepted", item.owner_id)
    return _moved(session, asker, now, item, ActionState.OPEN, "accept")


@writes
def decline(
    session: Session, asker: Asker, now: datetime, called: str, reason: str | None = None
) -> Outcome:
    """Decline an item that was proposed to the asker; its creator is told.

    Raises Refusal for one that is not only proposed.
    """
    item = _held(session, asker, called, among=ActionItem.state == ActionState.PROPOSED)
    _check_owns(asker, item)
    if item.state in {ActionState.DECLINED, ActionState.DONE}:
        return Outcome(item, changed=False)
    if item.state is ActionState.OPEN:
        ask = f", or ask {item.creator.name}" if item.creator_id != asker.person else ""
        raise Refusal(f"A{item.id} is already yours. Mark it done{ask}.")
    _check_fits("reason", reason)
    item.note = reason
    tell(session, now, item, item.creator, "action_declined", item.owner_id)
    return _moved(session, asker, now, item, ActionState.DECLINED, "decline")


def loaded(session: Session, item_id: int) -> ActionItem:
    """Load an item as it now is, with the people in it. The caller has checked who asks."""
    session.flush()
    return session.scalars(_WHOLE.where(ActionItem.id == item_id)).one()


def tell(
    session: Session, now: datetime, item: ActionItem, to: Person, kind: str, about: int
) -> None:
    """Owe *to* the news that person *about* did *kind* with *item*: each news comes once."""
    if to.is_active and to.id != about:
        deliveries.owe(
            session,
            item.workspace_id,
            now,
            key=f"{kind}:{item.id}",
            kind=kind,
            recipient=to.slack_user,
            details={"action": item.id, "person": about},
        )


def _held(session: Session, asker: Asker, called: str, among: sa.ColumnElement[bool]) -> ActionItem:
    found = titles.find(session, asker, ActionItem, called, among=among)
    # Two clicks at once come one after the other, and the second sees what the first did.
    return session.scalars(_WHOLE.where(ActionItem.id == found.id).with_for_update()).one()


def _moved(
    session: Session, asker: Asker, now: datetime, item: ActionItem, to: ActionState, verb: str
) -> Outcome:
    before, item.state = {"state": item.state}, to
    audit.record(session, asker, now, verb, f"action {item.id}", before, {"state": to})
    return Outcome(loaded(session, item.id), changed=True)


def _state_before_done(session: Session, item: ActionItem) -> ActionState:
    # An item its creator closed was perhaps never taken by its owner; undoing must not take it.
    before = audit.last_before(session, item.workspace_id, "done", f"action {item.id}")
    return ActionState(before["state"]) if before else ActionState.OPEN


def _check_may_close(asker: Asker, item: ActionItem) -> None:
    owner, creator = item.owner.name, item.creator.name
    if not (asker.is_staff or asker.person in {item.owner_id, item.creator_id}):
        adder = f", {creator}, who added it," if item.creator_id != item.owner_id else ""
        raise Refusal(
            f"A{item.id} belongs to {owner}. Only they{adder} and the secretariat can change it; "
            f"ask {owner}."
        )


def _check_owns(asker: Asker, item: ActionItem) -> None:
    if asker.person != item.owner_id:
        raise Refusal(f"A{item.id} is for {item.owner.name}; only they can take or decline it.")


def _check_fits(what: str, text: str | None) -> None:
    guard.check(**{what: text})
    if text and len(text) > NOTE_LIMIT:
        raise Refusal(
            f"Your {what} has {len(text)} characters; {NOTE_LIMIT} fit. Nothing was saved; "
            "shorten it and send it again."
        )
