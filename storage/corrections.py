"""Updates that somebody corrected: told once, in their last form."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from storage.updates import UpdateLine

WITHIN = timedelta(days=1)


def last_forms(lines: Iterable[UpdateLine]) -> tuple[UpdateLine, ...]:
    """Leave out what was corrected; *lines* come newest first, and so does what is kept.

    Whoever says something of an initiative again within a day corrects what they said. The last
    form then tells the health from before the first.
    """
    kept: list[UpdateLine] = []
    newer: dict[tuple[int, str], tuple[int, UpdateLine]] = {}
    for line in lines:
        said_by = (line.initiative_id, line.author or f"nobody {line.id}")
        at, after = newer.get(said_by, (len(kept), line))
        if after is not line and after.made_at - line.made_at <= WITHIN:
            kept[at] = replace(kept[at], was=line.was, is_corrected=True)
        else:
            at = len(kept)
            kept.append(line)
        newer[said_by] = (at, line)
    return tuple(kept)
