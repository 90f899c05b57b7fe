"""Updates: what people say of an initiative, and which of it moves that initiative."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.orm import selectinload

from storage import audit, crowds, deliveries, guard, titles
from storage.asker import Asker
from storage.crowds import Crowd, Shelf, line_of
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import Health, Initiative, InitiativeUpdate, Person
from storage.policy import scope

TEXT_LIMIT = 1000
STEP_LIMIT = 300
SAME_AGAIN = timedelta(minutes=10)
# Moving up here is getting worse, which takes a reason.
WORRY = {
    Health.DONE: 0,
    Health.ON_TRACK: 1,
    Health.PAUSED: 2,
    Health.AT_RISK: 2,
    Health.OFF_TRACK: 3,
}


@dataclass(frozen=True)
class Draft:
    """What somebody wants to say of an initiative."""

    health: Health
    text: str
    next_step: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Form:
    """What the form about an initiative starts from.

    *before* is its health now; *draft* what was said last; *applies* whether the asker's own
    update would move it or be a suggestion.
    """

    initiative_id: int
    title: str
    before: Health
    draft: Draft
    applies: bool


@dataclass(frozen=True)
class Outcome:
    """What became of an update.

    *changed* is False when the same person had just said the same; *lead* is who was told of a
    suggestion, None where the initiative has no lead who could be.
    """

    initiative: Initiative
    update: InitiativeUpdate
    changed: bool
    lead: str | None = None


@dataclass(frozen=True)
class UpdateLine:
    """An update that moved its initiative; *was* is the health before.

    *is_corrected* marks the last form of one that was corrected (`storage/corrections.py`).
    """

    id: int
    initiative_id: int
    initiative: str
    health: Health
    was: Health | None
    text: str
    next_step: str
    reason: str | None
    author: str | None
    made_at: datetime
    is_corrected: bool = False


_NEWEST = (InitiativeUpdate.made_at.desc(), InitiativeUpdate.id.desc())
_BETWEEN = crowds.firsts(
    sa.select(
        InitiativeUpdate.id,
        InitiativeUpdate.initiative_id,
        Initiative.title.label("initiative"),
        InitiativeUpdate.health,
        InitiativeUpdate.was,
        InitiativeUpdate.text,
        InitiativeUpdate.next_step,
        InitiativeUpdate.reason,
        Person.name.label("author"),
        InitiativeUpdate.made_at,
    )
    .join(Initiative, InitiativeUpdate.initiative_id == Initiative.id)
    .outerjoin(Person, InitiativeUpdate.author_id == Person.id)
    .where(scope(Initiative)),
    sa.select(InitiativeUpdate.id)
    .join(Initiative, InitiativeUpdate.initiative_id == Initiative.id)
    .where(
        scope(Initiative),
        sa.not_(InitiativeUpdate.is_suggestion),
        InitiativeUpdate.made_at > bindparam("since"),
        InitiativeUpdate.made_at <= bindparam("now"),
    ),
    Initiative,
    _NEWEST,
)
_LAST = (
    sa.select(InitiativeUpdate)
    .where(InitiativeUpdate.initiative_id == bindparam("initiative"))
    .order_by(InitiativeUpdate.made_at.desc(), InitiativeUpdate.id.desc())
    .limit(1)
)
_LAST_APPLIED = _LAST.where(sa.not_(InitiativeUpdate.is_suggestion))
_LAST_OWN = _LAST.where(InitiativeUpdate.author_id == bindparam("author"))
_SUGGESTION = (
    sa.select(InitiativeUpdate)
    .join(Initiative, InitiativeUpdate.initiative_id == Initiative.id)
    .where(
        scope(Initiative),
        InitiativeUpdate.id == bindparam("update"),
        InitiativeUpdate.is_suggestion,
    )
)
_HELD = (
    sa.select(Initiative)
    .where(scope(Initiative), Initiative.id == bindparam("initiative"))
    .options(selectinload(Initiative.lead))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def between(
    session: Session, crowd: Crowd, since: datetime, now: datetime, limit: int
) -> Shelf[UpdateLine]:
    """List what moved initiatives after *since* and until *now*, newest first."""
    values = crowd.binds | {"since": since, "now": now, "limit": limit}
    return Shelf(Initiative, session.execute(_BETWEEN, values), line_of(UpdateLine), limit)


def form(session: Session, asker: Asker, now: datetime, called: str) -> Form:
    """Start a form about the initiative *called* so from what was said last.

    Raises Refusal where none or several are called so, and for people nobody has linked.
    """
    not_done = Initiative.health != Health.DONE
    initiative = titles.find(session, asker, Initiative, called, among=not_done)
    last = session.scalars(_LAST_APPLIED, {"initiative": initiative.id}).first()
    return _form(asker, initiative, last)


def form_from(session: Session, asker: Asker, now: datetime, update_id: int) -> Form:
    """Start a form from a suggestion, for the lead or staff to take it over."""
    values = asker.binds() | {"update": update_id}
    suggestion = session.scalars(_SUGGESTION, values).one_or_none()
    if suggestion is None:
        raise Refusal("That suggestion is no longer there, or not one you can see.")
    initiative = titles.by_id(session, asker, Initiative, suggestion.initiative_id)
    if not (may_apply(asker, initiative) or suggestion.author_id == asker.person):
        raise Refusal(f"Only the lead of I{initiative.id} and the secretariat can take it over.")
    return _form(asker, initiative, suggestion)


@writes
def post(
    session: Session, asker: Asker, now: datetime, initiative_id: int, draft: Draft
) -> Outcome:
    """Say how an initiative stands: its lead and staff move it, anybody else suggests.

    The lead is told of a suggestion. The same said again by the same person within ten minutes
    changes nothing. Raises Refusal where the asker may not see or update it, and where things
    got worse without a reason.
    """
    guard.check(text=draft.text, next_step=draft.next_step, reason=draft.reason)
    values = asker.binds() | {"initiative": initiative_id}
    initiative = session.scalars(_HELD, values).one_or_none()
    if initiative is None:
        initiative = titles.by_id(session, asker, Initiative, initiative_id)
    _check(asker, initiative, draft)
    own = {"initiative": initiative.id, "author": asker.person}
    last = session.scalars(_LAST_OWN, own).first()
    if last is not None and now - last.made_at < SAME_AGAIN and _says(last) == draft:
        return Outcome(initiative, _loaded(session, last), changed=False)
    update = InitiativeUpdate(
        workspace_id=asker.workspace,
        initiative_id=initiative.id,
        author_id=asker.person,
        health=draft.health,
        was=initiative.health,
        text=draft.text,
        next_step=draft.next_step,
        reason=draft.reason or None,
        is_suggestion=not may_apply(asker, initiative),
        made_at=now,
    )
    session.add(update)
    session.flush()
    lead = _suggest(session, now, update, initiative.lead) if update.is_suggestion else None
    if not update.is_suggestion:
        initiative.health, initiative.moved_at = draft.health, now
    verb = "suggest update" if update.is_suggestion else "update"
    before, after = {"health": update.was}, {"health": draft.health, "update": update.id}
    audit.record(session, asker, now, verb, f"initiative {initiative.id}", before, after)
    return Outcome(initiative, _loaded(session, update), changed=True, lead=lead)


def may_apply(asker: Asker, initiative: Initiative) -> bool:
    """Say whether what *asker* says moves *initiative*."""
    speaks = asker.person in {initiative.lead_id, initiative.alternate_id}
    return asker.is_staff or (asker.is_linked and speaks)


def needs_reason(before: Health, draft: Draft) -> bool:
    """Say whether things got worse and *draft* does not say why."""
    return WORRY[draft.health] > WORRY[before] and not draft.reason


def _form(asker: Asker, initiative: Initiative, last: InitiativeUpdate | None) -> Form:
    _check_linked(asker)
    draft = _says(last) if last is not None else Draft(initiative.health, "")
    applies = may_apply(asker, initiative)
    return Form(initiative.id, initiative.title, initiative.health, draft, applies)


def _says(update: InitiativeUpdate) -> Draft:
    return Draft(update.health, update.text, update.next_step, update.reason or "")


def _loaded(session: Session, update: InitiativeUpdate) -> InitiativeUpdate:
    session.refresh(update, ["author"])
    return update


def _suggest(
    session: Session, now: datetime, update: InitiativeUpdate, lead: Person | None
) -> str | None:
    if lead is None or not lead.is_active:
        return None
    deliveries.owe(
        session,
        update.workspace_id,
        now,
        key=f"update_suggested:{update.id}",
        kind="update_suggested",
        recipient=lead.slack_user,
        details={"initiative": update.initiative_id, "update": update.id},
    )
    return lead.name


def _check(asker: Asker, initiative: Initiative, draft: Draft) -> None:
    _check_linked(asker)
    if not draft.text:
        raise Refusal("Say in a sentence what moved. Nothing was saved.")
    parts = (draft.text, draft.next_step, draft.reason)
    for part, limit in zip(parts, (TEXT_LIMIT, STEP_LIMIT, STEP_LIMIT), strict=True):
        if len(part) > limit:
            raise Refusal(
                f"Your text has {len(part)} characters; {limit} fit. Nothing was saved; shorten "
                "it and send it again."
            )
    if needs_reason(initiative.health, draft):
        raise Refusal(
            f"I{initiative.id} would stand worse than before; say why. Nothing was saved."
        )


def _check_linked(asker: Asker) -> None:
    if not asker.is_linked:
        raise Refusal(
            "Updates are for people the secretariat has linked to an organisation. Ask the "
            "secretariat to link you, then post it again."
        )
