import asyncio
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from bot.workspace import Message
from bot.workspace.checks import Refused
from tests.bot.workspace.crier import (
    MANIFEST,
    QUIET,
    Json,
    Town,
    actions,
    button,
    field_of,
    home,
    modal,
    options,
    plain,
    section,
    text_input,
)


async def posted(town: Town, *blocks: Json, **more: Any) -> Message:
    await town.client.chat_postMessage(
        channel=more.pop("channel", "C0SQUARE"), text="Choose", blocks=blocks, **QUIET, **more
    )
    return town.workspace.messages(town.square)[-1]


async def test_a_press_carries_everything_slack_sends(town: Town) -> None:
    message = await posted(town, section("Coming?"), actions(button("yes", "42"), block_id="row"))

    exchange = await town.workspace.click(town.ben, message, "yes")

    told = town.bot.heard[0]
    assert exchange.acked
    assert told["type"] == "block_actions"
    assert told["user"] == {
        "id": "U0BEN",
        "username": "ben.okoro",
        "name": "ben.okoro",
        "team_id": "T0CONVENE",
    }
    assert told["team"] == {"id": "T0CONVENE", "domain": "coalition"}
    assert told["enterprise"] is None
    assert told["is_enterprise_install"] is False
    assert told["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": "C0SQUARE",
        "is_ephemeral": False,
    }
    assert told["channel"] == {"id": "C0SQUARE", "name": "square"}
    assert told["message"]["text"] == "Choose"
    assert told["message"]["bot_id"] == town.workspace.installation.bot_id
    assert told["state"] == {"values": {}}
    assert told["api_app_id"] == town.workspace.installation.app_id
    assert told["trigger_id"]
    assert told["response_url"].startswith(f"{town.workspace.url}/response/")
    action = told["actions"][0]
    assert action.pop("action_ts").count(".") == 1
    assert action == {
        "type": "button",
        "action_id": "yes",
        "block_id": "row",
        "value": "42",
        "text": plain("yes"),
    }


async def test_a_press_in_an_ephemeral_message_brings_no_message(http: Town) -> None:
    await http.client.chat_postEphemeral(
        channel="C0SQUARE", user="U0ANA", text="Only you", blocks=[actions(button("ok"))]
    )
    message = http.workspace.messages(http.square, seen_by=http.ana)[-1]

    await http.workspace.click(http.ana, message, "ok")

    told = http.bot.heard[0]
    assert told["container"]["is_ephemeral"] is True
    assert "message" not in told
    assert "value" not in told["actions"][0]
    with pytest.raises(Refused, match="message_not_found"):
        await http.workspace.click(http.ben, message, "ok")


async def test_a_guest_from_elsewhere_presses_as_who_they_are(http: Town) -> None:
    eve = http.workspace.add_user("Eve", id="U0EVE", team_id="T0OTHER")
    http.square.members.append(eve.id)
    message = await posted(http, actions(button("yes")))

    await http.workspace.click(eve, message, "yes")

    assert http.bot.heard[0]["user"]["team_id"] == "T0OTHER"
    assert http.bot.heard[0]["team"]["id"] == "T0CONVENE"


async def test_value_or_block_tells_buttons_of_one_name_apart(http: Town) -> None:
    message = await posted(
        http,
        actions(button("join", "1"), block_id="one"),
        actions(button("join", "2"), block_id="two"),
    )

    await http.workspace.click(http.ana, message, "join", "2")
    await http.workspace.click(http.ana, message, "join", block_id="one")

    assert [told["actions"][0]["value"] for told in http.bot.heard] == ["2", "1"]
    with pytest.raises(LookupError, match="2 elements"):
        await http.workspace.click(http.ana, message, "join")
    with pytest.raises(LookupError, match="No element 'leave'"):
        await http.workspace.click(http.ana, message, "leave")


ELEMENTS: list[tuple[Json, Any, str, Any]] = [
    ({"type": "static_select", "options": options("a", "b")}, "b", "selected_option", "b"),
    ({"type": "overflow", "options": options("a", "b")}, "a", "selected_option", "a"),
    ({"type": "radio_buttons", "options": options("a", "b")}, "a", "selected_option", "a"),
    ({"type": "checkboxes", "options": options("a", "b")}, ["a", "b"], "selected_options", "ab"),
    (
        {"type": "multi_static_select", "options": options("a", "b")},
        ["b"],
        "selected_options",
        "b",
    ),
    ({"type": "users_select"}, "U0BEN", "selected_user", "U0BEN"),
    ({"type": "multi_users_select"}, ["U0BEN"], "selected_users", ["U0BEN"]),
    ({"type": "channels_select"}, "C0SQUARE", "selected_channel", "C0SQUARE"),
    (
        {"type": "conversations_select"},
        "C0SQUARE",
        "selected_conversation",
        "C0SQUARE",
    ),
    ({"type": "datepicker"}, date(2026, 11, 24), "selected_date", "2026-11-24"),
    ({"type": "timepicker"}, time(9, 30), "selected_time", "09:30"),
    (
        {"type": "datetimepicker"},
        datetime(2026, 11, 24, tzinfo=UTC),
        "selected_date_time",
        1795478400,
    ),
]


@pytest.mark.parametrize(
    ("element", "chosen", "key", "told"), ELEMENTS, ids=lambda case: str(case)[:30]
)
async def test_every_kind_of_choice_is_told_in_slacks_words(
    http: Town, element: Json, chosen: Any, key: str, told: Any
) -> None:
    message = await posted(http, actions(element | {"action_id": "choice"}, block_id="row"))

    await http.workspace.click(http.ana, message, "choice", selected=chosen)

    action = http.bot.heard[0]["actions"][0]
    got = action[key]
    if key == "selected_option":
        got = got["value"]
    elif key == "selected_options":
        got = "".join(each["value"] for each in got)
    assert got == told
    values = http.bot.heard[0]["state"]["values"]
    if element["type"] == "overflow":
        assert values == {}
    else:
        assert values["row"]["choice"][key] == action[key]


async def test_a_choice_that_is_not_offered_cannot_be_made(http: Town) -> None:
    picture = {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "A"}
    menu = {"type": "static_select", "action_id": "menu", "options": options("a", "b")}
    message = await posted(http, section("See", accessory=picture), section("Pick", accessory=menu))
    await http.workspace.click(http.ana, message, "menu", "a")

    with pytest.raises(LookupError, match="only: a, b"):
        await http.workspace.click(http.ana, message, "menu", selected="c")


async def test_a_message_remembers_for_each_person_what_they_chose(http: Town) -> None:
    menu = {"type": "static_select", "action_id": "menu", "options": options("a", "b")}
    message = await posted(http, actions(menu, button("go"), block_id="row"))

    await http.workspace.click(http.ana, message, "menu", selected="a")
    await http.workspace.click(http.ana, message, "go")
    await http.workspace.click(http.ben, message, "go")

    chosen = [told["state"]["values"]["row"]["menu"] for told in http.bot.heard]
    assert chosen[1]["selected_option"]["value"] == "a"
    assert chosen[2] == {"type": "static_select", "selected_option": None}


async def test_elements_inside_cards_carousels_and_containers_can_be_pressed(http: Town) -> None:
    card = {"type": "card", "title": plain("One"), "actions": [button("card.join", "1")]}
    message = await posted(
        http,
        {"type": "carousel", "elements": [card]},
        {
            "type": "container",
            "title": plain("Group"),
            "child_blocks": [actions(button("inner", "2"))],
        },
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "action_id": "thumbs",
                    "positive_button": {"text": plain("Good"), "value": "up"},
                    "negative_button": {"text": plain("Bad"), "value": "down"},
                }
            ],
        },
    )

    await http.workspace.click(http.ana, message, "card.join")
    await http.workspace.click(http.ana, message, "inner")
    await http.workspace.click(http.ana, message, "thumbs", "down")

    assert [told["actions"][0]["value"] for told in http.bot.heard] == ["1", "2", "down"]
    assert all(told["actions"][0]["block_id"] for told in http.bot.heard)


async def test_a_press_in_a_thread_says_so(http: Town) -> None:
    first = await posted(http, section("Opening"))
    reply = await posted(http, actions(button("ok")), thread_ts=first.ts)

    @http.bot.on("action")
    async def answer(ack: Any, respond: Any, **_: Any) -> None:
        await respond("Noted")
        await ack()

    await http.workspace.click(http.ana, reply, "ok")

    assert http.bot.heard[0]["container"]["thread_ts"] == first.ts
    assert http.workspace.messages(http.square, seen_by=http.ana)[-1].thread_ts == first.ts


async def test_presses_in_home_and_modal_come_with_the_view(town: Town) -> None:
    await town.client.views_publish(
        user_id="U0ANA", view=home(section("Hi", accessory=button("open")))
    )

    @town.bot.on("action")
    async def answer(ack: Any, body: Json, client: Any, **_: Any) -> None:
        if body["actions"][0]["action_id"] == "open":
            shown = modal(
                field_of("name", text_input("name")),
                actions(button("more", "x"), block_id="row"),
                private_metadata="meta",
                callback_id="form",
            )
            await client.views_open(trigger_id=body["trigger_id"], view=shown)
        await ack()

    await town.workspace.click_home(town.ana, "open")
    await town.workspace.click_modal(
        town.ana,
        "more",
        state={"name": {"name": {"type": "plain_text_input", "value": "typed"}}},
    )

    at_home, in_modal = town.bot.heard
    assert at_home["container"]["type"] == "view"
    assert at_home["view"]["type"] == "home"
    assert "response_url" not in at_home
    assert "channel" not in at_home
    view = in_modal["view"]
    assert view["private_metadata"] == "meta"
    assert view["callback_id"] == "form"
    assert view["state"]["values"]["name"]["name"]["value"] == "typed"
    assert view["hash"]
    assert view["root_view_id"] == view["id"]
    assert town.workspace.modals(town.ana)[0].state["name"]["name"]["value"] == "typed"


async def test_a_home_that_was_never_published_cannot_be_pressed(quiet: Town) -> None:
    with pytest.raises(LookupError, match="no Home"):
        await quiet.workspace.click_home(quiet.ana, "open")
    with pytest.raises(LookupError, match="no modal"):
        await quiet.workspace.click_modal(quiet.ana, "more")


async def test_the_deactivated_press_nothing(http: Town) -> None:
    message = await posted(http, actions(button("ok")))
    http.ben.deleted = True

    with pytest.raises(Refused, match="account_inactive"):
        await http.workspace.click(http.ben, message, "ok")


async def test_an_external_menu_asks_the_bot(town: Town) -> None:
    menu = {"type": "external_select", "action_id": "who", "placeholder": plain("Who")}
    message = await posted(town, actions(menu, block_id="row"))

    @town.bot.on("options")
    async def answer(ack: Any, body: Json, **_: Any) -> None:
        await ack(options=options(f"{body['value']}1", f"{body['value']}2"))

    offered = await town.workspace.suggest(town.ana, "who", "be", message=message)

    assert [each["value"] for each in offered["options"]] == ["be1", "be2"]
    told = town.bot.heard[0]
    assert told["type"] == "block_suggestion"
    assert (told["block_id"], told["action_id"], told["value"]) == ("row", "who", "be")
    await town.workspace.click(town.ana, message, "who", selected=offered["options"][0])
    assert town.bot.heard[1]["actions"][0]["selected_option"]["value"] == "be1"


async def test_what_an_external_menu_cannot_show_is_refused(http: Town) -> None:
    menu = {"type": "external_select", "action_id": "who", "placeholder": plain("Who")}
    message = await posted(http, actions(menu, button("no")))

    @http.bot.on("options")
    async def answer(ack: Any, **_: Any) -> None:
        await ack(options=[{"text": plain("x"), "value": "v" * 151}])

    with pytest.raises(Refused, match="invalid_arguments"):
        await http.workspace.suggest(http.ana, "who", "be", message=message)
    with pytest.raises(LookupError, match="no external menu"):
        await http.workspace.suggest(http.ana, "no", "be", message=message)
    with pytest.raises(LookupError, match="nothing open"):
        await http.workspace.suggest(http.ana, "who", "be")


async def test_a_slow_external_menu_times_out(quiet: Town) -> None:
    menu = {"type": "external_select", "action_id": "who", "placeholder": plain("Who")}
    message = await posted(quiet, actions(menu))

    with pytest.raises(Refused, match="dispatch_failed"):
        await quiet.workspace.suggest(quiet.ana, "who", "be", message=message)


async def test_shortcuts_bring_what_slack_sends(town: Town) -> None:
    message = await town.workspace.say(town.ben, town.square, "Remember this")

    await town.workspace.shortcut(town.ana, "cry.new", channel=town.square)
    await town.workspace.shortcut(town.ana, "cry.it", message=message)

    anywhere, on_message = (told for told in town.bot.heard if told["kind"] == "shortcut")
    assert anywhere["type"] == "shortcut"
    assert "channel" not in anywhere
    assert "response_url" not in anywhere
    assert on_message["type"] == "message_action"
    assert on_message["message"]["text"] == "Remember this"
    assert on_message["message_ts"] == message.ts
    assert on_message["channel"]["id"] == "C0SQUARE"
    assert on_message["response_url"]
    assert anywhere["trigger_id"] != on_message["trigger_id"]


async def test_a_shortcut_is_for_our_own_people_and_must_exist(http: Town) -> None:
    eve = http.workspace.add_user("Eve", team_id="T0OTHER")
    http.square.members.append(eve.id)
    message = await http.workspace.say(http.ben, http.square, "Remember this")

    with pytest.raises(LookupError, match="no global shortcut"):
        await http.workspace.shortcut(http.ana, "cry.it")
    with pytest.raises(Refused, match="not_allowed"):
        await http.workspace.shortcut(eve, "cry.it", message=message)
    assert MANIFEST["features"]["shortcuts"][1]["callback_id"] == "cry.it"


async def test_two_people_may_press_at_once(http: Town) -> None:
    message = await posted(http, actions(button("ok")))

    exchanges = await asyncio.gather(
        http.workspace.click(http.ana, message, "ok"), http.workspace.click(http.ben, message, "ok")
    )

    assert all(exchange.acked for exchange in exchanges)
    assert {told["user"]["id"] for told in http.bot.heard} == {"U0ANA", "U0BEN"}
