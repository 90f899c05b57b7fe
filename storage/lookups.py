"""Looking for briefings: by words of the title, the kind, the place, and whether seats are free."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage import briefings
from storage.asker import Asker
from storage.briefings import LISTED, PARTS, SOONEST, TO_COME, Line
from storage.database import Session
from storage.item_words import begins, exactly, narrowed
from storage.models import Briefing, Kind, Place, State, folded
from storage.models.words import trait
from storage.pages import SHOWN, Page, firsts, in_parts
from storage.policy import scope

# Words that say of what kind one is, or how one takes part; all others stand in its title or city.
KINDS: Mapping[str, Kind] = {
    "briefing": Kind.BRIEFING,
    "webinar": Kind.WEBINAR,
    "forum": Kind.FORUM,
    "hackathon": Kind.HACKATHON,
    "track": Kind.CONFERENCE_TRACK,
    "convening": Kind.CONVENING,
    "meeting": Kind.GROUP_MEETING,
    "external": Kind.EXTERNAL,
}
PLACES: Mapping[str, tuple[Place, ...]] = {
    "online": (Place.VIRTUAL, Place.HYBRID),
    "virtual": (Place.VIRTUAL,),
    "hybrid": (Place.HYBRID,),
}
SEATS = "seats"
_LINES = LISTED.where(scope(Briefing), Briefing.id.in_(SHOWN))
_IS_TO_COME = Briefing.ends_at > bindparam("now")
_IS_OVER = sa.and_(briefings.IS_OVER, Briefing.state != State.DRAFT)
_HAS_SEATS = sa.and_(
    briefings.OPEN,
    _IS_TO_COME,
    sa.or_(Briefing.capacity.is_(None), Briefing.taken < Briefing.capacity),
)
_NEWEST = (Briefing.starts_at.desc(), Briefing.id)


def find(
    session: Session, asker: Asker, now: datetime, words: Sequence[str], page: int = 0
) -> Page[Line]:
    """List what all of *words* are true of: what is to come first, then what took place."""
    fits = [_fits(session, asker, word) for word in words]
    ids = [firsts(Briefing, SOONEST, TO_COME, *fits, parts=PARTS)]
    if SEATS not in map(folded, words):
        ids.append(firsts(Briefing, _NEWEST, _IS_OVER, *fits))
    return briefings.listed(session, asker, now, in_parts(_LINES, *ids), page)


def _fits(session: Session, asker: Asker, word: str) -> sa.ColumnElement[bool]:
    one = folded(word)
    if one == SEATS:
        return _HAS_SEATS
    single = one.removesuffix("s")
    traits = [KINDS[single]] if single in KINDS else PLACES.get(one, ())
    also = [exactly(trait(value)) for value in traits]
    # A beginning of a word of the title or the city, so «E4» is no part of another word.
    begun = [[begins(part), *also] for part in one.split()]
    return narrowed(session, asker.workspace, Briefing, begun)
