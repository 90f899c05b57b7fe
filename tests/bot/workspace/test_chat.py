from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.bot.workspace.crier import MANIFEST, NOON, QUIET, Json, Town, build, section

Refusal = Callable[[Awaitable[Any]], Awaitable[Any]]


async def test_a_message_is_posted_with_its_ids(quiet: Town) -> None:
    answer = await quiet.client.chat_postMessage(
        channel="C0SQUARE",
        text="Hear ye",
        blocks=[section("*Hear ye*")],
        metadata={"event_type": "cry", "event_payload": {"id": 7}},
        **QUIET,
    )

    [message] = quiet.workspace.messages(quiet.square)
    assert answer["channel"] == "C0SQUARE"
    assert answer["ts"] == message.ts == "1795435200.000000"
    assert answer["message"]["blocks"][0]["block_id"]
    assert answer["message"]["bot_id"] == quiet.workspace.installation.bot_id
    assert message.at == NOON
    assert message.metadata == {"event_type": "cry", "event_payload": {"id": 7}}
    assert quiet.workspace.sent[-1].why == "cry"
    assert quiet.workspace.sent[-1].to == "#square"


async def test_messages_of_one_moment_still_have_times_of_their_own(quiet: Town) -> None:
    for text in "abc":
        await quiet.client.chat_postMessage(channel="C0SQUARE", text=text, **QUIET)

    stamps = [message.ts for message in quiet.workspace.messages(quiet.square)]
    assert stamps == sorted(set(stamps))


async def test_posting_to_a_person_opens_their_direct_messages(quiet: Town) -> None:
    answer = await quiet.client.chat_postMessage(channel="U0ANA", text="Psst", **QUIET)

    again = await quiet.client.chat_postMessage(channel=answer["channel"], text="Hm", **QUIET)
    assert answer["channel"].startswith("D")
    assert again["channel"] == answer["channel"] == quiet.workspace.dm(quiet.ana).id
    assert [each.text for each in quiet.workspace.messages(quiet.ana)] == ["Psst", "Hm"]


async def test_whom_the_bot_cannot_write_to(quiet: Town, refusal: Refusal) -> None:
    workspace = quiet.workspace
    workspace.add_user("Gone", id="U0GONE", deleted=True)
    workspace.add_user("Robot", id="U0ROBOT", is_bot=True)
    workspace.add_user("Stranger", id="U0STRANGER", team_id="T0FAR", is_stranger=True)
    workspace.add_user("Far", id="U0FAR", team_id="T0FAR")
    near = workspace.add_user("Near", id="U0NEAR", team_id="T0FAR")
    quiet.square.members.append(near.id)
    gone = workspace.dm("U0GONE")

    async def error(channel: str) -> str:
        call = quiet.client.chat_postMessage(channel=channel, text="Hi", **QUIET)
        return str((await refusal(call))["error"])

    assert await error("U0GONE") == "user_disabled"
    assert await error(gone.id) == "user_disabled"
    assert await error("U0ROBOT") == "cannot_dm_bot"
    assert await error("USLACKBOT") == "cannot_dm_bot"
    assert await error("U0STRANGER") == "user_not_visible"
    assert await error("U0FAR") == "user_not_visible"
    assert await error("U0NOBODY") == "channel_not_found"
    assert await error("C0NOWHERE") == "channel_not_found"
    await quiet.client.chat_postMessage(channel="U0NEAR", text="Hi", **QUIET)


async def test_where_the_bot_cannot_write(quiet: Town, refusal: Refusal) -> None:
    workspace = quiet.workspace
    workspace.add_channel("away", id="C0AWAY", members=[quiet.ana], bot_is_member=False)
    workspace.add_channel("hidden", id="C0HIDDEN", is_private=True, bot_is_member=False)
    workspace.add_channel("old", id="C0OLD", is_archived=True)

    async def error(channel: str) -> str:
        call = quiet.client.chat_postMessage(channel=channel, text="Hi", **QUIET)
        return str((await refusal(call))["error"])

    assert await error("C0AWAY") == "not_in_channel"
    assert await error("C0HIDDEN") == "channel_not_found"
    assert await error("C0OLD") == "is_archived"
    workspace.scopes.add("chat:write.public")
    await quiet.client.chat_postMessage(channel="C0AWAY", text="Hi", **QUIET)


async def test_without_a_messages_tab_there_are_no_direct_messages(refusal: Refusal) -> None:
    features = MANIFEST["features"] | {"app_home": {"messages_tab_enabled": False}}
    town = build(manifest=MANIFEST | {"features": features})
    async with town.workspace.serving():
        dm = await refusal(town.client.chat_postMessage(channel="U0ANA", text="Hi", **QUIET))
        home = await refusal(
            town.client.views_publish(
                user_id="U0ANA", view={"type": "home", "blocks": [section("Hi")]}
            )
        )

    assert dm["error"] == "messages_tab_disabled"
    assert home["error"] == "not_enabled"


async def test_threads_hang_on_a_message_that_is_no_answer(quiet: Town, refusal: Refusal) -> None:
    async def post(**more: Any) -> Any:
        return await quiet.client.chat_postMessage(channel="C0SQUARE", text="x", **QUIET, **more)

    opening = await post()
    reply = await post(thread_ts=opening["ts"])
    loud = await post(thread_ts=opening["ts"], reply_broadcast=True)
    nowhere = await refusal(post(thread_ts="1.000001"))
    deeper = await refusal(post(thread_ts=reply["ts"]))

    assert reply["message"]["thread_ts"] == opening["ts"]
    assert quiet.workspace.world.message("C0SQUARE", loud["ts"]).is_broadcast
    assert nowhere["error"] == "thread_not_found"
    assert deeper["error"] == "cannot_reply_to_message"


async def test_an_ephemeral_message_needs_its_person_in_the_channel(
    quiet: Town, refusal: Refusal
) -> None:
    workspace = quiet.workspace
    workspace.add_channel("away", id="C0AWAY", members=[quiet.ana], bot_is_member=False)
    workspace.add_channel("old", id="C0OLD", members=[quiet.ana], is_archived=True)
    gone = workspace.add_user("Gone", id="U0GONE", deleted=True)
    quiet.square.members.append(gone.id)

    async def whisper(channel: str, user: str) -> Any:
        return await quiet.client.chat_postEphemeral(channel=channel, user=user, text="Psst")

    told = await whisper("C0SQUARE", "U0ANA")
    errors = [
        (await refusal(whisper(*target)))["error"]
        for target in (
            ("C0ATTIC", "U0BEN"),
            ("C0AWAY", "U0ANA"),
            ("C0OLD", "U0ANA"),
            ("C0SQUARE", "U0GONE"),
        )
    ]

    assert told["message_ts"] == workspace.messages(quiet.square, seen_by=quiet.ana)[0].ts
    assert errors == ["user_not_in_channel", "not_in_channel", "is_archived", "user_disabled"]


async def test_an_update_replaces_text_and_blocks_together(quiet: Town) -> None:
    posted = await quiet.client.chat_postMessage(
        channel="C0SQUARE",
        text="Old",
        blocks=[section("Old")],
        metadata={"event_type": "cry", "event_payload": {}},
        **QUIET,
    )
    call: Json = {"channel": "C0SQUARE", "ts": posted["ts"]}

    await quiet.client.chat_update(text="New", blocks=[section("New")], **call)
    [message] = quiet.workspace.messages(quiet.square)
    assert (message.text, message.blocks[0]["text"]["text"]) == ("New", "New")
    assert message.edited is None, "with blocks Slack shows no (edited)"
    assert message.metadata is not None, "metadata stays unless it is given"

    answer = await quiet.client.chat_update(text="Newest", metadata={}, **call)
    [changed] = quiet.workspace.messages(quiet.square)
    assert (changed.text, changed.blocks, changed.metadata) == ("Newest", [], None)
    assert answer["message"]["edited"]["user"] == "U0CONVENE"


async def test_only_the_bots_own_lasting_messages_can_be_changed(
    quiet: Town, refusal: Refusal
) -> None:
    theirs = await quiet.workspace.say(quiet.ana, quiet.square, "Mine")
    whispered = await quiet.client.chat_postEphemeral(channel="C0SQUARE", user="U0ANA", text="Psst")
    own = await quiet.client.chat_postMessage(channel="C0SQUARE", text="Ours", **QUIET)

    async def error(method: str, ts: str) -> str:
        more = {"text": "New"} if method == "chat_update" else {}
        call = getattr(quiet.client, method)(channel="C0SQUARE", ts=ts, **more)
        return str((await refusal(call))["error"])

    assert await error("chat_update", theirs.ts) == "cant_update_message"
    assert await error("chat_delete", theirs.ts) == "cant_delete_message"
    assert await error("chat_update", whispered["message_ts"]) == "message_not_found"
    assert await error("chat_update", "1.000001") == "message_not_found"
    quiet.square.is_archived = True
    assert await error("chat_update", own["ts"]) == "is_inactive"
    assert await error("chat_delete", own["ts"]) == "is_archived"


async def test_a_message_can_be_taken_back(quiet: Town) -> None:
    posted = await quiet.client.chat_postMessage(channel="C0SQUARE", text="Oops", **QUIET)

    await quiet.client.chat_delete(channel="C0SQUARE", ts=posted["ts"])

    assert quiet.workspace.messages(quiet.square) == []


async def test_a_permalink_names_the_message(quiet: Town, refusal: Refusal) -> None:
    posted = await quiet.client.chat_postMessage(channel="C0SQUARE", text="Hi", **QUIET)
    whispered = await quiet.client.chat_postEphemeral(channel="C0SQUARE", user="U0ANA", text="Psst")

    link = await quiet.client.chat_getPermalink(channel="C0SQUARE", message_ts=posted["ts"])
    none = await refusal(
        quiet.client.chat_getPermalink(channel="C0SQUARE", message_ts=whispered["message_ts"])
    )

    assert link["permalink"].endswith(f"/archives/C0SQUARE/p{posted['ts'].replace('.', '')}")
    assert none["error"] == "message_not_found"


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": ""}, "no_text"),
        ({"text": "x", "blocks": [section("")]}, "invalid_blocks"),
        ({"text": "x", "blocks": "not json"}, "invalid_blocks_format"),
    ],
)
async def test_what_slack_refuses_is_refused_with_its_name(
    quiet: Town, refusal: Refusal, call: Json, error: str
) -> None:
    answer = await refusal(
        quiet.client.api_call("chat.postMessage", json={"channel": "C0SQUARE", **QUIET, **call})
    )

    assert answer["error"] == error
    assert quiet.workspace.sent[-1].error == error
    assert quiet.workspace.sent[-1].details
    assert quiet.workspace.messages(quiet.square) == []


async def test_blocks_and_flags_may_travel_in_a_form(quiet: Town) -> None:
    answer = await quiet.client.api_call(
        "chat.postMessage",
        data={
            "channel": "C0SQUARE",
            "text": "Hi",
            "blocks": '[{"type":"divider"}]',
            "unfurl_links": "false",
            "unfurl_media": "0",
        },
    )

    assert answer["message"]["blocks"][0]["type"] == "divider"
    assert quiet.workspace.sent[-1].body.startswith(b"channel=C0SQUARE")


async def test_markdown_stands_in_for_text(quiet: Town) -> None:
    await quiet.client.chat_postMessage(channel="C0SQUARE", markdown_text="**Hi**", **QUIET)

    assert quiet.workspace.messages(quiet.square)[0].text == "**Hi**"


async def test_time_moves_what_is_posted_later(quiet: Town) -> None:
    quiet.clock.advance(timedelta(days=1))
    await quiet.client.chat_postMessage(channel="C0SQUARE", text="Hi", **QUIET)

    assert quiet.workspace.messages(quiet.square)[0].at == NOON + timedelta(days=1)
