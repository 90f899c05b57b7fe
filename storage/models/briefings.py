"""Briefings and every other kind of event: series, partners, and the answers to them."""

from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.models.marks import Marked, marks_fit
from storage.models.people import Organisation, Person
from storage.models.row import InWorkspace, Row, Titled, partial

LONG = timedelta(days=2)


class Kind(StrEnum):
    """What sort of event it is. `EXTERNAL` is somebody else's: no answers are taken here."""

    BRIEFING = "briefing"
    WEBINAR = "webinar"
    FORUM = "forum"
    HACKATHON = "hackathon"
    CONFERENCE_TRACK = "conference_track"
    CONVENING = "convening"
    GROUP_MEETING = "group_meeting"
    EXTERNAL = "external"


class Place(StrEnum):
    """How one takes part."""

    IN_PERSON = "in_person"
    VIRTUAL = "virtual"
    HYBRID = "hybrid"


class State(StrEnum):
    """A draft is for staff and for who chairs its group; a cancelled briefing stays to be seen."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Precision(StrEnum):
    """How exactly a start is known: documents may name only a day, a month or a year."""

    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Answer(StrEnum):
    """What a person says."""

    GOING = "going"
    MAYBE = "maybe"
    DECLINED = "declined"


class Standing(StrEnum):
    """What became of the answer: a seat, a place in the queue, or neither.

    `OFFERED` is a seat held for somebody who has yet to say that they take it. `ASKED` holds none:
    whoever organises the briefing has yet to decide.
    """

    GOING = "going"
    OFFERED = "offered"
    WAITLISTED = "waitlisted"
    ASKED = "asked"
    MAYBE = "maybe"
    DECLINED = "declined"


class Notice(StrEnum):
    """What everybody who comes is told before: the rules under which one meets.

    With `CHATHAM_HOUSE` nobody reads who comes, only how many.
    """

    COMPETITION_LAW = "competition_law"
    RECORDING = "recording"
    CHATHAM_HOUSE = "chatham_house"


class Verdict(StrEnum):
    """What somebody says of a briefing that took place."""

    USEFUL = "useful"
    PARTLY = "partly"
    NOT_USEFUL = "not_useful"


class PartnerRole(StrEnum):
    """An organisation's part in an event: `ATTENDED` is what a document says of a past one."""

    CO_HOST = "co_host"
    SPEAKER = "speaker"
    ATTENDED = "attended"


class Series(InWorkspace, Titled, Row):
    """Linked editions of one event: the same briefing in three regions, a yearly hackathon."""

    __tablename__ = "series"

    purpose: Mapped[str] = mapped_column(default="")


class Briefing(InWorkspace, Titled, Marked, Row):
    """An event people are invited to.

    *taken* is the number of seats given away; it never exceeds *capacity* (None: no limit), nor
    do those of one organisation exceed *company_seats*. *sequence* counts the changes that
    calendars have to hear of (RFC 5545, 3.8.7.4). *source* is its key in the facts file, if it
    came from there. *questions* are asked of whoever comes: see storage/questions.py. With
    *needs_approval* its organisers give the seats, and there is no waitlist: storage/approving.py.
    *nudged_before_at* and *nudged_after_at* are when its organisers were last owed a word on what
    is missing (`storage/nudges.py`). It may last longer than LONG only where *is_long*.
    """

    __tablename__ = "briefings"
    __table_args__ = (
        *marks_fit(),
        sa.CheckConstraint("taken >= 0", name="taken_not_negative"),
        sa.CheckConstraint("capacity IS NULL OR taken <= capacity", name="not_oversold"),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        # All by which a list is counted stands in it, so that no row is read for that.
        sa.Index(
            "ix_briefings_soonest",
            *("workspace_id", "starts_at", "id"),
            *("ends_at", "state", "audience", "audience_group_id"),
        ),
        sa.Index(None, "workspace_id", "ends_at"),
        sa.Index(None, "workspace_id", "is_long", "starts_at"),
        partial("ix_briefings_drafts", "workspace_id", "starts_at", where="state = 'draft'"),
        partial("ix_briefings_closing", "closes_at", where="closes_at IS NOT NULL"),
    )

    kind: Mapped[Kind] = mapped_column(default=Kind.BRIEFING)
    state: Mapped[State] = mapped_column(default=State.DRAFT)
    summary: Mapped[str] = mapped_column(default="")
    agenda: Mapped[list[str]] = mapped_column(default=list)
    series_id: Mapped[int | None] = mapped_column(sa.ForeignKey("series.id"), index=True)
    edition: Mapped[str | None]
    host_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    is_long: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    zone: Mapped[str]
    precision: Mapped[Precision] = mapped_column(default=Precision.MINUTE)
    place: Mapped[Place] = mapped_column(default=Place.VIRTUAL)
    venue: Mapped[str | None]
    city: Mapped[str | None]
    join_link: Mapped[str | None]
    recording_link: Mapped[str | None]
    capacity: Mapped[int | None]
    company_seats: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    has_waitlist: Mapped[bool] = mapped_column(default=True)
    needs_approval: Mapped[bool] = mapped_column(default=False)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    sequence: Mapped[int] = mapped_column(default=0)
    notices: Mapped[list[str]] = mapped_column(default=list)
    questions: Mapped[list[str]] = mapped_column(default=list)
    source: Mapped[str | None]
    nudged_before_at: Mapped[datetime | None]
    nudged_after_at: Mapped[datetime | None]
    host: Mapped[Organisation | None] = relationship(lazy="raise")
    series: Mapped[Series | None] = relationship(lazy="raise")
    partners: Mapped[list["BriefingPartner"]] = relationship(
        lazy="raise", cascade="all, delete-orphan"
    )

    @property
    def seats_left(self) -> int | None:
        """How many seats are free; None where there is no limit."""
        return None if self.capacity is None else self.capacity - self.taken


# What a calendar shows of a briefing.
IN_CALENDARS = (
    *("title", "summary", "agenda", "state", "starts_at", "ends_at", "zone", "precision"),
    *("place", "venue", "city", "join_link"),
)


@sa.event.listens_for(Briefing, "before_update")
def _count_change(_mapper: object, _connection: object, briefing: Briefing) -> None:
    attributes = sa.inspect(briefing).attrs
    if any(attributes[name].history.has_changes() for name in IN_CALENDARS):
        briefing.sequence += 1


@sa.event.listens_for(Briefing, "before_insert")
@sa.event.listens_for(Briefing, "before_update")
def _measure(_mapper: object, _connection: object, briefing: Briefing) -> None:
    briefing.is_long = briefing.ends_at - briefing.starts_at > LONG


class BriefingPartner(InWorkspace, Row):
    """An organisation that shares in an event besides its host."""

    __tablename__ = "briefing_partners"
    __table_args__ = (sa.UniqueConstraint("briefing_id", "organisation_id", "role"),)

    briefing_id: Mapped[int] = mapped_column(sa.ForeignKey("briefings.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    role: Mapped[PartnerRole]
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class Rsvp(InWorkspace, Row):
    """One person's answer to one briefing; there is never a second row.

    *waitlisted_at* orders the queue: who has waited longest is first. *offered_until* is when a
    seat that is held for them goes to the next. *recorded_by_id* is who of the secretariat answered
    for them. *reminded_for* is the start for which a reminder was last planned; a moved briefing is
    reminded of again. *came* is what staff noted once it took place. *particulars* answer the
    briefing's questions, in their order; None until somebody has answered one. *reconfirm* says
    that it was moved and that they have not said since whether they still come.

    *asked_at* is since when they have asked for the seat that they have or wait for, or had: their
    place, should they wait for one again. What was before their own last answer (*was_standing*,
    None for no answer, *was_note*, *was_answered_at*) is kept until that may be undone no more.

    *turned_down_at* is when its organisers declined to give them a seat, for as long as they have
    none. *verdict* and *remark* are what they say of it afterwards; *counted* is the verdict as it
    stands in the numbers that its organisers read (`storage/feedback.py`).
    """

    __tablename__ = "rsvps"
    __table_args__ = (
        sa.UniqueConstraint("briefing_id", "person_id"),
        sa.Index(None, "briefing_id", "standing", "waitlisted_at"),
        sa.Index(None, "briefing_id", "asked_at"),
        sa.Index(None, "person_id", "standing", "briefing_id"),
        partial("ix_rsvps_offered", "offered_until", where="standing = 'offered'"),
        sa.CheckConstraint(
            "(standing = 'waitlisted') = (waitlisted_at IS NOT NULL)", name="queued_since"
        ),
    )

    briefing_id: Mapped[int] = mapped_column(sa.ForeignKey("briefings.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id", ondelete="CASCADE"))
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisations.id"), index=True
    )
    standing: Mapped[Standing]
    note: Mapped[str | None]
    answered_at: Mapped[datetime]
    waitlisted_at: Mapped[datetime | None]
    changes: Mapped[int] = mapped_column(default=1)
    reminded_for: Mapped[datetime | None]
    offered_until: Mapped[datetime | None]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    came: Mapped[bool | None]
    reconfirm: Mapped[bool] = mapped_column(default=False)
    particulars: Mapped[list[str] | None] = mapped_column(sa.JSON(none_as_null=True))
    asked_at: Mapped[datetime | None]
    was_standing: Mapped[Standing | None]
    was_note: Mapped[str | None]
    was_answered_at: Mapped[datetime | None]
    undo_until: Mapped[datetime | None]
    turned_down_at: Mapped[datetime | None]
    verdict: Mapped[Verdict | None]
    counted: Mapped[Verdict | None]
    remark: Mapped[str | None]
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
