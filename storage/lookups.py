"""Looking for briefings: by words of the title, the kind, the place, and whether seats are free."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage import briefings
from storage.asker import Asker
from storage.briefings import Line
from storage.database import Session
from storage.models import Briefing, Kind, Place, State, folded
from storage.pages import Page
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
_IS_TO_COME = Briefing.ends_at > bindparam("now")
_HAS_SEATS = sa.and_(
    briefings.OPEN,
    _IS_TO_COME,
    sa.or_(Briefing.capacity.is_(None), Briefing.taken < Briefing.capacity),
)
# Databases fold no accents, so the few cities that the asker may see are folded here.
_CITIES = sa.select(Briefing.city).where(scope(Briefing), Briefing.city.is_not(None)).distinct()
# What is to come, soonest first; then what is over, newest first.
_ORDER = (
    sa.case((_IS_TO_COME, 0), else_=1),
    sa.case((_IS_TO_COME, Briefing.starts_at)),
    Briefing.starts_at.desc(),
    Briefing.id,
)


def find(
    session: Session, asker: Asker, now: datetime, words: Sequence[str], page: int = 0
) -> Page[Line]:
    """List what all of *words* are true of: what is to come first, then what took place."""
    cities = session.scalars(_CITIES, asker.binds()).all()
    fits = sa.and_(Briefing.state != State.DRAFT, *(_fits(word, cities) for word in words))
    return briefings.listed(session, asker, now, briefings.paged(fits, _ORDER), page)


def _fits(word: str, cities: Sequence[str | None]) -> sa.ColumnElement[bool]:
    one = folded(word)
    there = sa.or_(
        # Words begin after a space, so «E4» is no part of another word.
        Briefing.folded.startswith(one, autoescape=True),
        Briefing.folded.contains(f" {one}", autoescape=True),
        Briefing.city.in_([city for city in cities if f" {one}" in f" {folded(city or '')}"]),
    )
    single = one.removesuffix("s")
    if one == SEATS:
        return _HAS_SEATS
    if single in KINDS:
        return sa.or_(there, Briefing.kind == KINDS[single])
    return sa.or_(there, Briefing.place.in_(PLACES[one])) if one in PLACES else there
