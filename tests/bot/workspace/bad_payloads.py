"""Payloads that Slack refuses, each with the error's name and a piece of what is said about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from bot.workspace import checks

Json = dict[str, Any]


class Bad(NamedTuple):
    name: str
    check: Callable[[], None]
    error: str
    said: str


def plain(text: str = "Words", **more: Any) -> Json:
    return {"type": "plain_text", "text": text, **more}


def mrkdwn(text: str = "Words", **more: Any) -> Json:
    return {"type": "mrkdwn", "text": text, **more}


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **more}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain("Go"), "action_id": "rsvps.join", **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def field(kind: str = "plain_text_input", **more: Any) -> Json:
    element = {"type": kind, "action_id": "value", **more}
    return {"type": "input", "block_id": "title", "label": plain("Title"), "element": element}


def option(value: str = "1", label: str = "One", **more: Any) -> Json:
    return {"text": plain(label), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(str(index)) for index in range(count)]


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "pick", **more}


def picture(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "", **more}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def passage(*parts: Json, kind: str = "rich_text_section", **more: Any) -> Json:
    return {"type": kind, "elements": list(parts), **more}


def cell(text: str = "x") -> Json:
    return {"type": "raw_text", "text": text}


def table(*rows: list[Json], **more: Any) -> Json:
    return {"type": "table", "rows": list(rows), **more}


def data_table(*rows: list[Json], **more: Any) -> Json:
    return {"type": "data_table", "caption": "Who comes", "rows": list(rows), **more}


def chart(kind: str = "bar", title: str = "Actions", **more: Any) -> Json:
    return {"type": "data_visualization", "title": title, "chart": {"type": kind, **more}}


def series(*labels: str, name: str = "Done") -> Json:
    return {"name": name, "data": [{"label": label, "value": 1} for label in labels]}


def bar(*rows: Json, categories: tuple[str, ...] = ("Q1",)) -> Json:
    return chart(series=list(rows), axis_config={"categories": list(categories)})


def pie(count: int, value: float = 1, label: str = "Done") -> Json:
    return chart("pie", segments=[{"label": label, "value": value}] * count)


def container(*children: Json, **more: Any) -> Json:
    return {"type": "container", "title": plain(), "child_blocks": list(children), **more}


def card(**more: Any) -> Json:
    return {"type": "card", "title": mrkdwn(), **more}


def task(task_id: str = "1", status: str = "pending", **more: Any) -> Json:
    return {"type": "task_card", "task_id": task_id, "title": "Book", "status": status, **more}


def modal(*blocks: Any, **more: Any) -> Json:
    return {"type": "modal", "title": plain("Briefing"), "blocks": list(blocks), **more}


def home(*blocks: Any, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **more}


def post(**more: Any) -> Json:
    quiet = {"unfurl_links": False, "unfurl_media": False}
    return {"channel": "C0NEWS", "text": "Words", **quiet, **more}


def call(name: str, method: str, args: Json, error: str, said: str = "") -> Bad:
    return Bad(name, partial(checks.check_call, method, args), error, said)


def message(name: str, *blocks: Any, said: str, error: str = "invalid_blocks") -> Bad:
    return call(name, "chat.postMessage", post(blocks=list(blocks)), error, said)


def view(name: str, bad: Any, said: str, surface: Any = "modal") -> Bad:
    return Bad(name, partial(checks.check_view, bad, surface), "invalid_arguments", said)


def modal_input(name: str, said: str, kind: str = "plain_text_input", **more: Any) -> Bad:
    return view(name, modal(field(kind, **more), submit=plain("Save")), said)


def reply(name: str, payload: Any, error: str, said: str) -> Bad:
    return Bad(name, partial(checks.check_reply, payload), error, said)


def submission(name: str, payload: Any, said: str, error: str = "invalid_arguments") -> Bad:
    asked = modal(field(), section(block_id="note"), submit=plain("Save"))
    return Bad(name, partial(checks.check_submission_reply, payload, asked), error, said)


def suggestion(name: str, payload: Any, said: str) -> Bad:
    return Bad(name, partial(checks.check_options, payload), "invalid_arguments", said)


def without(name: str, whole: Json) -> Json:
    return {key: value for key, value in whole.items() if key != name}


LONG = 3001 * "a"
DIALOG = {"title": plain(), "text": plain(), "confirm": plain("Yes"), "deny": plain("No")}
VIDEO = {
    "type": "video",
    "alt_text": "Recording",
    "title": plain(),
    "video_url": "https://example.org/v",
    "thumbnail_url": "https://example.org/t.png",
}

TEXTS = [
    message(
        "section text over 3000",
        section(text=mrkdwn(LONG)),
        said="must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ),
    message(
        "emoji count as two UTF-16 units",
        section(text=mrkdwn("😀" * 1501)),
        said="must be less than 3001 characters",
    ),
    message(
        "empty section text",
        section(text=mrkdwn("")),
        said="must be more than 0 characters [json-pointer:/blocks/0/text/text]",
    ),
    message(
        "mrkdwn with emoji",
        section(text=mrkdwn(emoji=False)),
        said="invalid additional property: emoji [json-pointer:/blocks/0/text]",
    ),
    message(
        "plain_text with verbatim",
        section(text=plain(verbatim=True)),
        said="invalid additional property: verbatim",
    ),
    message("text as a bare string", section(text="Words"), said="must be an object"),
    message("text object without text", section(text={"type": "mrkdwn"}), said="field: text"),
    message("text of a number", section(text=mrkdwn(5)), said="must be a string"),  # type: ignore[arg-type]
    message("emoji as a word", section(text=plain(emoji="no")), said="must be a boolean"),
    message(
        "header in mrkdwn",
        {"type": "header", "text": mrkdwn()},
        said="unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    message(
        "header over 150",
        {"type": "header", "text": plain(151 * "a")},
        said="must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
]

BLOCKS = [
    message("51 blocks", *[section()] * 51, said="no more than 50 items allowed"),
    message("null block", section(), None, said="must be an object [json-pointer:/blocks/1]"),
    message("unknown block", {"type": "sparkle"}, said="unsupported type: sparkle"),
    message("block without type", {"text": plain()}, said="missing required field: type"),
    message("block type of a list", {"type": ["section"]}, said="unsupported type"),
    message("alert in a message", {"type": "alert", "text": plain()}, said="type: alert"),
    message("empty section", {"type": "section"}, said="must define either `text` or `fields`"),
    message("11 fields", section(fields=[plain()] * 11), said="no more than 10 items allowed"),
    message("no fields", section(fields=[]), said="must provide at least 1 items"),
    message(
        "field over 2000",
        section(fields=[mrkdwn(2001 * "a")]),
        said="must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    message("two accessories", section(accessory=[button()]), said="/blocks/0/accessory]"),
    message(
        "datetimepicker beside a section",
        section(accessory={"type": "datetimepicker"}),
        said="unsupported type: datetimepicker [json-pointer:/blocks/0/accessory/type]",
    ),
    message("block_id over 255", section(block_id=256 * "a"), said="/blocks/0/block_id]"),
    message(
        "block_id twice",
        section(block_id="b"),
        section(block_id="b"),
        said="already exists [json-pointer:/blocks/1/block_id]",
    ),
    message(
        "block_id twice, once in a container",
        section(block_id="b"),
        container(section(block_id="b")),
        said="already exists [json-pointer:/blocks/1/child_blocks/0/block_id]",
    ),
    message("empty context", {"type": "context", "elements": []}, said="at least 1 items"),
    message(
        "11 context elements",
        {"type": "context", "elements": [plain()] * 11},
        said="no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    message(
        "button in a context",
        {"type": "context", "elements": [button()]},
        said="unsupported type: button",
    ),
    message("divider with text", {"type": "divider", "text": plain()}, said="property: text"),
    message("image without alt_text", without("alt_text", picture()), said="field: alt_text"),
    message("image with no source", without("image_url", picture()), said="exactly one of"),
    message("image with two sources", picture(slack_file={"id": "F1"}), said="exactly one of"),
    message(
        "slack_file by id and url",
        without("image_url", picture(slack_file={"id": "F1", "url": "https://example.org/f"})),
        said="exactly one of `id`, `url`",
    ),
    message("image from nowhere", picture(image_url="a.png"), said="must be a valid URL"),
    message("image_url over 3000", picture(image_url=f"https://{LONG}"), said="less than 3001"),
    message("image alt_text over 2000", picture(alt_text=2001 * "a"), said="/blocks/0/alt_text]"),
    message("image title in mrkdwn", picture(title=mrkdwn()), said="unsupported type: mrkdwn"),
    message("video over http", VIDEO | {"video_url": "http://example.org/v"}, said="/video_url]"),
    message("video title over 200", VIDEO | {"title": plain(201 * "a")}, said="less than 201"),
    message("video author over 50", VIDEO | {"author_name": 51 * "a"}, said="less than 51"),
    message("local file", {"type": "file", "external_id": "1", "source": "here"}, said="/source]"),
    message("file_input in a message", field("file_input"), said="file_input outside modals"),
    message(
        "response_url from a message's input",
        field("channels_select", response_url_enabled=True),
        said="works in modals only",
    ),
    message(
        "response_url from an actions block",
        actions({"type": "channels_select", "response_url_enabled": True}),
        said="invalid additional property: response_url_enabled",
    ),
    message(
        "blocks within an input label",
        {"type": "input", "label": mrkdwn(), "element": {"type": "plain_text_input"}},
        said="unsupported type: mrkdwn [json-pointer:/blocks/0/label/type]",
    ),
]

RICH_TEXTS = [
    message("rich text of text objects", rich(mrkdwn()), said="unsupported type: mrkdwn"),
    message("empty part", rich(passage({"type": "text", "text": ""})), said="more than 0"),
    message("unknown part", rich(passage({"type": "video"})), said="unsupported type: video"),
    message(
        "loud style",
        rich(passage({"type": "text", "text": "a", "style": {"loud": True}})),
        said="invalid additional property: loud",
    ),
    message(
        "list without style",
        rich(passage(passage(), kind="rich_text_list")),
        said="missing required field: style",
    ),
    message(
        "list indented by 9",
        rich(passage(passage(), kind="rich_text_list", style="bullet", indent=9)),
        said="must be less than 9 [json-pointer:/blocks/0/elements/0/indent]",
    ),
    message(
        "empty list",
        rich(passage(kind="rich_text_list", style="bullet")),
        said="must provide at least 1 items",
    ),
    message(
        "mention in preformatted text",
        rich(passage({"type": "user", "user_id": "U1"}, kind="rich_text_preformatted")),
        said="unsupported type: user",
    ),
    message("colour by name", rich(passage({"type": "color", "value": "red"})), said="hex colour"),
    message(
        "broadcast to nobody", rich(passage({"type": "broadcast", "range": "all"})), said="one of"
    ),
    message(
        "date as text",
        rich(passage({"type": "date", "timestamp": "1790000000", "format": "{date}"})),
        said="must be an integer",
    ),
]

ELEMENTS = [
    message("no actions", actions(), said="must provide at least 1 items"),
    message(
        "26 actions",
        actions(*[button(action_id=f"a{index}") for index in range(26)]),
        said="no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    message(
        "action_id twice",
        actions(button(), button()),
        said="already exists [json-pointer:/blocks/0/elements/1/action_id]",
    ),
    message("action_id over 255", actions(button(action_id=256 * "a")), said="/action_id]"),
    message(
        "text field among actions",
        actions({"type": "plain_text_input"}),
        said="unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
    ),
    message("button in mrkdwn", actions(button(text=mrkdwn())), said="unsupported type: mrkdwn"),
    message("button text over 75", actions(button(text=plain(76 * "a"))), said="less than 76"),
    message("button value over 2000", actions(button(value=2001 * "a")), said="less than 2001"),
    message("button url over 3000", actions(button(url=f"https://{LONG}")), said="less than 3001"),
    message("button url without scheme", actions(button(url="example.org")), said="valid URL"),
    message("default style", actions(button(style="default")), said="must be one of: primary"),
    message("long label", actions(button(accessibility_label=76 * "a")), said="less than 76"),
    message(
        "confirm title over 100",
        actions(button(confirm=DIALOG | {"title": plain(101 * "a")})),
        said="less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]",
    ),
    message(
        "confirm text over 300",
        actions(button(confirm=DIALOG | {"text": plain(301 * "a")})),
        said="less than 301",
    ),
    message(
        "deny over 30",
        actions(button(confirm=DIALOG | {"deny": plain(31 * "a")})),
        said="less than 31",
    ),
    message(
        "confirm without deny",
        actions(button(confirm=without("deny", DIALOG))),
        said="missing required field: deny",
    ),
    message("empty overflow", actions({"type": "overflow", "options": []}), said="at least 1"),
    message(
        "overflow of 6", actions({"type": "overflow", "options": options(6)}), said="no more than 5"
    ),
    message("select of nothing", actions(select(options=[])), said="at least 1 items"),
    message("select without source", actions(select()), said="exactly one of `options`"),
    message(
        "select with both sources",
        actions(
            select(options=options(1), option_groups=[{"label": plain(), "options": options(1)}])
        ),
        said="exactly one of `options`",
    ),
    message("101 options", actions(select(options=options(101))), said="no more than 100"),
    message(
        "101 groups",
        actions(select(option_groups=[{"label": plain(), "options": options(1)}] * 101)),
        said="no more than 100",
    ),
    message(
        "empty group",
        actions(select(option_groups=[{"label": plain(), "options": []}])),
        said="at least 1 items [json-pointer:/blocks/0/elements/0/option_groups/0/options]",
    ),
    message(
        "group label over 75",
        actions(select(option_groups=[{"label": plain(76 * "a"), "options": options(1)}])),
        said="less than 76",
    ),
    message("option text over 75", actions(select(options=[option("1", 76 * "a")])), said="76"),
    message("option value over 150", actions(select(options=[option(151 * "a")])), said="151"),
    message("empty option value", actions(select(options=[option("")])), said="more than 0"),
    message(
        "option description over 75",
        actions(select(options=[option(description=plain(76 * "a"))])),
        said="/options/0/description/text]",
    ),
    message(
        "option in mrkdwn",
        actions(select(options=[{"text": mrkdwn(), "value": "1"}])),
        said="unsupported type: mrkdwn",
    ),
    message(
        "option with url outside overflow",
        actions(select(options=[option(url="https://example.org")])),
        said="invalid additional property: url",
    ),
    message(
        "initial option not offered",
        actions(select(options=options(2), initial_option=option("7"))),
        said="match one of the options [json-pointer:/blocks/0/elements/0/initial_option]",
    ),
    message(
        "initial option with another label",
        actions(select(options=[option("1", "One")], initial_option=option("1", "Eins"))),
        said="must exactly match one of the options",
    ),
    message(
        "placeholder over 150",
        actions(select(options=options(1), placeholder=plain(151 * "a"))),
        said="less than 151",
    ),
    message(
        "no selected items allowed",
        actions(
            {"type": "multi_static_select", "options": options(1), "max_selected_items": 0},
        ),
        said="must be greater than 0",
    ),
    message(
        "more chosen than allowed",
        actions(
            {"type": "multi_users_select", "initial_users": ["U1"] * 2, "max_selected_items": 1}
        ),
        said="no more than 1 items allowed [json-pointer:/blocks/0/elements/0/initial_users]",
    ),
    message(
        "multi select with a choice not offered",
        actions(
            {
                "type": "multi_static_select",
                "options": options(2),
                "initial_options": [option("1"), option("2")],
            }
        ),
        said="/initial_options/1]",
    ),
    message("11 checkboxes", actions({"type": "checkboxes", "options": options(11)}), said="10"),
    message("no radio", actions({"type": "radio_buttons", "options": []}), said="at least 1"),
    message("radio without options", actions({"type": "radio_buttons"}), said="field: options"),
    message(
        "radio chosen elsewhere",
        actions({"type": "radio_buttons", "options": options(1), "initial_option": option("9")}),
        said="must exactly match",
    ),
    message(
        "filter of nothing",
        actions({"type": "conversations_select", "filter": {}}),
        said="must define either `include`",
    ),
    message(
        "31 February",
        actions({"type": "datepicker", "initial_date": "2026-02-31"}),
        said="must be a real date as YYYY-MM-DD",
    ),
    message(
        "date with an appendix",
        actions({"type": "datepicker", "initial_date": "2026-02-28junk"}),
        said="must be a real date",
    ),
    message(
        "date in another ISO dress",
        actions({"type": "datepicker", "initial_date": "20260228"}),
        said="must be a real date",
    ),
    message(
        "time with seconds",
        actions({"type": "timepicker", "initial_time": "09:00:00"}),
        said="must be a time as HH:mm",
    ),
    message("24 o'clock", actions({"type": "timepicker", "initial_time": "24:00"}), said="HH:mm"),
    message("zone CEST", actions({"type": "timepicker", "timezone": "CEST"}), said="IANA"),
    message(
        "moment with a fraction",
        actions({"type": "datetimepicker", "initial_date_time": 1790000000.5}),
        said="must be an integer",
    ),
    message(
        "moment of nine digits",
        actions({"type": "datetimepicker", "initial_date_time": 999_999_999}),
        said="must be greater than 999999999",
    ),
    message(
        "moment in milliseconds",
        actions({"type": "datetimepicker", "initial_date_time": 1_790_000_000_000}),
        said="must be less than 10000000000",
    ),
    message(
        "moment with placeholder",
        actions({"type": "datetimepicker", "placeholder": plain()}),
        said="invalid additional property: placeholder",
    ),
]

INPUTS = [
    modal_input("min_length over 3000", "must be less than 3001", min_length=3001),
    modal_input("max_length of 0", "must be greater than 0", max_length=0),
    modal_input("min above max", "`min_length` must not be greater", min_length=9, max_length=3),
    modal_input(
        "initial value over its max_length",
        "less than 4 characters [json-pointer:/view/blocks/0/element/initial_value]",
        initial_value="four",
        max_length=3,
    ),
    modal_input("multiline as a number", "must be a boolean", multiline=1),
    modal_input(
        "dispatch on nothing", "at least 1", dispatch_action_config={"trigger_actions_on": []}
    ),
    modal_input("number without decimals' say", "is_decimal_allowed", "number_input"),
    modal_input(
        "number of letters",
        "must be a numeric string",
        "number_input",
        is_decimal_allowed=True,
        initial_value="x",
    ),
    modal_input(
        "minimum as a number",
        "must be a string",
        "number_input",
        is_decimal_allowed=True,
        min_value=1,
    ),
    modal_input(
        "fraction where none may be",
        "must be a whole number",
        "number_input",
        is_decimal_allowed=False,
        initial_value="1.5",
    ),
    modal_input(
        "number under its minimum",
        "`min_value` must not be greater than `initial_value`",
        "number_input",
        is_decimal_allowed=False,
        initial_value="1",
        min_value="2",
    ),
    modal_input("11 files", "must be less than 11", "file_input", max_files=11),
    modal_input("101 lines", "must be less than 101", "rich_text_input", max_lines=101),
    modal_input("rich text as words", "must be an object", "rich_text_input", initial_value="a"),
    modal_input("address without scheme", "valid URL", "url_text_input", initial_value="a.org"),
    modal_input("button as input", "unsupported type: button", "button", text=plain()),
    view(
        "hint over 2000",
        modal(field() | {"hint": plain(2001 * "a")}, submit=plain()),
        "less than 2001 characters [json-pointer:/view/blocks/0/hint/text]",
    ),
    view(
        "two elements with the focus",
        modal(
            section(accessory=button(), block_id="a"),
            actions({"type": "datepicker", "focus_on_load": True}),
            field(focus_on_load=True),
            submit=plain(),
        ),
        "only one element may have `focus_on_load` [json-pointer:/view/blocks/2/element]",
    ),
]

NEWER = [
    message("table of 101 rows", table(*[[cell()]] * 101), said="no more than 100 items allowed"),
    message("table of 21 columns", table([cell()] * 21), said="no more than 20 items allowed"),
    message("table without rows", table(), said="must provide at least 1 items"),
    message(
        "row without cells", table([]), said="at least 1 items [json-pointer:/blocks/0/rows/0]"
    ),
    message("ragged table", table([cell()], [cell()] * 2), said="[json-pointer:/blocks/0/rows/1]"),
    message("empty cell", table([cell("")]), said="/blocks/0/rows/0/0/text]"),
    message("cell in mrkdwn", table([mrkdwn()]), said="unsupported type: mrkdwn"),
    message(
        "justified column",
        table([cell()], column_settings=[{"align": "justify"}]),
        said="must be one of: left, center, right",
    ),
    message("table of 10,001 characters", table([cell(10_001 * "a")]), said="less than 10001"),
    message(
        "two tables",
        table([cell()]),
        container(table([cell()])),
        error="invalid_attachments",
        said="only_one_table_allowed [json-pointer:/blocks/1/child_blocks/0]",
    ),
    message(
        "data_table without caption",
        without("caption", data_table([cell()], [cell()])),
        said="missing required field: caption",
    ),
    message("data_table with only a header", data_table([cell()]), said="at least 2 items"),
    message("data_table of 102 rows", data_table(*[[cell()]] * 102), said="no more than 101"),
    message("ragged data_table", data_table([cell()], [cell()] * 2), said="must have 1 cells"),
    message("rich header cell", data_table([rich()], [cell()]), said="unsupported type: rich_text"),
    message("page of 101", data_table([cell()], [cell()], page_size=101), said="less than 101"),
    message(
        "row header outside",
        data_table([cell()], [cell()], row_header_column_index=1),
        said="must be the index of a column",
    ),
    message(
        "data_table of 20,001 characters",
        data_table([cell()], [cell(20_000 * "a")]),
        said="must be less than 20001 characters",
    ),
    message(
        "number cell without number",
        data_table([cell()], [{"type": "raw_number", "value": "3", "text": "3"}]),
        said="must be a number",
    ),
    message("unknown chart", chart("radar"), said="unsupported type: radar"),
    message("chart title over 50", pie(1) | {"title": 51 * "a"}, said="less than 51"),
    message("pie of 7", pie(7), said="no more than 6 items allowed"),
    message("pie slice of 0", pie(1, value=0), said="must be greater than 0"),
    message("pie label over 20", pie(1, label=21 * "a"), said="less than 21"),
    message("bar without axes", chart(series=[series("Q1")]), said="field: axis_config"),
    message("bar that misses a category", bar(series("Q1"), categories=("Q1", "Q2")), said="point"),
    message("series twice", bar(series("Q1"), series("Q1")), said="`name` Done already exists"),
    message("7 series", bar(*[series("Q1", name=str(i)) for i in range(7)]), said="no more than 6"),
    message(
        "21 categories",
        bar(series("Q1"), categories=tuple(str(i) for i in range(21))),
        said="no more than 20",
    ),
    message("three charts", pie(1), pie(1), pie(1), said="no more than 2 data_visualization"),
    message("empty card", {"type": "card", "subtitle": plain()}, said="must define either"),
    message("card body over 200", card(body=mrkdwn(201 * "a")), said="less than 201"),
    message("card title over 150", card(title=mrkdwn(151 * "a")), said="less than 151"),
    message(
        "card of 4 buttons",
        card(actions=[button(action_id=str(i)) for i in range(4)]),
        said="no more than 3 items allowed",
    ),
    message("card with action_id twice", card(actions=[button(), button()]), said="already exists"),
    message(
        "card with two icons",
        card(icon=picture(), slack_icon={"name": "calendar"}),
        said="must not define both `icon` and `slack_icon`",
    ),
    message("empty carousel", {"type": "carousel", "elements": []}, said="at least 1 items"),
    message("carousel of 11", {"type": "carousel", "elements": [card()] * 11}, said="10 items"),
    message(
        "carousel of sections",
        {"type": "carousel", "elements": [section()]},
        said="unsupported type: section",
    ),
    message("empty container", container(), said="must provide at least 1 items"),
    message("container of 11", container(*[section()] * 11), said="no more than 10 items"),
    message("container of containers", container(container(section())), said="type: container"),
    message("container of cards", container(card()), said="unsupported type: card"),
    message("nameless container", without("title", container(section())), said="`title`"),
    message("container of any width", container(section(), width="huge"), said="one of: narrow"),
    message(
        "collapsed but not collapsible",
        container(section(), default_collapsed=True),
        said="must define `is_collapsible` as true",
    ),
    message(
        "divider on what collapses",
        container(section(), is_collapsible=True, has_header_divider=True),
        said="must not be set on what collapses",
    ),
    message(
        "51 tasks",
        {"type": "plan", "title": "Plan", "tasks": [task(str(i)) for i in range(51)]},
        said="no more than 50 items allowed",
    ),
    message(
        "task twice",
        {"type": "plan", "title": "Plan", "tasks": [task(), task()]},
        said="`task_id` 1 already exists",
    ),
    message("plan titled by an object", {"type": "plan", "title": plain()}, said="be a string"),
    message("task nobody began", task(), said="must be one of: in_progress"),
    message(
        "6 context actions",
        {
            "type": "context_actions",
            "elements": [
                {"type": "icon_button", "icon": "trash", "text": plain(), "action_id": str(i)}
                for i in range(6)
            ],
        },
        said="no more than 5 items allowed",
    ),
    message(
        "icon nobody drew",
        {
            "type": "context_actions",
            "elements": [{"type": "icon_button", "icon": "star", "text": plain()}],
        },
        said="must be one of: trash",
    ),
    message(
        "icon for 11 people",
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "icon_button",
                    "icon": "trash",
                    "text": plain(),
                    "visible_to_user_ids": ["U1"] * 11,
                }
            ],
        },
        said="no more than 10 items allowed",
    ),
    message("empty markdown", {"type": "markdown", "text": ""}, said="more than 0 characters"),
    message(
        "markdown over 12,000", {"type": "markdown", "text": 12_001 * "a"}, said="less than 12001"
    ),
    message(
        "markdown over 12,000 in all",
        {"type": "markdown", "text": 6_000 * "a"},
        {"type": "markdown", "text": 6_001 * "a"},
        error="msg_blocks_too_long",
        said="less than 12001 characters in all",
    ),
]

VIEWS = [
    view("view of null", None, "must be an object [json-pointer:/view]"),
    view("home as modal", home(section()), "unsupported type: home [json-pointer:/view/type]"),
    view("modal as home", modal(section()), "unsupported type: modal", "home"),
    view("modal without title", without("title", modal(section())), "required field: title"),
    view(
        "title over 24",
        modal(section(), title=plain(25 * "a")),
        "must be less than 25 characters [json-pointer:/view/title/text]",
    ),
    view("title in mrkdwn", modal(section(), title=mrkdwn()), "unsupported type: mrkdwn"),
    view("submit over 24", modal(section(), submit=plain(25 * "a")), "/view/submit/text]"),
    view("close over 24", modal(section(), close=plain(25 * "a")), "/view/close/text]"),
    view(
        "input without submit",
        modal(section(), field()),
        "to use an `input` block in modals [json-pointer:/view/blocks/1/input]",
    ),
    view("modal without blocks", modal(), "must provide at least 1 items"),
    view("101 blocks", modal(*[section()] * 101), "no more than 100 items allowed"),
    view("null in a modal", modal(None), "must be an object [json-pointer:/view/blocks/0]"),
    view("private_metadata over 3000", modal(section(), private_metadata=LONG), "less than 3001"),
    view("callback_id over 255", modal(section(), callback_id=256 * "a"), "/view/callback_id]"),
    view("external_id over 255", modal(section(), external_id=256 * "a"), "/view/external_id]"),
    view("submit_disabled", modal(section(), submit_disabled=True), "property: submit_disabled"),
    view("clear_on_close as text", modal(section(), clear_on_close="yes"), "must be a boolean"),
    view("home with submit", home(section(), submit=plain()), "property: submit", "home"),
    view("home with close", home(section(), close=plain()), "property: close", "home"),
    view("home with title", home(section(), title=plain()), "property: title", "home"),
    view("alert on home", home({"type": "alert", "text": plain()}), "type: alert", "home"),
    view("markdown on home", home({"type": "markdown", "text": "a"}), "type: markdown", "home"),
    view("plan on home", home({"type": "plan", "title": "a"}), "type: plan", "home"),
    view(
        "alert over 200",
        modal({"type": "alert", "text": plain(201 * "a")}),
        "must be less than 201 characters",
    ),
    *(
        view(f"{block['type']} in a modal", modal(block), f"unsupported type: {block['type']}")
        for block in (
            table([cell()]),
            data_table([cell()], [cell()]),
            pie(1),
            container(section()),
            {"type": "carousel", "elements": [card()]},
            {"type": "markdown", "text": "a"},
            {"type": "plan", "title": "a"},
            task(status="complete"),
            {"type": "context_actions", "elements": []},
            {"type": "file", "external_id": "1", "source": "remote"},
        )
    ),
    Bad(
        "view over 250 kB",
        partial(checks.check_view, modal(*[section(text=plain(3000 * "a"))] * 90)),
        "view_too_large",
        "250 kB",
    ),
]

CALLS = [
    call("unheard-of method", "admin.users.remove", {}, "unknown_method"),
    call(
        "post to nowhere",
        "chat.postMessage",
        without("channel", post()),
        "invalid_arguments",
        "channel",
    ),
    call("post to an empty channel", "chat.postMessage", post(channel=""), "channel_not_found"),
    call("post to a number", "chat.postMessage", post(channel=5), "channel_not_found"),
    call("post nothing", "chat.postMessage", without("text", post()), "no_text"),
    call("post a blank", "chat.postMessage", post(text=" \n"), "no_text"),
    call(
        "post blocks alone",
        "chat.postMessage",
        without("text", post(blocks=[section()])),
        "no_text",
        "this workspace's own rule",
    ),
    call("post a number", "chat.postMessage", post(text=5), "invalid_arguments", "/text]"),
    call("post over 40,000", "chat.postMessage", post(text=40_001 * "a"), "msg_too_long"),
    call("post a chasm", "chat.postMessage", post(blocks=100_000 * "["), "invalid_blocks_format"),
    call("page of many digits", "users.list", {"limit": 5_000 * "9"}, "invalid_limit"),
    call("post text as blocks", "chat.postMessage", post(blocks="[{"), "invalid_blocks_format"),
    call(
        "post one block bare", "chat.postMessage", post(blocks=section()), "invalid_blocks_format"
    ),
    call(
        "post bad blocks in a form",
        "chat.postMessage",
        post(blocks='[{"type":"sparkle"}]'),
        "invalid_blocks",
        "sparkle",
    ),
    call(
        "post markdown_text beside text",
        "chat.postMessage",
        post(markdown_text="a"),
        "markdown_text_conflict",
    ),
    call(
        "post markdown_text beside blocks",
        "chat.postMessage",
        without("text", post(markdown_text="a", blocks=[section()])),
        "markdown_text_conflict",
    ),
    call(
        "post markdown_text over 12,000",
        "chat.postMessage",
        without("text", post(markdown_text=12_001 * "a")),
        "msg_too_long",
        "/markdown_text]",
    ),
    call(
        "post blank markdown_text", "chat.postMessage", post(text="", markdown_text=" "), "no_text"
    ),
    call(
        "post markdown_text of a number",
        "chat.postMessage",
        post(text="", markdown_text=5),
        "invalid_arguments",
    ),
    call(
        "post 101 attachments",
        "chat.postMessage",
        post(attachments=[{}] * 101),
        "too_many_attachments",
    ),
    call(
        "post attachments as text", "chat.postMessage", post(attachments="a"), "invalid_attachments"
    ),
    call(
        "post null attachment", "chat.postMessage", post(attachments=[None]), "invalid_attachments"
    ),
    call(
        "post an attachment of bad blocks",
        "chat.postMessage",
        post(attachments=[{"blocks": [None]}]),
        "invalid_blocks",
        "/attachments/0/blocks/0]",
    ),
    call(
        "post metadata as text", "chat.postMessage", post(metadata="a"), "invalid_metadata_format"
    ),
    call(
        "post metadata without payload",
        "chat.postMessage",
        post(metadata={"event_type": "briefing"}),
        "invalid_metadata_schema",
        "event_payload",
    ),
    call(
        "post metadata of a list",
        "chat.postMessage",
        post(metadata={"event_type": "briefing", "event_payload": [1]}),
        "invalid_metadata_schema",
        "must be an object",
    ),
    call("post empty metadata", "chat.postMessage", post(metadata={}), "invalid_metadata_schema"),
    call(
        "post much metadata",
        "chat.postMessage",
        post(metadata={"event_type": "briefing", "event_payload": {"id": 8000 * "a"}}),
        "metadata_too_large",
    ),
    call(
        "post with link_names",
        "chat.postMessage",
        post(link_names=True),
        "invalid_arguments",
        "this workspace's own rule: `link_names`",
    ),
    call(
        "post parsed in full",
        "chat.postMessage",
        post(parse="full"),
        "invalid_arguments",
        "`parse`",
    ),
    call(
        "post without unfurl_links",
        "chat.postMessage",
        without("unfurl_links", post()),
        "invalid_arguments",
        "this workspace's own rule: `unfurl_links`",
    ),
    call(
        "post with unfurl_media",
        "chat.postMessage",
        post(unfurl_media=True),
        "invalid_arguments",
        "`unfurl_media`",
    ),
    call(
        "whisper to nobody",
        "chat.postEphemeral",
        {"channel": "C1", "text": "a"},
        "invalid_arguments",
        "missing required field: user",
    ),
    call(
        "whisper to an empty name",
        "chat.postEphemeral",
        {"channel": "C1", "text": "a", "user": ""},
        "user_not_found",
    ),
    call(
        "whisper nothing",
        "chat.postEphemeral",
        {"channel": "C1", "user": "U1", "blocks": [section()]},
        "no_text",
    ),
    call(
        "whisper attached blocks",
        "chat.postEphemeral",
        {"channel": "C1", "user": "U1", "text": "a", "attachments": [{"blocks": [section()]}]},
        "invalid_attachments",
        "/attachments/0/blocks]",
    ),
    call(
        "whisper with link_names",
        "chat.postEphemeral",
        {"channel": "C1", "user": "U1", "text": "a", "link_names": "true"},
        "invalid_arguments",
        "link_names",
    ),
    call(
        "update without ts",
        "chat.update",
        {"channel": "D1", "text": "a"},
        "invalid_arguments",
        "ts",
    ),
    call(
        "update an empty ts",
        "chat.update",
        {"channel": "D1", "ts": "", "text": "a"},
        "message_not_found",
    ),
    call(
        "update over 4,000",
        "chat.update",
        {"channel": "D1", "ts": "1.1", "text": 4_001 * "a"},
        "msg_too_long",
        "less than 4001",
    ),
    call(
        "update blocks alone",
        "chat.update",
        {"channel": "D1", "ts": "1.1", "blocks": [section()]},
        "no_text",
    ),
    call("delete nothing", "chat.delete", {"channel": "D1"}, "invalid_arguments", "ts"),
    call(
        "link to nothing", "chat.getPermalink", {"channel": "D1"}, "invalid_arguments", "message_ts"
    ),
    call("members of nothing", "conversations.members", {}, "invalid_arguments", "channel"),
    call(
        "info on nothing", "conversations.info", {"channel": None}, "invalid_arguments", "channel"
    ),
    call(
        "page of 1001", "conversations.members", {"channel": "C1", "limit": 1001}, "invalid_limit"
    ),
    call("page of words", "users.list", {"limit": "many"}, "invalid_limit"),
    call("talk to nobody", "conversations.open", {}, "invalid_arguments", "exactly one of `users`"),
    call("talk to a blank", "conversations.open", {"users": ""}, "users_list_not_supplied"),
    call("talk to nine", "conversations.open", {"users": "U,U,U,U,U,U,U,U,U"}, "too_many_users"),
    call("list of rooms", "conversations.list", {"types": "im,room"}, "invalid_types"),
    call(
        "thread of nothing", "conversations.replies", {"channel": "C1"}, "invalid_arguments", "ts"
    ),
    call("which bot", "bots.info", {}, "invalid_arguments", "bot"),
    call("who is nobody", "users.info", {}, "invalid_arguments", "user"),
    call("group of nothing", "usergroups.users.list", {}, "invalid_arguments", "usergroup"),
    call("open no view", "views.open", {"trigger_id": "1.2"}, "invalid_arguments", "view"),
    call(
        "open without trigger",
        "views.open",
        {"view": modal(section())},
        "invalid_arguments",
        "`trigger_id`",
    ),
    call(
        "open with an empty trigger",
        "views.open",
        {"view": modal(section()), "trigger_id": ""},
        "invalid_arguments",
        "/trigger_id]",
    ),
    call(
        "open broken JSON",
        "views.open",
        {"view": "{", "trigger_id": "1.2"},
        "invalid_arguments",
        "must be an object [json-pointer:/view]",
    ),
    call(
        "push a home",
        "views.push",
        {"view": home(section()), "trigger_id": "1.2"},
        "invalid_arguments",
        "unsupported type: home",
    ),
    call(
        "update any view",
        "views.update",
        {"view": modal(section())},
        "invalid_arguments",
        "exactly one of `view_id`",
    ),
    call(
        "update a view by both ids",
        "views.update",
        {"view": modal(section()), "view_id": "V1", "external_id": "e"},
        "invalid_arguments",
        "exactly one of `view_id`",
    ),
    call(
        "update a view that is none",
        "views.update",
        {"view": modal(section()), "view_id": "X1"},
        "invalid_arguments",
        "must be a valid view ID",
    ),
    call(
        "update with an empty hash",
        "views.update",
        {"view": modal(section()), "view_id": "V1", "hash": ""},
        "invalid_arguments",
        "/hash]",
    ),
    call(
        "publish for nobody",
        "views.publish",
        {"view": home(section())},
        "invalid_arguments",
        "user_id",
    ),
    call(
        "publish a modal",
        "views.publish",
        {"view": modal(section()), "user_id": "U1"},
        "invalid_arguments",
        "unsupported type: modal",
    ),
    call(
        "upload nothing",
        "files.getUploadURLExternal",
        {"filename": "a.ics"},
        "invalid_arguments",
        "length",
    ),
    call(
        "upload an empty file",
        "files.getUploadURLExternal",
        {"filename": "a.ics", "length": "0"},
        "invalid_arguments",
        "must be greater than 0 [json-pointer:/length]",
    ),
    call(
        "upload without a name",
        "files.getUploadURLExternal",
        {"filename": "", "length": 3},
        "invalid_arguments",
        "/filename]",
    ),
    call(
        "finish no files",
        "files.completeUploadExternal",
        {"files": "[]"},
        "invalid_arguments",
        "at least 1",
    ),
    call(
        "finish files without ids",
        "files.completeUploadExternal",
        {"files": [{"title": "a"}]},
        "invalid_arguments",
        "missing required field: id [json-pointer:/files/0]",
    ),
    call(
        "finish with bad blocks",
        "files.completeUploadExternal",
        {"files": [{"id": "F1"}], "blocks": [None]},
        "invalid_blocks",
        "/blocks/0]",
    ),
]

REPLIES = [
    reply("reply with a list", [], "invalid_payload", "must be an object"),
    reply("reply with nothing", {}, "no_text", "this workspace's own rule"),
    reply("reply with blocks alone", {"blocks": [section()]}, "no_text", "this workspace's own"),
    reply("reply to some", {"text": "a", "response_type": "some"}, "invalid_payload", "ephemeral"),
    reply(
        "reply replacing by words",
        {"text": "a", "replace_original": "true"},
        "invalid_payload",
        "/replace_original]",
    ),
    reply("reply with bad blocks", {"text": "a", "blocks": [None]}, "invalid_blocks", "/blocks/0]"),
    reply("reply over 40,000", {"text": 40_001 * "a"}, "msg_too_long", "/text]"),
    reply("reply with metadata", {"text": "a", "metadata": 5}, "invalid_metadata_format", "object"),
    submission("answer with a list", ["errors"], "/response_action]"),
    submission("answer without action", {"errors": {}}, "must be one of: errors"),
    submission("answer by going", {"response_action": "go"}, "must be one of: errors"),
    submission("errors without errors", {"response_action": "errors"}, "required field: errors"),
    submission("no errors", {"response_action": "errors", "errors": {}}, "at least one block"),
    submission(
        "error on a section",
        {"response_action": "errors", "errors": {"note": "No."}},
        "invalid additional property: note [json-pointer:/errors]",
    ),
    submission(
        "error without words",
        {"response_action": "errors", "errors": {"title": ""}},
        "must be more than 0 characters [json-pointer:/errors/title]",
    ),
    submission("update to nothing", {"response_action": "update"}, "required field: view"),
    submission(
        "push a home view",
        {"response_action": "push", "view": home(section())},
        "unsupported type: home",
    ),
    submission("clear and more", {"response_action": "clear", "view": {}}, "property: view"),
    suggestion("suggest nothing at all", {}, "exactly one of `options`, `option_groups`"),
    suggestion("suggest twice", {"options": [], "option_groups": []}, "exactly one of"),
    suggestion("suggest 101", {"options": options(101)}, "no more than 100 items allowed"),
    suggestion(
        "suggest an empty group",
        {"option_groups": [{"label": plain(), "options": []}]},
        "at least 1",
    ),
    suggestion("suggest a long label", {"options": [option("1", 76 * "a")]}, "less than 76"),
    suggestion("suggest a list", [], "must be an object"),
]

BAD = [
    *TEXTS,
    *BLOCKS,
    *RICH_TEXTS,
    *ELEMENTS,
    *INPUTS,
    *NEWER,
    *VIEWS,
    *CALLS,
    *REPLIES,
]
