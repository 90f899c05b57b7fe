"""A coalition in which every text of every item is a canary, and who may ever hear which."""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from bot import demo
from bot.settings import Settings
from bot.workspace import Clock
from storage.models import Briefing, NamedReader, Person, Talk
from tests.bot.conftest import PUBLIC, Story
from tests.factories import altering

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CANARY = re.compile(r"cnry[a-z]+\d+x")
AUDIENCES = ("public", "community", "members", "group", "named", "staff")
LABEL = {"public": "CLEAR", "community": "GREEN"}
TABLES = ("briefings", "resources", "initiatives", "actions")
LETTERS = {"briefings": "E", "groups": "G", "resources": "R", "actions": "A", "initiatives": "I"}

# Each actor: what Slack says of them, what the file says, and which circles they are in.
ACTORS: Mapping[str, tuple[str, ...]] = {
    "U0GONE": (),
    "U0UNMET": ("public",),
    "U0UNLINKED": ("public",),
    "U0CAPPED": ("public", "community"),
    "U0STRANGER": ("public", "community"),
    "U0OUTSIDE": ("public", "community", "named"),
    "U0SEATED": ("public", "community", "group"),
    "U0MEMBER": ("public", "community", "members", "named"),
    "U0SITS": ("public", "community", "members", "group"),
    "U0CHAIR": ("public", "community", "members", "group"),
    "U0STAFF": (*AUDIENCES, "other", "draft"),
    "U0ADMIN": (*AUDIENCES, "other", "draft"),
}
ROLES = {
    **dict.fromkeys(("U0GONE", "U0CAPPED", "U0MEMBER", "U0SITS", "U0CHAIR"), "member"),
    **dict.fromkeys(("U0STRANGER", "U0OUTSIDE", "U0SEATED"), "external"),
    "U0STAFF": "staff",
    "U0ADMIN": "admin",
    "U0UNLINKED": "unknown",
}
NAMED = ("U0OUTSIDE", "U0MEMBER")
FLAGS = {"U0CAPPED": ["guest"], "U0STRANGER": ["stranger"]}


class Coalition:
    """The file, and for each canary the circle it is for."""

    def __init__(self) -> None:
        self.circle: dict[str, str] = {}
        self.told = self._told()
        # Of each briefing one session, which no file holds: it has the same number.
        self.sessions = [self._session(entry) for entry in self.told["briefings"]]

    def text(self, table: str, circle: str, word: str = "Forum") -> str:
        """Make a text that holds a new canary for *circle*."""
        token = f"cnry{table[:4]}{len(self.circle)}x"
        self.circle[token] = circle
        return f"{word} {token}"

    def allowed(self, user: str) -> set[str]:
        """Give the canaries that *user* may hear."""
        return {token for token, circle in self.circle.items() if circle in ACTORS[user]}

    def items(self, table: str) -> int:
        """Say how many rows *table* has: their ids count from 1."""
        return len(self.told[table])

    def _told(self) -> dict[str, Any]:
        told: dict[str, Any] = {"name": "Canaries", "zone": "UTC", "note": "Nothing real."}
        told["organisations"] = [
            {"key": "office", "name": "Office", "kind": "secretariat"},
            {"key": "hotline", "name": "Hotline", "kind": "hotline"},
            {"key": "one", "name": "Company One", "kind": "member"},
            {"key": "two", "name": "Company Two", "kind": "member"},
        ]
        told["people"] = [self._person(user, role) for user, role in ROLES.items()]
        told["channels"] = [
            self._channel("public", "everyone", audience="public"),
            self._channel("members", ["U0MEMBER", "U0SITS", "U0STAFF"], audience="members"),
            self._channel("group", ["U0SITS", "U0CHAIR", "U0SEATED"], group="group"),
            self._channel("staff", ["U0STAFF", "U0ADMIN"], audience="staff"),
        ]
        told["groups"] = [self._group(audience, audience) for audience in AUDIENCES]
        told["groups"].append(self._group("group", "other"))
        for table in TABLES:
            entries = [self._entry(table, audience, audience) for audience in AUDIENCES]
            told[table] = [*entries, self._entry(table, "group", "other")]
        told["briefings"] += [
            {**self._entry("briefings", "members", "draft"), "state": "draft"},
            {**self._entry("briefings", "members", "members"), "state": "cancelled"},
            {**self._entry("briefings", "members", "members"), "days": -20},
        ]
        told["resources"].append(self._entry("resources", "public", "public"))
        told["actions"].append(self._entry("actions", "staff", "staff"))
        told["digests"] = [
            {"channel": channel["key"], "weekday": "monday", "at": "13:00", "zone": "UTC"}
            for channel in told["channels"]
        ]
        return told

    def _person(self, user: str, role: str) -> dict[str, Any]:
        home = {"member": "one", "external": "hotline"}.get(role, "office")
        linked = {"organisation": home} if role != "unknown" else {}
        return {
            "key": user,
            "name": f"Person {user[2:].title()}",
            "slack": user,
            "role": role,
            "zone": "UTC",
            "flags": FLAGS.get(user, []),
            **linked,
        }

    def _channel(self, key: str, members: str | list[str], **who: str) -> dict[str, Any]:
        private = {"private": key != "public"}
        return (
            {"key": key, "id": f"C0{key.upper()}", "name": key, "members": members} | private | who
        )

    def _group(self, audience: str, circle: str) -> dict[str, Any]:
        # A group for those who sit in it is its own circle; "other" has nobody of ours in it.
        seats = {"group": {"members": ["U0SEATED", "U0SITS"], "chairs": ["U0CHAIR"]}}
        return {
            "key": circle,
            "name": self.text("groups", circle),
            "purpose": self.text("groups", circle, "Purpose"),
            "audience": audience,
            "tlp": LABEL.get(audience, "AMBER"),
            "open": True,
            **seats.get(circle, {}),
        }

    def _entry(self, table: str, audience: str, circle: str) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "key": f"{table}{len(self.circle)}",
            "title": self.text(table, circle),
            "audience": audience,
            "tlp": LABEL.get(audience, "AMBER"),
        }
        if audience == "group":
            entry["group"] = "other" if circle == "other" else "group"
        say: dict[str, Callable[[str], dict[str, Any]]] = {
            "briefings": self._briefings,
            "resources": self._resources,
            "initiatives": self._initiatives,
            "actions": self._actions,
        }
        return entry | say[table](circle)

    def _briefings(self, circle: str) -> dict[str, Any]:
        said = {name: self.text("briefings", circle, name) for name in ("summary", "venue", "city")}
        token = self.text("briefings", circle, "").strip()
        return said | {
            "kind": "briefing",
            "state": "published",
            "days": 1,
            "at": "12:30",
            "minutes": 60,
            "zone": "UTC",
            "agenda": [self.text("briefings", circle, "Point")],
            "format": "hybrid",
            "join_link": f"https://example.org/{token}",
        }

    def _session(self, entry: dict[str, Any]) -> dict[str, str]:
        (token,) = CANARY.findall(entry["title"])
        circle = self.circle[token]
        return {name: self.text("briefings", circle, name) for name in ("title", "track", "room")}

    def _resources(self, circle: str) -> dict[str, Any]:
        token = self.text("resources", circle, "").strip()
        return {
            "link": f"https://example.org/{token}",
            "kind": "guide",
            "topics": [self.text("resources", circle, "Topic")],
            "summary": self.text("resources", circle, "Summary"),
        }

    def _initiatives(self, circle: str) -> dict[str, Any]:
        return {
            "health": "at_risk",
            "goal": self.text("initiatives", circle, "Goal"),
            "summary": self.text("initiatives", circle, "Summary"),
            "cadence_days": 7,
            "lead": "U0ADMIN",
            "milestones": [
                {"title": self.text("initiatives", circle, "Step"), "done": False, "days": -3}
            ],
            "updates": [
                {
                    "days_ago": 1,
                    "by": "U0ADMIN",
                    "health": "at_risk",
                    "text": self.text("initiatives", circle, "Moved"),
                    "next": self.text("initiatives", circle, "Next"),
                    "reason": self.text("initiatives", circle, "Reason"),
                }
            ],
        }

    def _actions(self, circle: str) -> dict[str, Any]:
        return {"owner": "U0ADMIN", "state": "open", "due_days": -1}


@asynccontextmanager
async def caged(
    url: str, transport: str, coalition: Coalition | None = None
) -> AsyncIterator[tuple[Story, Coalition]]:
    """Run the bot among canaries over *transport*, with every actor in place."""
    coalition = coalition or Coalition()
    workspace = demo.populated(coalition.told, Clock(frozen_at=MONDAY))
    workspace.add_user("Person Unmet", id="U0UNMET")
    async with workspace.serving():
        settings = Settings("", "", "", "", url, ("127.0.0.1", 0), public_url=PUBLIC)
        app_token = workspace.app_token if transport == "socket" else ""
        async with demo.running_in(
            workspace, settings, coalition.told, app_token=app_token, pace=10**6
        ) as bot:
            story = Story(workspace, bot)
            _settle(story, coalition)
            yield story, coalition


def _settle(story: Story, coalition: Coalition) -> None:
    """Bring in what a file cannot say: sessions, who was named, who is a guest, who left."""
    said: dict[str, dict[str, Any]] = {
        "U0GONE": {"is_active": False},
        "U0CAPPED": {"is_guest": True, "linked_at": None},
        "U0STRANGER": {"is_stranger": True},
    }
    with altering(story.bot.units.database) as session:
        for user, values in said.items():
            session.execute(sa.update(Person).where(Person.slack_user == user).values(**values))
        ids = dict(session.execute(sa.select(Person.slack_user, Person.id)).all())
        filed = sa.select(Briefing).where(Briefing.source.is_not(None))
        held = session.scalars(filed.order_by(Briefing.id)).all()
        for briefing, said_of in zip(held, coalition.sessions, strict=True):
            at = {"starts_at": briefing.starts_at, "ends_at": briefing.ends_at}
            here = {"workspace_id": story.bot.workspace, "briefing_id": briefing.id}
            session.add(Talk(**here, **at, **said_of))
            session.flush()
        for table in (*TABLES, "groups"):
            stored = {"actions": "action_items", "groups": "working_groups"}.get(table, table)
            session.add_all(
                NamedReader(
                    workspace_id=story.bot.workspace,
                    item_table=stored,
                    item_id=AUDIENCES.index("named") + 1,
                    person_id=ids[user],
                )
                for user in NAMED
            )
