"""Every word and every button, by every kind of person: whole answers, and nothing that leaks."""

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.workspace.faults import Fault
from bot.workspace.places import Message
from commands import blocks, catalog
from tests.bot.conftest import Story, filled

PEOPLE: dict[str, set[str]] = {
    "U0KWAME": {"public"},
    "U0JONAS": {"public"},  # a stranger
    "U0NOA": {"public"},  # nobody the bot has met
    "U0LUKAS": set(),  # deactivated, as far as Slack has told the bot
    "U0DELPHINE": {"public", "community"},  # a guest
    "U0TALIA": {"public", "community"},  # a guest of one channel
    "U0MARCUS": {"public", "community", "members"},
    "U0DANA": {"public", "community", "members", "staff", "draft"},  # and what is for any group
}
MARKED = ("groups", "briefings", "resources", "initiatives", "actions")
WORDED = ("title", "name", "summary", "purpose", "goal", "text", "next", "reason")
ID = {"briefings": "E", "groups": "G", "resources": "R", "actions": "A", "initiatives": "I"}
LONG = "%" * 40_000
ODD = (
    "",
    "99999999999999999999",
    "-1",
    "“”",
    "\0",
    "*x* <!channel> & <b>",
    "zzzz qqqq",
    "yes",
    "2",
)
UNFORESEEN = re.compile(r"this reference:|reach its database|Traceback|None\b|\$[a-z]|[a-z]!(\s|$)")
HTTP = pytest.mark.parametrize("story", ["http"], indirect=True)


@pytest.fixture(scope="module")
def coalition(coalition: dict[str, Any]) -> dict[str, Any]:
    """Write into everything that is said of a thing for whom it is meant."""
    told = copy.deepcopy(coalition)
    for table in MARKED:
        for entry in told[table]:
            mark(entry, mark_of(entry))
    return told


@pytest.fixture(scope="module")
def coalition_template(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, coalition: dict[str, Any]
) -> Path:
    """Make one SQLite file with all that is marked."""
    return filled(sqlite_template, tmp_path_factory.mktemp("marked"), coalition)


def mark_of(entry: dict[str, Any]) -> str:
    if entry.get("state") == "draft":
        return "draft"
    return f"{entry['audience']}-{entry['group']}" if entry["audience"] == "group" else str(
        entry["audience"]
    )  # fmt: skip


def mark(entry: dict[str, Any], word: str) -> None:
    for name in WORDED:
        if name in entry:
            entry[name] = f"{entry[name][:110]} zq:{word}:"
    for part in (*entry.get("updates", []), *entry.get("milestones", [])):
        mark(part, word)


def groups_of(coalition: dict[str, Any], user: str) -> set[str]:
    """Give the marks of what is for the groups in which *user* sits, or staff has to see to."""
    key = next((person["key"] for person in coalition["people"] if person["slack"] == user), "")
    sat = [
        group
        for group in coalition["groups"]
        if user == "U0DANA" or key in [*group.get("chairs", []), *group.get("members", [])]
    ]
    return {f"group-{group['key']}" for group in sat}


async def present(story: Story, user: str) -> str:
    """Bring *user* in, as the kind of person they are here; give where they type."""
    if user == "U0NOA":
        story.workspace.add_user("Noa Levi", id=user, tz="Asia/Jerusalem")
    if user == "U0LUKAS":
        await story.workspace.event(
            {"type": "user_change", "user": {"id": user, "team_id": "T0CONVENE", "deleted": True}}
        )
    return story.workspace.dm(user).id


def buttons(message: Message) -> Iterator[tuple[str, str]]:
    for block in message.blocks:
        for element in [*block.get("elements", []), block.get("accessory", {})]:
            if element.get("type") == "button":
                yield element["action_id"], element["value"]


def check(story: Story, message: Message, may_see: set[str], asked: str) -> None:
    """Hold one answer to what every answer keeps."""
    assert not UNFORESEEN.search(message.text), (asked, message.text)
    for block in message.blocks:
        said = blocks.text_of([block])
        if said.strip() and len(message.text) < blocks.UPDATE_LIMIT - 2:
            assert said in message.text, (asked, said)
    seen = set(re.findall(r"zq:([\w-]+):", message.text + str(message.blocks)))
    assert seen <= may_see, (asked, seen - may_see, message.text)


def arguments(room: str, coalition: dict[str, Any]) -> Iterator[str]:
    """Give ids of every audience in *room*, ids of another, and what is no id at all."""
    table = coalition.get(room, [])
    first = {mark_of(entry): number for number, entry in enumerate(table, 1)}
    letter = ID.get(room, "E")
    yield from (f"{letter}{number}" for number in first.values())
    yield "R1" if letter != "R" else "G1"
    yield from ODD


def lists_and_wholes() -> Iterator[str]:
    """Give the commands whose answers hold buttons."""
    for room in catalog.COMMANDS.values():
        lists = {"upcoming", "mine", "all", "new", "active"} & {word.word for word in room.words}
        yield from (f"{room.command} {word}" for word in sorted(lists))
        if room.room in ID:
            yield from (f"{room.command} show {ID[room.room]}{n}" for n in range(1, 18))


def received(story: Story, user: str, where: str, before: int) -> list[Message]:
    return story.workspace.messages(where, seen_by=user)[before:]


@HTTP
@pytest.mark.parametrize("user", PEOPLE)
async def test_every_word_answers_whole_and_shows_only_what_is_theirs(
    story: Story, coalition: dict[str, Any], user: str
) -> None:
    where = await present(story, user)
    may_see = PEOPLE[user] | (groups_of(coalition, user) if user != "U0LUKAS" else set())

    for room in catalog.COMMANDS.values():
        for word in room.words:
            for given in [
                *arguments(room.room, coalition),
                *([LONG] if user == "U0MARCUS" else []),
            ]:
                typed = f"{room.command} {word.word} {given}"
                typed += " yes" if word.word == "rsvp" else ""
                before = len(story.workspace.messages(where, seen_by=user))
                exchange = await story.workspace.command(user, where, typed)

                assert exchange.error is None, (typed[:80], exchange)
                # A file for a calendar may come meanwhile, as a message of its own.
                told = received(story, user, where, before)
                answers = [message for message in told if message.ephemeral]
                assert len(answers) + len(story.workspace.modals(user)) == 1, typed[:80]
                for answer in answers:
                    check(story, answer, may_see, typed[:80])
                story.workspace.reload(user)


@HTTP
@pytest.mark.parametrize("user", PEOPLE)
async def test_every_button_answers_whole_and_shows_only_what_is_theirs(
    story: Story, coalition: dict[str, Any], user: str
) -> None:
    where = await present(story, user)
    may_see = PEOPLE[user] | (groups_of(coalition, user) if user != "U0LUKAS" else set())

    pressed: set[tuple[str, str]] = set()
    for typed in lists_and_wholes():
        await story.workspace.command(user, where, typed)
        shown = story.last(user, where)
        # Whoever joins sees more from then on; that is a story of its own. A page is turned last.
        there = {one for one in buttons(shown) if one[0] not in {"groups.join", "groups.leave"}}
        for action, value in sorted(there - pressed, key=lambda one: (".more_" in one[0], one)):
            pressed.add((action, value))
            await story.workspace.click(user, shown, action, value=value)
            await story.settled()
            check(story, story.last(user, where), may_see, f"{action} {value}")
        story.workspace.reload(user)

    # Slack lets no app write to this stranger: staff hear that the file did not go.
    apart = {("conversations.open", "user_not_visible")} if user == "U0JONAS" else set()
    failed = {(sent.method, sent.error) for sent in story.workspace.sent if not sent.ok}
    assert failed <= apart
    shown_some = {"briefings.show", "resources.show"} <= {action for action, _ in pressed}
    assert shown_some is bool(may_see)


@HTTP
@pytest.mark.parametrize("user", [*PEOPLE, "U0FIADH"])
async def test_every_home_is_taken_and_shows_only_what_is_theirs(
    story: Story, coalition: dict[str, Any], user: str
) -> None:
    await present(story, user)
    may_see = PEOPLE.get(user, {"public", "community"}) | (
        groups_of(coalition, user) if user != "U0LUKAS" else set()
    )

    await story.workspace.open_home(user)
    await story.settled()

    view = story.workspace.home(user)
    assert view is not None
    assert set(re.findall(r"zq:([\w-]+):", str(view.blocks))) <= may_see
    assert not UNFORESEEN.search(blocks.text_of(view.blocks))


@HTTP
async def test_a_channel_shows_no_answer_of_one_to_another(story: Story) -> None:
    for room in catalog.COMMANDS.values():
        for word in room.words:
            await story.workspace.command("U0DANA", "C0ANNOUNCE", f"{room.command} {word.word}")
    await story.settled()

    assert story.workspace.messages("C0ANNOUNCE") == []
    assert story.workspace.messages("C0ANNOUNCE", seen_by="U0MARCUS") == []


@HTTP
async def test_an_answer_that_did_not_get_through_is_sent_once_more(story: Story) -> None:
    await story.says("U0MARCUS", "/briefings show E14")
    story.workspace.faults.add("response_url", Fault.server_error(503))
    text = await story.clicks("U0MARCUS", "briefings.going")

    assert text.startswith("You are going to *E14 Open webinar: the Safety by Design principles")


@HTTP
async def test_an_answer_that_never_gets_through_costs_nothing_but_itself(story: Story) -> None:
    await story.says("U0MARCUS", "/briefings show E14")
    story.workspace.faults.add("response_url", Fault.error("used_url"), times=2)
    text = await story.clicks("U0MARCUS", "briefings.going")
    again = await story.clicks("U0MARCUS", "briefings.going")

    assert text.startswith("E14 Open webinar")
    assert "Nothing changed: you said so on 23 Nov 2026." in again


@HTTP
async def test_a_button_that_is_no_longer_ours_changes_nothing_and_fails_nothing(
    story: Story,
) -> None:
    await story.says("U0MARCUS", "/groups show G4")
    shown = story.last("U0MARCUS")
    shown.blocks[-1]["elements"][0]["action_id"] = "groups.gone"

    exchange = await story.workspace.click("U0MARCUS", shown, "groups.gone")
    await story.settled()

    assert exchange.error is None
    assert story.last("U0MARCUS") is shown


@HTTP
async def test_a_command_that_is_not_ours_is_answered_with_all_that_is(story: Story) -> None:
    features = story.workspace.installation.manifest["features"]
    features["slash_commands"].append({"command": "/huddles"})

    text = await story.says("U0MARCUS", "/huddles today")

    assert text.startswith("The help says nothing about «/huddles». This is all you can say.")
    assert "/briefings upcoming" in text


@HTTP
async def test_a_form_that_is_no_longer_ours_closes(story: Story) -> None:
    await story.workspace.command("U0MAEVE", "C0ANNOUNCE", "/initiatives update I3")
    story.workspace.modals("U0MAEVE")[-1].content["callback_id"] = "initiatives.gone"

    exchange = await story.workspace.submit("U0MAEVE", {"text": "Moved."})

    assert exchange.error is None
    assert not story.workspace.modals("U0MAEVE")
