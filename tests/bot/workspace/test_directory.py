"""What the bot can look up: itself, people, user groups, channels, what was said."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.bot.workspace.crier import QUIET, Json, Town, client_of

Refusal = Callable[[Awaitable[Any]], Awaitable[Any]]


async def test_the_bot_learns_who_it_is(quiet: Town) -> None:
    answer = await quiet.client.auth_test()

    assert (answer["user_id"], answer["team_id"]) == ("U0CONVENE", "T0CONVENE")
    assert answer["bot_id"] == "B0CONVENE"
    assert "chat:write" in answer.headers["x-oauth-scopes"]


async def test_tokens_open_only_their_own_doors(quiet: Town, refusal: Refusal) -> None:
    workspace = quiet.workspace
    nobody = client_of(workspace)
    nobody.token = None

    assert (await refusal(nobody.auth_test()))["error"] == "not_authed"
    wrong = await refusal(client_of(workspace, "xoxb-wrong").auth_test())
    assert wrong["error"] == "invalid_auth"
    by_bot = await refusal(quiet.client.api_call("apps.connections.open"))
    assert by_bot["error"] == "not_allowed_token_type"
    by_app = await refusal(client_of(workspace, workspace.app_token).auth_test())
    assert by_app["error"] == "not_allowed_token_type"
    opened = await client_of(workspace, workspace.app_token).apps_connections_open(
        app_token=workspace.app_token
    )
    assert opened["url"].startswith("ws://127.0.0.1:")
    nobody.token = "xoxb-unused"  # the token may also travel as an argument
    answer = await nobody.api_call("auth.test", params={"token": workspace.bot_token})
    assert answer["ok"]
    assert "token" not in workspace.sent[-1].args


async def test_methods_we_do_not_call_are_unknown(quiet: Town, refusal: Refusal) -> None:
    answer = await refusal(quiet.client.api_call("chat.scheduleMessage", json={}))

    assert answer["error"] == "unknown_method"


async def test_a_missing_scope_is_named(quiet: Town, refusal: Refusal) -> None:
    quiet.workspace.scopes.discard("users:read")
    quiet.workspace.scopes.discard("groups:read")

    people = await refusal(quiet.client.users_info(user="U0ANA"))
    private = await refusal(quiet.client.conversations_info(channel="C0ATTIC"))

    assert (people["error"], people["needed"]) == ("missing_scope", "users:read")
    assert "chat:write" in people["provided"]
    assert (private["error"], private["needed"]) == ("missing_scope", "groups:read")
    assert (await quiet.client.conversations_info(channel="C0SQUARE"))["ok"]


async def test_a_person_is_described_with_every_flag(quiet: Town) -> None:
    quiet.workspace.add_user("Guest", id="U0GUEST", is_restricted=True)
    quiet.workspace.add_user("Single", id="U0SINGLE", is_ultra_restricted=True, tz=None)

    ana = (await quiet.client.users_info(user="U0ANA", include_locale=True))["user"]
    ben = (await quiet.client.users_info(user="U0BEN"))["user"]
    guest = (await quiet.client.users_info(user="U0GUEST"))["user"]
    single = (await quiet.client.users_info(user="U0SINGLE"))["user"]

    assert (ana["real_name"], ana["tz"], ana["tz_offset"]) == ("Ana Silva", "Europe/Lisbon", 0)
    assert ana["locale"] == "en-GB"
    assert "email" not in ana["profile"], "that needs a scope of its own"
    assert "locale" not in ben
    assert (ben["is_admin"], ben["tz_offset"]) == (True, 3600)
    assert (guest["is_restricted"], guest["is_ultra_restricted"]) == (True, False)
    assert (single["is_restricted"], single["is_ultra_restricted"]) == (True, True)
    assert "tz" not in single


async def test_an_address_needs_its_scope(quiet: Town) -> None:
    quiet.workspace.scopes.add("users:read.email")

    ana = (await quiet.client.users_info(user="U0ANA"))["user"]

    assert ana["profile"]["email"] == "ana@example.org"


async def test_people_from_elsewhere_show_less(quiet: Town, refusal: Refusal) -> None:
    quiet.workspace.add_user("Far", id="U0FAR", team_id="T0FAR", is_stranger=True)

    far = (await quiet.client.users_info(user="U0FAR", include_locale=True))["user"]
    listed = (await quiet.client.users_list())["members"]

    assert (far["is_stranger"], far["team_id"]) == (True, "T0FAR")
    assert "locale" not in far
    assert "tz" not in far
    assert "title" not in far["profile"]
    assert {each["id"] for each in listed} == {"U0CONVENE", "USLACKBOT", "U0ANA", "U0BEN"}
    assert (await refusal(quiet.client.users_info(user="U0X")))["error"] == "user_not_found"


async def test_people_come_in_pages(quiet: Town, refusal: Refusal) -> None:
    seen: list[str] = []
    cursor = ""
    while True:
        page = await quiet.client.users_list(limit=3, cursor=cursor)
        seen += [each["id"] for each in page["members"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break

    assert len(seen) == len(set(seen)) == 4
    for bad in ("nonsense", "bmV4dDp4", "bmV4dDo5OTk="):
        answer = await refusal(quiet.client.users_list(cursor=bad))
        assert answer["error"] == "invalid_cursor"


async def test_user_groups_and_their_members(quiet: Town, refusal: Refusal) -> None:
    group = quiet.workspace.add_usergroup("Policy", "policy", [quiet.ana, "U0BEN"])
    old = quiet.workspace.add_usergroup("Old", "old")
    old.is_enabled = False

    listed = (await quiet.client.usergroups_list())["usergroups"]
    everything = (await quiet.client.usergroups_list(include_disabled=True, include_users=True))[
        "usergroups"
    ]
    members = (await quiet.client.usergroups_users_list(usergroup=group.id))["users"]
    gone = await refusal(quiet.client.usergroups_users_list(usergroup=old.id))

    assert [(each["handle"], each["user_count"]) for each in listed] == [("policy", 2)]
    assert "users" not in listed[0]
    assert [each["users"] for each in everything] == [["U0ANA", "U0BEN"], []]
    assert members == ["U0ANA", "U0BEN"]
    assert gone["error"] == "no_such_subteam"


async def test_a_channel_is_described_for_the_bot(quiet: Town, refusal: Refusal) -> None:
    eve = quiet.workspace.add_user("Eve", id="U0EVE", team_id="T0FAR")
    quiet.workspace.add_channel(
        "shared",
        id="C0SHARED",
        members=[quiet.ana, eve],
        purpose="Together",
        is_ext_shared=True,
        is_pending_ext_shared=True,
        bot_is_member=False,
        is_archived=True,
    )
    quiet.workspace.add_channel("hidden", id="C0HIDDEN", is_private=True, bot_is_member=False)

    async def info(channel: str) -> Json:
        answer = await quiet.client.conversations_info(channel=channel)
        return dict(answer["channel"])

    square, attic, shared = [await info(each) for each in ("C0SQUARE", "C0ATTIC", "C0SHARED")]
    assert (square["is_private"], square["is_member"], square["num_members"]) == (False, True, 3)
    assert square["shared_team_ids"] == ["T0CONVENE"]
    assert (attic["is_private"], attic["is_group"]) == (True, True)
    expected = {
        "is_shared": True,
        "is_ext_shared": True,
        "is_pending_ext_shared": True,
        "is_archived": True,
        "is_member": False,
        "shared_team_ids": ["T0CONVENE", "T0FAR"],
    }
    assert expected.items() <= shared.items()
    assert shared["purpose"]["value"] == "Together"
    hidden = await refusal(quiet.client.conversations_info(channel="C0HIDDEN"))
    assert hidden["error"] == "channel_not_found"


async def test_direct_messages_are_described_by_their_person(quiet: Town) -> None:
    dm = quiet.workspace.dm(quiet.ana)

    told = (await quiet.client.conversations_info(channel=dm.id))["channel"]

    assert (told["is_im"], told["user"], told["is_user_deleted"]) == (True, "U0ANA", False)


async def test_members_come_in_pages(quiet: Town) -> None:
    first = await quiet.client.conversations_members(channel="C0SQUARE", limit=2)
    cursor = first["response_metadata"]["next_cursor"]
    second = await quiet.client.conversations_members(channel="C0SQUARE", limit=2, cursor=cursor)

    assert first["members"] + second["members"] == ["U0ANA", "U0BEN", "U0CONVENE"]
    assert second["response_metadata"]["next_cursor"] == ""


async def test_the_list_of_channels_holds_what_the_bot_can_see(quiet: Town) -> None:
    quiet.workspace.add_channel("hidden", is_private=True, bot_is_member=False)
    quiet.workspace.add_channel("old", is_archived=True)
    quiet.workspace.dm(quiet.ana)

    async def names(**asked: Any) -> list[str]:
        answer = await quiet.client.conversations_list(**asked)
        return [each.get("name", "dm") for each in answer["channels"]]

    assert await names() == ["square", "old"]
    assert await names(exclude_archived=True) == ["square"]
    kinds = "public_channel,private_channel,im"
    assert await names(types=kinds, exclude_archived=True) == ["square", "attic", "dm"]


async def test_direct_messages_are_opened_once(quiet: Town, refusal: Refusal) -> None:
    quiet.workspace.add_user("Gone", id="U0GONE", deleted=True)

    async def open_with(**asked: Any) -> Any:
        return await quiet.client.conversations_open(**asked)

    first = await open_with(users="U0ANA")
    again = await open_with(users=["U0ANA"], return_im=True)
    by_channel = await open_with(channel=first["channel"]["id"])

    assert "already_open" not in first
    assert again["already_open"]
    assert again["channel"]["user"] == "U0ANA"
    assert by_channel["already_open"]
    for asked, error in (
        ({"users": "U0ANA,U0BEN"}, "method_not_supported_for_channel_type"),
        ({"channel": "C0SQUARE"}, "method_not_supported_for_channel_type"),
        ({"users": "U0GONE"}, "user_disabled"),
        ({"users": "U0CONVENE"}, "cannot_dm_bot"),
        ({"users": "U0X"}, "user_not_found"),
    ):
        assert (await refusal(open_with(**asked)))["error"] == error


async def test_history_is_newest_first_without_answers_and_whispers(quiet: Town) -> None:
    opening = await quiet.client.chat_postMessage(
        channel="C0SQUARE",
        text="one",
        metadata={"event_type": "cry", "event_payload": {"id": 1}},
        **QUIET,
    )
    for more in ({}, {"thread_ts": opening["ts"]}):
        await quiet.client.chat_postMessage(channel="C0SQUARE", text="two", **QUIET, **more)
    await quiet.client.chat_postMessage(
        channel="C0SQUARE", text="loud", thread_ts=opening["ts"], reply_broadcast=True, **QUIET
    )
    await quiet.client.chat_postEphemeral(channel="C0SQUARE", user="U0ANA", text="Psst")

    history = await quiet.client.conversations_history(
        channel="C0SQUARE", include_all_metadata=True
    )
    bare = await quiet.client.conversations_history(channel="C0SQUARE")
    replies = await quiet.client.conversations_replies(channel="C0SQUARE", ts=opening["ts"])

    assert [each["text"] for each in history["messages"]] == ["loud", "two", "one"]
    assert history["messages"][-1]["metadata"]["event_payload"] == {"id": 1}
    assert "metadata" not in bare["messages"][-1]
    assert [each["text"] for each in replies["messages"]] == ["one", "two", "loud"]


async def test_history_can_be_cut_by_time_and_page(quiet: Town, refusal: Refusal) -> None:
    stamps = []
    for number in range(4):
        posted = await quiet.client.chat_postMessage(channel="C0SQUARE", text=str(number), **QUIET)
        stamps.append(posted["ts"])

    async def texts(**asked: Any) -> list[str]:
        answer = await quiet.client.conversations_history(channel="C0SQUARE", **asked)
        return [each["text"] for each in answer["messages"]]

    assert await texts(oldest=stamps[1]) == ["3", "2"]
    assert await texts(oldest=stamps[1], inclusive=True) == ["3", "2", "1"]
    assert await texts(latest=stamps[1]) == ["0"]
    assert await texts(oldest=stamps[0], latest=stamps[3]) == ["2", "1"]
    assert await texts(latest=str(quiet.workspace.world.seconds + 1), limit=1) == ["3"]
    first = await quiet.client.conversations_history(channel="C0SQUARE", limit=3)
    assert first["has_more"]
    cursor = first["response_metadata"]["next_cursor"]
    assert await texts(limit=3, cursor=cursor) == ["0"]
    bad = await refusal(quiet.client.conversations_history(channel="C0SQUARE", oldest="now"))
    assert bad["error"] == "invalid_ts_latest"


async def test_what_was_said_is_for_members_with_the_scope(quiet: Town, refusal: Refusal) -> None:
    quiet.workspace.add_channel("away", id="C0AWAY", bot_is_member=False)

    away = await refusal(quiet.client.conversations_history(channel="C0AWAY"))
    nothing = await refusal(quiet.client.conversations_replies(channel="C0SQUARE", ts="1.0"))
    quiet.workspace.scopes.discard("channels:history")
    square = await refusal(quiet.client.conversations_history(channel="C0SQUARE"))

    assert away["error"] == "not_in_channel"
    assert nothing["error"] == "thread_not_found"
    assert (square["error"], square["needed"]) == ("missing_scope", "channels:history")
