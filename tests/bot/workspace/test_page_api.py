import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from tests.bot.workspace.crier import (
    MANIFEST,
    NOON,
    QUIET,
    Json,
    Town,
    actions,
    build,
    button,
    field_of,
    home,
    modal,
    options,
    plain,
    section,
    text_input,
)

MARK = {"X-Convene-Page": "1"}
NAME = field_of("name", text_input("name"))


@dataclass
class Browser:
    """The page as the server sees it: requests by one person."""

    town: Town
    session: aiohttp.ClientSession

    async def get(self, path: str) -> tuple[int, Any, Any]:
        async with self.session.get(f"{self.town.workspace.url}{path}") as response:
            is_json = response.content_type == "application/json"
            body = await response.json() if is_json else await response.text()
            return response.status, body, response.headers

    async def state(self, user: str = "U0ANA", place: str = "C0SQUARE") -> Json:
        _, body, _ = await self.get(f"/page/api/state?user={user}&place={place}")
        return dict(body)

    async def act(self, kind: str, user: str = "U0ANA", **deed: Any) -> Json:
        sent = {"kind": kind, "user": user, "place": "C0SQUARE", **deed}
        url = f"{self.town.workspace.url}/page/api/act"
        async with self.session.post(url, json=sent, headers=MARK) as response:
            return dict(await response.json())


@pytest.fixture
async def browser(http: Town) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession() as session:
        yield Browser(http, session)


async def test_the_page_and_its_files_come_with_strict_headers(browser: Browser) -> None:
    status, body, headers = await browser.get("/")
    script = await browser.get("/page/page.js")
    style = await browser.get("/page/page.css")

    assert status == 200
    assert "<html" in body
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert script[2]["Content-Type"].startswith("text/javascript")
    assert style[2]["Content-Type"].startswith("text/css")


@pytest.mark.parametrize("path", ["/page/none.js", "/page/..%2f__init__.py", "/page/clock.py"])
async def test_nothing_but_the_pages_own_files_is_served(browser: Browser, path: str) -> None:
    assert (await browser.get(path))[0] == 404


async def test_a_deed_needs_the_pages_own_header(browser: Browser) -> None:
    url = f"{browser.town.workspace.url}/page/api/act"
    deed = {"kind": "say", "user": "U0ANA", "place": "C0SQUARE", "text": "Hi"}

    async with browser.session.post(url, json=deed) as bare:
        assert bare.status == 403
    async with browser.session.post(url, data=b"x" * 1_000_001, headers=MARK) as large:
        assert large.status == 413
    async with browser.session.post(url, data=b"{bad", headers=MARK) as broken:
        assert broken.status == 400

    assert browser.town.workspace.messages("C0SQUARE") == []


async def test_nobody_in_particular_sees_the_people_and_no_place(browser: Browser) -> None:
    told = await browser.state(user="", place="")

    assert [each["name"] for each in told["people"]] == ["Crier", "Ana Silva", "Ben Okoro"]
    assert (told["places"], told["messages"], told["home"], told["modals"]) == ([], [], None, [])
    assert told["now"] == NOON.isoformat()
    assert told["team"]["id"] == "T0CONVENE"
    assert told["coalition"] == {"name": "Coalition", "fictional_note": ""}
    assert told["commands"][0] == {
        "command": "/cry",
        "description": "Cry it out",
        "usage_hint": "what",
        "words": [],
    }
    assert [each["callback_id"] for each in told["shortcuts"]] == ["cry.new", "cry.it"]


async def test_people_wear_their_badges(browser: Browser) -> None:
    workspace = browser.town.workspace
    workspace.add_user("G", is_restricted=True, organisation="Elsewhere", title="Visitor")
    workspace.add_user("S", is_ultra_restricted=True)
    workspace.add_user("O", team_id="T0FAR", is_stranger=True, tz=None)
    workspace.add_user("D", deleted=True)

    told = {each["name"]: each for each in (await browser.state())["people"]}

    assert told["Ben Okoro"]["badges"] == ["admin"]
    assert told["Crier"]["badges"] == ["bot"]
    assert told["G"]["badges"] == ["guest"]
    assert (told["G"]["organisation"], told["G"]["title"]) == ("Elsewhere", "Visitor")
    assert told["S"]["badges"] == ["single-channel guest"]
    assert told["O"]["badges"] == ["other organisation", "stranger"]
    assert told["O"]["tz"] == "UTC"
    assert told["D"]["badges"] == ["deactivated"]


async def test_one_sees_only_the_places_one_is_in(browser: Browser) -> None:
    browser.town.workspace.add_channel("both", members=["U0ANA", "U0BEN"], is_ext_shared=True)

    ana = (await browser.state("U0ANA"))["places"]
    ben = (await browser.state("U0BEN"))["places"]
    bot = (await browser.state("U0CONVENE"))["places"]

    kinds = [(each["name"], each["kind"]) for each in ana]
    assert kinds == [
        ("square", "channel"),
        ("attic", "private"),
        ("both", "shared"),
        ("Crier", "dm"),
        ("Crier Home", "app"),
    ]
    assert ana[-1]["id"] == "home"
    assert "attic" not in {each["name"] for each in ben}
    assert bot == []


async def test_one_sees_only_what_is_said_where_one_is(browser: Browser) -> None:
    client = browser.town.client
    await client.chat_postMessage(channel="C0ATTIC", text="Secret", **QUIET)
    await client.chat_postMessage(channel="U0ANA", text="Direct", **QUIET)
    await client.chat_postEphemeral(channel="C0SQUARE", user="U0ANA", text="Psst")
    direct = browser.town.workspace.dm("U0ANA").id

    async def texts(user: str, place: str) -> list[str]:
        return [each["text"] for each in (await browser.state(user, place))["messages"]]

    assert await texts("U0ANA", "C0ATTIC") == ["Secret"]
    assert await texts("U0BEN", "C0ATTIC") == []
    assert await texts("U0ANA", direct) == ["Direct"]
    assert await texts("U0BEN", direct) == []
    assert await texts("U0ANA", "C0SQUARE") == ["Psst"]
    assert await texts("U0BEN", "C0SQUARE") == []


async def test_a_message_comes_with_all_there_is_to_draw(browser: Browser) -> None:
    client = browser.town.client
    posted = await client.chat_postMessage(
        channel="C0SQUARE", text="Hi", blocks=[section("*Hi*")], **QUIET
    )
    await client.chat_postMessage(channel="C0SQUARE", text="Re", thread_ts=posted["ts"], **QUIET)
    await client.chat_update(channel="C0SQUARE", ts=posted["ts"], text="Changed")
    await client.files_upload_v2(channel="C0SQUARE", filename="a.txt", content="a")

    first, second, third = (await browser.state())["messages"]

    assert first["user"] == {"id": "U0CONVENE", "name": "Crier", "is_bot": True}
    assert (first["text"], first["ephemeral"], first["at"]) == ("Changed", False, NOON.isoformat())
    assert first["edited"]
    assert second["thread_ts"] == posted["ts"]
    assert third["files"][0]["name"] == "a.txt"


async def test_what_is_new_is_counted_until_one_looks(browser: Browser) -> None:
    await browser.town.client.chat_postMessage(channel="C0ATTIC", text="One", **QUIET)
    await browser.town.workspace.say("U0ANA", "C0ATTIC", "My own")

    async def unread() -> int:
        places = (await browser.state())["places"]
        return int(next(each["unread"] for each in places if each["name"] == "attic"))

    assert await unread() == 1
    await browser.state(place="C0ATTIC")
    assert await unread() == 0


async def test_what_the_bot_sent_is_listed_newest_first(browser: Browser) -> None:
    for text in ("a" * 200, "Two"):
        await browser.town.client.chat_postMessage(channel="C0SQUARE", text=text, **QUIET)
    await browser.town.client.views_publish(user_id="U0ANA", view=home(section("Hi")))

    sent = (await browser.state())["sent"]

    assert [each["method"] for each in sent[:3]] == [
        "views.publish",
        "chat.postMessage",
        "chat.postMessage",
    ]
    assert (sent[0]["to"], sent[0]["summary"]) == ("Ana Silva", "home")
    assert (sent[1]["to"], sent[1]["summary"], sent[1]["ok"]) == ("#square", "Two", True)
    assert sent[2]["summary"] == "a" * 160 + "…"
    assert sent[1]["args"]["text"] == "Two"


async def test_what_the_bot_sent_says_what_came_before(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, client = browser.town.workspace, browser.town.client

    async def why() -> str:
        await client.chat_postMessage(channel="C0SQUARE", text="Hi", **QUIET)
        return str((await browser.state())["sent"][0]["why"])

    assert await why() == ""
    await browser.act("command", text="/cry")
    assert await why() == "after Ana Silva typed /cry"
    await browser.act("open_home")
    assert await why() == "after Ana Silva opened Home"
    await browser.act("say", text="Hello")
    assert await why() == "after Ana Silva wrote a message"
    await workspace.advance(timedelta(days=1))
    assert await why() == "after the clock was moved"
    monkeypatch.setattr("bot.workspace.tickets.RECENT_SECONDS", 0)
    assert await why() == ""


async def test_waiting_ends_with_a_change(browser: Browser) -> None:
    version = (await browser.state())["version"]
    waiting = asyncio.create_task(browser.get(f"/page/api/wait?since={version}"))
    await asyncio.sleep(0.02)
    assert not waiting.done()

    await browser.town.workspace.say("U0ANA", "C0SQUARE", "Hi")

    _, told, _ = await asyncio.wait_for(waiting, 1)
    assert told["version"] > version
    assert (await browser.get("/page/api/wait?since=x"))[1]["version"] == told["version"]


async def test_waiting_ends_after_a_while(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.workspace.page_api.WAIT_SECONDS", 0.02)
    version = (await browser.state())["version"]

    _, told, _ = await browser.get(f"/page/api/wait?since={version}")

    assert told["version"] == version


async def test_a_command_and_words_are_typed_on_the_page(browser: Browser) -> None:
    bot = browser.town.bot

    assert await browser.act("command", text="/cry now") == {"ok": True}
    assert await browser.act("say", text="Hello") == {"ok": True}
    unknown = await browser.act("command", text="/nothing")
    elsewhere = await browser.act("command", user="U0BEN", place="C0ATTIC", text="/cry")
    at_home = await browser.act("command", place="home", text="/cry")

    assert bot.heard[0]["text"] == "now"
    assert unknown["error"] == "unknown_command"
    assert elsewhere == {"ok": False, "error": "not_in_channel"}
    assert at_home["ok"]
    assert bot.heard[-1]["channel_name"] == "directmessage"


async def test_a_button_and_a_menu_are_pressed_on_the_page(browser: Browser) -> None:
    menu = {"type": "static_select", "action_id": "menu", "options": options("a", "b")}
    more = {"type": "overflow", "action_id": "more", "options": options("x", "y")}
    await browser.town.client.chat_postMessage(
        channel="C0SQUARE",
        text="Choose",
        blocks=[actions(button("yes", "42"), menu, more, block_id="row")],
        **QUIET,
    )
    ts = browser.town.workspace.messages("C0SQUARE")[0].ts

    pressed = {"type": "button", "action_id": "yes", "block_id": "row", "value": "42"}
    chosen = {
        "type": "static_select",
        "action_id": "menu",
        "block_id": "row",
        "selected_option": options("b")[0],
    }
    picked = {
        "type": "overflow",
        "action_id": "more",
        "block_id": "row",
        "selected_option": options("y")[0],
    }
    state = {"values": {"row": {"menu": {"type": "static_select", "selected_option": None}}}}
    assert (await browser.act("click", ts=ts, action=pressed, state=state))["ok"]
    assert (await browser.act("click", ts=ts, action=chosen))["ok"]
    assert (await browser.act("click", ts=ts, action=picked))["ok"]
    forged = await browser.act("click", ts=ts, action=pressed | {"value": "43"})
    gone = await browser.act("click", ts="1.0", action=pressed)

    told = [each["actions"][0] for each in browser.town.bot.heard]
    assert told[0]["value"] == "42"
    assert told[1]["selected_option"]["value"] == "b"
    assert told[2]["selected_option"]["value"] == "y"
    assert not forged["ok"]
    assert gone["error"] == "message_not_found"


async def test_a_modal_is_filled_on_the_page(browser: Browser) -> None:
    bot = browser.town.bot

    @bot.on("shortcut")
    async def answer(ack: Any, body: Json, client: Any, **_: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal(NAME))
        await ack()

    assert (await browser.act("shortcut", callback_id="cry.new"))["ok"]
    view = (await browser.state())["modals"][0]
    assert (await browser.state("U0BEN"))["modals"] == []

    def state(value: str | None) -> Json:
        return {"name": {"name": {"type": "plain_text_input", "value": value}}}

    empty = await browser.act("submit", view_id=view["id"], state=state(None))
    assert empty["ok"] is False
    assert "required" in empty["errors"]["name"]
    assert (await browser.state())["modals"][0]["errors"] == empty["errors"]
    foreign = await browser.act("submit", user="U0BEN", view_id=view["id"], state=state("x"))
    assert foreign["error"] == "not_found"

    @bot.on("view")
    async def refuse(ack: Any, **_: Any) -> None:
        await ack(response_action="errors", errors={"name": "Taken."})

    taken = await browser.act("submit", view_id=view["id"], state=state("Ada"))
    assert taken["errors"] == {"name": "Taken."}
    shown = (await browser.state())["modals"][0]
    assert shown["state"]["values"]["name"]["name"]["value"] == "Ada"
    del bot.does["view"]
    assert await browser.act("submit", view_id=view["id"], state=state("Ada")) == {"ok": True}
    assert (await browser.state())["modals"] == []


async def test_a_modal_is_closed_on_the_page(browser: Browser) -> None:
    trigger = browser.town.workspace.world.tickets.trigger("U0ANA", None, "")
    opened = await browser.town.client.views_open(trigger_id=trigger, view=modal(NAME))

    assert (await browser.act("close", view_id=opened["view"]["id"]))["ok"]
    again = await browser.act("close", view_id=opened["view"]["id"])

    assert again == {"ok": False, "error": "not_found"}


async def test_an_external_menu_is_asked_on_the_page(browser: Browser) -> None:
    menu = {"type": "external_select", "action_id": "who", "placeholder": plain("Who")}
    trigger = browser.town.workspace.world.tickets.trigger("U0ANA", None, "")
    opened = await browser.town.client.views_open(
        trigger_id=trigger, view=modal(field_of("who", menu))
    )
    asked = {"view_id": opened["view"]["id"], "block_id": "who", "action_id": "who", "typed": "b"}

    failed = await browser.act("suggest", **asked)

    @browser.town.bot.on("options")
    async def answer(ack: Any, **_: Any) -> None:
        await ack(options=options("ada", "bob"))

    found = await browser.act("suggest", **asked)
    assert (failed["ok"], failed["error"]) == (False, "invalid_arguments")
    assert found == {"ok": True, "options": options("ada", "bob")}


async def test_home_is_opened_and_pressed_on_the_page(browser: Browser) -> None:
    press = {"type": "button", "action_id": "go", "block_id": "row"}

    early = await browser.act("click", home=True, action=press)
    assert (await browser.act("open_home"))["ok"]
    await browser.town.client.views_publish(
        user_id="U0ANA", view=home(actions(button("go"), block_id="row"))
    )
    assert (await browser.act("click", home=True, action=press))["ok"]

    assert early["error"] == "not_found"
    assert browser.town.bot.heard[0]["event"]["type"] == "app_home_opened"
    assert browser.town.bot.heard[1]["view"]["type"] == "home"
    assert (await browser.state())["home"]["blocks"][0]["block_id"] == "row"
    assert (await browser.state("U0BEN"))["home"] is None


async def test_a_message_shortcut_is_used_on_the_page(browser: Browser) -> None:
    message = await browser.town.workspace.say("U0BEN", "C0SQUARE", "Remember")

    assert (await browser.act("shortcut", callback_id="cry.it", ts=message.ts))["ok"]
    unknown = await browser.act("shortcut", callback_id="cry.it")

    assert browser.town.bot.heard[0]["message"]["text"] == "Remember"
    assert "no global shortcut" in unknown["error"]


async def test_time_is_moved_on_the_page(browser: Browser) -> None:
    assert (await browser.act("advance", seconds=3600))["ok"]
    assert (await browser.state())["now"] == (NOON + timedelta(hours=1)).isoformat()
    moved: list[timedelta] = []

    async def advance(by: timedelta) -> None:
        moved.append(by)

    browser.town.workspace.on_advance = advance
    version = browser.town.workspace.version
    await browser.act("advance", seconds=86400)

    assert moved == [timedelta(days=1)]
    assert browser.town.workspace.version > version
    assert not (await browser.act("advance", seconds="soon"))["ok"]


async def test_time_is_moved_to_the_next_message(browser: Browser) -> None:
    town = browser.town
    town.workspace.clock.advance(timedelta(minutes=20))
    due = NOON + timedelta(hours=3)

    async def advance(by: timedelta) -> None:
        town.workspace.clock.advance(by)
        if town.workspace.clock() == due:
            metadata = {"event_type": "weekly_news", "event_payload": {}}
            await town.client.chat_postMessage(
                channel="C0SQUARE", text="News", metadata=metadata, **QUIET
            )

    town.workspace.on_advance = advance

    assert (await browser.act("advance_to_message"))["ok"]
    (told,) = (await browser.state())["told"]
    assert (told["at"], told["to"], told["why"]) == (due.isoformat(), "#square", "weekly_news")
    assert (told["place"], "U0ANA" in told["readers"]) == ("C0SQUARE", True)
    assert not (await browser.act("advance_to_message"))["ok"]
    assert (await browser.state())["now"] == (due + timedelta(days=7)).isoformat()


async def test_faults_are_planned_on_the_page(browser: Browser) -> None:
    for fault in ("rate_limited", "is_archived"):
        await browser.act("fault", method="chat.postMessage", fault=fault, times=2)

    planned = (await browser.state())["faults"]
    assert [(each["fault"], each["times"]) for each in planned] == [
        ("rate_limited", 2),
        ("error", 2),
    ]
    assert planned[1]["error"] == "is_archived"
    await browser.act("clear_faults")
    assert (await browser.state())["faults"] == []


async def test_a_deed_nobody_knows_is_refused_in_words(browser: Browser) -> None:
    unknown = await browser.act("dance")
    nobody = await browser.act("say", user="U0X", text="Hi")
    wordless = await browser.act("say")

    assert "cannot do that" in unknown["error"]
    assert nobody["error"] == "user_not_found"
    assert not wordless["ok"]


async def test_vocabulary_and_note_are_what_they_are_told_to_be() -> None:
    words = [{"command": "/cry", "description": "d", "usage_hint": "u", "words": []}]
    features = MANIFEST["features"] | {"app_home": {"messages_tab_enabled": False}}
    town = build(vocabulary=words, note="All made up.", manifest=MANIFEST | {"features": features})
    async with town.workspace.serving(), aiohttp.ClientSession() as session:
        told = await Browser(town, session).state()

    assert told["commands"] == words
    assert told["coalition"]["fictional_note"] == "All made up."
    assert [each["name"] for each in told["places"]] == ["square", "attic"]
