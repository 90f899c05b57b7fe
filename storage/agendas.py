"""What is to come for each of many people: what they could answer, and what they go to."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage import crowds, queues, sight
from storage.briefings import LINE, OPEN, PARTS, SHARED, SOONEST, TO_COME, Line
from storage.crowds import Crowd, Row, Shelf, line_of
from storage.database import Session
from storage.models import LONG, Briefing, Rsvp, Standing, State
from storage.pages import SIZE, Page
from storage.policy import scope


@dataclass(frozen=True)
class Agenda:
    """The first of what waits for somebody's answer, and of what they go to or wait for."""

    unanswered: Page[Line]
    coming: Page[Line]


_SHARED = tuple(column.key for column in SHARED)
_TO_COME = crowds.circled(
    sa.select(*SHARED, OPEN.label("is_open")).where(scope(Briefing), TO_COME), Briefing
).order_by(*SOONEST)
# Of the table, not of the class: there are many rows, and the session's own handling costs most.
_rsvp = Rsvp.__table__.c
_ANSWERS = sa.select(_rsvp.person_id, _rsvp.briefing_id, _rsvp.standing).where(
    _rsvp.person_id.in_(bindparam("people", expanding=True)),
    _rsvp.briefing_id.in_(sa.select(Briefing.id).where(scope(Briefing), TO_COME)),
)

# What begins before some day: each part by an index, as in any list.
_SOON = (
    sa.select(Briefing.id).where(
        Briefing.workspace_id == bindparam("workspace"),
        part,
        Briefing.starts_at < bindparam("until"),
    )
    for part in PARTS
)
_BETWEEN = crowds.firsts(
    LINE,
    sa.select(Briefing.id).where(
        scope(Briefing),
        TO_COME,
        Briefing.state == State.PUBLISHED,
        Briefing.id.in_(sa.union_all(*_SOON)),
    ),
    Briefing,
    SOONEST,
)


def gather(session: Session, crowd: Crowd, now: datetime) -> list[Agenda]:
    """Give of each of *crowd* what `briefings.unanswered` and `briefings.mine` give them."""
    values = crowd.binds | {"now": now}
    shelf = Shelf(Briefing, session.execute(_TO_COME, values), _itself)
    waiting = queues.lengths(session, crowd.askers[0].workspace, now)
    answers: dict[int, dict[int, Standing]] = {asker.person: {} for asker in crowd.askers}
    found = session.execute(_ANSWERS, values | {"people": list(answers)})
    for person, briefing, standing in found:
        answers[person][briefing] = standing
    alike: dict[Hashable, _Visible] = {}
    made: dict[tuple[int, Standing | None], Line] = {}
    agendas = []
    for asker in crowd.askers:
        if asker.view not in alike:
            alike[asker.view] = _Visible(shelf.seen(asker), waiting, made)
        agendas.append(alike[asker.view].agenda(answers[asker.person]))
    return agendas


def until(session: Session, crowd: Crowd, now: datetime, end: datetime, limit: int) -> Shelf[Line]:
    """List at most *limit* published briefings that start before *end* and have not ended.

    They say nothing of what anybody has answered: all who see the same are told the same.
    """
    values = crowd.binds | sight.binds(now) | {"now": now, "began": now - LONG, "until": end}
    rows = session.execute(_BETWEEN, values | {"limit": limit, "asker": 0})
    return Shelf(Briefing, rows, line_of(Line), limit)


class _Visible:
    """What those who may see the same see, soonest first; *made* are the lines of all."""

    def __init__(
        self,
        rows: Sequence[Row],
        waiting: Mapping[int, int],
        made: dict[tuple[int, Standing | None], Line],
    ) -> None:
        self._rows = {row.id: row for row in rows}
        self._open = {row.id: row for row in rows if row.is_open}
        self._waiting, self._made = waiting, made

    def agenda(self, answers: Mapping[int, Standing]) -> Agenda:
        """Part it by what somebody has answered."""
        held = {n for n, standing in answers.items() if standing is Standing.OFFERED}
        held = {n for n in held if n in self._rows and self._rows[n].state is State.PUBLISHED}
        waiting = self._with(held) if held else self._open
        left = (row for number, row in waiting.items() if number in held or number not in answers)
        total = len(waiting) - sum(number in waiting for number in answers if number not in held)
        mine = sorted(
            (self._rows[n].starts_at, n)
            for n, standing in answers.items()
            if standing is not Standing.DECLINED and n in self._rows
        )
        return Agenda(
            Page(
                tuple(self._line(row, answers.get(row.id)) for row in islice(left, SIZE)), 0, total
            ),
            Page(
                tuple(self._line(self._rows[n], answers[n]) for _, n in mine[:SIZE]), 0, len(mine)
            ),
        )

    def _with(self, held: set[int]) -> dict[int, Row]:
        """Give what is open with what is *held* for somebody, which may be closed to others."""
        return {n: row for n, row in self._rows.items() if row.is_open or n in held}

    def _line(self, row: Row, mine: Standing | None) -> Line:
        key = row.id, mine
        if key not in self._made:
            shared = {name: getattr(row, name) for name in _SHARED}
            waiting = self._waiting.get(row.id, 0) if row.taken == row.capacity else 0
            self._made[key] = Line(mine=mine, waiting=waiting, **shared)
        return self._made[key]


def _itself(row: Row) -> Row:
    return row
