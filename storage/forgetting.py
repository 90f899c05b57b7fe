"""Forgetting what is past its time: a few hundred rows at once, each kind in its own way."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from storage import audit, erasure, retention, standins
from storage.asker import Asker
from storage.database import Session, writes
from storage.lanes import OPEN
from storage.models import (
    ActionItem,
    ActionState,
    AuditEntry,
    Briefing,
    Delivery,
    ItemWord,
    Lane,
    NamedReader,
    Person,
    Pick,
    Rsvp,
    Widening,
    Workspace,
)
from storage.people import LEFT
from storage.scoping import lift

AT_ONCE = 200
FEW = 20  # people: each takes a score of statements


@writes
def purge(session: Session, now: datetime) -> int:
    """Forget a few hundred rows that are past their time; say how many, 0 once none is left.

    The keys of requests are not among them: `ledger.purge` sees to those.
    """
    lift(session, "the timetable's own")
    ended = 0
    for workspace in session.scalars(sa.select(Workspace).order_by(Workspace.id)).all():
        kept = retention.kept(workspace)
        for kind, end in _ENDS.items():
            before = now - timedelta(days=kept[kind].days)
            ended += end(session, workspace.id, now, before)
            session.flush()
    return ended


def _answers(session: Session, workspace: int, now: datetime, before: datetime) -> int:
    """Put nobody's name in the place of whoever answered, and forget who changed what to what.

    What they had chosen of its sessions goes.
    """
    old = session.execute(
        sa.select(Rsvp, Briefing.ends_at)
        .join(Briefing, Rsvp.briefing_id == Briefing.id)
        .join(Person, Rsvp.person_id == Person.id)
        .where(
            Briefing.workspace_id == workspace,
            Briefing.ends_at < before,
            Person.erased_at.is_(None),
        )
        .order_by(Rsvp.briefing_id, Rsvp.id)
        .limit(AT_ONCE)
    ).all()
    for briefing, rows in groupby(old, lambda row: row.Rsvp.briefing_id):
        answers = [(row.Rsvp, row.ends_at) for row in rows]
        nobody = standins.beside(session, workspace, now, briefing, len(answers))
        for (answer, ended), person in zip(answers, nobody, strict=True):
            answer.person_id, answer.note, answer.answered_at = person, None, ended
            answer.particulars = None
            answer.asked_at = answer.undo_until = answer.turned_down_at = None
            answer.was_standing = answer.was_note = answer.was_answered_at = None
            answer.remark = None
        said = (AuditEntry.verb == "rsvp", AuditEntry.subject == f"briefing {briefing}")
        session.execute(sa.delete(AuditEntry).where(AuditEntry.workspace_id == workspace, *said))
    chosen = (
        sa.select(Pick.id)
        .join(Briefing, Pick.briefing_id == Briefing.id)
        .where(Pick.workspace_id == workspace, Briefing.ends_at < before)
    )
    return len(old) + _delete(session, Pick, chosen)


def _messages(session: Session, workspace: int, now: datetime, before: datetime) -> int:
    went = sa.func.coalesce(Delivery.sent_at, Delivery.due_at)
    old = sa.select(Delivery.id).where(
        Delivery.workspace_id == workspace,
        Delivery.state.not_in(OPEN),
        Delivery.due_at < before,
        went < before,
    )
    ended = _delete(session, Delivery, old)
    owed = sa.exists().where(
        Delivery.workspace_id == Lane.workspace_id, Delivery.recipient == Lane.recipient
    )
    empty = sa.select(Lane.id).where(Lane.workspace_id == workspace, Lane.free_at < before, ~owed)
    return ended + _delete(session, Lane, empty)


def _actions(session: Session, workspace: int, now: datetime, before: datetime) -> int:
    changed = sa.exists().where(
        AuditEntry.workspace_id == workspace,
        AuditEntry.subject == _subject("action ", ActionItem.id),
        AuditEntry.at >= before,
    )
    ids = session.scalars(
        sa.select(ActionItem.id)
        .where(
            ActionItem.workspace_id == workspace,
            ActionItem.state.in_([ActionState.DONE, ActionState.DECLINED]),
            sa.func.coalesce(ActionItem.done_at, ActionItem.created_at) < before,
            ~changed,
        )
        .order_by(ActionItem.id)
        .limit(AT_ONCE)
    ).all()
    for beside in (ItemWord, NamedReader, Widening):
        of_them = (beside.item_table == ActionItem.__tablename__, beside.item_id.in_(ids))
        session.execute(sa.delete(beside).where(beside.workspace_id == workspace, *of_them))
    session.execute(sa.delete(ActionItem).where(ActionItem.id.in_(ids)))
    return len(ids)


def _record(session: Session, workspace: int, now: datetime, before: datetime) -> int:
    newer = sa.orm.aliased(AuditEntry)
    again = sa.exists().where(
        newer.workspace_id == AuditEntry.workspace_id,
        newer.subject == AuditEntry.subject,
        newer.verb == AuditEntry.verb,
        newer.actor_id.is_not_distinct_from(AuditEntry.actor_id),
        newer.id > AuditEntry.id,
    )
    old = sa.select(AuditEntry.id).where(
        AuditEntry.workspace_id == workspace, AuditEntry.at < before, again
    )
    return _delete(session, AuditEntry, old)


def _leavers(session: Session, workspace: int, now: datetime, before: datetime) -> int:
    told = (
        sa.select(sa.func.max(AuditEntry.at))
        .where(
            AuditEntry.workspace_id == workspace,
            AuditEntry.subject == _subject("person ", Person.id),
            AuditEntry.verb == LEFT,
        )
        .scalar_subquery()
    )
    # Whom nobody saw leave was gone already when the bot met them, or staff last answered for them.
    left = sa.func.coalesce(told, Person.met_at)
    is_awaited = (
        sa.exists()
        .where(Rsvp.person_id == Person.id, Rsvp.briefing_id == Briefing.id)
        .where(Briefing.ends_at >= before)
        .correlate(Person)
    )
    long_gone = session.scalars(
        sa.select(Person)
        .where(
            Person.workspace_id == workspace,
            ~Person.is_active,
            Person.erased_at.is_(None),
            left < before,
            ~sa.and_(Person.is_contact, is_awaited),
        )
        .order_by(Person.id)
        .limit(FEW)
    ).all()
    for person in long_gone:
        erasure.forget(session, now, person)
        audit.record(session, Asker(workspace), now, "erase", f"person {person.id}")
    return len(long_gone)


def _subject(noun: str, number: Any) -> sa.ColumnElement[str]:
    return sa.literal(noun) + sa.cast(number, sa.Text)


def _delete(session: Session, model: Any, old: sa.Select[int]) -> int:
    ids = session.scalars(old.order_by(model.id).limit(AT_ONCE)).all()
    session.execute(sa.delete(model).where(model.id.in_(ids)))
    return len(ids)


_ENDS: Mapping[str, Callable[[Session, int, datetime, datetime], int]] = {
    "answers": _answers,
    "messages": _messages,
    "actions": _actions,
    "record": _record,
    "leavers": _leavers,
}
