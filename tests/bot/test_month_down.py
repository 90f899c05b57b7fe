"""A month without the bot: back again, it catches up once with each order, with nothing stale."""

import contextlib
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot import demo
from bot.settings import Settings
from bot.workspace import Clock, Workspace
from bot.workspace.faults import Fault
from storage import people, updates
from storage.database import Database
from storage.models import Briefing, Delivery, DeliveryState, Health, Initiative, Person
from storage.updates import Draft
from tests.bot.conftest import HASTE, MONDAY, Story
from tests.bot.office import POST, SECOND
from tests.factories import seeing_all

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SILENT = "Industry Classification System review"
PRIYA, MARCUS, MEMBERS = "U0PRIYA", "U0MARCUS", "#members"
OPEN = (DeliveryState.PENDING, DeliveryState.SENDING)


@contextlib.asynccontextmanager
async def at_work(
    workspace: Workspace, url: str, told: dict[str, Any] | None
) -> AsyncIterator[Story]:
    settings = Settings("", "", "", "", url, ("127.0.0.1", 0))
    async with demo.running_in(workspace, settings, told, pace=HASTE) as bot:
        yield Story(workspace, bot)


async def passes(story: Story, by: timedelta) -> None:
    """Let time pass, of which the bot sees a little each four hours."""
    end = story.workspace.clock() + by
    while story.workspace.clock() < end:
        story.workspace.clock.advance(min(4 * HOUR, end - story.workspace.clock()))
        for _ in range(2):
            await story.bot.scheduler.beat()
            story.workspace.clock.advance(2 * SECOND)


def said(workspace: Workspace, kind: str) -> list[tuple[str, str]]:
    """List to whom and what the bot said of *kind*."""
    return [
        (sent.to, str(sent.args["text"]))
        for sent in workspace.sent
        if sent.method == POST and sent.ok and sent.why == kind
    ]


def answer(database: Database, workspace: Workspace) -> None:
    """Let the lead of what is silent say how it stands, by another process."""
    with seeing_all(database) as session:
        silent = session.scalars(sa.select(Initiative).where(Initiative.title == SILENT)).one()
        lead = session.get_one(Person, silent.lead_id)
    asker = database.run(
        people.asker, lead.workspace_id, workspace.clock(), lead.slack_team, lead.slack_user
    )
    assert asker is not None
    draft = Draft(Health.ON_TRACK, "Two companies have answered.")
    database.run(updates.post, asker, workspace.clock(), silent.id, draft)


@pytest.fixture
async def back(
    database_url: str, coalition: dict[str, Any]
) -> AsyncIterator[tuple[Story, Database]]:
    """Give the bot an hour after its return; Slack took nothing before it went down."""
    workspace = demo.populated(coalition, Clock(frozen_at=MONDAY))
    database = Database(database_url)
    async with workspace.serving():
        async with at_work(workspace, database_url, coalition) as story:
            await story.says(PRIYA, "/coalition digest weekly tuesday 9:30")
            await story.says(MARCUS, "/coalition digest daily 18:00")
            workspace.faults.add(POST, Fault.rate_limited(7200), times=10_000)
            await passes(story, 2 * DAY)
        workspace.faults.clear()
        assert not [sent for sent in workspace.sent if sent.method == POST and sent.ok]
        workspace.clock.advance(30 * DAY)
        answer(database, workspace)
        workspace.clock.advance(DAY)
        async with at_work(workspace, database_url, None) as story:
            await passes(story, HOUR)
            yield story, database
    database.close()


async def test_after_a_month_down_each_order_is_caught_up_with_once_and_nothing_stale_is_said(
    back: tuple[Story, Database],
) -> None:
    story, database = back
    workspace = story.workspace

    weekly, own = said(workspace, "weekly_digest"), said(workspace, "own_digest")
    await passes(story, DAY)
    asked = [text for _, text in said(workspace, "update_due")]
    told = [text for _, text in said(workspace, "update_overdue")]
    with seeing_all(database) as session:
        starts = {f"E{one.id}": one.starts_at for one in session.scalars(sa.select(Briefing))}
        rows = list(session.scalars(sa.select(Delivery)))

    assert [to for to, _ in weekly] == [MEMBERS]
    assert "Two companies have answered." in weekly[0][1]
    assert sorted(to for to, _ in own) == sorted({to for to, _ in own})
    assert "Priya Venkatarajan" in [to for to, _ in own]
    near = re.findall(r"\*(E\d+) ", "".join(text for _, text in said(workspace, "reminder")))
    assert all(starts[one] > workspace.clock() - DAY - HOUR for one in near)
    assert not [text for text in (*asked, *told) if SILENT in text]
    assert asked
    assert {re.findall(r"\*(I\d+) ", text)[0] for text in asked}.isdisjoint(
        re.findall(r"\*(I\d+) ", text)[0] for text in told
    )
    overdue = [row for row in rows if row.state in OPEN and row.due_at < workspace.clock() - HOUR]
    assert overdue == []
    assert {row.kind for row in rows if row.state is DeliveryState.EXPIRED} >= {
        "weekly_digest",
        "own_digest",
        "reminder",
    }
