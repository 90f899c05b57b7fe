"""What a digest tells: what needs attention, what moved, what is next, what is new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from storage import (
    actions,
    agendas,
    briefings,
    duties,
    health,
    initiatives,
    milestones,
    resources,
    updates,
    waiting,
)
from storage.asker import Asker
from storage.crowds import Crowd
from storage.database import Session
from storage.milestones import MilestoneLine
from storage.models import Health
from storage.updates import UpdateLine

AHEAD = timedelta(days=14)
AT_MOST = 100  # of each sort; a digest shows fewer and says how many more there are


@dataclass(frozen=True)
class Attention:
    """What needs attention; an initiative stands in one part only.

    *troubled* are at risk or off track (and perhaps stale besides); *stale* those said to be on
    track but silent for longer than their cadence; *overdue* are milestones.
    """

    troubled: tuple[initiatives.Line, ...]
    stale: tuple[initiatives.Line, ...]
    overdue: tuple[MilestoneLine, ...]


@dataclass(frozen=True)
class Progress:
    """What moved: updates, not suggestions, and milestones that were reached."""

    updates: tuple[UpdateLine, ...]
    milestones: tuple[MilestoneLine, ...]


@dataclass(frozen=True)
class Moved:
    """Everything a digest can tell its readers, as things are at one moment.

    *waits* and *health* are for channels: of their own, people are told by their names.
    """

    attention: Attention
    overdue: tuple[actions.Line, ...]
    progressed: Progress
    coming: tuple[briefings.Line, ...]
    done: tuple[actions.Line, ...]
    resources: tuple[resources.Line, ...]
    waits: tuple[actions.Line, ...] = ()
    health: Mapping[Health, int] = field(default_factory=dict)

    @property
    def is_news(self) -> bool:
        """Whether anything is new; what merely still needs attention is no news by itself."""
        return bool(
            self.progressed.updates
            or self.progressed.milestones
            or self.done
            or self.resources
            or self.coming
        )

    @property
    def is_anything(self) -> bool:
        """Whether there is anything to tell at all."""
        worries = self.attention
        return bool(
            self.is_news or self.overdue or worries.troubled or worries.stale or worries.overdue
        )


def gather(
    session: Session, asker: Asker, now: datetime, since: datetime, at_most: int | None = None
) -> Moved:
    """Gather what *asker* may see of what moved after *since*, and of the fourteen days ahead.

    Of each sort there are *at_most* so many, `AT_MOST` if nothing is said.
    """
    limit = at_most or AT_MOST
    return replace(
        for_many(session, [(asker, since)], now, limit)[0],
        waits=waiting.among(session, asker, now, limit),
        health=health.counted(session, asker, now),
    )


def for_many(
    session: Session,
    readers: Sequence[tuple[Asker, datetime]],
    now: datetime,
    at_most: int | None = None,
) -> list[Moved]:
    """Gather for each of *readers*, of one workspace, what moved after the moment beside them.

    Of each sort there are *at_most* so many, `AT_MOST` if nothing is said.
    """
    limit = at_most or AT_MOST
    crowd = Crowd(tuple(asker for asker, _ in readers))
    first = min(since for _, since in readers)
    days = {zone: today(zone, now) for zone in {asker.zone for asker in crowd.askers}}
    troubled = initiatives.troubled(session, crowd, now, limit)
    stale = initiatives.stale(session, crowd, now, limit)
    late = milestones.overdue(session, crowd, max(days.values()), limit)
    overdue = duties.overdue(session, crowd, now, limit)
    said = updates.between(session, crowd, first, now, limit)
    reached = milestones.reached(session, crowd, first, now, limit)
    coming = agendas.until(session, crowd, now, now + AHEAD, limit)
    done = duties.done_since(session, crowd, first, now, limit)
    added = resources.since(session, crowd, now, first, limit)

    def moved(asker: Asker, since: datetime) -> Moved:
        def is_old(moment: datetime | None) -> bool:
            return moment is None or moment <= since

        return Moved(
            Attention(
                troubled.seen(asker),
                stale.seen(asker),
                late.until(
                    asker, lambda line: line.due_on is None or line.due_on >= days[asker.zone]
                ),
            ),
            overdue.seen(asker),
            Progress(
                said.until(asker, lambda line: is_old(line.made_at)),
                reached.until(asker, lambda line: is_old(line.done_at)),
            ),
            coming.seen(asker),
            done.until(asker, lambda line: is_old(line.done_at)),
            added.until(asker, lambda line: is_old(line.added_at)),
        )

    return [moved(asker, since) for asker, since in readers]


def today(zone: str, now: datetime) -> date:
    """Say which day it is in *zone*."""
    return now.astimezone(ZoneInfo(zone)).date()
