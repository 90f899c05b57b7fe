"""What comes later of a series: as many are counted as are answered at once."""

from datetime import timedelta

from storage import followers, rsvps, series_answers
from storage.database import Database
from storage.models import Answer, Series
from tests.factories import NOON, World


def test_no_more_are_offered_than_are_answered_at_once(database: Database) -> None:
    world = World(database)
    ana, series = world.member(), world.add(Series(title="Stand-up"))
    first, *later = [
        world.briefing(series_id=series.id, starts_at=NOON + timedelta(days=1 + day))
        for day in range(followers.MOST + 4)
    ]

    offered = database.run(rsvps.answer, ana, NOON, first.id, Answer.GOING).later
    done = database.run(series_answers.answer, ana, NOON, first.id, Answer.GOING)

    assert len(later) > followers.MOST
    assert offered == len(done.outcomes) == followers.MOST
