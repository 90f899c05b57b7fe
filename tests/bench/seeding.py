"""Fills a database for measuring, by statements that make all rows of a table at once."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from storage import retention
from storage.database import Database, Session, writes
from storage.models import (
    ActionItem,
    ActionState,
    Audience,
    AuditEntry,
    Briefing,
    BriefingPartner,
    CalendarFeed,
    Delivery,
    DeliveryState,
    GroupSeat,
    Health,
    Initiative,
    InitiativeUpdate,
    ItemWord,
    Kind,
    Lane,
    LedgerEntry,
    Milestone,
    NamedReader,
    Organisation,
    OrganisationKind,
    OwnDigest,
    PartnerRole,
    Person,
    Place,
    Preference,
    Resource,
    ResourceKind,
    Role,
    Row,
    Rsvp,
    Series,
    Standing,
    State,
    Subscription,
    Tlp,
    WorkingGroup,
    Workspace,
)
from storage.models.words import trait
from storage.scoping import lift
from storage.surveying import survey

TEAM = "T0CONVENE"
ANSWERS, SEATS, CAPACITY = 20, 15, 40
BODIES, IN_GROUP, IN_SERIES = 500, 50, 10
FULL = 7  # every so many briefings one is full, and five people wait
FOR_GROUP, FOR_STAFF = 10, 20
NEWS = 20  # of the newest resources, where all are told of them
DUE = 100  # one in so many deliveries can be made due
NEEDLES, NEEDLE = 10, "lighthouse"  # of whatever size a table is, so many titles hold this word
ASKING = 200  # of the people, so many are asked for
HOUR = timedelta(hours=1)
ONE = sa.literal(1)


@dataclass(frozen=True)
class Size:
    """How much there is: of briefings, each with 20 answers, and of people.

    *to_come* is the share of the briefings that have not begun; of the initiatives one in *open* is
    under way, of the action items half as many. *clicked* is a briefing with room for everybody
    and nobody in it.
    """

    briefings: int
    people: int
    resources: int = 0
    deliveries: int = 0
    initiatives: int = 0
    to_come: float = 0.5
    open: int = 1

    @property
    def groups(self) -> int:
        """How many working groups there are; each has some fifty people."""
        return max(12, self.people // IN_GROUP)

    @property
    def clicked(self) -> int:
        """Give the id of the one that clicks go for: the last there is."""
        return self.briefings

    def users(self) -> list[str]:
        """Give the Slack ids of those who ask: spread over everybody, none of them alike."""
        step = max(1, self.people // ASKING)
        return [_user(number) for number in range(1, self.people + 1, step)][:ASKING]

    def everybody(self) -> list[str]:
        """Give everybody's Slack id."""
        return [_user(number) for number in range(1, self.people + 1)]


def fill(database: Database, size: Size, now: datetime | None = None) -> None:
    """Fill *database*, which is empty, and let it look at what it has, as it does in time."""
    database.run(_build, size, now or datetime.now(UTC))
    _look(database)


def _look(database: Database) -> None:
    if database.is_sqlite:
        database.run(survey, datetime.now(UTC))
    else:
        engine = database.writer.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def owe(database: Database) -> None:
    """Let one in a hundred of the deliveries be due, which were all sent so far."""
    database.run(_owe)
    _look(database)


def order(database: Database, people: int, channels: int) -> None:
    """Let the digests of *people* and of *channels*, which are for everybody, be due now."""
    database.run(_order, people, channels, datetime.now(UTC) - HOUR / 60)


@writes
def _order(session: Session, people: int, channels: int, due: datetime) -> None:
    lift(session, "a measurement")
    own = sa.update(OwnDigest).where(OwnDigest.person_id <= people).values(next_at=due)
    session.execute(own)
    marks = {"workspace_id": 1, "audience": Audience.PUBLIC, "tlp": Tlp.CLEAR}
    when = {"weekday": 0, "at": "09:00", "zone": "UTC", "next_at": due}
    given = [{**marks, **when, "channel": f"C{number:06}"} for number in range(channels)]
    session.execute(sa.insert(Subscription), given)
    # What is new for everybody, or a channel would have nothing to be told.
    news = {"audience": Audience.PUBLIC, "tlp": Tlp.CLEAR}
    session.execute(sa.update(Resource).where(Resource.id <= NEWS).values(**news))


@writes
def _owe(session: Session) -> None:
    maker = _Maker(session, datetime.now(UTC))
    maker.switch("DISABLE")
    due = {"state": DeliveryState.PENDING, "sent_at": None}
    session.execute(sa.update(Delivery).where(Delivery.id % DUE == 0).values(**due))
    maker.switch("ENABLE")


@writes
def _build(session: Session, size: Size, now: datetime) -> None:
    lift(session, "a measurement")
    maker = _Maker(session, now)
    maker.switch("DISABLE")
    # Nothing is past its time, or ours would forget it while something else is measured.
    kept = {"retention": dict.fromkeys(retention.CHANGEABLE, retention.MOST)}
    bench = {"id": 1, "team": TEAM, "name": "Bench", "zone": "UTC", **kept}
    session.execute(sa.insert(Workspace), [bench])
    maker.rows(Organisation, BODIES, _organisation(maker.i))
    maker.rows(Person, size.people, _person(maker))
    maker.rows(WorkingGroup, size.groups, _group(maker.i))
    maker.rows(GroupSeat, size.people, _seat(maker, size.groups))
    maker.rows(
        Series, size.briefings // IN_SERIES + 1, {"id": maker.i, **_named("Series", maker.i)}
    )
    maker.rows(Briefing, size.briefings, _briefing(maker, size))
    answers, may_see = _answer(maker, size)
    maker.rows(Rsvp, (size.briefings - 1) * ANSWERS, answers, may_see)
    maker.rows(
        Initiative, size.initiatives or max(1, size.briefings // 100), _initiative(maker, size)
    )
    maker.rows(ActionItem, 2 * size.people, _item(maker, size))
    maker.rows(Resource, size.resources, _resource(maker, size))
    maker.rows(Delivery, size.deliveries, _delivery(maker, size))
    _words(maker, size)
    _beside(maker, size)
    maker.switch("ENABLE")
    maker.number_on()


class _Maker:
    """Makes rows from the numbers 1, 2, …; *i* is the number in the statement."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self.now = session, now
        self._is_sqlite = session.get_bind().dialect.name == "sqlite"
        self.i: sa.ColumnElement[int] = sa.literal_column("numbers.i", sa.Integer)

    def rows(
        self,
        model: type[Row],
        many: int,
        values: dict[str, Any],
        which: sa.ColumnElement[bool] | None = None,
    ) -> None:
        """Make *many* rows of *model*, each of the *values*, or only *which* of them."""
        if many < 1:
            return
        first = sa.select(ONE.label("i")).cte("numbers", recursive=True)
        numbers = first.union_all(sa.select(first.c.i + 1).where(first.c.i < many))
        values = {"workspace_id": ONE, **values}
        made = [
            (value if isinstance(value, sa.ColumnElement) else sa.literal(value)).label(name)
            for name, value in values.items()
        ]
        rows = sa.select(*made).select_from(numbers)
        rows = rows if which is None else rows.where(which)
        self._session.execute(sa.insert(model).from_select(list(values), rows))

    def after(self, hours: sa.ColumnElement[Any], since: datetime) -> sa.ColumnElement[Any]:
        """Give the moment so many *hours* after *since*."""
        if self._is_sqlite:
            given = sa.func.strftime(
                "%Y-%m-%d %H:%M:%S.000000",
                f"{since:%Y-%m-%d %H:%M:%S}",
                _text(hours).concat(" hours"),
            )
            return sa.type_coerce(given, sa.Text)
        return sa.literal(since, sa.DateTime(timezone=True)) + hours * sa.literal(HOUR, sa.Interval)

    def switch(self, on: str) -> None:
        """Let PostgreSQL owe a job for each delivery, or not: the measurements send none."""
        if not self._is_sqlite:
            self._session.execute(sa.text(f"ALTER TABLE deliveries {on} TRIGGER USER"))

    def number_on(self) -> None:
        """Let PostgreSQL give the ids after those that were given here."""
        if self._is_sqlite:
            return
        for table in Row.metadata.sorted_tables:
            last = f"SELECT max(id) FROM {table.name}"  # noqa: S608 -- our own names
            self._session.execute(
                sa.text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), ({last}))"
                    f" WHERE ({last}) IS NOT NULL"
                )
            )


def _user(number: int) -> str:
    return f"U{number + 1_000_000}"


def _text(value: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    return sa.cast(value, sa.Text)


def _named(noun: str, i: sa.ColumnElement[int], rest: str = "") -> dict[str, Any]:
    title = sa.literal(f"{noun} number ", sa.Text).concat(_text(i)).concat(rest)
    return {"title": title, "folded": sa.func.lower(title)}


def _marks(i: sa.ColumnElement[int], size: Size) -> dict[str, Any]:
    """Most is for members, a tenth for a group, a twentieth for staff."""
    return {
        "audience": sa.case(
            (i % FOR_STAFF == 3, Audience.STAFF.value),
            (i % FOR_GROUP == 5, Audience.GROUP.value),
            else_=Audience.MEMBERS.value,
        ),
        "tlp": Tlp.AMBER.value,
        "audience_group_id": sa.case((i % FOR_GROUP == 5, i // FOR_GROUP % size.groups + 1)),
    }


def _words(maker: _Maker, size: Size) -> None:
    """Make the words by which all that is found, as `models.words.words_of` gives them."""
    i, topic = maker.i, "on online safety"
    initiatives = size.initiatives or max(1, size.briefings // 100)
    for model, many, noun, rest in (
        (WorkingGroup, size.groups, "Group", ""),
        (Series, size.briefings // IN_SERIES + 1, "Series", ""),
        (Briefing, size.briefings, "Briefing", f" {topic}"),
        (Initiative, initiatives, "Initiative", ""),
        (ActionItem, 2 * size.people, "Item", ""),
        (Resource, size.resources, "Guide", f" {topic}"),
    ):
        has_needle = i % max(1, many // NEEDLES) == 0 if rest else sa.false()
        title = _named(noun, i, rest)["folded"]
        said = f"{noun.lower()} number{rest}{' london' if noun == 'Briefing' else ''}".split()
        said += [trait(Kind.BRIEFING), trait(Place.HYBRID)] if noun == "Briefing" else []
        words = [sa.literal(word, sa.Text) for word in said]
        where = {"item_table": model.__tablename__, "item_id": i}
        for word in (_text(i), title.concat(sa.case((has_needle, f" {NEEDLE}"), else_="")), *words):
            maker.rows(ItemWord, many, {**where, "word": word})
        needle = sa.literal(NEEDLE, sa.Text)
        maker.rows(ItemWord, many, {**where, "word": needle}, has_needle)


def _beside(maker: _Maker, size: Size) -> None:
    """Make what gathers beside all that: what people ordered and wish, and what was noted."""
    i, people, many = maker.i, size.people, size.briefings
    whose, then = {"person_id": i}, maker.after(i * 0, maker.now - HOUR)
    soon = maker.after(i % 100 + 100, maker.now)
    maker.rows(OwnDigest, people, {**whose, "weekday": 0, "at": "09:00", "next_at": soon})
    maker.rows(Preference, people, whose)
    maker.rows(CalendarFeed, people, {**whose, "digest": _text(i), "made_at": then})
    lane = {"recipient": sa.literal("U", sa.Text).concat(_text(i + 1_000_000)), "free_at": then}
    maker.rows(Lane, people, lane)
    maker.rows(LedgerEntry, many, {"key": sa.literal("k", sa.Text).concat(_text(i)), "at": then})
    noted = {"verb": "edit", "subject": sa.literal("briefing ", sa.Text).concat(_text(i))}
    empty = {"before": sa.literal({}, sa.JSON), "after": sa.literal({}, sa.JSON)}
    maker.rows(AuditEntry, many, {"at": then, "actor_id": i % people + 1, **noted, **empty})
    named = {"item_table": "resources", "item_id": i, "person_id": (i - 1) % people + 1}
    maker.rows(NamedReader, many, named)
    part = {"organisation_id": i % BODIES + 1}
    maker.rows(BriefingPartner, many, {"briefing_id": i, "role": PartnerRole.SPEAKER.value, **part})
    about = {"initiative_id": (i - 1) // 2 + 1}
    twice = 2 * (size.initiatives or max(1, many // 100))
    told = {
        "health": Health.ON_TRACK.value,
        "text": "It goes on.",
        "made_at": maker.after(-i, maker.now),
    }
    maker.rows(InitiativeUpdate, twice, {**about, **told, "author_id": i % people + 1})
    step = {"title": "A step", "position": i % 2, "due": "2026-12", "due_on": maker.now.date()}
    maker.rows(Milestone, twice, {**about, **step})


def _organisation(i: sa.ColumnElement[int]) -> dict[str, Any]:
    name = sa.literal("Company ", sa.Text).concat(_text(i))
    kind = OrganisationKind.MEMBER.value
    return {"id": i, "name": name, "folded": sa.func.lower(name), "kind": kind}


def _person(maker: _Maker) -> dict[str, Any]:
    i = maker.i
    return {
        "id": i,
        "slack_team": TEAM,
        "slack_user": sa.literal("U", sa.Text).concat(_text(i + 1_000_000)),
        "name": sa.literal("Person ", sa.Text).concat(_text(i)),
        "role": Role.MEMBER.value,
        "organisation_id": i % BODIES + 1,
        "zone": "Europe/Brussels",
        "linked_at": maker.after(i * 0, maker.now),
        "met_at": maker.after(i * 0, maker.now),
    }


def _group(i: sa.ColumnElement[int]) -> dict[str, Any]:
    return {"id": i, **_named("Group", i), "purpose": "", "cadence": ""}


def _seat(maker: _Maker, groups: int) -> dict[str, Any]:
    return {
        "group_id": maker.i % groups + 1,
        "person_id": maker.i,
        "organisation_id": maker.i % BODIES + 1,
        "is_chair": sa.false(),
        "joined_at": maker.after(maker.i * 0, maker.now),
    }


def _briefing(maker: _Maker, size: Size) -> dict[str, Any]:
    i, clicked = maker.i, maker.i == size.clicked
    # One every hour, so that none is like another; some are over, the others are to come.
    over = int(size.briefings * (1 - size.to_come))
    step = max(1, size.briefings // NEEDLES)
    named = _named("Briefing", i, " on online safety")
    needle = sa.case((i % step == 0, f" {NEEDLE}"), else_="")
    return {
        "id": i,
        "title": named["title"].concat(needle),
        "folded": named["folded"].concat(needle),
        "kind": Kind.BRIEFING.value,
        "state": State.PUBLISHED.value,
        **_marks(sa.case((clicked, 1), else_=i), size),
        "series_id": i // IN_SERIES + 1,
        "starts_at": maker.after(i - over, maker.now),
        "ends_at": maker.after(i - over + 1, maker.now),
        "is_long": sa.false(),
        "zone": "Europe/London",
        "place": Place.HYBRID.value,
        "city": "London",
        "capacity": sa.case((clicked, 1_000_000), (i % FULL == 0, SEATS), else_=CAPACITY),
        "taken": sa.case((sa.or_(clicked, i % FOR_STAFF == 3), 0), else_=SEATS),
    }


def _answer(maker: _Maker, size: Size) -> tuple[dict[str, Any], sa.ColumnElement[bool]]:
    """Make answers, and say which: those of people who may not see a briefing would be taken."""
    people, groups = size.people, size.groups
    briefing, turn = (maker.i - 1) // ANSWERS + 1, (maker.i - 1) % ANSWERS
    # The turns are a twentieth of everybody apart, so nobody answers twice.
    anybody = (briefing * 31 + turn * max(1, people // ANSWERS)) % people + 1
    is_group = briefing % FOR_GROUP == 5
    sitting = (turn + 1) * groups + briefing // FOR_GROUP % groups
    person = sa.case((is_group, sitting), else_=anybody)
    may_see = sa.and_(briefing % FOR_STAFF != 3, person <= people)
    is_full, answered = briefing % FULL == 0, maker.after(maker.i * 0, maker.now - HOUR)
    given = {
        "briefing_id": briefing,
        "person_id": person,
        "organisation_id": person % BODIES + 1,
        "standing": sa.case(
            (turn < SEATS, Standing.GOING.value),
            (is_full, Standing.WAITLISTED.value),
            (turn % 2 == 0, Standing.MAYBE.value),
            else_=Standing.DECLINED.value,
        ),
        "answered_at": answered,
        "waitlisted_at": sa.case((sa.and_(turn >= SEATS, is_full), answered)),
    }
    return given, may_see


def _item(maker: _Maker, size: Size) -> dict[str, Any]:
    i, people = maker.i, size.people
    # Some of it begun, most of it over: the more is done, the longer ago.
    due = maker.after(i % (400 * size.open) - (300 * size.open - 200), maker.now)
    owner, is_open = (i - 1) // 2 + 1, i % (2 * size.open) == 0
    return {
        "id": i,
        **_named("Item", i),
        "owner_id": owner,
        "organisation_id": owner % BODIES + 1,
        "creator_id": i % people + 1,
        "state": sa.case((is_open, ActionState.OPEN.value), else_=ActionState.DONE.value),
        "due_on": maker.now.date(),
        "due_at": due,
        "done_at": sa.case((~is_open, due)),
        "created_at": maker.after(i * 0, maker.now - HOUR),
        "briefing_id": i % size.briefings + 1,
        "group_id": i % size.groups + 1,
    }


def _initiative(maker: _Maker, size: Size) -> dict[str, Any]:
    return {
        "id": maker.i,
        **_named("Initiative", maker.i),
        "health": sa.case(
            (maker.i % size.open == 0, Health.ON_TRACK.value), else_=Health.DONE.value
        ),
        "cadence_days": 7,
        "moved_at": maker.after(-(maker.i % 200), maker.now),
        "origin_briefing_id": maker.i,
    }


def _resource(maker: _Maker, size: Size) -> dict[str, Any]:
    i, many = maker.i, size.resources
    named = _named("Guide", i, " on online safety")
    needle = sa.case((i % max(1, many // NEEDLES) == 0, f" {NEEDLE}"), else_="")
    # As `resources.searchable` makes it: title, topics, summary, publisher and kind.
    words = (
        sa.literal(" ", sa.Text).concat(named["folded"]).concat(needle).concat(" \n| \n \n guide ")
    )
    return {
        "id": i,
        "title": named["title"].concat(needle),
        "folded": named["folded"].concat(needle),
        **_marks(i, size),
        "origin_briefing_id": i % size.briefings + 1,
        "link": "https://example.org/guide",
        "kind": ResourceKind.GUIDE.value,
        "words": words,
        "added_at": maker.after(-i, maker.now),
    }


def _delivery(maker: _Maker, size: Size) -> dict[str, Any]:
    i = maker.i
    due = maker.after(-(i % 1000) - 1, maker.now)
    return {
        "key": sa.literal("bench:", sa.Text).concat(_text(i)),
        "kind": "reminder",
        "recipient": sa.literal("U", sa.Text).concat(_text(i // DUE % size.people + 1_000_001)),
        "details": sa.literal({}, sa.JSON),
        "state": DeliveryState.SENT.value,
        "due_at": due,
        "sent_at": due,
        "created_at": due,
    }
