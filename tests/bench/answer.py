"""What `/briefings` answers, by hand: the same query and the same answer without our code.

`tests/bench/serve.py` builds of it what ours is measured beside. What it answers is compared with
ours before anything is measured.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    HeaderBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from storage.models import LONG
from storage.pages import MOST

Fact = Mapping[str, Any]

WHO = """
    SELECT p.id, p.zone, p.role FROM people p
    WHERE p.workspace_id = 1 AND p.slack_team = :team AND p.slack_user = :user
        AND p.is_active AND NOT p.is_bot
"""
_SEEN = """
    b.workspace_id = 1 AND b.ends_at > :now AND b.state <> 'draft' AND (
        b.audience IN ('public', 'community', 'members')
        OR (b.audience = 'group' AND b.audience_group_id IN
            (SELECT s.group_id FROM group_seats s WHERE s.person_id = :person))
        OR (b.audience = 'named' AND b.id IN
            (SELECT n.item_id FROM named_readers n
             WHERE n.item_table = 'briefings' AND n.person_id = :person))
    )
"""
# The first of them, read in the order in which they begin, as ours does.
_PARTS = ("b.is_long = TRUE AND b.starts_at <= :began", "b.starts_at > :began")


def _first(most: int | str) -> str:
    parts = (
        f"""SELECT * FROM (
            SELECT b.id, b.starts_at FROM briefings b WHERE {part} AND {_SEEN}
            ORDER BY b.starts_at, b.id LIMIT {most}
        ) part"""  # noqa: S608 -- no input
        for part in _PARTS
    )
    return f"{' UNION ALL '.join(parts)} ORDER BY starts_at, id LIMIT {most}"


TOTAL = f"SELECT count(*) AS total FROM ({_first(MOST)}) counted"  # noqa: S608 -- no input
LIST = f"""
    SELECT b.id, b.title, b.kind, b.starts_at, b.zone, b.city, b.capacity, b.taken,
        (SELECT r.standing FROM rsvps r WHERE r.briefing_id = b.id AND r.person_id = :person)
            AS mine,
        CASE WHEN b.taken < b.capacity THEN 0 ELSE (
            SELECT count(*) FROM rsvps w JOIN people p ON p.id = w.person_id
            WHERE w.briefing_id = b.id AND w.standing = 'waitlisted' AND p.is_active
        ) END AS waiting
    FROM ({_first(":items")}) first JOIN briefings b ON b.id = first.id ORDER BY b.starts_at, b.id
"""  # noqa: S608 -- no input
STANDINGS = {
    "going": "You are going",
    "waitlisted": "You are on the waitlist",
    "maybe": "You said maybe",
    "declined": "You are not going",
}
ANSWERS = {"going": "Going", "maybe": "Maybe", "declined": "Not going"}


def values(person: int, now: datetime, as_stored: Callable[[datetime], Any]) -> dict[str, Any]:
    """Give the values of `TOTAL`'s parameters; *as_stored* makes what a moment is stored as."""
    return {"person": person, "now": as_stored(now), "began": as_stored(now - LONG)}


def for_psycopg(statement: str) -> str:
    """Give *statement* with parameters as psycopg wants them."""
    return re.sub(r":(\w+)", r"%(\1)s", statement)


def plain(rows: Sequence[Fact], total: int, zone: str) -> dict[str, Any]:
    """Draw *rows* as plain dicts."""
    facts = [_fact(row, ZoneInfo(zone)) for row in rows]
    blocks: list[dict[str, Any]] = [{"type": "header", "text": _plain("Upcoming briefings")}]
    for fact in facts:
        number = fact["id"]
        details = _button("Details", "briefings.show", number, f"Details of E{number}")
        text = {"type": "mrkdwn", "text": fact["text"], "verbatim": True}
        blocks.append({"type": "section", "text": text, "accessory": details})
        buttons = [
            _button(label, f"briefings.{name}", number, f"{label}: E{number}")
            for name, label in fact["answers"]
        ]
        blocks.append({"type": "actions", "elements": buttons})
    said = {"type": "mrkdwn", "text": _shown(len(rows), total), "verbatim": True}
    more = _button("More", "briefings.more_upcoming", 1, "More briefings")
    blocks.append({"type": "context", "elements": [said]})
    blocks.append({"type": "actions", "elements": [more]})
    return _message(facts, _shown(len(rows), total)) | {"blocks": blocks}


def models(rows: Sequence[Fact], total: int, zone: str) -> dict[str, Any]:
    """Draw *rows* with the models of `slack_sdk`, as most bots do."""
    facts = [_fact(row, ZoneInfo(zone)) for row in rows]
    blocks: list[Block] = [
        HeaderBlock(text=PlainTextObject(text="Upcoming briefings", emoji=False))
    ]
    for fact in facts:
        number = fact["id"]
        details = _element("Details", "briefings.show", number, f"Details of E{number}")
        text = MarkdownTextObject(text=fact["text"], verbatim=True)
        blocks.append(SectionBlock(text=text, accessory=details))
        buttons = [
            _element(label, f"briefings.{name}", number, f"{label}: E{number}")
            for name, label in fact["answers"]
        ]
        blocks.append(ActionsBlock(elements=buttons))
    said = MarkdownTextObject(text=_shown(len(rows), total), verbatim=True)
    more = _element("More", "briefings.more_upcoming", 1, "More briefings")
    blocks += [ContextBlock(elements=[said]), ActionsBlock(elements=[more])]
    message = _message(facts, _shown(len(rows), total))
    return message | {"blocks": [block.to_dict() for block in blocks]}


def _fact(row: Fact, zone: ZoneInfo) -> Fact:
    mine = row["mine"]
    full = f"full ({row['capacity']} seats)"
    queue = f", {row['waiting']} waiting" if row["waiting"] else ""
    taken = f"{row['taken']} of {row['capacity']} seats taken"
    facts = [
        f"{_said(row['city'])}, or online",
        row["kind"],
        full + queue if row["taken"] >= row["capacity"] else taken,
        *([f"*{STANDINGS[mine]}*"] if mine else []),
    ]
    lines = (f"*E{row['id']} {_said(row['title'])}*", _when(row, zone), " · ".join(facts))
    given = "going" if mine == "waitlisted" else mine
    return {
        "id": row["id"],
        "text": "\n".join(lines),
        "answers": [each for each in ANSWERS.items() if each[0] != given],
    }


def _when(row: Fact, zone: ZoneInfo) -> str:
    starts = row["starts_at"]
    moment = datetime.fromisoformat(starts) if isinstance(starts, str) else starts
    here = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone)
    there = here.astimezone(ZoneInfo(row["zone"]))
    day = f"{there:%a }" if there.date() != here.date() else ""
    city = row["zone"].rpartition("/")[2]
    return f"{here:%a %-d %b %Y, %H:%M} your time ({day}{there:%H:%M} {city})"


def _said(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _shown(many: int, total: int) -> str:
    return f"1–{many} of {f'{total} or more' if total == MOST else total} briefings."


def _message(facts: Sequence[Fact], shown: str) -> dict[str, Any]:
    lines = ["Upcoming briefings", *(fact["text"] for fact in facts), shown]
    return {"response_type": "ephemeral", "text": "\n".join(lines)}


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _button(label: str, action: str, value: int, about: str) -> dict[str, Any]:
    return {
        "type": "button",
        "text": _plain(label),
        "action_id": action,
        "value": str(value),
        "accessibility_label": about,
    }


def _element(label: str, action: str, value: int, about: str) -> ButtonElement:
    return ButtonElement(
        text=PlainTextObject(text=label, emoji=False),
        action_id=action,
        value=str(value),
        accessibility_label=about,
    )
