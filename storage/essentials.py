"""What a briefing is, when and where: the first half of what its author says of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from storage.models import Briefing, Kind, Place, Precision


@dataclass(frozen=True)
class What:
    """What a briefing is, when and where. Text as people wrote it, moments in UTC."""

    title: str
    kind: Kind
    summary: str
    agenda: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    zone: str
    precision: Precision
    place: Place
    venue: str
    city: str
    join_link: str


def of(briefing: Briefing) -> What:
    """Read it from *briefing*."""
    return What(
        title=briefing.title,
        kind=briefing.kind,
        summary=briefing.summary,
        agenda=tuple(briefing.agenda),
        starts_at=briefing.starts_at,
        ends_at=briefing.ends_at,
        zone=briefing.zone,
        precision=briefing.precision,
        place=briefing.place,
        venue=briefing.venue or "",
        city=briefing.city or "",
        join_link=briefing.join_link or "",
    )


def columns(what: What) -> dict[str, Any]:
    """Give the values of a `Briefing`'s columns that *what* says."""
    absent = {name: getattr(what, name) or None for name in ("venue", "city", "join_link")}
    return {
        "title": what.title,
        "kind": what.kind,
        "summary": what.summary,
        "agenda": list(what.agenda),
        "starts_at": what.starts_at,
        "ends_at": what.ends_at,
        "zone": what.zone,
        "precision": what.precision,
        "place": what.place,
        **absent,
    }


def as_exact(before: What, what: What) -> What:
    """Give *what* as exact as it was *before*, if its author left its days as they found them.

    A form knows days and hours: whoever changes a title does not say that a month is known by days.
    """
    same = (what.starts_at, what.ends_at, what.zone) == (
        before.starts_at,
        before.ends_at,
        before.zone,
    )
    is_rough = before.precision in {Precision.MONTH, Precision.YEAR}
    return replace(what, precision=before.precision) if same and is_rough else what
