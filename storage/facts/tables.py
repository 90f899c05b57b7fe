"""The tables of a facts file: which keys an entry of each must and may have."""

from collections.abc import Mapping

from storage import retention
from storage.facts import kinds, shapes
from storage.facts.shapes import Rule, Shape
from storage.models import (
    ActionState,
    Answer,
    Audience,
    BoardRole,
    Health,
    Kind,
    OrganisationKind,
    Part,
    Place,
    ResourceKind,
    Role,
    State,
    Tlp,
)

FLAGS = ("guest", "single_channel_guest", "other_organisation", "stranger", "deactivated")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WHEN = ("on", "month", "year", "days")

_days = kinds.whole(-36500, 36500)
_ago = kinds.whole(0, 36500)
_year = kinds.whole(1900, 2199)
_source = {"source": kinds.either(kinds.text, kinds.several(kinds.text)), "fictional": kinds.flag}
_person, _organisation = kinds.ref("people"), kinds.ref("organisations")
_marks = {"audience": kinds.choice(Audience), "tlp": kinds.choice(Tlp)}
_fit = (
    Rule(("audience", "tlp"), shapes.marks_fit),
    Rule(("tlp",), shapes.red_has_no_body),
)
_named = Rule(("audience", "group"), shapes.group_named)
_wanted = Rule(("audience", "group"), shapes.group_wanted)
_alternate = Rule(("lead", "alternate"), shapes.alternate_apart)
_health = kinds.choice(Health)

_terms = kinds.table(retention.CHANGEABLE, kinds.whole(retention.LEAST, retention.MOST))

COALITION = Shape(
    required={"name": kinds.title, "zone": kinds.zone},
    optional={"note": kinds.text, "retention": _terms},
)
TABLES: Mapping[str, Shape] = {
    "organisations": Shape(
        required={
            "key": kinds.text,
            "name": kinds.title,
            "kind": kinds.choice(OrganisationKind),
        },
        optional=_source
        | {
            "aliases": kinds.several(kinds.title),
            "domains": kinds.several(kinds.domain),
            "board": kinds.choice(BoardRole),
            "country": kinds.text,
            "joined_on": kinds.day,
            "joined_year": _year,
        },
        once=("key", "name"),
    ),
    "people": Shape(
        required={
            "key": kinds.text,
            "name": kinds.title,
            "slack": kinds.user,
            "role": kinds.choice(Role),
            "zone": kinds.zone,
        },
        optional=_source
        | {
            "organisation": _organisation,
            "title": kinds.title,
            "locale": kinds.text,
            "team": kinds.team,
            "domain": kinds.domain,
            "flags": kinds.several(kinds.word(*FLAGS)),
        },
        once=("key", "slack"),
        rules=(Rule(("role", "organisation"), shapes.represents),),
    ),
    "channels": Shape(
        required={
            "key": kinds.text,
            "id": kinds.channel,
            "name": kinds.title,
            "members": kinds.either(
                kinds.word("everyone", "members", "staff"), kinds.several(_person)
            ),
        },
        optional=_source
        | {
            "purpose": kinds.text,
            "private": kinds.flag,
            "shared": kinds.flag,
            "audience": kinds.word("public", "community", "members", "staff"),
            "group": kinds.ref("groups"),
        },
        once=("key", "id", "name"),
        rules=(shapes.one_of("audience", "group"),),
    ),
    "groups": Shape(
        required={"key": kinds.text, "name": kinds.title, **_marks},
        optional=_source
        | {
            "purpose": kinds.text,
            "cadence": kinds.text,
            "channel": kinds.ref("channels"),
            "chairs": kinds.several(_person),
            "members": kinds.several(_person),
            "open": kinds.flag,
        },
        once=("key", "name"),
        rules=(*_fit,),
    ),
    "series": Shape(
        required={"key": kinds.text, "name": kinds.title},
        optional=_source | {"purpose": kinds.text},
        once=("key", "name"),
    ),
    "briefings": Shape(
        required={
            "key": kinds.text,
            "title": kinds.title,
            "kind": kinds.choice(Kind),
            "state": kinds.choice(State),
            **_marks,
        },
        optional=_source
        | {
            "series": kinds.ref("series"),
            "edition": kinds.text,
            "host": _organisation,
            "partners": kinds.several(_organisation),
            "attended": kinds.several(_organisation),
            "summary": kinds.text,
            "agenda": kinds.several(kinds.text),
            "on": kinds.day,
            "month": kinds.month,
            "year": _year,
            "days": _days,
            "at": kinds.clock,
            "minutes": kinds.whole(1, 100_000),
            "zone": kinds.zone,
            "format": kinds.choice(Place),
            "venue": kinds.text,
            "city": kinds.text,
            "join_link": kinds.link,
            "recording_link": kinds.link,
            "capacity": kinds.whole(1, 1_000_000),
            "registration_closes_days": kinds.whole(0, 3660),
            "registration_opens_days": kinds.whole(0, 3660),
            "waitlist": kinds.flag,
            "group": kinds.ref("groups"),
        },
        parts={
            "answers": Shape(
                required={"person": _person, "answer": kinds.choice(Answer)}, once=("person",)
            )
        },
        once=("key", "title"),
        rules=(
            *_fit,
            _named,
            _wanted,
            shapes.one_of(*WHEN),
            Rule(("at", "minutes", "on", "days"), shapes.by_the_clock),
            Rule(("kind", "state", "answers"), shapes.answered),
        ),
    ),
    "resources": Shape(
        required={
            "key": kinds.text,
            "title": kinds.title,
            "link": kinds.link,
            "kind": kinds.choice(ResourceKind),
            **_marks,
        },
        optional=_source
        | {
            "topics": kinds.several(kinds.title),
            "summary": kinds.text,
            "version": kinds.text,
            "publisher": _organisation,
            "published": kinds.day,
            "month": kinds.month,
            "year": _year,
            "origin": kinds.ref("briefings", "initiatives"),
            "added_days_ago": _ago,
            "group": kinds.ref("groups"),
        },
        once=("key", "title"),
        rules=(
            *_fit,
            _named,
            _wanted,
            shapes.one_of("published", "month", "year", at_least=0),
        ),
    ),
    "initiatives": Shape(
        required={"key": kinds.text, "title": kinds.title, "health": _health, **_marks},
        optional=_source
        | {
            "goal": kinds.text,
            "summary": kinds.text,
            "lead": _person,
            "alternate": _person,
            "lead_organisation": _organisation,
            "origin": kinds.ref("briefings"),
            "cadence_days": kinds.whole(1, 3660),
            "group": kinds.ref("groups"),
        },
        parts={
            "participants": Shape(
                required={"organisation": _organisation, "role": kinds.choice(Part)},
                once=("organisation",),
            ),
            "milestones": Shape(
                required={"title": kinds.title, "done": kinds.flag},
                optional=_source
                | {"on": kinds.day, "month": kinds.month, "year": _year, "days": _days},
                once=("title",),
                rules=(shapes.one_of(*WHEN, at_least=0),),
            ),
            "updates": Shape(
                required={"days_ago": _ago, "by": _person, "health": _health, "text": kinds.text},
                optional=_source | {"next": kinds.text, "reason": kinds.text},
            ),
        },
        once=("key", "title"),
        rules=(*_fit, _named, _wanted, _alternate),
    ),
    "actions": Shape(
        required={
            "key": kinds.text,
            "title": kinds.title,
            "owner": _person,
            "state": kinds.choice(ActionState),
            **_marks,
        },
        optional=_source
        | {
            "organisation": _organisation,
            "due_days": _days,
            "done_days_ago": _ago,
            "briefing": kinds.ref("briefings"),
            "group": kinds.ref("groups"),
            "initiative": kinds.ref("initiatives"),
        },
        once=("key", "title"),
        rules=(*_fit, _named, Rule(("state", "done_days_ago"), shapes.is_done)),
    ),
    "digests": Shape(
        required={
            "channel": kinds.ref("channels"),
            "weekday": kinds.word(*WEEKDAYS),
            "at": kinds.clock,
            "zone": kinds.zone,
        },
        optional=_source,
        once=("channel",),
    ),
}
