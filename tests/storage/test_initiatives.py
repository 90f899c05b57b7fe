"""How initiatives stand, who moves them, what needs attention and who sees it."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from storage import initiatives, progress, updates
from storage.asker import Asker
from storage.crowds import Crowd
from storage.database import Database
from storage.errors import Refusal
from storage.models import (
    Audience,
    AuditEntry,
    Delivery,
    Health,
    Initiative,
    InitiativeParticipant,
    InitiativeUpdate,
    OrganisationKind,
    Part,
    Role,
    Tlp,
)
from storage.pages import Page
from storage.policy import readers
from storage.updates import Draft
from tests.factories import NOON, World, at_once, seeing_all

ON_TRACK, AT_RISK, OFF_TRACK = Health.ON_TRACK, Health.AT_RISK, Health.OFF_TRACK
PAUSED, DONE = Health.PAUSED, Health.DONE
AT_ONCE = timedelta()
SAID = Draft(ON_TRACK, "Two agencies answered", "Ask the third")


def days(number: float) -> timedelta:
    return timedelta(days=number)


def active(
    world: World, asker: Asker, page: int = 0, now: timedelta = AT_ONCE
) -> Page[initiatives.Line]:
    return world.database.run(initiatives.active, asker, NOON + now, page)


def names(world: World, asker: Asker) -> set[str]:
    return {line.title for line in active(world, asker).rows}


def post(
    world: World, asker: Asker, initiative: Initiative, draft: Draft, after: timedelta = AT_ONCE
) -> updates.Outcome:
    return world.database.run(updates.post, asker, NOON + after, initiative.id, draft)


def standing(world: World, initiative: Initiative) -> tuple[Health, timedelta, int]:
    with seeing_all(world.database) as session:
        row = session.get_one(Initiative, initiative.id)
        number = session.scalar(sa.select(sa.func.count()).select_from(InitiativeUpdate))
        return row.health, row.moved_at - NOON, number or 0


def test_what_is_most_urgent_comes_first(database: Database) -> None:
    world = World(database)
    for title, health, ago in (
        ("paused", PAUSED, 90),
        ("on track", ON_TRACK, 3),
        ("done", DONE, 1),
        ("stale", ON_TRACK, 20),
        ("at risk", AT_RISK, 2),
        ("off track", OFF_TRACK, 1),
        ("off track for longer", OFF_TRACK, 2),
    ):
        world.initiative(title, health=health, cadence_days=14, moved_at=NOON - days(ago))
    asker = world.member()

    first, second = active(world, asker), active(world, asker, 1)

    assert [line.title for line in (*first.rows, *second.rows)] == [
        "off track for longer",
        "off track",
        "at risk",
        "stale",
        "on track",
        "paused",
    ]
    assert (first.total, len(first.rows)) == (6, 5)


def test_a_line_says_who_leads_how_long_it_was_silent_and_what_is_next(database: Database) -> None:
    world = World(database)
    own, company = world.organisation("Zoom"), world.organisation("Adobe")
    lead = world.person("Ana Silva", organisation_id=own.id)
    initiative = world.initiative(
        "Reporting template",
        lead_id=lead.id,
        lead_organisation_id=company.id,
        cadence_days=14,
        moved_at=NOON - days(23.5),
    )
    world.milestone(initiative, "reached", is_done=True, done_at=NOON)
    world.milestone(initiative, "some day")
    world.milestone(initiative, "later", due="2027-03", due_on=date(2027, 3, 31))
    world.milestone(initiative, "next", due="2026-12", due_on=date(2026, 12, 31))
    unled = world.initiative("Unled", lead_organisation_id=company.id)
    world.milestone(unled, "another's", due="2026", due_on=date(2026, 12, 1))

    line, other = active(world, world.member()).rows

    assert (line.lead, line.lead_organisation) == ("Ana Silva", "Zoom")
    assert (other.lead, other.lead_organisation) == (None, "Adobe")
    assert (line.days, line.is_stale, line.cadence_days) == (23, True, 14)
    assert (line.milestone, line.milestone_due) == ("next", "2026-12")


@pytest.mark.parametrize(
    ("health", "cadence", "silent", "stale"),
    [
        (ON_TRACK, 14, days(14), False),
        (ON_TRACK, 14, days(14) + timedelta(seconds=1), True),
        (OFF_TRACK, 14, days(15), True),
        (PAUSED, 14, days(90), False),
        (ON_TRACK, None, days(900), False),
    ],
)
def test_stale_is_silent_for_longer_than_the_cadence(
    database: Database, health: Health, cadence: int | None, silent: timedelta, stale: bool
) -> None:
    world = World(database)
    world.initiative(health=health, cadence_days=cadence)

    line = active(world, world.member(), now=silent).rows[0]

    assert (line.is_stale, line.days) == (stale, silent.days)


def test_who_sees_an_initiative(database: Database) -> None:
    world = World(database)
    seated = world.person("Gus Oh", role=Role.EXTERNAL)
    group = world.group("Grooming", seated)
    world.initiative("public", audience=Audience.PUBLIC, tlp=Tlp.CLEAR)
    world.initiative("community", audience=Audience.COMMUNITY, tlp=Tlp.GREEN)
    world.initiative("members")
    world.initiative("group", audience=Audience.GROUP, audience_group_id=group.id)
    world.initiative("staff", audience=Audience.STAFF)

    assert names(world, world.unknown()) == {"public"}
    assert names(world, world.external()) == {"public", "community"}
    assert names(world, world.asker(seated)) == {"public", "community", "group"}
    assert names(world, world.member()) == {"public", "community", "members"}
    assert names(world, world.staff()) == {"public", "community", "members", "group", "staff"}
    assert names(world, readers(world.id, Audience.GROUP, group.id, "UTC")) == {
        "public",
        "community",
        "group",
    }
    assert names(world, World(database, "T0OTHER").staff()) == set()


def test_one_hidden_is_told_of_like_one_that_is_missing(database: Database) -> None:
    world = World(database)
    hidden, eve = world.initiative("Secret plan"), world.external()

    def refusal(called: str) -> set[str]:
        said = set()
        for verb in (initiatives.show, updates.form):
            with pytest.raises(Refusal) as refused:
                database.run(verb, eve, NOON, called)
            said.add(refused.value.sentence.replace(called, "X"))
        return said

    assert refusal(f"I{hidden.id}") == refusal("I999")
    assert refusal("Secret plan") == refusal("No such thing")
    with pytest.raises(Refusal, match="nothing called"):
        post(world, eve, hidden, SAID)
    assert standing(world, hidden)[2] == 0


def test_one_in_full_has_its_lead_participants_milestones_and_last_updates(
    database: Database,
) -> None:
    world = World(database)
    lead = world.member("Ana Silva")
    briefing = world.briefing("Washington", audience=Audience.STAFF)
    initiative = world.initiative(
        "Red teaming", lead_id=lead.person, origin_briefing_id=briefing.id
    )
    justice = world.organisation("Department of Justice", OrganisationKind.GOVERNMENT)
    world.add(
        InitiativeParticipant(
            initiative_id=initiative.id, organisation_id=justice.id, part=Part.INPUT
        )
    )
    world.milestone(initiative, "Second")
    for number in range(4):
        post(world, lead, initiative, Draft(ON_TRACK, f"step {number}"), days(number))

    with seeing_all(database) as session:
        shown = initiatives.show(session, lead, NOON, "red team")
        for_staff = initiatives.show(session, world.staff(), NOON, "red team")

    assert shown.initiative.lead is not None
    assert shown.initiative.lead.name == "Ana Silva"
    participant = shown.initiative.participants[0]
    assert (participant.organisation.name, participant.part) == (justice.name, Part.INPUT)
    assert [milestone.title for milestone in shown.initiative.milestones] == ["Second"]
    assert [update.text for update in shown.updates] == ["step 3", "step 2", "step 1"]
    assert (shown.origin, for_staff.origin) == (None, (f"E{briefing.id}", "Washington"))


@pytest.mark.parametrize("who", ["lead", "alternate", "staff"])
def test_the_lead_the_alternate_and_staff_move_it(database: Database, who: str) -> None:
    world = World(database)
    lead, alternate = world.member("Ana Silva"), world.member("Bo")
    asker = {"lead": lead, "alternate": alternate, "staff": world.staff()}[who]
    initiative = world.initiative(lead_id=lead.person, alternate_id=alternate.person)

    outcome = post(world, asker, initiative, Draft(AT_RISK, "Slow", "Call", "No staff"), days(1))

    assert (outcome.changed, outcome.update.is_suggestion, outcome.update.was) == (
        True,
        False,
        ON_TRACK,
    )
    assert standing(world, initiative) == (AT_RISK, days(1), 1)
    with seeing_all(database) as session:
        entry = session.scalars(sa.select(AuditEntry)).one()
        assert session.scalars(sa.select(Delivery)).all() == []
    assert (entry.verb, entry.before, entry.after["health"]) == (
        "update",
        {"health": "on_track"},
        "at_risk",
    )


@pytest.mark.parametrize("role", [Role.MEMBER, Role.EXTERNAL])
def test_anybody_else_suggests_and_the_lead_is_told(database: Database, role: Role) -> None:
    world = World(database)
    lead = world.member("Ana Silva")
    initiative = world.initiative(lead_id=lead.person, audience=Audience.COMMUNITY, tlp=Tlp.GREEN)

    outcome = post(
        world,
        world.asker(world.person(role=role)),
        initiative,
        Draft(AT_RISK, "Slow", reason="No staff"),
        days(1),
    )

    assert (outcome.update.is_suggestion, outcome.lead) == (True, "Ana Silva")
    assert standing(world, initiative) == (ON_TRACK, days(0), 1)
    with seeing_all(database) as session:
        owed = session.scalars(sa.select(Delivery)).one()
    assert (owed.kind, owed.recipient) == ("update_suggested", lead.slack_user)
    assert owed.details == {"initiative": initiative.id, "update": outcome.update.id}


@pytest.mark.parametrize("has_left", [True, False])
def test_without_a_lead_who_could_be_told_nobody_is(database: Database, has_left: bool) -> None:
    world = World(database)
    lead = world.person(is_active=False).id if has_left else None
    initiative = world.initiative(lead_id=lead)

    outcome = post(world, world.member(), initiative, SAID)

    assert (outcome.update.is_suggestion, outcome.lead) == (True, None)
    with seeing_all(database) as session:
        assert session.scalars(sa.select(Delivery)).all() == []


def test_people_nobody_has_linked_update_nothing(database: Database) -> None:
    world = World(database)
    unknown = world.unknown()
    initiative = world.initiative(lead_id=unknown.person, audience=Audience.PUBLIC, tlp=Tlp.CLEAR)

    with pytest.raises(Refusal, match="linked to an organisation"):
        database.run(updates.form, unknown, NOON, f"I{initiative.id}")
    with pytest.raises(Refusal, match="linked to an organisation"):
        post(world, unknown, initiative, SAID)
    assert standing(world, initiative)[2] == 0


@pytest.mark.parametrize(
    ("before", "after", "needed"),
    [
        (ON_TRACK, AT_RISK, True),
        (AT_RISK, OFF_TRACK, True),
        (ON_TRACK, PAUSED, True),
        (DONE, ON_TRACK, True),
        (OFF_TRACK, AT_RISK, False),
        (AT_RISK, AT_RISK, False),
        (OFF_TRACK, PAUSED, False),
        (ON_TRACK, DONE, False),
    ],
)
def test_standing_worse_takes_a_reason(
    database: Database, before: Health, after: Health, needed: bool
) -> None:
    world = World(database)
    staff, initiative = world.staff(), world.initiative(health=before)

    if needed:
        with pytest.raises(Refusal, match="say why"):
            post(world, staff, initiative, Draft(after, "Moved"))
        assert standing(world, initiative) == (before, days(0), 0)
    reason = "No staff" if needed else ""
    assert post(world, staff, initiative, Draft(after, "Moved", "", reason)).changed
    assert standing(world, initiative)[0] is after


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (Draft(ON_TRACK, ""), "what moved"),
        (Draft(ON_TRACK, "x" * 1001), "1001 characters; 1000 fit"),
        (Draft(ON_TRACK, "x", "y" * 301), "301 characters; 300 fit"),
        (Draft(ON_TRACK, "x", "", "y" * 301), "301 characters; 300 fit"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_saved(
    database: Database, draft: Draft, sentence: str
) -> None:
    world = World(database)
    initiative = world.initiative()

    with pytest.raises(Refusal, match=sentence):
        post(world, world.staff(), initiative, draft)
    assert standing(world, initiative)[2] == 0


def test_the_same_within_ten_minutes_is_the_same_update(database: Database) -> None:
    world = World(database)
    staff, other, initiative = world.staff("Dana Roe"), world.staff(), world.initiative()

    first = post(world, staff, initiative, SAID)
    again = post(world, staff, initiative, SAID, timedelta(minutes=9))
    others = post(world, other, initiative, SAID, timedelta(minutes=9))
    later = post(world, staff, initiative, SAID, timedelta(minutes=11))

    assert (again.changed, again.update.id) == (False, first.update.id)
    for outcome in (first, again):
        assert outcome.update.author is not None
        assert outcome.update.author.name == "Dana Roe"
    assert (others.changed, later.changed) == (True, True)


def test_another_health_with_the_same_words_is_another_update(database: Database) -> None:
    world = World(database)
    staff, initiative = world.staff(), world.initiative(health=AT_RISK)
    post(world, staff, initiative, Draft(AT_RISK, "Moved"))

    outcome = post(world, staff, initiative, Draft(ON_TRACK, "Moved"))

    assert outcome.changed
    assert standing(world, initiative) == (ON_TRACK, days(0), 2)


def test_posting_by_many_clicks_at_once_saves_one(database: Database) -> None:
    world = World(database)
    ana = world.member()
    initiative = world.initiative(lead_id=world.person().id)

    made = at_once(6, lambda _: post(world, ana, initiative, SAID), range(6))

    assert sorted(outcome.changed for outcome in made) == [False] * 5 + [True]
    assert standing(world, initiative)[2] == 1


def test_the_form_starts_from_the_last_update_and_not_from_a_suggestion(
    database: Database,
) -> None:
    world = World(database)
    staff, ana = world.staff(), world.member()
    initiative = world.initiative("Red teaming")
    untouched = database.run(updates.form, ana, NOON, "red teaming")
    post(world, staff, initiative, Draft(AT_RISK, "Slow", "Call", "No staff"))
    post(world, ana, initiative, Draft(OFF_TRACK, "Stuck", reason="Nobody"), days(1))

    for_ana = database.run(updates.form, ana, NOON, f"I{initiative.id}")
    for_staff = database.run(updates.form, staff, NOON, str(initiative.id))

    assert (untouched.draft, untouched.before) == (Draft(ON_TRACK, ""), ON_TRACK)
    assert for_ana.draft == Draft(AT_RISK, "Slow", "Call", "No staff")
    assert (for_ana.before, for_ana.applies, for_staff.applies) == (AT_RISK, False, True)


def test_the_lead_takes_a_suggestion_over(database: Database) -> None:
    world = World(database)
    lead, ana, ben = world.member("Lead"), world.member("Ana"), world.member("Ben")
    initiative = world.initiative(lead_id=lead.person)
    suggested = post(world, ana, initiative, Draft(AT_RISK, "Slow", "", "No staff")).update

    started = database.run(updates.form_from, lead, NOON, suggested.id)
    post(world, lead, initiative, started.draft, days(1))

    assert started.draft == Draft(AT_RISK, "Slow", "", "No staff")
    assert database.run(updates.form_from, ana, NOON, suggested.id).applies is False
    assert standing(world, initiative) == (AT_RISK, days(1), 2)
    with pytest.raises(Refusal, match="Only the lead"):
        database.run(updates.form_from, ben, NOON, suggested.id)
    with pytest.raises(Refusal, match="no longer there"):
        database.run(updates.form_from, world.external(), NOON, suggested.id)


def test_suggestions_are_shown_to_the_lead_staff_and_their_author_until_the_next_update(
    database: Database,
) -> None:
    world = World(database)
    lead, ana, ben = world.member("Lead"), world.member("Ana"), world.member("Ben")
    initiative = world.initiative(lead_id=lead.person)
    post(world, ana, initiative, SAID, days(1))

    def seen(asker: Asker) -> tuple[int, bool]:
        shown = database.run(initiatives.show, asker, NOON + days(3), str(initiative.id))
        return len(shown.suggestions), shown.applies

    assert [seen(asker) for asker in (lead, world.staff(), ana, ben)] == [
        (1, True),
        (1, True),
        (1, False),
        (0, False),
    ]
    post(world, lead, initiative, SAID, days(2))
    assert seen(lead) == (0, True)


def test_what_needs_attention(database: Database) -> None:
    world = World(database)
    quiet = {"cadence_days": 14, "moved_at": NOON - days(23)}
    fine = world.initiative("fine", cadence_days=14)
    world.initiative("stale", **quiet)
    world.initiative("off track and stale", health=OFF_TRACK, **quiet)
    world.initiative("at risk", health=AT_RISK)
    paused = world.initiative("paused", health=PAUSED, **quiet)
    done = world.initiative("done", health=DONE, **quiet)
    for initiative in (fine, paused, done):
        world.milestone(initiative, f"late of {initiative.title}", due_on=date(2026, 11, 22))
    world.milestone(fine, "today", due_on=date(2026, 11, 23))
    world.milestone(fine, "reached", due_on=date(2026, 11, 1), is_done=True, done_at=NOON)

    ana = world.member()

    found = database.run(progress.gather, ana, NOON, NOON).attention
    one = database.run(initiatives.troubled, Crowd((ana,)), NOON, 1).seen(ana)

    assert [(line.title, line.is_stale) for line in found.troubled] == [
        ("off track and stale", True),
        ("at risk", False),
    ]
    assert [(line.title, line.days, line.cadence_days) for line in found.stale] == [
        ("stale", 23, 14)
    ]
    assert [line.title for line in found.overdue] == ["late of fine"]
    assert [line.title for line in one] == ["off track and stale"]


def test_a_milestones_day_ends_where_the_reader_is(database: Database) -> None:
    world = World(database)
    world.milestone(world.initiative(), "today", due_on=NOON.date())
    auckland = world.member(zone="Pacific/Auckland")  # the day after, there

    readers = [(auckland, NOON), (world.member(), NOON)]

    there, here = database.run(progress.for_many, readers, NOON)

    assert there.attention.overdue
    assert not here.attention.overdue


def test_what_moved_since_the_last_time(database: Database) -> None:
    world = World(database)
    staff, ana = world.staff("Dana Roe"), world.member()
    initiative = world.initiative("Red teaming")
    post(world, staff, initiative, Draft(ON_TRACK, "before"), days(-2))
    post(world, staff, initiative, Draft(AT_RISK, "told", "next", "why"), days(-1))
    post(world, ana, initiative, Draft(AT_RISK, "suggested"), days(-1))
    post(world, staff, initiative, Draft(AT_RISK, "not yet"), days(1))
    for title, ago in (("old", 2), ("new", 1)):
        world.milestone(initiative, title, is_done=True, done_at=NOON - days(ago))
    world.milestone(initiative, "open")

    found = database.run(progress.gather, ana, NOON, NOON - days(2)).progressed

    line = found.updates[0]
    assert (len(found.updates), line.text, line.was, line.health) == (1, "told", ON_TRACK, AT_RISK)
    assert (line.initiative, line.author, line.next_step, line.reason) == (
        "Red teaming",
        "Dana Roe",
        "next",
        "why",
    )
    assert [milestone.title for milestone in found.milestones] == ["new"]


def test_what_moved_and_needs_attention_is_told_only_to_who_may_see_it(database: Database) -> None:
    world = World(database)
    hidden = world.initiative("Secret plan", audience=Audience.STAFF, health=OFF_TRACK)
    world.milestone(hidden, "late", due_on=date(2026, 1, 1))
    world.milestone(hidden, "reached", is_done=True, done_at=NOON)
    post(world, world.staff(), hidden, Draft(OFF_TRACK, "moved"))

    def seen(asker: Asker) -> list[int]:
        found = database.run(progress.gather, asker, NOON, NOON - days(1))
        worries, moved = found.attention, found.progressed
        return [
            len(part)
            for part in (
                worries.troubled,
                worries.stale,
                worries.overdue,
                moved.updates,
                moved.milestones,
            )
        ]

    assert seen(world.staff()) == [1, 0, 1, 1, 1]
    assert seen(world.member()) == [0] * 5
    assert seen(readers(world.id, Audience.MEMBERS, None, "UTC")) == [0] * 5
