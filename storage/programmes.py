"""The programme of a briefing: its sessions in order, written by its author as a whole."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from storage import audit, authoring, guard, moved_along, organisations, talk_news, talks
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import Briefing, Organisation, Precision, State, Talk, Tlp, folded
from storage.models.row import TITLE_LIMIT

MOST = 60  # sessions
TRACK_LIMIT = ROOM_LIMIT = 60
KNOWN = frozenset({Precision.MINUTE, Precision.DAY})
UNKNOWN = "Its day is not known yet, so it can have no sessions. Change when it is first."
RED = "It is TLP:RED: its title, time and place may stand here, and no programme."


@dataclass(frozen=True)
class Line:
    """A session as its author writes it, moments in UTC; *speaker* is an organisation's name."""

    title: str
    starts_at: datetime
    ends_at: datetime
    track: str = ""
    room: str = ""
    speaker: str = ""
    speaker_id: int | None = None


_Key = Callable[[Line], Hashable]


def _title(line: Line) -> Hashable:
    return folded(line.title)


# By what a line is known to be a session that is there: what is most alike goes first.
_KEYS: tuple[_Key, ...] = (
    lambda line: line,
    lambda line: (_title(line), line.starts_at),
    lambda line: (_title(line), line.track),
    _title,
    lambda line: (line.starts_at, line.ends_at, line.track, line.room),
    lambda line: (line.starts_at, line.ends_at, line.room),
)


@dataclass(frozen=True)
class Sheet:
    """A programme as its author finds it. *stands* tells this state of it from any other.

    *speakers* are the organisations that were asked for, by name: which, or why it is unknown.
    """

    briefing: Briefing
    lines: tuple[Line, ...]
    stands: str
    speakers: Mapping[str, Organisation | Refusal]


@dataclass(frozen=True)
class Plan:
    """What becomes of a programme that is to be as *lines* say.

    Each of *changed* is as it was and as it is to be; *hearing* people are told in ten minutes.
    *stands* tells what is there now, *mark* that and what it is to become. Until *is_saved* nothing
    is changed.
    """

    briefing: Briefing
    lines: tuple[Line, ...]
    new: tuple[Line, ...]
    changed: tuple[tuple[Line, Line], ...]
    gone: tuple[Line, ...]
    hearing: int
    stands: str
    mark: str
    is_saved: bool = False

    @property
    def is_different(self) -> bool:
        """Whether saving changes anything."""
        return bool(self.new or self.changed or self.gone)


def sheet(
    session: Session, asker: Asker, now: datetime, called: str, speakers: Collection[str] = ()
) -> Sheet:
    """Show the programme of the briefing *called* so to whoever may change it. Raises Refusal."""
    briefing = authoring.show(session, asker, now, called).briefing
    _check_briefing(briefing)
    if briefing.state is State.CANCELLED:
        raise Refusal(authoring.CANCELLED)
    found = talks.of(session, asker, briefing.id)
    lines = tuple(line_of(talk) for talk in found)
    named = {name: _speaker(session, asker, name) for name in dict.fromkeys(speakers)}
    return Sheet(briefing, lines, _digest(lines), named)


@writes
def put(
    session: Session,
    asker: Asker,
    now: datetime,
    briefing_id: int,
    lines: Sequence[Line],
    seen: str,
) -> Plan:
    """Say what becomes of a programme, and do it where *seen* is the `mark` of exactly that.

    A session is known again by its title, or where that is new by its time and place. Raises
    Refusal.
    """
    briefing = authoring.hold(session, asker, briefing_id)
    _check(briefing, lines)
    there = talks.of(session, asker, briefing.id, with_gone=True)
    known = _known(there, lines)
    plan = _planned(session, now, briefing, there, lines, known)
    if seen != plan.mark:
        return plan
    if plan.is_different:
        _save(session, asker, now, briefing, there, lines, known)
    return replace(plan, is_saved=True)


def line_of(talk: Talk) -> Line:
    """Give *talk*, which is loaded with its organisation, as its author would write it."""
    return Line(
        talk.title,
        talk.starts_at,
        talk.ends_at,
        talk.track or "",
        talk.room or "",
        talk.organisation.name if talk.organisation else "",
        talk.organisation_id,
    )


def _speaker(session: Session, asker: Asker, name: str) -> Organisation | Refusal:
    try:
        return organisations.called(session, asker, name)
    except Refusal as unknown:
        return unknown


def _check_briefing(briefing: Briefing) -> None:
    if briefing.precision not in KNOWN:
        raise Refusal(UNKNOWN)
    if briefing.tlp is Tlp.RED:
        raise Refusal(RED)


def _check(briefing: Briefing, lines: Sequence[Line]) -> None:
    _check_briefing(briefing)
    if len(lines) > MOST:
        raise Refusal(f"These are {len(lines)} sessions; {MOST} fit. Leave some out.")
    # Line by line, as they are written: rooms below each other are a row of numbers, too.
    guard.check(sessions="\n".join(f"{one.title} | {one.track} | {one.room}" for one in lines))
    for line in lines:
        if not line.title or len(line.title) > TITLE_LIMIT or line.ends_at <= line.starts_at:
            raise Refusal("Each session has a title, and ends after it begins. Look at them again.")
        if not moved_along.is_within(briefing, line.starts_at, line.ends_at):
            raise Refusal(
                f"«{line.title}» would be outside the briefing, which lasts from $begins to $ends. "
                "Nothing was saved; change its time, or when the briefing is.",
                begins=briefing.starts_at,
                ends=briefing.ends_at,
            )


def _known(there: Sequence[Talk], lines: Sequence[Line]) -> dict[int, Talk]:
    """Say which of the lines, by their place, is which session that is *there* already."""
    live = [talk for talk in there if talk.gone_at is None]
    known: dict[int, Talk] = {}
    for key in _KEYS:
        _pair(live, lines, key, known)
    # What was left out and comes back is the same again: nobody hears of a slip.
    _pair([talk for talk in there if talk.gone_at is not None], lines, _title, known)
    return known


def _pair(some: Sequence[Talk], lines: Sequence[Line], key: _Key, known: dict[int, Talk]) -> None:
    left: dict[Hashable, list[Talk]] = defaultdict(list)
    taken = {talk.id for talk in known.values()}
    for talk in some:
        if talk.id not in taken:
            left[key(line_of(talk))].append(talk)
    for place, line in enumerate(lines):
        if place not in known and left[key(line)]:
            known[place] = left[key(line)].pop(0)


def _planned(
    session: Session,
    now: datetime,
    briefing: Briefing,
    there: Sequence[Talk],
    lines: Sequence[Line],
    known: Mapping[int, Talk],
) -> Plan:
    kept = {talk.id for talk in known.values()}
    live = [talk for talk in there if talk.gone_at is None]
    gone = [talk for talk in live if talk.id not in kept]
    before = {place: line_of(talk) for place, talk in known.items() if talk.gone_at is None}
    changed = [(before[n], line) for n, line in enumerate(lines) if before.get(n, line) != line]
    news = [talk for talk in gone if talk.ends_at > now]
    for place, talk in known.items():
        if _is_news(talk, lines[place]) and max(talk.ends_at, lines[place].ends_at) > now:
            news.append(talk)
    stands = _digest(tuple(line_of(talk) for talk in live))
    return Plan(
        briefing,
        tuple(lines),
        tuple(line for place, line in enumerate(lines) if place not in before),
        tuple(changed),
        tuple(line_of(talk) for talk in gone),
        len(_hearing(session, briefing, news)),
        stands,
        _digest((stands, *lines)),
    )


def _hearing(session: Session, briefing: Briefing, news: Sequence[Talk]) -> Collection[int]:
    is_draft = briefing.state is State.DRAFT
    return () if is_draft else talk_news.readers(session, briefing, news)


def _is_news(talk: Talk, line: Line) -> bool:
    stands = (talk.starts_at, talk.ends_at, talk.room or "")
    return talk.gone_at is not None or stands != (line.starts_at, line.ends_at, line.room)


def _save(
    session: Session,
    asker: Asker,
    now: datetime,
    briefing: Briefing,
    there: Sequence[Talk],
    lines: Sequence[Line],
    known: Mapping[int, Talk],
) -> None:
    before = talk_news.noted(there, briefing.state)
    kept = {talk.id for talk in known.values()}
    for talk in there:
        if talk.id not in kept and talk.gone_at is None:
            talk.gone_at = now
    for place, line in enumerate(lines):
        talk = known.get(place) or Talk(workspace_id=briefing.workspace_id, briefing_id=briefing.id)
        for name, value in _columns(line).items():
            if getattr(talk, name) != value:
                setattr(talk, name, value)
        session.add(talk)
    session.flush()
    talk_news.announce(session, now, briefing, there, before)
    after = {"sessions": len(lines)}
    audit.record(session, asker, now, "edit", f"briefing {briefing.id}", after=after)


def _columns(line: Line) -> dict[str, object]:
    return {
        "title": line.title,
        "starts_at": line.starts_at,
        "ends_at": line.ends_at,
        "track": line.track or None,
        "room": line.room or None,
        "organisation_id": line.speaker_id,
        "gone_at": None,
    }


def _digest(part: tuple[object, ...]) -> str:
    return hashlib.sha256(repr(part).encode()).hexdigest()[:16]
