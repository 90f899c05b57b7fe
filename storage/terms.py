"""On which terms a briefing is held: for whom, by whom, how many seats, what is said before it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from storage import organisations, questions, reminders, sharing, talks
from storage.asker import Asker
from storage.database import Session
from storage.errors import Refusal
from storage.models import (
    FITS,
    Audience,
    Briefing,
    BriefingPartner,
    Kind,
    Notice,
    PartnerRole,
    State,
    Tlp,
    WorkingGroup,
)
from storage.models.marks import BODIES
from storage.policy import scope
from storage.wall_time import end_of, moment

# What a kind of event is held under unless its author says otherwise.
USUAL: dict[Kind, tuple[Notice, ...]] = {
    Kind.BRIEFING: (Notice.COMPETITION_LAW,),
    Kind.WEBINAR: (Notice.COMPETITION_LAW, Notice.RECORDING),
    Kind.FORUM: (Notice.COMPETITION_LAW, Notice.CHATHAM_HOUSE),
    Kind.HACKATHON: (Notice.COMPETITION_LAW,),
    Kind.CONFERENCE_TRACK: (Notice.COMPETITION_LAW, Notice.RECORDING),
    Kind.CONVENING: (Notice.COMPETITION_LAW, Notice.CHATHAM_HOUSE),
    Kind.GROUP_MEETING: (Notice.COMPETITION_LAW,),
}
# Only two of the secretariat together show something to everybody: see storage/sharing.py.
NAMED = (PartnerRole.CO_HOST, PartnerRole.SPEAKER)
OFFERED = (Audience.COMMUNITY, Audience.MEMBERS, Audience.STAFF)
Groups = tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Terms:
    """For whom a briefing is, and on which terms. *hosts* and *speakers* are organisations.

    No *audience* leaves it and the label as they are; *capacity* and *company_seats* are numbers of
    seats, None for as many as come. Registration opens as *opens_on* begins where the briefing is,
    and closes as *closes_on* ends there. No *questions* leave those there are. *needs_approval*
    leaves no waitlist.
    """

    hosts: tuple[str, ...]
    speakers: tuple[str, ...]
    audience: Audience | None
    group: int | None
    tlp: Tlp | None
    capacity: int | None
    company_seats: int | None
    has_waitlist: bool
    opens_on: date | None
    closes_on: date | None
    notices: tuple[Notice, ...]
    questions: tuple[str, ...] | None = None
    needs_approval: bool = False


def of(briefing: Briefing) -> Terms:
    """Give the terms of *briefing*, which is loaded with its host and partners."""
    partners = sorted(
        (one.role, one.organisation.folded, one.organisation.name) for one in briefing.partners
    )
    host = [briefing.host.name] if briefing.host else []
    co_hosts = [name for role, _, name in partners if role is PartnerRole.CO_HOST]
    return Terms(
        hosts=(*host, *co_hosts),
        speakers=tuple(name for role, _, name in partners if role is PartnerRole.SPEAKER),
        audience=briefing.audience,
        group=briefing.audience_group_id,
        tlp=briefing.tlp,
        capacity=briefing.capacity,
        company_seats=briefing.company_seats,
        has_waitlist=briefing.has_waitlist,
        opens_on=_day(briefing, briefing.opens_at),
        closes_on=_day(briefing, briefing.closes_at and briefing.closes_at - timedelta.resolution),
        notices=tuple(Notice(one) for one in briefing.notices),
        questions=tuple(briefing.questions),
        needs_approval=briefing.needs_approval,
    )


def groups(session: Session, asker: Asker) -> Groups:
    """Give the groups for which *asker* may write, each id and title."""
    rows = session.execute(
        sa.select(WorkingGroup.id, WorkingGroup.title)
        .where(scope(WorkingGroup))
        .order_by(WorkingGroup.folded, WorkingGroup.id),
        asker.binds(),
    )
    return tuple(
        (number, title) for number, title in rows if asker.is_staff or number in asker.chairs
    )


def begin(briefing: Briefing, asker: Asker, own: Groups) -> None:
    """Put a new briefing on the usual terms of its kind: for members, or for the author's group."""
    briefing.audience, briefing.tlp = Audience.MEMBERS, Tlp.AMBER
    briefing.notices = [notice.value for notice in USUAL.get(briefing.kind, ())]
    if own and (not asker.is_staff or briefing.kind is Kind.GROUP_MEETING):
        briefing.audience, briefing.audience_group_id = Audience.GROUP, own[0][0]


def take_after(briefing: Briefing, pattern: Briefing) -> None:
    """Put *briefing* on the terms of *pattern*, but for what was of its day: links and windows.

    One for everybody takes two to say again, one for people named takes new names.
    """
    again = {Audience.PUBLIC: Audience.COMMUNITY, Audience.NAMED: Audience.STAFF}
    briefing.audience = again.get(pattern.audience, pattern.audience)
    briefing.tlp, briefing.audience_group_id = pattern.tlp, pattern.audience_group_id
    briefing.capacity, briefing.company_seats = pattern.capacity, pattern.company_seats
    briefing.has_waitlist, briefing.needs_approval = pattern.has_waitlist, pattern.needs_approval
    briefing.notices = list(pattern.notices)
    briefing.host_id, briefing.questions = pattern.host_id, list(pattern.questions)
    if pattern.edition:
        briefing.series_id = pattern.series_id  # another edition of it


def put(session: Session, asker: Asker, briefing: Briefing, terms: Terms) -> None:
    """Put *briefing*, whose row the caller holds, on *terms*, but for its seats. Raises Refusal."""
    if terms.questions is not None and questions.put(session, briefing, terms.questions):
        reminders.replan(session, briefing)
    if briefing.state is State.DRAFT and terms.audience is not None:
        _address(session, asker, briefing, terms.audience, terms)
    else:
        check_body(briefing.tlp, briefing)
    _open_between(briefing, terms)
    name(session, asker, briefing, terms)
    briefing.has_waitlist = terms.has_waitlist and not terms.needs_approval
    briefing.notices = [notice.value for notice in terms.notices]
    session.flush()


def join(session: Session, briefing: Briefing, pattern: Briefing) -> None:
    """Give *briefing* the co-hosts and speakers of *pattern*, which is loaded with its partners."""
    session.add_all(
        BriefingPartner(
            workspace_id=briefing.workspace_id,
            briefing_id=briefing.id,
            organisation_id=one.organisation_id,
            role=one.role,
        )
        for one in pattern.partners
        if one.role in NAMED
    )


def move_window(briefing: Briefing, days: timedelta) -> None:
    """Let registration open and close as many *days* later as the briefing takes place.

    By the clock where it is, so this comes before its zone is changed.
    """
    for name in ("opens_at", "closes_at"):
        at = getattr(briefing, name)
        if at is not None:
            there = at.astimezone(ZoneInfo(briefing.zone))
            setattr(briefing, name, moment(there.date() + days, there.time(), briefing.zone))


def name(session: Session, asker: Asker, briefing: Briefing, terms: Terms) -> None:
    """Name the organisations that hold it and that speak. Raises Refusal for an unknown one."""
    hosts = [organisations.called(session, asker, one).id for one in terms.hosts]
    speakers = [organisations.called(session, asker, one).id for one in terms.speakers]
    briefing.host_id = hosts[0] if hosts else None
    wanted = {(PartnerRole.CO_HOST, one) for one in hosts[1:]}
    wanted |= {(PartnerRole.SPEAKER, one) for one in speakers}
    gone = sa.delete(BriefingPartner).where(
        BriefingPartner.briefing_id == briefing.id,
        BriefingPartner.role.in_(NAMED),
    )
    session.execute(gone, execution_options={"synchronize_session": "fetch"})
    session.add_all(
        BriefingPartner(
            workspace_id=briefing.workspace_id,
            briefing_id=briefing.id,
            organisation_id=organisation,
            role=role,
        )
        for role, organisation in sorted(wanted)
    )


def check_body(tlp: Tlp, part: object) -> None:
    """Refuse a body of *part* under TLP:RED: of it the bot holds titles, times and places alone."""
    if tlp is Tlp.RED and any(getattr(part, field, None) for field in BODIES):
        raise Refusal(
            "TLP:RED is for what is said in the room: its title, time and place may stand here, "
            "nothing else. Take out the summary, the agenda and the questions, or choose another "
            "label."
        )


def _day(briefing: Briefing, at: datetime | None) -> date | None:
    return at.astimezone(ZoneInfo(briefing.zone)).date() if at else None


def _open_between(briefing: Briefing, terms: Terms) -> None:
    # A day that stays keeps its hour: documents may name one.
    was = of(briefing)
    if terms.opens_on != was.opens_on:
        opens = terms.opens_on
        briefing.opens_at = moment(opens, time(0), briefing.zone) if opens else None
    if terms.closes_on != was.closes_on:
        closes = terms.closes_on
        briefing.closes_at = end_of(closes, briefing.zone) if closes else None
    if briefing.opens_at and briefing.opens_at >= briefing.ends_at:
        raise Refusal("Registration would open after the briefing ends. Choose an earlier day.")
    if briefing.opens_at and briefing.closes_at and briefing.closes_at <= briefing.opens_at:
        raise Refusal("Registration would close before it opens. Choose another day.")


def _address(
    session: Session, asker: Asker, briefing: Briefing, audience: Audience, terms: Terms
) -> None:
    own = {number for number, _title in groups(session, asker)}
    group = terms.group if audience is Audience.GROUP else None
    kept = (briefing.audience, briefing.audience_group_id) == (audience, group)
    is_fine = group in own if group else audience in OFFERED and asker.is_staff
    if not (is_fine or kept):
        raise Refusal("That is not yours to choose. Choose again for whom it is.")
    if terms.tlp is None or terms.tlp not in FITS[audience]:
        fitting = " or ".join(f"TLP:{tlp}" for tlp in FITS[audience])
        raise Refusal(f"That label does not go with whom it is for; choose {fitting}.")
    check_body(terms.tlp, briefing)
    if terms.tlp is Tlp.RED and talks.count(session, asker, briefing.id):
        raise Refusal(
            "TLP:RED goes with no programme. Take out its sessions, or choose another label."
        )
    if not kept or briefing.tlp is not terms.tlp:
        sharing.forget(session, briefing)
    briefing.audience, briefing.tlp, briefing.audience_group_id = audience, terms.tlp, group
