"""The form by which a digest is ordered for a channel: how it looks, and reading it."""

import re
from collections.abc import Mapping

from commands import blocks, choosing, rhythms
from commands.blocks import Block, View
from commands.dates import CLOCK
from commands.routes import Invalid
from commands.words import said
from storage import guard
from storage.editions import COMMON
from storage.models import Audience
from storage.ordering import Draft, For, Form
from storage.wall_time import named

SAVE = "coalition.save_order"
EDITION, ABOUT, DAYS, AT, ZONE = "edition", "about", "days", "at", "zone"
EDITIONS = {
    Audience.PUBLIC: "Everyone: what is public",
    Audience.COMMUNITY: "Outside partners: what the community sees",
    Audience.MEMBERS: "Members: what members see",
    Audience.STAFF: "The secretariat: everything",
}
WHOM = {
    Audience.PUBLIC: "for everyone",
    Audience.COMMUNITY: "for outside partners too",
    Audience.MEMBERS: "for members",
    Audience.NAMED: "for people named",
    Audience.STAFF: "for the secretariat",
}
WRONG_ZONE = "Write a time zone by its city, such as Brussels, or whole, such as Europe/Brussels."


def drawn(form: Form) -> View:
    """Draw the form, filled with the order there is."""
    draft = form.draft
    options = [(_value(one.audience, one.group), _label(one)) for one in form.editions]
    return blocks.modal(
        SAVE,
        "Digest for this channel",
        [
            blocks.section(
                f"*<#{form.channel}>* gets it as all who read it there may see things. Before each "
                "post Slack is asked again who that is."
            ),
            blocks.select_input(
                EDITION, "For whom", options, initial=_value(draft.audience, draft.group)
            ),
            *_about(form),
            blocks.select_input(
                DAYS, "How often", rhythms.OPTIONS, initial=rhythms.name(draft.weekday)
            ),
            blocks.time_input(AT, "At", initial=draft.at),
            blocks.text_input(ZONE, "By the clock of", initial=draft.zone, limit=60),
            *choosing.fields(COMMON, draft.sections, form.topics, draft.topics),
        ],
        submit="Order" if form.is_new else "Change",
        metadata=form.channel,
    )


def read(form: Mapping[str, str]) -> Draft:
    """Read what somebody orders. Raises Invalid."""
    kind, _, number = form.get(EDITION, "").partition(":")
    about = form.get(ABOUT, "")
    zone = named(form.get(ZONE, ""))
    sections, topics, wrong = choosing.read(form, COMMON)
    if kind not in set(Audience) or not re.fullmatch("[0-9]{0,9}", number):
        wrong[EDITION] = "Choose whom it is for."
    if not re.fullmatch("[0-9]{0,9}", about):
        wrong[ABOUT] = "Choose an initiative, or none."
    if not rhythms.is_known(form.get(DAYS, "")):
        wrong[DAYS] = "Choose how often it comes."
    if not CLOCK.fullmatch(form.get(AT, "")):
        wrong[AT] = "Choose a time, such as 09:00."
    if zone is None:
        wrong[ZONE] = WRONG_ZONE
    wrong |= guard.refused(zone=form.get(ZONE, ""))
    if wrong or zone is None:
        raise Invalid(**wrong)
    weekday, group = rhythms.weekday(form[DAYS]), int(number) if number else None
    initiative = int(about) if about else None
    return Draft(weekday, form[AT], zone, Audience(kind), group, sections, topics, initiative)


def of_whom(audience: Audience, group: str | None) -> str:
    """Say whom a digest is for: "for members", "for Hashing"."""
    if audience is Audience.GROUP:
        return f"for {said(group, 80)}" if group else "for one working group"
    return WHOM[audience]


def _about(form: Form) -> list[Block]:
    if not form.initiatives:
        return []
    options = [(str(number), f"I{number} {title}") for number, title in form.initiatives]
    initial = str(form.draft.initiative or "")
    hint = "Of one alone, no briefing is told: briefings belong to no initiative."
    return [
        blocks.select_input(
            ABOUT, "Only about one initiative", options, initial=initial, hint=hint, optional=True
        )
    ]


def _value(audience: Audience, group: int | None) -> str:
    return f"{audience}:{group}" if group else audience.value


def _label(one: For) -> str:
    if one.group is None:
        return EDITIONS[one.audience]
    return f"G{one.group} {one.title}"
