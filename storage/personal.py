"""What is held of people: in which columns, what one is told of it, what erasing makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from storage.models import (
    ActionItem,
    AuditEntry,
    Briefing,
    CalendarFeed,
    Delivery,
    GroupSeat,
    Initiative,
    InitiativeUpdate,
    Installation,
    Lane,
    NamedReader,
    OwnDigest,
    Person,
    Pick,
    Preference,
    Role,
    Rsvp,
    Widening,
    WorkingGroup,
)

Column = InstrumentedAttribute[Any]

NAME = "Former member"
SURROGATE = object()  # stands for what takes the place of a Slack account


@dataclass(frozen=True)
class Held:
    """What one table holds of people.

    A row is somebody's where a column of *by* names them: our id, "person 7", or a Slack account.
    They are told *told* of it, and *texts* and the title of the item that the row is about (the
    column *item*, an id of *kind*) where they may take that item away. Erasing deletes the row if
    it *goes*, else puts *erased* into it; what is left says nothing of who it was.
    """

    what: str
    model: Any
    by: tuple[Column, ...]
    told: tuple[Column, ...]
    texts: tuple[Column, ...] = ()
    item: Column | None = None
    kind: Any = None
    goes: bool = False
    erased: Mapping[str, Any] = field(default_factory=dict)


HELD: tuple[Held, ...] = (
    Held(
        "profile",
        Person,
        by=(Person.id,),
        told=(
            *(Person.slack_team, Person.slack_user, Person.name, Person.title, Person.domain),
            *(Person.organisation_id, Person.role, Person.zone, Person.is_active, Person.is_bot),
            *(Person.is_guest, Person.is_stranger, Person.linked_at, Person.met_at),
        ),
        erased={
            **dict.fromkeys(("slack_team", "slack_user"), SURROGATE),
            **dict.fromkeys(("title", "domain", "organisation_id", "linked_at")),
            **dict.fromkeys(("is_active", "is_guest", "is_stranger"), False),
            "name": NAME,
            "role": Role.UNKNOWN,
            "zone": "UTC",
        },
    ),
    Held(
        "answers to briefings",
        Rsvp,
        by=(Rsvp.person_id,),
        told=(
            *(Rsvp.organisation_id, Rsvp.standing, Rsvp.note, Rsvp.answered_at),
            *(Rsvp.waitlisted_at, Rsvp.changes, Rsvp.reminded_for),
            *(Rsvp.offered_until, Rsvp.came, Rsvp.particulars, Rsvp.reconfirm),
            *(Rsvp.asked_at, Rsvp.undo_until, Rsvp.turned_down_at),
            *(Rsvp.was_standing, Rsvp.was_note, Rsvp.was_answered_at),
            *(Rsvp.verdict, Rsvp.counted, Rsvp.remark),
        ),
        item=Rsvp.briefing_id,
        kind=Briefing,
        erased={"note": None, "particulars": None, "was_note": None, "remark": None},
    ),
    Held(
        "answers that you recorded for others",
        Rsvp,
        by=(Rsvp.recorded_by_id,),
        told=(Rsvp.standing, Rsvp.answered_at),
        item=Rsvp.briefing_id,
        kind=Briefing,
        erased={"recorded_by_id": None},
    ),
    Held(
        "sessions on your agenda",
        Pick,
        by=(Pick.person_id,),
        told=(Pick.talk_id,),
        item=Pick.briefing_id,
        kind=Briefing,
        goes=True,
    ),
    Held(
        "seats in working groups",
        GroupSeat,
        by=(GroupSeat.person_id,),
        told=(GroupSeat.organisation_id, GroupSeat.is_chair, GroupSeat.joined_at),
        item=GroupSeat.group_id,
        kind=WorkingGroup,
        goes=True,
    ),
    Held(
        "action items of yours",
        ActionItem,
        by=(ActionItem.owner_id, ActionItem.done_by_id),
        told=(ActionItem.state, ActionItem.due_on, ActionItem.due_at, ActionItem.done_at),
        texts=(ActionItem.note,),
        item=ActionItem.id,
        kind=ActionItem,
        erased={"note": None},
    ),
    Held(
        "action items that you gave",
        ActionItem,
        by=(ActionItem.creator_id,),
        told=(ActionItem.state, ActionItem.created_at),
        item=ActionItem.id,
        kind=ActionItem,
    ),
    Held(
        "initiatives that you lead",
        Initiative,
        by=(Initiative.lead_id,),
        told=(Initiative.health,),
        item=Initiative.id,
        kind=Initiative,
        erased={"lead_id": None},
    ),
    Held(
        "initiatives of which you are the lead's alternate",
        Initiative,
        by=(Initiative.alternate_id,),
        told=(Initiative.health,),
        item=Initiative.id,
        kind=Initiative,
        erased={"alternate_id": None},
    ),
    Held(
        "updates on initiatives",
        InitiativeUpdate,
        by=(InitiativeUpdate.author_id,),
        told=(InitiativeUpdate.health, InitiativeUpdate.is_suggestion, InitiativeUpdate.made_at),
        texts=(InitiativeUpdate.text, InitiativeUpdate.next_step, InitiativeUpdate.reason),
        item=InitiativeUpdate.initiative_id,
        kind=Initiative,
    ),
    Held(
        "items shown to you by name",
        NamedReader,
        by=(NamedReader.person_id,),
        told=(NamedReader.item_table, NamedReader.item_id),
        goes=True,
    ),
    Held(
        "wider audiences that you asked for",
        Widening,
        by=(Widening.asked_by_id,),
        told=(
            *(Widening.item_table, Widening.item_id),
            *(Widening.audience, Widening.tlp, Widening.asked_at),
        ),
        goes=True,
    ),
    Held(
        "messages sent or owed to you",
        Delivery,
        by=(Delivery.recipient,),
        told=(
            *(Delivery.kind, Delivery.state, Delivery.channel, Delivery.ts),
            *(Delivery.created_at, Delivery.sent_at),
        ),
        erased={"recipient": SURROGATE, "channel": None, "ts": None},
    ),
    Held(
        "the digest that you ordered",
        OwnDigest,
        by=(OwnDigest.person_id,),
        told=(
            *(OwnDigest.weekday, OwnDigest.at, OwnDigest.next_at),
            *(OwnDigest.sections, OwnDigest.topics),
        ),
        goes=True,
    ),
    Held(
        "the address of your calendar",
        CalendarFeed,
        by=(CalendarFeed.person_id,),
        told=(CalendarFeed.made_at,),
        goes=True,
    ),
    Held(
        "what you wish of the messages to you",
        Preference,
        by=(Preference.person_id,),
        told=(
            *(Preference.muted, Preference.back_at),
            *(Preference.quiet_from, Preference.quiet_until),
        ),
        goes=True,
    ),
    Held(
        "when the next message to you may go",
        Lane,
        by=(Lane.recipient,),
        told=(Lane.free_at,),
        goes=True,
    ),
    Held(
        "installations of the bot",
        Installation,
        by=(Installation.installed_by,),
        told=(Installation.installed_at,),
        erased={"installed_by": SURROGATE},
    ),
    Held(
        "changes that you made, or that were made to you",
        AuditEntry,
        by=(AuditEntry.actor_id, AuditEntry.subject),
        told=(AuditEntry.at, AuditEntry.verb, AuditEntry.subject),
    ),
)


def mine(held: Held, person: Person) -> sa.ColumnElement[bool]:
    """Give the condition under which a row of *held* is about *person*, as they are named now."""
    id_, user = person.id, person.slack_user
    key = held.model.id
    # Each by its own index: of several at once SQLite would rather read the whole table.
    ids = [sa.select(key).where(column == _name(column, id_, user)) for column in held.by]
    return sa.and_(held.model.workspace_id == person.workspace_id, key.in_(sa.union_all(*ids)))


def _name(column: Column, person: int, user: str) -> int | str:
    if isinstance(column.type, sa.Integer):
        return person
    return f"person {person}" if column.key == "subject" else user
