"""What people see of initiatives."""

from collections.abc import Iterable
from datetime import datetime

from commands import blocks, cards, placing
from commands.blocks import Block, Message, View
from commands.initiatives.form import HEALTH, NEXT_STEP, REASON, TEXT
from commands.words import count, day, listed, said, spelled, who
from storage.asker import Asker
from storage.cadence import Silence
from storage.initiatives import Detail, Line
from storage.models import (
    Health,
    InitiativeParticipant,
    InitiativeUpdate,
    Milestone,
    OrganisationKind,
    Part,
    Person,
)
from storage.pages import Page
from storage.updates import STEP_LIMIT, TEXT_LIMIT, Form, Outcome

UPDATE = "initiatives.update"
TAKE_OVER = "initiatives.take_over"
MORE_ACTIVE = "initiatives.more_active"
SAVE = "initiatives.save"
POST_HERE = "initiatives.post_here"
INSIDE = {OrganisationKind.MEMBER, OrganisationKind.SECRETARIAT}
PARTS = {
    Part.PARTICIPANT: "taking part",
    Part.INPUT: "giving input",
    Part.FUNDER: "funding",
    Part.ASSESSOR: "assessing",
    Part.PILOT: "piloting",
    Part.PARTNER: "partner",
}
MILESTONES_SHOWN = 20


def active(page: Page[Line]) -> Message:
    """Draw what is under way, most urgent first."""
    if not page.rows:
        return blocks.message(
            blocks.section(
                "No initiative you can see is under way. New ones appear here when they begin."
            )
        )
    rows = [cards.initiative(line) for line in page.rows]
    return blocks.message(
        blocks.header("Initiatives under way"), *rows, *cards.pages(page, MORE_ACTIVE, "initiative")
    )


def detail(shown: Detail, asker: Asker, now: datetime, channel: str = "") -> Message:
    """Draw one initiative in full; *channel* is where it could be posted for all to read."""
    initiative = shown.initiative
    origin = f"Came from {shown.origin[0]} {said(shown.origin[1], 150)}" if shown.origin else ""
    leading = initiative.lead_organisation
    behind = leading.name if leading and leading.name != shown.line.lead_organisation else ""
    summary = "" if initiative.summary == initiative.goal else said(initiative.summary, 1000)
    drawn: list[Block] = [
        blocks.header(f"I{initiative.id} {initiative.title}"),
        blocks.section(
            cards.standing(shown.line),
            f"Leading organisation: {said(behind, 80)}" if behind else "",
            _alternate(initiative.alternate),
            f"Goal: {said(initiative.goal, 500)}" if initiative.goal else "",
            summary,
            origin,
        ),
        *_titled("Taking part", _participants(initiative.participants)),
        *_titled("Milestones", _milestones(initiative.milestones, asker.zone)),
        *_titled("Last updates", [_update(update, asker.zone) for update in shown.updates]),
        *_suggestions(shown, asker.zone),
        blocks.context(cards.label(initiative.audience, initiative.tlp)),
    ]
    if asker.is_linked:
        about = f"Post an update on I{initiative.id}"
        drawn.append(
            blocks.actions(blocks.button("Post an update", UPDATE, initiative.id, about=about))
        )
    drawn += placing.button(asker, initiative, POST_HERE, channel)
    return blocks.message(*drawn)


def form(asked: Form) -> View:
    """Draw the form to say what moved, filled with what was said last."""
    effect = (
        "Your update moves it."
        if asked.applies
        else "You do not lead it, so what you post is a suggestion to its lead."
    )
    options = [(health.value, spelled(health).capitalize()) for health in Health]
    draft = asked.draft
    return blocks.modal(
        SAVE,
        f"Update I{asked.initiative_id}",
        [
            blocks.section(
                f"*I{asked.initiative_id} {said(asked.title, 150)}*, now {spelled(asked.before)}.",
                effect,
            ),
            blocks.select_input(HEALTH, "How it stands", options, initial=draft.health.value),
            blocks.text_input(TEXT, "What moved", initial=draft.text, lines=True, limit=TEXT_LIMIT),
            blocks.text_input(
                NEXT_STEP, "Next step", initial=draft.next_step, optional=True, limit=STEP_LIMIT
            ),
            blocks.text_input(
                REASON,
                "Reason",
                initial=draft.reason,
                hint="Needed when it stands worse than before.",
                optional=True,
                limit=STEP_LIMIT,
            ),
        ],
        submit="Post",
        metadata=str(asked.initiative_id),
    )


def posted(outcome: Outcome, zone: str) -> Message:
    """Say what became of an update. It is shown inside the form, where buttons lead nowhere."""
    update, initiative = outcome.update, outcome.initiative
    name = f"*I{initiative.id} {said(initiative.title, 150)}*"
    if not outcome.changed:
        became = f"You had just said the same of {name}. Nothing changed."
    elif update.is_suggestion:
        became = _suggested(outcome, name)
    elif update.was is not None and update.was is not update.health:
        became = f"{name} is now *{spelled(update.health)}*; it was {spelled(update.was)}."
    else:
        became = f"Your update on {name} is posted; it is {spelled(update.health)}."
    return blocks.message(
        blocks.section(became),
        blocks.section(_update(update, zone)),
        blocks.context(
            f"See it with `/initiatives show I{initiative.id}`. To correct it, post again with "
            f"`/initiatives update I{initiative.id}`."
        ),
    )


def update_due(silence: Silence, *, is_lead: bool) -> list[Block]:
    """Ask how an initiative stands: its lead, or the alternate where the lead did not say."""
    initiative = silence.initiative
    following = said(silence.alternate, 80) if is_lead and silence.alternate else "the secretariat"
    return [
        blocks.section(
            f"How does *I{initiative.id} {said(initiative.title, 150)}* stand? Its last update is "
            f"{count(silence.days, 'day')} old; one is due every {initiative.cadence_days}.",
            "" if is_lead else _instead(silence),
        ),
        blocks.actions(
            blocks.button("Post an update", UPDATE, initiative.id, style="primary"),
            blocks.button("Details", cards.SHOWN_BY["I"], initiative.id),
        ),
        blocks.context(f"If it stays silent, {following} hears of it a week later, once."),
    ]


def update_overdue(silence: Silence) -> list[Block]:
    """Tell staff that an initiative is silent, and who leads it."""
    initiative = silence.initiative
    return [
        blocks.section(
            f"Nothing was heard of *I{initiative.id} {said(initiative.title, 150)}* for "
            f"{count(silence.days, 'day')}; an update is due every {initiative.cadence_days}. "
            f"{_asked(silence)}",
        ),
        blocks.actions(blocks.button("Details", cards.SHOWN_BY["I"], initiative.id)),
        blocks.context("Nobody is asked again until it moves."),
    ]


def _alternate(person: Person | None) -> str:
    if person is None:
        return ""
    home = person.organisation.name if person.organisation else None
    return f"Alternate: {who(person.name, home)}"


def _instead(silence: Silence) -> str:
    if silence.lead is None:
        return "It has no lead now, and you are the alternate."
    state = "is on leave" if silence.is_lead_away else "was asked a week ago"
    return f"You are the alternate of *{said(silence.lead, 80)}*, who {state}."


def _asked(silence: Silence) -> str:
    if silence.lead is None and silence.alternate is None:
        return "Nobody leads it."
    lead = f"*{said(silence.lead, 80)}* leads it and {_state(silence.is_lead_away)}"
    first = lead if silence.lead else "It has no lead"
    if silence.alternate is None:
        return f"{first}."
    alternate = f"*{said(silence.alternate, 80)}*, the alternate,"
    return f"{first}; {alternate} {_state(silence.is_alternate_away)}."


def _state(is_away: bool) -> str:
    return "is on leave" if is_away else "was asked"


def _suggested(outcome: Outcome, name: str) -> str:
    if outcome.lead is None:
        told = "It has no lead who could take it over yet; ask the secretariat to."
    else:
        told = f"{said(outcome.lead, 80)}, who leads it, is told and can take it over."
    return f"Your suggestion for {name} is saved. {told} Until then it stands as before."


def _titled(title: str, lines: list[str]) -> list[Block]:
    return [blocks.section(f"*{title}*", *lines)] if lines else []


def _participants(participants: Iterable[InitiativeParticipant]) -> list[str]:
    found = sorted(participants, key=lambda p: p.organisation.folded)
    lines = []
    for side, is_inside in (("Members", True), ("Outside", False)):
        for part, words in PARTS.items():
            names = [
                said(p.organisation.name, 80)
                for p in found
                if p.part is part and (p.organisation.kind in INSIDE) is is_inside
            ]
            if names:
                lines.append(f"{side}, {words}: {listed(names, 30)}")
    return lines


def _milestones(milestones: list[Milestone], zone: str) -> list[str]:
    lines = []
    for milestone in milestones[:MILESTONES_SHOWN]:
        due = f"due {cards.roughly(milestone.due)}" if milestone.due else "no date"
        if milestone.is_done:
            due = f"reached {day(milestone.done_at, zone)}" if milestone.done_at else "reached"
        lines.append(f"• {said(milestone.title, 150)}: {due}")
    if len(milestones) > MILESTONES_SHOWN:
        lines.append(f"• and {len(milestones) - MILESTONES_SHOWN} more")
    return lines


def _update(update: InitiativeUpdate, zone: str) -> str:
    """Write an update as lines; its author may be gone."""
    author = who(update.author.name) if update.author else "somebody who has left"
    lines = [
        f"_{day(update.made_at, zone)}, {author}: {spelled(update.health)}_",
        said(update.text, 600),
    ]
    if update.next_step:
        lines.append(f"Next: {said(update.next_step, 300)}")
    if update.reason and update.health is not Health.ON_TRACK:
        lines.append(f"Why: {said(update.reason, 300)}")
    return "\n".join(lines)


def _suggestions(shown: Detail, zone: str) -> list[Block]:
    drawn = []
    for update in shown.suggestions:
        take = blocks.button("Take over", TAKE_OVER, update.id, about="Take this suggestion over")
        drawn.append(
            blocks.section(
                "*Suggested*", _update(update, zone), accessory=take if shown.applies else None
            )
        )
    return drawn
