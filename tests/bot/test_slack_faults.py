"""Forty channels while Slack fails in every way it knows: each once, or said why not."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot import delivery, outcomes, refusals, running
from bot.workspace.clock import Clock
from bot.workspace.faults import Fault, Faults
from bot.workspace.places import Channel
from storage import audits, deliveries
from storage.models import Audience, DeliveryState, Subscription
from tests.bot.conftest import HASTE
from tests.bot.office import POST, SECOND, Office, opened, until
from tests.bot.soaking import CALL, MARGIN, TIMES
from tests.bot.test_running import settings_for
from tests.factories import MARKS, NOON
from tests.figures import figure

CHANNELS = 40
PATIENCE = figure(2, 10)  # seconds for a call
SOON = 0.5 if figure(0, 1) else 1.5  # seconds; what shares CI's machine may stall it
WAITS = (1, 2, 5, 15, 30, 60, 90, 120) if figure(0, 1) else (1, 1, 2, 2, 2, 3, 3, 3)
CODES = (
    *("channel_not_found", "is_archived", "not_in_channel", "invalid_blocks", "msg_too_long"),
    *("restricted_action", "no_text", "missing_scope", "metadata_too_large", "invalid_arguments"),
    *("account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"),
    *("internal_error", "fatal_error", "service_unavailable", "request_timeout"),
    "ekm_access_denied",
)  # fmt: skip
HARM = [
    *map(Fault.rate_limited, WAITS),
    *map(Fault.error, CODES),
    *(Fault.server_error(status, is_done=done) for status in (500, 502) for done in (True, False)),
    *(Fault.hang(PATIENCE + 1), Fault.hang(PATIENCE + 1), Fault.drop_after_accept()),
    *(Fault.drop_after_accept(), Fault.half(), Fault.half()),
    *(Fault.drip(1), Fault.drip(PATIENCE + 1)),
]


@dataclass(slots=True)
class Weather(Faults):
    """Spoils the first posts, and remembers what each met."""

    met: list[Fault | None] = field(default_factory=list)

    def take(self, method: str) -> Fault | None:
        """Take the fault that the call now coming is to meet."""
        if method != POST:
            return None
        self.met.append(HARM[len(self.met)] if len(self.met) < len(HARM) else None)
        return self.met[-1]


@contextlib.asynccontextmanager
async def fanned_out(url: str, weather: Weather) -> AsyncIterator[tuple[Office, list[Channel]]]:
    """Let a whole bot send forty channels a digest."""
    async with opened(url, clock=Clock(NOON), faults=weather) as office:
        office.workspace.scopes.add("channels:history")
        ana = office.member("Ana")
        marks = {"audience": Audience.PUBLIC, "tlp": MARKS[Audience.PUBLIC]}
        office.world.briefing("Round table", **marks)
        weekly = {"weekday": 0, "at": "12:00", "zone": "UTC", "next_at": NOON + SECOND}
        channels = []
        for number in range(CHANNELS):
            channels.append(office.workspace.add_channel(f"n{number}", members=[ana.slack_user]))
            office.world.add(Subscription(channel=channels[-1].id, **weekly, **marks))
        settings = settings_for(office.workspace, url)
        async with running.running(settings, office.workspace.clock, HASTE) as bot:
            office.workspace.deliver_to(f"http://127.0.0.1:{bot.port}/slack/events")
            yield office, channels


def standing(office: Office, channel: Channel) -> int:
    return len(office.workspace.messages(channel))


async def asking(office: Office, who: str, acks: list[float]) -> None:
    """Ask something again and again; note the seconds each answer takes."""
    while True:
        began = time.monotonic()
        await office.workspace.command(who, who, "/briefings")
        acks.append(time.monotonic() - began)
        await asyncio.sleep(0.1)


@pytest.mark.timeout(900)
async def test_each_channel_gets_its_digest_once_or_it_is_said_why_not(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if not figure(0, 1):
        for module in (deliveries, delivery, audits):
            for name, value in TIMES.items():
                monkeypatch.setattr(module, name, value, raising=False)
        monkeypatch.setattr(delivery, "MARGIN", MARGIN)
        monkeypatch.setattr(running, "SLACK_PATIENCE", CALL)
    monkeypatch.setattr(outcomes, "PARKED", timedelta(seconds=2))
    weather, acks = Weather(), list[float]()

    async with fanned_out(sqlite_url, weather) as (office, channels):
        busy = asyncio.create_task(asking(office, channels[0].members[-1], acks))
        await until(lambda: len(office.rows()) == CHANNELS, 30)
        await until(lambda: {"pending", "sending"}.isdisjoint(office.states), figure(60, 600))
        await asyncio.sleep(figure(6, 0))  # an audit, where it comes soon
        assert not busy.done()
        busy.cancel()
        rows = {row.recipient: row for row in office.rows()}
        posts = [sent for sent in office.workspace.sent if sent.method == POST]
        stands = {channel.id: standing(office, channel) for channel in channels}

    late = sorted(acks)[int(len(acks) * 0.99)]
    dead = {row.reason for row in rows.values() if row.state is DeliveryState.DEAD}
    with capsys.disabled():
        print(  # noqa: T201 -- a measured figure
            f"\nfan-out: {len(posts)} posts, {len(dead)} reasons, "
            f"{len(acks)} acks, 99 % within {late:.3f} s"
        )
    assert {row.state for row in rows.values()} == {DeliveryState.SENT, DeliveryState.DEAD}
    assert all(stands[to] == (row.state is DeliveryState.SENT) for to, row in rows.items())
    assert sum(stands.values()) == CHANNELS - len(refusals.NEVER.intersection(CODES))
    assert None not in dead
    for number, (post, fault) in enumerate(zip(posts, weather.met, strict=True)):
        if fault is not None and fault.kind == "rate_limited":
            to = post.args["channel"]
            again = next(later for later in posts[number + 1 :] if later.args["channel"] == to)
            assert again.at - post.at >= timedelta(seconds=fault.seconds)
    assert late <= SOON
