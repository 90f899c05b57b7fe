"""What a digest tells: what needs attention, what moved, what is next, what is new."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storage import actions, briefings, health, initiatives, resources, waiting
from storage.asker import Asker
from storage.database import Session
from storage.models import Health

AHEAD = timedelta(days=14)
AT_MOST = 100  # of each sort; a digest shows fewer and says how many more there are


@dataclass(frozen=True)
class Moved:
    """Everything a digest can tell its readers, as things are at one moment."""

    attention: initiatives.Attention
    overdue: tuple[actions.Line, ...]
    progressed: initiatives.Progress
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


def gather(session: Session, asker: Asker, now: datetime, since: datetime) -> Moved:
    """Gather what *asker* may see of what moved after *since*, and of the fourteen days ahead."""
    return Moved(
        initiatives.attention(session, asker, now, AT_MOST),
        tuple(actions.overdue(session, asker, now, AT_MOST)),
        initiatives.progressed(session, asker, since, now, AT_MOST),
        tuple(briefings.until(session, asker, now, now + AHEAD, AT_MOST)),
        tuple(actions.done_since(session, asker, since, now, AT_MOST)),
        tuple(resources.since(session, asker, now, since, AT_MOST)),
        waiting.among(session, asker, now, AT_MOST),
        health.counted(session, asker, now),
    )
