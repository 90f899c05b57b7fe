"""What one digest tells of all that moved: the sections and topics chosen; daily what is due."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from storage import progress, waiting
from storage.models import spaced
from storage.overview import Own
from storage.pages import Page
from storage.progress import Moved

SOON = timedelta(hours=36)  # what is due by the end of tomorrow, or begins by then


class Section(StrEnum):
    """A part of a digest that one may choose."""

    WAITING = "waiting"
    ITEMS = "items"
    BRIEFINGS = "briefings"
    ATTENTION = "attention"
    MOVED = "moved"
    STANDING = "standing"
    COMING = "coming"
    WAITS = "waits"
    DONE = "done"
    RESOURCES = "resources"


OWN = (Section.WAITING, Section.ITEMS, Section.BRIEFINGS)  # of one person, never of a channel
OTHERS = (Section.STANDING, Section.WAITS)  # of a channel, never of one person
PERSONAL = tuple(section for section in Section if section not in OTHERS)
COMMON = tuple(section for section in Section if section not in OWN)
NO_WORRIES = progress.Attention((), (), ())


@dataclass(frozen=True)
class Selection:
    """The sections and the topics that somebody chose; none is all.

    Of what a digest tells, only resources have topics: all else is told whatever they are.
    """

    sections: frozenset[Section] = frozenset()
    topics: tuple[str, ...] = ()

    def tells(self, section: Section) -> bool:
        """Say whether *section* was chosen."""
        return not self.sections or section in self.sections


EVERYTHING = Selection()


def selected(sections: list[str], topics: list[str]) -> Selection:
    """Read a selection as it is stored; a section that exists no more was not chosen."""
    known = frozenset(Section(one) for one in sections if one in set(Section))
    return Selection(known, tuple(topics))


def of_moved(moved: Moved, selection: Selection) -> Moved:
    """Keep of *moved* what was chosen."""
    progressed = moved.progressed
    if not selection.tells(Section.MOVED):
        progressed = replace(progressed, updates=())
    if not selection.tells(Section.DONE):
        moved, progressed = replace(moved, done=()), replace(progressed, milestones=())
    if not selection.tells(Section.ATTENTION):
        moved = replace(moved, attention=NO_WORRIES, overdue=())
    if not selection.tells(Section.COMING):
        moved = replace(moved, coming=())
    if not selection.tells(Section.WAITS):
        moved = replace(moved, waits=())
    if not selection.tells(Section.STANDING):
        moved = replace(moved, health={})
    new = moved.resources if selection.tells(Section.RESOURCES) else ()
    wanted = {spaced(topic) for topic in selection.topics}
    if wanted:
        new = tuple(one for one in new if wanted & {spaced(t) for t in one.topics})
    return replace(moved, progressed=progressed, resources=new)


def of_own(own: Own, selection: Selection) -> Own:
    """Keep of what waits for somebody, and is next for them, what was chosen."""
    if not selection.tells(Section.WAITING):
        own = replace(own, proposed=Page((), 0, 0), unanswered=Page((), 0, 0))
    if not selection.tells(Section.ITEMS):
        own = replace(own, actions=Page((), 0, 0))
    if not selection.tells(Section.BRIEFINGS):
        own = replace(own, coming=Page((), 0, 0))
    return own


def of_waits(waits: waiting.Own, selection: Selection) -> waiting.Own:
    """Keep of who waits for somebody, and for whom they wait, what was chosen."""
    return waits if selection.tells(Section.WAITING) else waiting.Own()


def due(moved: Moved, now: datetime) -> Moved:
    """Keep of *moved* what is due or overdue: what a digest tells that comes each day."""
    worries = moved.attention
    return replace(
        moved,
        attention=replace(worries, troubled=()),
        progressed=replace(moved.progressed, updates=(), milestones=()),
        coming=tuple(line for line in moved.coming if line.starts_at <= now + SOON),
        done=(),
        resources=(),
        waits=(),
        health={},
    )
