from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.workspace.checks import (
    Refused,
    check_call,
    check_options,
    check_reply,
    check_submission_reply,
    check_view,
)
from tests.bot.workspace import bad_payloads as bad

Json = dict[str, Any]


@pytest.mark.parametrize("case", bad.BAD, ids=lambda case: case.name)
def test_what_slack_refuses_is_refused_by_the_same_name(case: bad.Bad) -> None:
    with pytest.raises(Refused) as refused:
        case.check()

    assert refused.value.error == case.error
    assert case.said in "\n".join(refused.value.messages)


def test_every_bad_payload_is_a_case_of_its_own() -> None:
    assert len({case.name for case in bad.BAD}) == len(bad.BAD) >= 110


FULL_BUTTON = bad.button(
    value="42",
    url="mailto:ana@example.org",
    style="primary",
    accessibility_label="Yes to Briefing 12",
    confirm={**bad.DIALOG, "style": "danger"},
)
GROUP = {"label": bad.plain(), "options": bad.options(1)}
GROUPED = {"option_groups": [{**GROUP, "options": bad.options(100)}]}
MENUS: list[Json] = [
    bad.select(options=bad.options(100), initial_option=bad.option("99")),
    bad.select(**GROUPED, initial_option=bad.option("7"), placeholder=bad.plain(150 * "a")),
    {"type": "external_select", "min_query_length": 0, "initial_option": bad.option()},
    {"type": "users_select", "initial_user": "U1", "confirm": bad.DIALOG},
    {"type": "conversations_select", "filter": {"include": ["im", "public"]}},
    {"type": "channels_select", "initial_channel": "C1"},
    {
        "type": "multi_static_select",
        "options": bad.options(3),
        "initial_options": [bad.option("0"), bad.option("2")],
        "max_selected_items": 2,
    },
    {"type": "multi_external_select", "initial_options": [bad.option()]},
    {"type": "multi_users_select", "initial_users": ["U1"], "max_selected_items": 1},
    {"type": "multi_conversations_select", "default_to_current_conversation": True},
    {"type": "multi_channels_select", "initial_channels": ["C1"]},
]
CHOICES: list[Json] = [
    {
        "type": "checkboxes",
        "options": [{"text": bad.mrkdwn("*One*"), "value": "1", "description": bad.mrkdwn()}],
        "initial_options": [
            {"text": bad.mrkdwn("*One*"), "value": "1", "description": bad.mrkdwn()}
        ],
    },
    {"type": "radio_buttons", "options": bad.options(10), "initial_option": bad.option("9")},
]
PICKERS: list[Json] = [
    {"type": "datepicker", "initial_date": "2028-02-29", "placeholder": bad.plain()},
    {"type": "timepicker", "initial_time": "23:59", "timezone": "Europe/Brussels"},
]
DATETIME: Json = {"type": "datetimepicker", "initial_date_time": 1_790_000_000}
OVERFLOW: Json = {
    "type": "overflow",
    "options": [bad.option(url="https://example.org"), bad.option(description=bad.plain())],
}
PARTS: list[Json] = [
    {"type": "text", "text": "Agenda", "style": {"bold": True, "code": False}},
    {"type": "link", "url": "https://example.org", "text": "there"},
    {"type": "emoji", "name": "wave", "skin_tone": 2},
    {"type": "user", "user_id": "U1"},
    {"type": "usergroup", "usergroup_id": "S1"},
    {"type": "channel", "channel_id": "C1"},
    {"type": "team", "team_id": "T1"},
    {"type": "color", "value": "#00ff99"},
    {"type": "broadcast", "range": "here"},
    {"type": "date", "timestamp": 1_790_000_000, "format": "{date}", "fallback": "21 Sep 2026"},
]
RICH = bad.rich(
    bad.passage(*PARTS),
    bad.passage(bad.passage(PARTS[0]), kind="rich_text_list", style="ordered", indent=8, border=1),
    bad.passage(*PARTS, kind="rich_text_quote"),
    bad.passage(*PARTS[:2], kind="rich_text_preformatted", border=0),
    bad.passage(),
)
TYPED_IN = [
    bad.field(initial_value="four", min_length=0, max_length=4, multiline=True),
    bad.field(dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"]}),
    bad.field("number_input", is_decimal_allowed=True, min_value="-1.5", max_value="3"),
    bad.field("number_input", is_decimal_allowed=False, initial_value="2", max_value="3"),
    bad.field("email_text_input", initial_value="ana@example.org"),
    bad.field("url_text_input", initial_value="https://example.org"),
    bad.field("rich_text_input", initial_value=RICH, min_lines=1, max_lines=100),
]

EVERYWHERE: list[Json] = [
    bad.section(text=bad.mrkdwn("*Words*", verbatim=True), expand=True),
    {"type": "section", "fields": [bad.plain(2000 * "a", emoji=False)] * 10},
    *(
        bad.section(accessory=element)
        for element in (FULL_BUTTON, OVERFLOW, bad.picture(), *MENUS, *CHOICES, *PICKERS)
    ),
    bad.actions(FULL_BUTTON, OVERFLOW, *MENUS[1:], *CHOICES, *PICKERS, DATETIME),
    bad.actions(*[bad.button(action_id=f"a{index}") for index in range(25)]),
    {"type": "header", "text": bad.plain(150 * "a")},
    {"type": "divider"},
    {"type": "context", "elements": [bad.plain(), bad.mrkdwn(), bad.picture()] * 3},
    bad.picture(title=bad.plain(2000 * "a"), alt_text=2000 * "a"),
    {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "Map"},
    {**bad.VIDEO, "author_name": 50 * "a", "title_url": "https://example.org"},
    RICH,
    bad.card(
        subtitle=bad.plain(),
        body=bad.mrkdwn(200 * "a"),
        subtext=bad.plain(),
        slack_icon={"type": "icon", "name": "calendar"},
        actions=[bad.button(action_id=str(index)) for index in range(3)],
    ),
    {"type": "card", "hero_image": bad.picture(), "icon": bad.picture()},
    *TYPED_IN,
]
ROOMY: list[Json] = [
    {"type": "carousel", "elements": [bad.card()] * 10},
    bad.container(*[bad.section()] * 10, subtitle=bad.mrkdwn(), width="full", icon=bad.picture()),
    bad.container(bad.table([bad.cell()]), is_collapsible=True, default_collapsed=True),
    {
        "type": "container",
        "rich_text_title": RICH,
        "child_blocks": [{"type": "divider"}],
        "has_header_divider": True,
    },
    bad.table(
        [bad.cell(), {"type": "raw_number", "value": 0.5, "text": "½"}, RICH],
        [bad.cell()] * 3,
        column_settings=[None, {"align": "right", "is_wrapped": True}],
    ),
    bad.table(*[[bad.cell(100 * "a")]] * 100),
    bad.data_table([bad.cell()] * 20, [RICH] * 20, page_size=100, row_header_column_index=19),
    bad.data_table(*[[bad.cell()]] * 101),
    bad.pie(6, value=0.1),
    bad.bar(bad.series("Q1", "Q2"), bad.series("Q2", "Q1", name="Open"), categories=("Q1", "Q2")),
    bad.chart(
        "line",
        series=[bad.series("Q1")],
        axis_config={"categories": ["Q1"], "x_label": "Quarter", "y_label": "Items"},
    ),
    bad.chart("area", series=[bad.series("Q1")], axis_config={"categories": ["Q1"]}),
]
MESSAGES_ONLY: list[Json] = [
    {"type": "markdown", "text": 12_000 * "a"},
    {
        "type": "plan",
        "title": "Plan",
        "tasks": [
            bad.task(
                sources=[{"type": "url", "url": "https://example.org", "text": "There"}],
                details=RICH,
            )
        ],
    },
    {"type": "plan", "title": "Nothing yet"},
    bad.task(status="complete", output=RICH),
    {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "positive_button": {"text": bad.plain("Good"), "value": "1"},
                "negative_button": {"text": bad.plain("Bad"), "value": "0"},
            },
            {"type": "icon_button", "icon": "trash", "text": bad.plain("Delete")},
        ],
    },
    {"type": "file", "external_id": "1", "source": "remote"},
]
MODALS_ONLY: list[Json] = [
    {"type": "alert", "text": bad.mrkdwn(200 * "a"), "level": "warning"},
    bad.field("file_input", filetypes=["png"], max_files=10),
    bad.field("conversations_select", response_url_enabled=True),
    bad.field("plain_text_input", focus_on_load=True),
]


def named(block: Json) -> str:
    return str(block["type"])


@pytest.mark.parametrize("block", [*EVERYWHERE, *ROOMY, *MESSAGES_ONLY], ids=named)
def test_a_message_may_hold(block: Json) -> None:
    check_call("chat.postMessage", bad.post(blocks=[copy.deepcopy(block)]))


@pytest.mark.parametrize("block", [*EVERYWHERE, *ROOMY], ids=named)
def test_a_home_view_may_hold(block: Json) -> None:
    check_view(bad.home(block), "home")


@pytest.mark.parametrize("block", [*EVERYWHERE, *MODALS_ONLY], ids=named)
def test_a_modal_may_hold(block: Json) -> None:
    check_view(bad.modal(block, submit=bad.plain("Save")), "modal")


def test_a_view_may_use_every_field_it_has() -> None:
    check_view(
        bad.modal(
            *[bad.section(text=bad.plain(2000 * "a"))] * 100,
            title=bad.plain(24 * "a"),
            submit=bad.plain(24 * "a"),
            close=bad.plain(24 * "a"),
            private_metadata=3000 * "a",
            callback_id="",
            external_id=255 * "a",
            clear_on_close=False,
            notify_on_close=True,
        )
    )
    check_view(bad.home(bad.section(), private_metadata="", callback_id="home"), "home")


def test_home_may_show_more_tables_and_charts_than_a_message() -> None:
    table, chart = bad.table([bad.cell()]), bad.pie(1)

    check_view(bad.home(table, table, chart, chart, chart), "home")


MODAL = bad.modal(bad.section())
GOOD_CALLS: list[tuple[str, Json]] = [
    ("auth.test", {}),
    ("apps.connections.open", {}),
    ("chat.postMessage", bad.post(text=40_000 * "a", link_names=False, parse="none")),
    ("chat.postMessage", bad.post(blocks=[], thread_ts="1.1", attachments=[{"text": "a"}])),
    ("chat.postMessage", bad.post(blocks='[{"type":"divider"}]', unfurl_links="false")),
    ("chat.postMessage", bad.without("text", bad.post(markdown_text=12_000 * "a"))),
    ("chat.postMessage", bad.post(metadata={"event_type": "b", "event_payload": {"id": 1}})),
    ("chat.postEphemeral", {"channel": "C1", "user": "U1", "text": "a", "attachments": [{}]}),
    ("chat.update", {"channel": "D1", "ts": "1.1", "text": 4_000 * "a", "metadata": {}}),
    ("chat.delete", {"channel": "D1", "ts": "1.1"}),
    ("chat.getPermalink", {"channel": "D1", "message_ts": "1.1"}),
    ("conversations.info", {"channel": "C1"}),
    ("conversations.members", {"channel": "C1", "limit": "200"}),
    ("conversations.open", {"users": "U1,U2"}),
    ("conversations.open", {"channel": "D1", "users": None}),
    ("conversations.list", {"types": "public_channel, private_channel", "limit": 1000}),
    ("conversations.history", {"channel": "C1"}),
    ("conversations.replies", {"channel": "C1", "ts": "1.1"}),
    ("views.open", {"view": MODAL, "trigger_id": "1.2"}),
    ("views.update", {"view": MODAL, "view_id": "V1", "hash": "1.a"}),
    ("views.update", {"view": MODAL, "external_id": "briefing-12"}),
    ("views.push", {"view": MODAL, "interactivity_pointer": "1.2"}),
    ("views.publish", {"view": bad.home(bad.section()), "user_id": "U1"}),
    ("users.info", {"user": "U1", "include_locale": "1"}),
    ("users.list", {}),
    ("usergroups.list", {}),
    ("usergroups.users.list", {"usergroup": "S1"}),
    ("files.getUploadURLExternal", {"filename": "a.ics", "length": "30"}),
    ("files.completeUploadExternal", {"files": '[{"id": "F1", "title": ""}]', "channel_id": "C1"}),
    ("files.completeUploadExternal", {"files": [{"id": "F1"}], "blocks": [bad.section()]}),
]


@pytest.mark.parametrize(("method", "args"), GOOD_CALLS, ids=lambda part: str(part)[:40])
def test_a_call_in_order_passes(method: str, args: Json) -> None:
    check_call(method, args)


@pytest.mark.parametrize(
    "payload",
    [
        {"text": "Done."},
        {"text": "Done.", "blocks": [bad.section()], "response_type": "in_channel"},
        {"text": "Done.", "replace_original": True, "thread_ts": None},
        {"delete_original": True},
    ],
)
def test_a_reply_in_order_passes(payload: Json) -> None:
    check_reply(payload)


@pytest.mark.parametrize(
    "payload",
    [
        None,
        {},
        {"response_action": "clear"},
        {"response_action": "errors", "errors": {"title": "Please name the briefing."}},
        {"response_action": "update", "view": MODAL},
        {"response_action": "push", "view": MODAL},
    ],
)
def test_a_submission_may_be_answered_with(payload: Json | None) -> None:
    nameless = bad.without("block_id", bad.field())

    check_submission_reply(payload, bad.modal(bad.field(), nameless, submit=bad.plain()))


@pytest.mark.parametrize(
    "payload",
    [
        {"options": []},
        {"options": bad.options(100)},
        GROUPED,
        {"option_groups": []},
    ],
)
def test_a_menu_may_be_answered_with(payload: Json) -> None:
    check_options(payload)


def a(length: int) -> str:
    return length * "a"


def menu(**more: Any) -> Json:
    return bad.actions(bad.select(**more))


def text_part(part: Json) -> Json:
    return bad.rich(bad.passage(part))


def in_list(**more: Any) -> Json:
    return bad.rich(bad.passage(bad.passage(), kind="rich_text_list", style="bullet", **more))


def asked(**more: Any) -> Json:
    return bad.actions(bad.button(confirm={**bad.DIALOG, **more}))


def small(**more: Any) -> Json:
    icon = {"type": "icon_button", "icon": "trash", "text": bad.plain(), **more}
    return {"type": "context_actions", "elements": [icon]}


def voted(**more: Any) -> Json:
    vote = {"text": bad.plain(), "value": "1", **more}
    both = {"positive_button": vote, "negative_button": vote}
    return {"type": "context_actions", "elements": [{"type": "feedback_buttons", **both}]}


def ticked(kind: str = "checkboxes", **more: Any) -> Json:
    return bad.actions({"type": kind, "options": [bad.option(**more)]})


def drawn(categories: int, **axes: str) -> Json:
    labels = [str(index) for index in range(categories)]
    block = bad.bar(bad.series(*labels), categories=tuple(labels))
    block["chart"]["axis_config"].update(axes)
    return block


# The most that fits, by what is measured; one more is too much.
MOST: list[tuple[str, int, Callable[[int], Json]]] = [
    ("section text", 3000, lambda n: bad.section(text=bad.mrkdwn(a(n)))),
    ("context text", 3000, lambda n: {"type": "context", "elements": [bad.plain(a(n))]}),
    ("context mrkdwn", 3000, lambda n: {"type": "context", "elements": [bad.mrkdwn(a(n))]}),
    ("block_id", 255, lambda n: bad.section(block_id=a(n))),
    ("action_id", 255, lambda n: bad.actions(bad.button(action_id=a(n)))),
    ("button text", 75, lambda n: bad.actions(bad.button(text=bad.plain(a(n))))),
    ("button value", 2000, lambda n: bad.actions(bad.button(value=a(n)))),
    ("button url", 3000, lambda n: bad.actions(bad.button(url="https://" + a(n - 8)))),
    ("button label", 75, lambda n: bad.actions(bad.button(accessibility_label=a(n)))),
    ("confirm title", 100, lambda n: asked(title=bad.plain(a(n)))),
    ("confirm text", 300, lambda n: asked(text=bad.mrkdwn(a(n)))),
    ("confirm yes", 30, lambda n: asked(confirm=bad.plain(a(n)))),
    ("confirm no", 30, lambda n: asked(deny=bad.plain(a(n)))),
    ("option text", 75, lambda n: menu(options=[bad.option("1", a(n))])),
    ("option value", 150, lambda n: menu(options=[bad.option(a(n))])),
    ("option description", 75, lambda n: menu(options=[bad.option(description=bad.plain(a(n)))])),
    ("checkbox text", 75, lambda n: ticked(text=bad.mrkdwn(a(n)))),
    ("checkbox description", 75, lambda n: ticked(description=bad.mrkdwn(a(n)))),
    ("overflow text", 75, lambda n: ticked("overflow", text=bad.plain(a(n)))),
    ("overflow description", 75, lambda n: ticked("overflow", description=bad.plain(a(n)))),
    ("group label", 75, lambda n: menu(option_groups=[{**GROUP, "label": bad.plain(a(n))}])),
    ("group size", 100, lambda n: menu(option_groups=[{**GROUP, "options": bad.options(n)}])),
    ("groups", 100, lambda n: menu(option_groups=[GROUP] * n)),
    ("options", 100, lambda n: menu(options=bad.options(n))),
    ("checkboxes", 10, lambda n: bad.actions({"type": "checkboxes", "options": bad.options(n)})),
    ("radios", 10, lambda n: bad.actions({"type": "radio_buttons", "options": bad.options(n)})),
    ("overflow", 5, lambda n: bad.actions({"type": "overflow", "options": bad.options(n)})),
    ("image alt_text", 2000, lambda n: bad.picture(alt_text=a(n))),
    ("slack_file", 255, lambda n: {"type": "image", "alt_text": "", "slack_file": {"id": a(n)}}),
    ("video provider", 50, lambda n: {**bad.VIDEO, "provider_name": a(n)}),
    ("hint", 2000, lambda n: {**bad.field(), "hint": bad.plain(a(n))}),
    ("input label", 2000, lambda n: {**bad.field(), "label": bad.plain(a(n))}),
    ("initial value", 3000, lambda n: bad.field(initial_value=a(n))),
    ("min_length", 3000, lambda n: bad.field(min_length=n)),
    ("max_length", 3000, lambda n: bad.field(max_length=n)),
    ("email", 3000, lambda n: bad.field("email_text_input", initial_value=a(n))),
    ("min_lines", 100, lambda n: bad.field("rich_text_input", min_lines=n)),
    ("rich text", 3000, lambda n: text_part({"type": "text", "text": a(n)})),
    ("user id", 255, lambda n: text_part({"type": "user", "user_id": a(n)})),
    ("skin tone", 6, lambda n: text_part({"type": "emoji", "name": "wave", "skin_tone": n})),
    ("indent", 8, lambda n: in_list(indent=n)),
    ("border", 1, lambda n: in_list(border=n)),
    ("card title", 150, lambda n: bad.card(title=bad.plain(a(n)))),
    ("card subtitle", 150, lambda n: bad.card(subtitle=bad.plain(a(n)))),
    ("card body", 200, lambda n: bad.card(body=bad.plain(a(n)))),
    ("card subtext", 200, lambda n: bad.card(subtext=bad.plain(a(n)))),
    ("container title", 150, lambda n: bad.container(bad.section(), title=bad.plain(a(n)))),
    ("container subtitle", 150, lambda n: bad.container(bad.section(), subtitle=bad.plain(a(n)))),
    ("plan title", 3000, lambda n: {"type": "plan", "title": a(n)}),
    ("task id", 255, lambda n: bad.task(a(n), "complete")),
    ("task title", 3000, lambda n: {**bad.task(status="complete"), "title": a(n)}),
    ("icon text", 75, lambda n: small(text=bad.plain(a(n)))),
    ("icon value", 2000, lambda n: small(value=a(n))),
    ("icon people", 10, lambda n: small(visible_to_user_ids=["U1"] * n)),
    ("icon person", 255, lambda n: small(visible_to_user_ids=[a(n)])),
    ("vote text", 75, lambda n: voted(text=bad.plain(a(n)))),
    ("vote value", 2000, lambda n: voted(value=a(n))),
    ("caption", 3000, lambda n: {**bad.data_table([bad.cell()], [bad.cell()]), "caption": a(n)}),
    ("column settings", 20, lambda n: bad.table([bad.cell()], column_settings=[None] * n)),
    ("table", 10_000, lambda n: bad.table([bad.cell(a(n))])),
    ("data_table", 20_000, lambda n: bad.data_table([bad.cell()], [bad.cell(a(n - 1))])),
    ("categories", 20, drawn),
    ("category", 20, lambda n: bad.bar(bad.series(a(n)), categories=(a(n),))),
    ("axis x", 50, lambda n: drawn(1, x_label=a(n))),
    ("axis y", 50, lambda n: drawn(1, y_label=a(n))),
]
# The least that will do; one less is too little.
LEAST: list[tuple[str, int, Callable[[int], Json]]] = [
    ("min_length", 0, lambda n: bad.field(min_length=n)),
    ("max_length", 1, lambda n: bad.field(max_length=n)),
    ("min_lines", 1, lambda n: bad.field("rich_text_input", min_lines=n)),
    ("max_lines", 1, lambda n: bad.field("rich_text_input", max_lines=n)),
    ("query", 0, lambda n: bad.actions({"type": "external_select", "min_query_length": n})),
    ("skin tone", 1, lambda n: text_part({"type": "emoji", "name": "wave", "skin_tone": n})),
    ("indent", 0, lambda n: in_list(indent=n)),
    ("offset", 0, lambda n: in_list(offset=n)),
    ("border", 0, lambda n: in_list(border=n)),
    ("page", 1, lambda n: bad.data_table([bad.cell()], [bad.cell()], page_size=n)),
    ("row", 0, lambda n: bad.data_table([bad.cell()], [bad.cell()], row_header_column_index=n)),
]


@pytest.mark.parametrize(("name", "most", "block"), MOST, ids=[f"most {m[0]}" for m in MOST])
def test_a_limit_is_kept_to_the_last_one(
    name: str, most: int, block: Callable[[int], Json]
) -> None:
    check_call("chat.postMessage", bad.post(blocks=[block(most)]))

    with pytest.raises(Refused):
        check_call("chat.postMessage", bad.post(blocks=[block(most + 1)]))


@pytest.mark.parametrize(("name", "least", "block"), LEAST, ids=[f"least {m[0]}" for m in LEAST])
def test_a_limit_is_kept_from_the_first_one(
    name: str, least: int, block: Callable[[int], Json]
) -> None:
    check_call("chat.postMessage", bad.post(blocks=[block(least)]))

    with pytest.raises(Refused):
        check_call("chat.postMessage", bad.post(blocks=[block(least - 1)]))


def test_a_home_view_takes_100_blocks_and_not_one_more() -> None:
    check_view(bad.home(*[bad.section()] * 100), "home")

    with pytest.raises(Refused, match="no more than 100"):
        check_view(bad.home(*[bad.section()] * 101), "home")


def test_a_home_view_is_never_empty() -> None:
    with pytest.raises(Refused, match="at least 1"):
        check_view(bad.home(), "home")


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(Refused) as refused:
        check_view({"type": "modal", "blocks": [bad.section(text=bad.mrkdwn("")), {"type": "x"}]})

    assert refused.value.messages == (
        "[ERROR] missing required field: title [json-pointer:/view]",
        "[ERROR] must be more than 0 characters [json-pointer:/view/blocks/0/text/text]",
        "[ERROR] unsupported type: x [json-pointer:/view/blocks/1/type]",
    )
    assert str(refused.value).startswith("invalid_arguments\n[ERROR] missing")


def test_half_an_emoji_is_counted_not_stumbled_over() -> None:
    check_view(bad.modal(bad.section(text=bad.plain("\ud83d"))))


def test_a_payload_is_only_read() -> None:
    args = bad.post(blocks=copy.deepcopy([*EVERYWHERE[:10], *MESSAGES_ONLY]))
    before = copy.deepcopy(args)

    check_call("chat.postMessage", args)

    assert args == before


@given(st.text(min_size=1, max_size=1500))
def test_any_text_that_fits_passes_in_a_section(text: str) -> None:
    check_view(bad.modal(bad.section(text=bad.plain(text))))


@given(st.integers(1, 3000), st.sampled_from("aé—"))
def test_a_section_takes_one_to_3000_characters(length: int, letter: str) -> None:
    check_view(bad.modal(bad.section(text=bad.mrkdwn(letter * length))))


@given(st.integers(3001, 9000), st.sampled_from("aé—😀"))
def test_a_section_takes_no_more_than_3000_characters(length: int, letter: str) -> None:
    with pytest.raises(Refused, match="less than 3001 characters"):
        check_view(bad.modal(bad.section(text=bad.mrkdwn(letter * length))))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "blocks", "options", "rows", "value"]),
            inner | st.sampled_from(["section", "actions", "table", "rich_text", "button", "plan"]),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_payload_breaks_the_checks_themselves(anything: Any) -> None:
    checked: list[Callable[[], None]] = [
        partial(check_call, "chat.postMessage", bad.post(blocks=anything, metadata=anything)),
        partial(check_view, anything),
        partial(check_reply, anything),
        partial(check_options, anything),
        partial(check_submission_reply, anything, MODAL),
    ]

    for check in checked:
        with contextlib.suppress(Refused):
            check()
