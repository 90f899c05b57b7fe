"""What is to come for each of many people: what they could answer, and what they go to."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage import crowds, queues
from storage.briefings import OPEN, SHARED, SOONEST, TO_COME, Line
from storage.crowds import Crowd, Row, Shelf
from storage.database import Session
from storage.models import Briefing, Rsvp, Standing
from storage.pages import SIZE, Page
from storage.policy import scope


@dataclass(frozen=True)
class Agenda:
    """The first of what somebody could answer and has not, and of what they go to or wait for."""

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


class _Visible:
    """What those who may see the same see, soonest first; *made* are the lines of all."""

    def __init__(
        self,
        rows: Sequence[Row],
        waiting: Mapping[int, int],
        made: dict[tuple[int, Standing | None], Line],
    ) -> None:
        self._rows = {row.id: (place, row) for place, row in enumerate(rows)}
        self._open = {row.id: row for row in rows if row.is_open}
        self._waiting, self._made = waiting, made

    def agenda(self, answers: Mapping[int, Standing]) -> Agenda:
        """Part it by what somebody has answered."""
        left = (row for number, row in self._open.items() if number not in answers)
        total = len(self._open) - sum(number in self._open for number in answers)
        mine = sorted(
            (self._rows[number], standing)
            for number, standing in answers.items()
            if standing is not Standing.DECLINED and number in self._rows
        )
        return Agenda(
            Page(tuple(self._line(row, None) for row in islice(left, SIZE)), 0, total),
            Page(tuple(self._line(row, said) for (_, row), said in mine[:SIZE]), 0, len(mine)),
        )

    def _line(self, row: Row, mine: Standing | None) -> Line:
        key = row.id, mine
        if key not in self._made:
            shared = {name: getattr(row, name) for name in _SHARED}
            waiting = self._waiting.get(row.id, 0)
            self._made[key] = Line(mine=mine, waiting=waiting, **shared)
        return self._made[key]


def _itself(row: Row) -> Row:
    return row
