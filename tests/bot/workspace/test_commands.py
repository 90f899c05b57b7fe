import asyncio
from typing import Any

import pytest

from bot.workspace import Clock, Workspace, commands
from bot.workspace.checks import Refused
from tests.bot.workspace.crier import MANIFEST, NOON, Town, section


async def test_a_command_carries_every_field_slack_sends(town: Town) -> None:
    exchange = await town.workspace.command(town.ana, town.square, "/cry  out loud ")

    told = town.bot.heard[0]
    assert exchange.acked
    assert exchange.status == 200
    assert exchange.error is None
    assert exchange.took_ms > 0
    expected = {
        "command": "/cry",
        "text": "out loud",
        "team_id": "T0CONVENE",
        "team_domain": "coalition",
        "channel_id": "C0SQUARE",
        "channel_name": "square",
        "user_id": "U0ANA",
        "user_name": "ana.silva",
        "is_enterprise_install": "false",
        "api_app_id": town.workspace.installation.app_id,
    }
    assert expected.items() <= told.items()
    assert told["response_url"].startswith(town.workspace.url)
    assert told["trigger_id"].count(".") == 2


async def test_a_commands_place_is_named_as_slack_names_it(town: Town) -> None:
    await town.workspace.command(town.ana, town.ana, "/cry")
    await town.workspace.command(town.ana, town.attic, "/cry")

    assert [told["channel_name"] for told in town.bot.heard] == ["directmessage", "privategroup"]
    assert town.bot.heard[0]["channel_id"] == town.workspace.dm(town.ana).id


async def test_the_answer_in_the_acknowledgement_is_seen_by_its_person_alone(town: Town) -> None:
    @town.bot.on("command")
    async def answer(ack: Any, **_: Any) -> None:
        await ack(text="Only for you", blocks=[section("Only for *you*")])

    await town.workspace.command(town.ana, town.square, "/cry")

    seen = town.workspace.messages(town.square, seen_by=town.ana)
    assert [message.text for message in seen] == ["Only for you"]
    assert seen[0].ephemeral
    assert seen[0].blocks[0]["block_id"]
    assert town.workspace.messages(town.square, seen_by=town.ben) == []
    assert town.workspace.messages(town.square) == []
    ack = town.workspace.sent[-1]
    assert (ack.method, ack.ok, ack.to) == ("ack", True, "Ana Silva")
    assert ack.why == "Ana Silva typed /cry"
    assert b"Only for you" in ack.body


async def test_a_plain_text_acknowledgement_is_an_answer_too(town: Town) -> None:
    @town.bot.on("command")
    async def answer(ack: Any, **_: Any) -> None:
        await ack("Just words")

    await town.workspace.command(town.ana, town.square, "/cry")

    assert town.workspace.messages(town.square, seen_by=town.ana)[-1].text == "Just words"


async def test_an_in_channel_answer_shows_the_command_to_everybody(town: Town) -> None:
    @town.bot.on("command")
    async def answer(ack: Any, **_: Any) -> None:
        await ack(text="For all", response_type="in_channel")

    await town.workspace.command(town.ana, town.square, "/cry for all")

    seen = town.workspace.messages(town.square, seen_by=town.ben)
    assert [(message.user, message.text) for message in seen] == [
        ("U0ANA", "/cry for all"),
        ("U0CONVENE", "For all"),
    ]


async def test_an_empty_acknowledgement_shows_nothing(town: Town) -> None:
    await town.workspace.command(town.ana, town.square, "/cry")

    assert town.workspace.messages(town.square, seen_by=town.ana) == []
    assert [sent.method for sent in town.workspace.sent if sent.method == "ack"] == []


async def test_an_answer_slack_would_refuse_is_refused_and_the_person_told(town: Town) -> None:
    @town.bot.on("command")
    async def answer(ack: Any, **_: Any) -> None:
        await ack(text="Fine", blocks=[{"type": "marquee"}])

    exchange = await town.workspace.command(town.ana, town.square, "/cry")

    assert exchange.error == "invalid_blocks"
    assert "unsupported type: marquee" in exchange.details[0]
    seen = town.workspace.messages(town.square, seen_by=town.ana)
    assert [message.text for message in seen] == ['/cry failed with the error "invalid_blocks"']
    assert town.workspace.sent[-1].error == "invalid_blocks"


async def test_a_bot_slower_than_the_limit_leaves_operation_timeout(town: Town) -> None:
    town.workspace.sockets.ack_timeout = 0.05
    if town.workspace.courier.transport is not town.workspace.sockets:
        town.workspace.courier.transport.ack_timeout = 0.05  # type: ignore[attr-defined]

    @town.bot.on("command")
    async def answer(ack: Any, **_: Any) -> None:
        await asyncio.sleep(0.2)
        await ack("Too late")

    exchange = await town.workspace.command(town.ana, town.square, "/cry")
    await asyncio.sleep(0.25)

    assert (exchange.acked, exchange.status, exchange.error) == (False, 0, "operation_timeout")
    seen = town.workspace.messages(town.square, seen_by=town.ana)
    assert [message.text for message in seen] == ['/cry failed with the error "operation_timeout"']
    assert len(town.bot.heard) == 1, "commands are never retried"


async def test_a_command_the_manifest_does_not_know_is_not_delivered(town: Town) -> None:
    exchange = await town.workspace.command(town.ana, town.square, "/unknown thing")

    assert exchange.error == "unknown_command"
    assert town.bot.heard == []
    seen = town.workspace.messages(town.square, seen_by=town.ana)
    assert "not a valid command" in seen[-1].text


async def test_people_of_other_organisations_cannot_run_our_commands(town: Town) -> None:
    guest = town.workspace.add_user("Eve", team_id="T0OTHER")
    town.square.members.append(guest.id)

    exchange = await town.workspace.command(guest, town.square, "/cry")

    assert exchange.error == "unknown_command"
    assert town.bot.heard == []


async def test_nobody_types_where_they_are_not(quiet: Town) -> None:
    gone = quiet.workspace.add_user("Gone", deleted=True)

    with pytest.raises(Refused, match="not_in_channel"):
        await quiet.workspace.command(quiet.ben, quiet.attic, "/cry")
    with pytest.raises(Refused, match="account_inactive"):
        await quiet.workspace.command(gone, quiet.square, "/cry")
    with pytest.raises(Refused, match="channel_not_found"):
        await quiet.workspace.command(quiet.ben, "C0NOWHERE", "/cry")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("a & b < c", "a &amp; b &lt; c"),
        ("thank @Ana Silva now", "thank <@U0ANA|ana.silva> now"),
        ("thank @ana.silva", "thank <@U0ANA|ana.silva>"),
        ("thank <@U0ANA>", "thank <@U0ANA|ana.silva>"),
        ("thank <@U0NOBODY>", "thank &lt;@U0NOBODY&gt;"),
        ("<!channel> wake up", "&lt;!channel&gt; wake up"),
        ("in #square and #attic", "in <#C0SQUARE|square> and <#C0ATTIC|>"),
        ("in <#C0ATTIC|attic>", "in <#C0ATTIC|>"),
        ("mail ana@square.example", "mail ana@square.example"),
        ("see https://example.org/?a=1&b=2 now", "see <https://example.org/?a=1&amp;b=2> now"),
        ("the payload word", "the payload word"),
    ],
)
async def test_typed_words_reach_the_bot_escaped(quiet: Town, typed: str, told: str) -> None:
    assert commands.encoded(quiet.workspace.world, typed, should_escape=True) == told


def test_where_there_are_no_channels_a_hash_is_a_hash() -> None:
    world = Workspace(MANIFEST, Clock(frozen_at=NOON)).world

    assert commands.encoded(world, "#square", should_escape=True) == "#square"


async def test_without_should_escape_mentions_stay_words(town: Town) -> None:
    await town.workspace.command(
        town.ana, town.square, "/plain <@U0BEN> & <#C0SQUARE> @Ben Okoro https://example.org"
    )

    text = "@ben.okoro &amp; #square @Ben Okoro https://example.org"
    assert town.bot.heard[0]["text"] == text
