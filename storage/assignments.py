"""Giving somebody something to do: who, until when, and whether they must take it first."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from storage import audit, guard, owners, titles, wall_time
from storage.actions import LIVE, Outcome, loaded, tell
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import (
    FITS,
    ActionItem,
    ActionState,
    Audience,
    Briefing,
    Person,
    Role,
    Tlp,
    folded,
)
from storage.models.row import TITLE_LIMIT
from storage.scoping import unscoped

SAME_AGAIN = timedelta(minutes=1)  # a second click and Slack's retries come within it


@dataclass(frozen=True)
class Draft:
    """What somebody wants noted, as typed.

    *owner* is a name and *user* a Slack id, both empty for oneself; *whole* is the title should
    *owner* turn out to be no name («Send the notes» of «Send the notes to Ana»); *origin* is the
    number of the briefing that it came of, 0 for none.
    """

    title: str
    owner: str = ""
    user: str = ""
    whole: str = ""
    due_on: date | None = None
    origin: int = 0


@writes
def give(session: Session, asker: Asker, now: datetime, draft: Draft) -> Outcome:
    """Note an item: open for oneself and one's own organisation, proposed to anybody else.

    The same again within a minute is the same item. Raises Refusal where the asker is not linked,
    the owner is not one certain linked person, or the day is over where the owner is.
    """
    guard.check(title=draft.title, whole=draft.whole, owner=draft.owner)
    if not asker.is_linked:
        raise Refusal(
            "Action items are for people the secretariat has linked to an organisation. Ask the "
            "secretariat to link you, then add it again."
        )
    # The asker's row is held, so that a click and its repetition come one after the other.
    session.execute(
        sa.select(Person.id).where(Person.id == asker.person).with_for_update(key_share=True)
    )
    owner, title = _owner_and_title(session, asker, draft)
    again = _given_just_now(session, asker, now, owner, title, draft.due_on)
    if again is not None:
        return Outcome(loaded(session, again), changed=False)
    item = _made(asker, now, owner, title, draft.due_on)
    if draft.origin:
        _come_of(item, titles.by_id(session, asker, Briefing, draft.origin))
    session.add(item)
    session.flush()
    after = {"owner": owner.id, "state": item.state}
    audit.record(session, asker, now, "add", f"action {item.id}", after=after)
    kind = "action_given" if item.state is ActionState.OPEN else "action_proposed"
    tell(session, now, item, owner, kind, asker.person)
    return Outcome(loaded(session, item.id), changed=True)


def _owner_and_title(session: Session, asker: Asker, draft: Draft) -> tuple[Person, str]:
    owner, title = asker.person, draft.title
    if draft.user:
        owner = owners.mentioned(session, asker, draft.user)
    elif draft.owner:
        found = owners.called(session, asker, draft.owner)
        owner, title = (found, title) if found else (owner, draft.whole)
    title = owners.with_names(session, asker, title)
    if not title:
        raise Refusal("Say what is to be done, for example: /actions add Draft the agenda")
    if len(title) > TITLE_LIMIT:
        raise Refusal(
            f"Your item has {len(title)} characters; {TITLE_LIMIT} fit. Nothing was saved; "
            "shorten it and send it again."
        )
    person = session.get_one(Person, owner)
    if person.role is Role.UNKNOWN:
        raise Refusal(
            f"{person.name} is not linked to an organisation yet, so nothing can be given to "
            "them. Ask the secretariat to link them, then add it again."
        )
    return person, title


def _given_just_now(
    session: Session, asker: Asker, now: datetime, owner: Person, title: str, due_on: date | None
) -> int | None:
    own = (
        sa.select(ActionItem.id)
        .where(
            ActionItem.workspace_id == asker.workspace,
            ActionItem.creator_id == asker.person,
            ActionItem.owner_id == owner.id,
            ActionItem.folded == folded(title),
            ActionItem.due_on.is_not_distinct_from(due_on),
            ActionItem.state.in_(LIVE),
            ActionItem.created_at > now - SAME_AGAIN,
        )
        .limit(1)
    )
    return session.scalar(unscoped(own, "what the asker has made"))


def _made(
    asker: Asker, now: datetime, owner: Person, title: str, due_on: date | None
) -> ActionItem:
    due_at = wall_time.end_of(due_on, owner.zone) if due_on else None
    if due_at is not None and due_at <= now:
        raise Refusal(f"That day is already over where {owner.name} is. Give a later day.")
    # What somebody from outside adds is no secret of the members.
    is_outside = asker.role is Role.EXTERNAL
    return ActionItem(
        workspace_id=asker.workspace,
        title=title,
        owner_id=owner.id,
        organisation_id=owner.organisation_id,
        creator_id=asker.person,
        state=ActionState.OPEN if _is_own(asker, owner) else ActionState.PROPOSED,
        due_on=due_on,
        due_at=due_at,
        created_at=now,
        audience=Audience.COMMUNITY if is_outside else Audience.MEMBERS,
        tlp=Tlp.GREEN if is_outside else Tlp.AMBER,
    )


def _come_of(item: ActionItem, briefing: Briefing) -> None:
    # What only a few know of comes of what they alone may see, and is labelled no more loosely.
    item.briefing_id = briefing.id
    if briefing.audience in {Audience.GROUP, Audience.STAFF, Audience.NAMED}:
        is_group = briefing.audience is Audience.GROUP
        item.audience = Audience.GROUP if is_group else Audience.STAFF
        item.audience_group_id = briefing.audience_group_id if is_group else None
    fitting, order = FITS[item.audience], list(Tlp).index
    stricter = max(item.tlp, briefing.tlp, key=order)
    item.tlp = stricter if stricter in fitting else max(fitting, key=order)


def _is_own(asker: Asker, owner: Person) -> bool:
    if owner.id == asker.person:
        return True
    if asker.organisation is None:
        return asker.is_staff and owner.role in {Role.STAFF, Role.ADMIN}
    return owner.organisation_id == asker.organisation
