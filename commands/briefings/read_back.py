"""A briefing read back to its author before it is published, and what became of it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from commands import blocks, cards, notices
from commands.blocks import Block, Message, View
from commands.briefings import feedback, programme_form
from commands.cards import SHOW_BRIEFING, where
from commands.typing import row_id
from commands.words import city, count, day, listed, said, spelled, when
from storage.asker import Asker
from storage.authoring import Form
from storage.feedback import is_asked
from storage.models import Audience, Briefing, Precision, State
from storage.pages import Page
from storage.policy import Act, decide
from storage.programmes import KNOWN
from storage.publishing import marks
from storage.series import Repeated

PUBLISH, READ_BACK, EDIT = "briefings.publish", "briefings.read_back", "briefings.edit"
FORESEE = "briefings.foresee"
COPY, MORE_DRAFTS = "briefings.copy", "briefings.more_drafts"
# Where members are, besides the author and the briefing itself.
ELSEWHERE = ("America/Los_Angeles", "Europe/Brussels", "Asia/Singapore", "UTC")
ZONES = 3
SHOWN = 12


def drawn(form: Form, asker: Asker) -> View:
    """Read a briefing back; a draft is published by sending the form."""
    briefing, is_draft = form.briefing, form.briefing.state is State.DRAFT
    parts: list[Block] = [
        blocks.section(f"*E{briefing.id} {said(briefing.title, 150)}*", *_when(briefing, asker)),
        blocks.section(*_terms(form)),
    ]
    if form.is_overtaken:
        changed = "*It was changed while you read it.* This is how it is now; nothing is published."
        parts.insert(0, blocks.section(changed))
    if form.beside:
        titles = [f"• E{one.id} {said(one.title, 120)}" for one in form.beside]
        parts.append(blocks.section("*At the same time:*", *titles))
    parts.append(
        blocks.context(
            "Nobody sees it yet. Closed without publishing it stays a draft: `/briefings drafts`."
            if is_draft
            else "Saved. Whoever answered hears of another time, place or link in ten minutes."
        )
    )
    if form.talks:
        parts.append(
            blocks.context(
                f"It has {count(form.talks, 'session')}. They move along where its beginning and "
                "its end move by as much, and stay where only one of them does."
            )
        )
    return blocks.modal(
        PUBLISH if is_draft else "coalition.told",
        "Is it right?" if is_draft else f"E{briefing.id}",
        parts,
        submit="Publish" if is_draft else "",
        close="Keep as draft" if is_draft else "",
        metadata=f"{briefing.id} {marks(form)}",
    )


def read_subject(metadata: str) -> tuple[int, str]:
    """Read the number of the briefing, and how its author found it."""
    number, _, seen = metadata.partition(" ")
    return row_id(number), seen


def published(form: Form) -> Message:
    """Say that those it is for see it now."""
    briefing = form.briefing
    whom = cards.LEVELS[briefing.audience].replace("For ", "for ", 1)
    return blocks.message(
        blocks.section(
            f"*E{briefing.id} {said(briefing.title, 150)}* is published {whom}. It stands in "
            "`/briefings`, in the Home and in their digests. To post it in a channel, show it "
            f"there with `/briefings show E{briefing.id}`."
        )
    )


def past_publishing(briefing: Briefing) -> Message:
    """Say why there is nothing to publish."""
    name, number = f"*E{briefing.id} {said(briefing.title, 150)}*", briefing.id
    told = (
        f"{name} was cancelled. Write one like it with `/briefings copy E{number}`."
        if briefing.state is State.CANCELLED
        else f"{name} is published already. Change it with `/briefings edit E{number}`."
    )
    return blocks.message(blocks.section(told))


def drafts(page: Page[Briefing], zone: str) -> Message:
    """List the drafts there are."""
    if not page.rows:
        return blocks.message(
            blocks.section("There is no draft. Begin one with `/briefings create`.")
        )
    rows = [
        blocks.section(
            f"*E{one.id} {said(one.title, 150)}*",
            when(one.starts_at, zone, one.zone, one.precision),
            accessory=blocks.button("Show", SHOW_BRIEFING, f"E{one.id}", about=f"Show E{one.id}"),
        )
        for one in page.rows
    ]
    return blocks.message(blocks.header("Drafts"), *rows, *cards.pages(page, MORE_DRAFTS, "draft"))


def buttons(briefing: Briefing, asker: Asker, now: datetime) -> list[Block]:
    """Draw what whoever may change *briefing* can do with it."""
    if not decide(asker, briefing, Act.EDIT):
        return []
    number, offered = briefing.id, []
    if briefing.state is State.DRAFT:
        offered.append(("Publish", READ_BACK))
    if briefing.state is not State.CANCELLED:
        offered.append(("Edit", EDIT))
        if briefing.precision in KNOWN:
            offered.append(("Sessions", programme_form.OPEN))
    offered.append(("Copy", COPY))
    if briefing.state is State.DRAFT or (
        briefing.state is State.PUBLISHED and briefing.ends_at > now
    ):
        offered.append(("Discard" if briefing.state is State.DRAFT else "Call off", FORESEE))
    if is_asked(briefing) and briefing.ends_at <= now:
        offered.append(("Feedback", feedback.FEEDBACK))
    return [
        blocks.actions(
            *(
                blocks.button(label, action, number, about=f"{label}: E{number}")
                for label, action in offered
            )
        )
    ]


def repeated(outcome: Repeated, zone: str) -> Message:
    """Say which ones there are now."""
    first, made = outcome.first, outcome.made
    days = [when(one.starts_at, zone, one.zone, one.precision) for one in made]
    lines = [f"• E{one.id}, {at}" for one, at in zip(made, days, strict=True)]
    state = "drafts, as it is" if first.state is State.DRAFT else "published"
    for_all = "They are for the community: to show them to everybody takes two of you."
    for_named = "They are for staff: who else may see them is named for each one anew."
    narrowed = for_named if made[0].audience is Audience.STAFF else for_all
    return blocks.message(
        blocks.section(
            f"*E{first.id} {said(first.title, 150)}* is followed by {len(made)} more, {state}:",
            *lines[:SHOWN],
            f"and {len(lines) - SHOWN} more" if len(lines) > SHOWN else "",
        ),
        *([blocks.context(narrowed)] if outcome.narrowed else []),
    )


def _when(briefing: Briefing, asker: Asker) -> list[str]:
    """Say its time in the zone it has, in the author's, and in others until they are three."""
    if briefing.precision is not Precision.MINUTE:
        ends = briefing.ends_at - timedelta.resolution
        days = dict.fromkeys(day(at, briefing.zone) for at in (briefing.starts_at, ends))
        return [f"{' to '.join(days)}, by the calendar in {city(briefing.zone)}"]
    told: dict[str, str] = {}
    for zone in (briefing.zone, asker.zone, *ELSEWHERE):
        begins = briefing.starts_at.astimezone(ZoneInfo(zone))
        ends = briefing.ends_at.astimezone(ZoneInfo(zone))
        until = f"{ends:%H:%M}" if ends.date() == begins.date() else f"{ends:%a %-d %b, %H:%M}"
        hours = f"{begins:%a %-d %b %Y, %H:%M} to {until}"
        if len(told) < ZONES:
            told.setdefault(hours, city(zone))
    return [f"{hours} {there}" for hours, there in told.items()]


def _terms(form: Form) -> list[str]:
    briefing, terms = form.briefing, form.terms
    seats = count(terms.capacity, "seat") if terms.capacity else "As many as come"
    company = f", at most {terms.company_seats} for each organisation"
    waitlist = ", then a waitlist" if terms.capacity and terms.has_waitlist else ""
    approval = ", given by its organisers" if terms.needs_approval else ""
    window = []
    if terms.opens_on:
        window.append(f"opens on {day(terms.opens_on)}")
    if terms.closes_on:
        window.append(f"closes at the end of {day(terms.closes_on)}")
    hosts = [said(name, 80) for name in terms.hosts]
    speakers = [said(name, 80) for name in terms.speakers]
    return [
        f"{spelled(briefing.kind).capitalize()}, {where(briefing.place, briefing.city)}",
        cards.label(briefing.audience, briefing.tlp),
        f"{seats}{company if terms.company_seats else ''}{waitlist}{approval}",
        f"Registration {listed(window)}" if window else "",
        f"Hosted by {listed(hosts)}" if hosts else "",
        f"{listed(speakers)} will speak" if speakers else "",
        *(f"• {line}" for line in notices.of(briefing)),
        "Asks whoever comes:" if briefing.questions else "",
        *(f"• {said(question)}" for question in briefing.questions),
    ]
