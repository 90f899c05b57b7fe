"""Text that is refused is kept nowhere: no table, no byte that leaves, no line of the log."""

import logging

import pytest
import sqlalchemy as sa

from commands import catalog
from storage import guard
from storage.models import Row
from tests.bot.conftest import Story
from tests.bot.test_canaries import FORMS, presses, submits
from tests.factories import seeing_all

USER = "U0PRIYA"
# Where in a form something is typed; all else in it is chosen.
TEXTS = {
    "briefings.save_checkin": (),
    "initiatives.save": ("text", "next_step", "reason"),
    "coalition.save_order": ("zone",),
    "coalition.save_settings": (),
    "briefings.save_what": (*("title", "summary", "agenda", "venue", "city", "join_link", "zone"),),
    "briefings.save_terms": ("hosts", "speakers", "capacity", "company_seats", "questions"),
    "briefings.save_particulars": ("answer_0",),
    "briefings.publish": (),
    "briefings.save_sessions": ("day_2026-11-24",),
    "briefings.save_feedback": ("remark",),
}
CANARY = "0badc0de" * 4


def stored(story: Story) -> str:
    with seeing_all(story.bot.units.database) as session:
        tables = Row.metadata.sorted_tables
        return str([session.execute(sa.select(table)).all() for table in tables])


async def test_what_is_refused_stands_nowhere(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for room in catalog.COMMANDS.values():
        for word in ("", "nonsense ", *(f"{word.word} " for word in room.words)):
            for given in (CANARY, f"A1 {CANARY}", f"E1 yes {CANARY}", f"me to keep {CANARY}"):
                answer = await story.says(USER, f"{room.command} {word}{given}")
                assert answer == guard.SENTENCE
    for form, fields in FORMS.items():
        for field in TEXTS[form]:
            exchange = await submits(story, USER, form, {**fields, field: f"See {CANARY}"}, "1")
            assert exchange.body["errors"] == {field: guard.SENTENCE}
            assert f"guard.refused rule=hash field={field} length=36" in caplog.text
    for action in catalog.BUTTONS:
        await presses(story, USER, action, f"1 {CANARY}")
    await story.settled()

    sent = b"".join(each.body for each in story.workspace.sent)
    answered = b"".join(each.exchange.raw for each in story.workspace.deliveries)
    assert CANARY not in stored(story)
    assert CANARY.encode() not in sent + answered
    assert CANARY not in caplog.text
