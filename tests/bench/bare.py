"""Digests by SQL alone: a row for each person and line, each right to it asked in the statement."""

import contextlib
from datetime import timedelta

from storage.database import Database
from tests.bench.coalition import NOW

_SEES = """(
    p.role IN ('staff', 'admin')
    OR (x.audience = 'public')
    OR (x.audience = 'community' AND p.role <> 'unknown')
    OR (x.audience = 'members' AND p.role = 'member')
    OR (x.audience = 'group' AND EXISTS (
        SELECT 1 FROM group_seats s
        WHERE s.person_id = p.id AND s.group_id = x.audience_group_id))
    OR (x.audience = 'named' AND EXISTS (
        SELECT 1 FROM named_readers n
        WHERE n.person_id = p.id AND n.item_table = '{table}' AND n.item_id = x.id))
)"""
_OF = "FROM people p JOIN {table} x ON x.workspace_id = p.workspace_id AND " + _SEES
_PEOPLE = " WHERE p.id BETWEEN {first} AND {last} AND "
_ORDER = " ORDER BY p.id, {order}"
_LED = """
    LEFT JOIN people l ON l.id = x.lead_id LEFT JOIN organisations o ON o.id = l.organisation_id"""
_ITEM = """
    SELECT a.owner_id, a.id, a.title, a.state, a.due_on, a.due_at, a.done_at, w.name, o.name, c.name
    FROM action_items a JOIN people w ON w.id = a.owner_id JOIN people c ON c.id = a.creator_id
    LEFT JOIN organisations o ON o.id = a.organisation_id WHERE """
# By name: what is read, and of which table the right to it is.
STATEMENTS = {
    "briefings": (
        "SELECT p.id, x.id, x.title, x.kind, x.starts_at, x.zone, x.precision, x.place, x.city,"
        f" x.capacity, x.taken, r.standing {_OF}"
        " LEFT JOIN rsvps r ON r.briefing_id = x.id AND r.person_id = p.id"
        f"{_PEOPLE} x.ends_at > '{{now}}' AND x.state <> 'draft'{_ORDER}",
        ("briefings", "x.starts_at, x.id"),
    ),
    "initiatives": (
        "SELECT p.id, x.id, x.title, x.health, x.moved_at, x.cadence_days, l.name, o.name"
        f" {_OF}{_LED}{_PEOPLE} x.health IN ('on_track', 'at_risk', 'off_track'){_ORDER}",
        ("initiatives", "x.moved_at, x.id"),
    ),
    "updates": (
        "SELECT p.id, x.id, x.title, u.health, u.was, u.text, u.reason"
        f" {_OF} JOIN initiative_updates u ON u.initiative_id = x.id"
        f"{_PEOPLE} NOT u.is_suggestion AND u.made_at > '{{since}}'{_ORDER}",
        ("initiatives", "u.made_at DESC, u.id DESC"),
    ),
    "milestones": (
        "SELECT p.id, x.id, m.title, m.due, m.due_on, m.done_at"
        f" {_OF} JOIN milestones m ON m.initiative_id = x.id"
        f"{_PEOPLE} (m.done_at > '{{since}}' OR NOT m.is_done){_ORDER}",
        ("initiatives", "m.due_on, m.id"),
    ),
    "resources": (
        f"SELECT p.id, x.id, x.title, x.kind, x.tlp, x.added_at {_OF}"
        f"{_PEOPLE} x.added_at > '{{since}}'{_ORDER}",
        ("resources", "x.added_at DESC, x.id DESC"),
    ),
    "own": (
        f"{_ITEM} a.owner_id BETWEEN {{first}} AND {{last}} AND a.state IN ('open', 'proposed')"
        " ORDER BY a.owner_id, a.due_at, a.id",
        ("", ""),
    ),
    # For everybody alike: a row for each person and item would be millions.
    "overdue": (
        f"{_ITEM} a.state = 'open' AND a.due_at <= '{{now}}' ORDER BY a.due_at, a.id LIMIT 100",
        ("", ""),
    ),
    "done": (
        f"{_ITEM} a.state = 'done' AND a.done_at > '{{since}}'"
        " ORDER BY a.done_at DESC, a.id DESC LIMIT 100",
        ("", ""),
    ),
}


def counted(database: Database, people: range) -> dict[str, int]:
    """Fetch all of it for *people* through the driver; say how many rows of each sort there are."""
    found = {}
    with contextlib.closing(database.reader.raw_connection()) as connection:
        cursor = connection.cursor()
        for name, (statement, (table, order)) in STATEMENTS.items():
            values = {"first": people[0], "last": people[-1], "table": table, "order": order}
            cursor.execute(statement.format(now=_said(0), since=_said(7), **values))
            found[name] = len(cursor.fetchall())
    return found


def _said(days: int) -> str:
    return f"{NOW - timedelta(days=days):%Y-%m-%d %H:%M:%S.%f}"
