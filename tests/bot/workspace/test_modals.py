from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.workspace.checks import Refused
from bot.workspace.clicks import Press
from tests.bot.workspace.crier import (
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

Refusal = Callable[[Awaitable[Any]], Awaitable[Any]]
NAME = field_of("name", text_input("name"))


async def opened(town: Town, view: Json, user: Any = None) -> Json:
    """Open *view* for somebody by way of a command, as every modal begins."""
    answers: list[Json] = []

    async def answer(ack: Any, body: Json, client: Any, **_: Any) -> None:
        response = await client.views_open(trigger_id=body["trigger_id"], view=view)
        answers.append(response["view"])
        await ack()

    town.bot.does["command"] = answer
    await town.workspace.command(user or town.ana, town.square, "/cry")
    return answers[0]


async def test_a_command_opens_a_modal_and_its_submission_closes_it(town: Town) -> None:
    view = await opened(town, modal(NAME, callback_id="form", private_metadata="7"))
    [shown] = town.workspace.modals(town.ana)
    assert (shown.title, shown.callback_id, shown.private_metadata) == ("A form", "form", "7")

    exchange = await town.workspace.submit(town.ana, {"name": "Ada"})

    assert exchange.acked
    told = town.bot.heard[-1]
    assert told["type"] == "view_submission"
    assert told["view"]["id"] == view["id"]
    assert told["view"]["state"]["values"] == {
        "name": {"name": {"type": "plain_text_input", "value": "Ada"}}
    }
    assert told["view"]["callback_id"] == "form"
    assert told["view"]["private_metadata"] == "7"
    assert told["response_urls"] == []
    assert told["trigger_id"]
    assert town.workspace.modals(town.ana) == []


async def test_errors_keep_the_modal_open_with_sentences_beside_the_fields(town: Town) -> None:
    await opened(town, modal(NAME))

    @town.bot.on("view")
    async def answer(ack: Any, **_: Any) -> None:
        await ack(response_action="errors", errors={"name": "Taken already."})

    await town.workspace.submit(town.ana, {"name": "Ada"})

    view = town.workspace.modals(town.ana)[0]
    assert view.errors == {"name": "Taken already."}
    assert view.state["name"]["name"]["value"] == "Ada", "what was typed stays"
    town.bot.does["view"] = _closing
    await town.workspace.submit(town.ana, {"name": "Eve"})
    assert town.workspace.modals(town.ana) == []


async def _closing(ack: Any, **_: Any) -> None:
    await ack()


async def test_a_submission_may_update_push_or_clear(town: Town) -> None:
    await opened(town, modal(NAME))

    @town.bot.on("view")
    async def answer(ack: Any, body: Json, **_: Any) -> None:
        typed = body["view"]["state"]["values"]["name"]["name"]["value"]
        view = modal(NAME, title=plain(typed))
        if typed == "clear":
            await ack(response_action="clear")
        else:
            await ack(response_action=typed, view=view)

    await town.workspace.submit(town.ana, {"name": "update"})
    assert [view.title for view in town.workspace.modals(town.ana)] == ["update"]
    await town.workspace.submit(town.ana, {"name": "push"})
    stack = town.workspace.modals(town.ana)
    assert [view.title for view in stack] == ["update", "push"]
    assert stack[1].previous_id == stack[0].id
    assert stack[1].root_id == stack[0].id
    await town.workspace.submit(town.ana, {"name": "clear"})
    assert town.workspace.modals(town.ana) == []


async def test_an_answer_slack_could_not_follow_is_trouble(town: Town) -> None:
    await opened(town, modal(NAME))

    @town.bot.on("view")
    async def answer(ack: Any, **_: Any) -> None:
        await ack(response_action="errors", errors={"elsewhere": "No such field."})

    exchange = await town.workspace.submit(town.ana, {"name": "Ada"})

    assert exchange.error == "invalid_arguments"
    assert "trouble" in town.workspace.modals(town.ana)[0].trouble
    assert town.workspace.sent[-1].error == "invalid_arguments"


async def test_a_submission_nobody_acknowledges_is_trouble_too(http: Town) -> None:
    await opened(http, modal(NAME))
    http.workspace.deliver_to("http://127.0.0.1:9/nobody")

    exchange = await http.workspace.submit(http.ana, {"name": "Ada"})

    assert exchange.error == "dispatch_failed"
    assert http.workspace.modals(http.ana)[0].trouble


FIELDS: list[tuple[Json, Any, str]] = [
    (text_input("f"), None, "required"),
    (text_input("f"), "", "required"),
    (text_input("f", min_length=3), "ab", "at least 3"),
    (text_input("f", max_length=3), "abcd", "at most 3"),
    ({"type": "number_input", "is_decimal_allowed": False}, "x", "a number"),
    ({"type": "number_input", "is_decimal_allowed": False}, "NaN", "a number"),
    ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "whole number"),
    ({"type": "number_input", "is_decimal_allowed": True, "min_value": "2"}, 1.5, "at least 2"),
    ({"type": "number_input", "is_decimal_allowed": True, "max_value": "2"}, 3, "at most 2"),
    ({"type": "email_text_input"}, "nobody", "email"),
    ({"type": "url_text_input"}, "nowhere", "a link"),
    ({"type": "datepicker"}, "2026-02-31", "a date"),
    ({"type": "datepicker"}, "20260228", "a date"),
    ({"type": "timepicker"}, "25:00", "a time"),
    ({"type": "datetimepicker"}, 12, "date and time"),
    (
        {"type": "multi_static_select", "options": options("a", "b"), "max_selected_items": 1},
        ["a", "b"],
        "at most 1",
    ),
    ({"type": "checkboxes", "options": options("a")}, [], "required"),
]


@pytest.mark.parametrize(("element", "value", "words"), FIELDS, ids=lambda case: str(case)[:40])
async def test_what_the_client_refuses_is_never_sent(
    http: Town, element: Json, value: Any, words: str
) -> None:
    await opened(http, modal(field_of("field", element | {"action_id": "f"})))

    exchange = await http.workspace.submit(http.ana, {"field": value})

    assert exchange.error == "incomplete"
    assert words in http.workspace.modals(http.ana)[0].errors["field"]
    assert [told["kind"] for told in http.bot.heard] == ["command"]


GOOD: list[tuple[Json, Any, Json]] = [
    (text_input("f"), "words", {"value": "words"}),
    ({"type": "number_input", "is_decimal_allowed": True}, 1.5, {"value": "1.5"}),
    (
        {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "9"},
        5,
        {"value": "5"},
    ),
    ({"type": "email_text_input"}, "a@b.example", {"value": "a@b.example"}),
    ({"type": "url_text_input"}, "https://b.example", {"value": "https://b.example"}),
    ({"type": "datepicker"}, date(2026, 11, 24), {"selected_date": "2026-11-24"}),
    ({"type": "timepicker"}, time(9, 5), {"selected_time": "09:05"}),
    (
        {"type": "datetimepicker"},
        datetime(2026, 11, 24, tzinfo=UTC),
        {"selected_date_time": 1795478400},
    ),
    (
        {"type": "multi_static_select", "options": options("a", "b")},
        ["a"],
        {"selected_options": options("a")},
    ),
    (
        {
            "type": "static_select",
            "option_groups": [{"label": plain("All"), "options": options("a", "b")}],
        },
        "b",
        {"selected_option": options("b")[0]},
    ),
    ({"type": "users_select"}, "U0BEN", {"selected_user": "U0BEN"}),
    (
        {"type": "rich_text_input"},
        "words",
        {
            "rich_text_value": {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [{"type": "text", "text": "words"}],
                    }
                ],
            }
        },
    ),
]


@pytest.mark.parametrize(("element", "value", "kept"), GOOD, ids=lambda case: str(case)[:40])
async def test_every_kind_of_field_is_told_in_slacks_words(
    http: Town, element: Json, value: Any, kept: Json
) -> None:
    await opened(http, modal(field_of("field", element | {"action_id": "f"})))

    await http.workspace.submit(http.ana, {"f": value})

    values = http.bot.heard[-1]["view"]["state"]["values"]
    assert values["field"]["f"] == {"type": element["type"], **kept}


async def test_untouched_fields_come_as_what_stood_there(town: Town) -> None:
    view = modal(
        field_of("name", text_input("name"), optional=True),
        field_of("kind", {"type": "static_select", "action_id": "k", "options": options("a")},
                 optional=True),
        field_of("some", {"type": "checkboxes", "action_id": "s", "options": options("a")},
                 optional=True),
        field_of("day", {"type": "datepicker", "action_id": "d", "initial_date": "2026-11-24"}),
        section("And", accessory={"type": "users_select", "action_id": "u"}),
    )  # fmt: skip
    await opened(town, view)

    await town.workspace.submit(town.ana)

    values = town.bot.heard[-1]["view"]["state"]["values"]
    assert values["name"]["name"] == {"type": "plain_text_input", "value": None}
    assert values["kind"]["k"] == {"type": "static_select", "selected_option": None}
    assert values["some"]["s"] == {"type": "checkboxes", "selected_options": []}
    assert values["day"]["d"] == {"type": "datepicker", "selected_date": "2026-11-24"}
    assert {"u": {"type": "users_select", "selected_user": None}} in values.values()


async def test_a_field_must_be_named_so_that_it_is_found(http: Town) -> None:
    await opened(http, modal(NAME))

    with pytest.raises(LookupError, match="there are: name/name"):
        await http.workspace.submit(http.ana, {"nome": "Ada"})


async def test_external_choices_in_a_modal_are_those_the_bot_offered(town: Town) -> None:
    menu = {"type": "external_select", "action_id": "who", "placeholder": plain("Who")}
    await opened(town, modal(field_of("who", menu)))

    @town.bot.on("options")
    async def answer(ack: Any, **_: Any) -> None:
        await ack(option_groups=[{"label": plain("All"), "options": options("ada", "bob")}])

    await town.workspace.suggest(town.ana, "who", "a")
    with pytest.raises(LookupError, match="ada, bob"):
        await town.workspace.submit(town.ana, {"who": "eve"})
    await town.workspace.submit(town.ana, {"who": "bob"})

    chosen = town.bot.heard[-1]["view"]["state"]["values"]["who"]["who"]["selected_option"]
    assert chosen["value"] == "bob"


async def test_closing_is_told_only_to_a_bot_that_asked(town: Town) -> None:
    await opened(town, modal(NAME))
    assert await town.workspace.close_modal(town.ana) == []
    await opened(town, modal(NAME, notify_on_close=True, callback_id="form"))

    [exchange] = await town.workspace.close_modal(town.ana)

    assert exchange.acked
    told = town.bot.heard[-1]
    assert (told["type"], told["is_cleared"]) == ("view_closed", False)
    assert told["view"]["callback_id"] == "form"
    assert town.workspace.modals(town.ana) == []


async def test_clear_on_close_takes_the_whole_stack(http: Town) -> None:
    await opened(http, modal(NAME, notify_on_close=True))

    @http.bot.on("view")
    async def answer(ack: Any, **_: Any) -> None:
        top = modal(NAME, notify_on_close=True, clear_on_close=True)
        await ack(response_action="push", view=top)

    await http.workspace.submit(http.ana, {"name": "x"})
    exchanges = await http.workspace.close_modal(http.ana)

    assert len(exchanges) == 2
    assert [told["is_cleared"] for told in http.bot.heard[-2:]] == [True, True]
    assert http.workspace.modals(http.ana) == []


async def test_a_trigger_works_once_and_for_three_seconds(http: Town, refusal: Refusal) -> None:
    triggers: list[str] = []

    @http.bot.on("command")
    async def answer(ack: Any, body: Json, **_: Any) -> None:
        triggers.append(body["trigger_id"])
        await ack()

    for _ in range(2):
        await http.workspace.command(http.ana, http.square, "/cry")
    await http.client.views_open(trigger_id=triggers[0], view=modal(NAME))

    again = await refusal(http.client.views_open(trigger_id=triggers[0], view=modal(NAME)))
    assert again["error"] == "trigger_exchanged"
    http.clock.advance(timedelta(seconds=3, milliseconds=1))
    late = await refusal(http.client.views_open(trigger_id=triggers[1], view=modal(NAME)))
    assert late["error"] == "trigger_expired"
    made_up = await refusal(http.client.views_open(trigger_id="1.2.3", view=modal(NAME)))
    assert made_up["error"] == "invalid_trigger_id"


async def test_a_bad_view_does_not_cost_the_trigger(http: Town, refusal: Refusal) -> None:
    trigger = http.workspace.world.tickets.trigger("U0ANA", None, "")

    bad = await refusal(http.client.views_open(trigger_id=trigger, view={"type": "modal"}))
    await http.client.views_open(trigger_id=trigger, view=modal(NAME))

    assert bad["error"] == "invalid_arguments"
    assert bad["response_metadata"]["messages"]


async def test_the_stack_is_three_deep(quiet: Town, refusal: Refusal) -> None:
    def trigger() -> str:
        return quiet.workspace.world.tickets.trigger("U0ANA", None, "")

    empty = await refusal(quiet.client.views_push(trigger_id=trigger(), view=modal(NAME)))
    await quiet.client.views_open(trigger_id=trigger(), view=modal(NAME))
    await quiet.client.views_push(trigger_id=trigger(), view=modal(NAME))
    await quiet.client.views_push(trigger_id=trigger(), view=modal(NAME))
    full = await refusal(quiet.client.views_push(trigger_id=trigger(), view=modal(NAME)))

    assert empty["error"] == "not_found"
    assert full["error"] == "push_limit_reached"
    assert len(quiet.workspace.modals(quiet.ana)) == 3


async def test_a_push_beyond_three_in_an_answer_is_trouble(http: Town) -> None:
    await opened(http, modal(NAME))

    @http.bot.on("view")
    async def answer(ack: Any, **_: Any) -> None:
        await ack(response_action="push", view=modal(NAME))

    for _ in range(2):
        await http.workspace.submit(http.ana, {"name": "x"})
    exchange = await http.workspace.submit(http.ana, {"name": "x"})

    assert exchange.error == "push_limit_reached"
    assert len(http.workspace.modals(http.ana)) == 3


async def test_an_update_with_a_stale_hash_conflicts(http: Town, refusal: Refusal) -> None:
    view = await opened(http, modal(NAME))

    fresh = await http.client.views_update(
        view_id=view["id"], hash=view["hash"], view=modal(NAME, title=plain("New"))
    )
    stale = await refusal(
        http.client.views_update(view_id=view["id"], hash=view["hash"], view=modal(NAME))
    )

    assert fresh["view"]["hash"] != view["hash"]
    assert stale["error"] == "hash_conflict"
    assert http.workspace.modals(http.ana)[0].title == "New"


async def test_an_update_keeps_what_was_typed_in_fields_that_stay(http: Town) -> None:
    view = await opened(http, modal(NAME, actions(button("more"), block_id="row")))
    typed = {"name": {"name": {"type": "plain_text_input", "value": "half a wo"}}}
    await http.workspace.click_modal(http.ana, "more", state=typed)

    await http.client.views_update(
        view_id=view["id"], view=modal(NAME, field_of("other", text_input("other")))
    )

    state = http.workspace.modals(http.ana)[0].state
    assert state["name"]["name"]["value"] == "half a wo"
    assert state["other"]["other"]["value"] is None


async def test_a_closed_view_cannot_be_updated(http: Town, refusal: Refusal) -> None:
    view = await opened(http, modal(NAME))
    await http.workspace.close_modal(http.ana)

    gone = await refusal(http.client.views_update(view_id=view["id"], view=modal(NAME)))

    assert gone["error"] == "not_found"


async def test_an_external_id_finds_a_view_and_is_unique(http: Town, refusal: Refusal) -> None:
    await opened(http, modal(NAME, external_id="form-7"))

    await http.client.views_update(
        external_id="form-7", view=modal(NAME, external_id="form-7", title=plain("Found"))
    )
    trigger = http.workspace.world.tickets.trigger("U0BEN", None, "")
    taken = await refusal(
        http.client.views_open(trigger_id=trigger, view=modal(NAME, external_id="form-7"))
    )
    unknown = await refusal(http.client.views_update(external_id="form-8", view=modal(NAME)))

    assert http.workspace.modals(http.ana)[0].title == "Found"
    assert taken["error"] == "duplicate_external_id"
    assert unknown["error"] == "not_found"


async def test_a_home_is_published_for_one_person(http: Town, refusal: Refusal) -> None:
    first = await http.client.views_publish(user_id="U0ANA", view=home(section("One")))
    second = await http.client.views_publish(
        user_id="U0ANA", view=home(section("Two")), hash=first["view"]["hash"]
    )
    stale = await refusal(
        http.client.views_publish(
            user_id="U0ANA", view=home(section("Three")), hash=first["view"]["hash"]
        )
    )
    nobody = await refusal(http.client.views_publish(user_id="U0X", view=home(section("One"))))
    as_modal = await refusal(
        http.client.views_update(view_id=second["view"]["id"], view=modal(NAME))
    )

    shown = http.workspace.home(http.ana)
    assert shown is not None
    assert (shown.id, shown.type, shown.title) == (first["view"]["id"], "home", "")
    assert second["view"]["id"] == first["view"]["id"]
    assert http.workspace.home(http.ben) is None
    assert stale["error"] == "hash_conflict"
    assert nobody["error"] == "user_not_found"
    assert as_modal["error"] == "not_found"


async def test_a_menu_of_channels_may_ask_for_a_response_url(http: Town) -> None:
    menu = {
        "type": "conversations_select",
        "action_id": "where",
        "response_url_enabled": True,
    }
    await opened(http, modal(field_of("where", menu), field_of("more", menu, optional=True)))

    await http.workspace.submit(http.ana, {"where": "C0SQUARE"})

    [place] = http.bot.heard[-1]["response_urls"]
    assert (place["block_id"], place["action_id"], place["channel_id"]) == (
        "where",
        "where",
        "C0SQUARE",
    )


async def test_a_menu_of_conversations_may_begin_where_the_modal_was_opened(http: Town) -> None:
    one = {"type": "conversations_select", "default_to_current_conversation": True}
    many = {"type": "multi_conversations_select", "default_to_current_conversation": True}
    await opened(
        http,
        modal(
            field_of("one", one | {"action_id": "one"}),
            field_of("many", many | {"action_id": "many"}),
        ),
    )

    state = http.workspace.modals(http.ana)[0].state

    assert state["one"]["one"]["selected_conversation"] == "C0SQUARE"
    assert state["many"]["many"]["selected_conversations"] == ["C0SQUARE"]


async def test_a_reload_leaves_no_modal_and_no_ephemeral(http: Town) -> None:
    await opened(http, modal(NAME))
    await http.client.chat_postEphemeral(channel="C0SQUARE", user="U0ANA", text="Psst")

    http.workspace.reload(http.ana)

    assert http.workspace.modals(http.ana) == []
    assert http.workspace.messages(http.square, seen_by=http.ana) == []


async def test_nobody_touches_the_modal_of_another(http: Town) -> None:
    await opened(http, modal(NAME, actions(button("more"))))
    view = http.workspace.modals(http.ana)[0]

    with pytest.raises(Refused, match="not_found"):
        await http.workspace._press(http.ben, view, Press("more"))
    with pytest.raises(Refused, match="not_found"):
        await http.workspace.submit_view(http.ben, view)
