"""The form in which somebody says what they wish of the messages to them."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from commands import blocks, choosing, rhythms
from commands.blocks import Message, View
from commands.dates import CLOCK
from commands.routes import Invalid
from commands.words import city, day, listed, when
from storage import quiet
from storage.asker import Asker
from storage.editions import PERSONAL, Section, Selection
from storage.preferences import News, Wishes
from storage.quiet import Hours
from storage.wall_time import moment
from storage.wishes import Settings, Wanted

SAVE = "coalition.save_settings"
DIGEST, AT, MUTED, BACK = "digest", "at", "muted", "back"
SINCE, UNTIL = "quiet_from", "quiet_until"
NONE = "none"
LONGEST = timedelta(days=366)
NEWS = {
    News.REMINDERS: "Reminders of briefings you go to",
    News.ACTIONS: "News of action items",
    News.INVITATIONS: "Invitations to briefings",
    News.RECORDINGS: "Recordings of briefings you answered",
    News.GROUPS: "Who joins and leaves groups you chair",
    News.SUGGESTIONS: "Updates that others suggest",
    News.FEEDBACK: "The question how a briefing was",
    News.ORGANISING: "What is missing at briefings you organise",
    News.REQUESTS: "Who asks for a seat at briefings you organise",
}
ALWAYS = (
    "Always told: a seat that was freed for you, what was handed on to you, your own data, and "
    "what the secretariat has to see to."
)


def drawn(settings: Settings, asker: Asker) -> View:
    """Draw the form, filled with what was wished before."""
    order, wishes = settings.order, settings.wishes
    selection = order.selection if order else Selection()
    back = wishes.back_at.astimezone(ZoneInfo(asker.zone)).date() if wishes.back_at else None
    rhythm = rhythms.name(order.weekday) if order else NONE
    options = ((NONE, "None"), *rhythms.OPTIONS)
    hours = wishes.hours
    return blocks.modal(
        SAVE,
        "Settings",
        [
            blocks.section(
                f"What the bot tells you by direct message, by the clock in {city(asker.zone)}."
            ),
            blocks.select_input(DIGEST, "A digest of your own", options, initial=rhythm),
            blocks.time_input(AT, "At", initial=order.at if order else "09:00"),
            *choosing.fields(PERSONAL, selection.sections, settings.topics, selection.topics),
            blocks.checks_input(
                MUTED,
                "Do not tell me",
                [(one.value, words) for one, words in NEWS.items()],
                initial=[one.value for one in wishes.muted],
                hint=ALWAYS,
                optional=True,
            ),
            blocks.date_input(
                BACK,
                "On leave, back on",
                initial=back.isoformat() if back else "",
                hint="Until that day you get only what is always told. Then it goes on by itself.",
            ),
            blocks.time_input(
                SINCE,
                "Quiet from",
                initial=f"{hours.since:%H:%M}" if hours else "",
                optional=True,
            ),
            blocks.time_input(
                UNTIL,
                "Quiet until",
                initial=f"{hours.until:%H:%M}" if hours else "",
                hint="What can wait comes after, reminders before. Without hours of your own only "
                "reminders keep out of 20:00 to 08:00.",
                optional=True,
            ),
        ],
        submit="Save",
    )


def read(form: Mapping[str, str], zone: str, now: datetime) -> tuple[Wanted | None, Wishes]:
    """Read what somebody wishes who lives in *zone*. Raises Invalid."""
    sections, topics, wrong = choosing.read(form, PERSONAL)
    rhythm, at = form.get(DIGEST, ""), form.get(AT, "")
    if rhythm != NONE and not rhythms.is_known(rhythm):
        wrong[DIGEST] = "Choose how often it comes, or none."
    if not CLOCK.fullmatch(at):
        wrong[AT] = "Choose a time, such as 09:00."
    back_at, why = _back(form.get(BACK, ""), zone, now)
    hours, strange = _hours(form.get(SINCE, ""), form.get(UNTIL, ""))
    wrong |= why | strange
    if wrong:
        raise Invalid(**wrong)
    named = form.get(MUTED, "").splitlines()
    wishes = Wishes(frozenset(one for one in News if one in named), back_at, hours)
    if rhythm == NONE:
        return None, wishes
    chosen = frozenset(sections) if len(sections) < len(PERSONAL) else frozenset[Section]()
    selection = Selection(chosen, topics)
    return Wanted(rhythms.weekday(rhythm), time.fromisoformat(at), selection), wishes


def saved(settings: Settings, asker: Asker) -> Message:
    """Read back what was wished. It is shown inside the form."""
    order, wishes = settings.order, settings.wishes
    told = ["You get no digest of your own."]
    if order:
        often = rhythms.said(order.weekday, order.at)
        told = [f"You get a digest {often} your time, next {when(order.next_at, asker.zone)}."]
    if wishes.muted:
        told.append(f"Not told: {listed([NEWS[one] for one in News if one in wishes.muted])}.")
    if wishes.back_at:
        told.append(f"On leave until {day(wishes.back_at, asker.zone)}, when it goes on by itself.")
    if wishes.hours:
        told.append(
            f"Quiet from {wishes.hours.since:%H:%M} to {wishes.hours.until:%H:%M}, "
            f"by the clock in {city(asker.zone)}."
        )
    return blocks.message(blocks.section(*told), blocks.context(ALWAYS))


def _back(text: str, zone: str, now: datetime) -> tuple[datetime | None, dict[str, str]]:
    if not text:
        return None, {}
    try:
        back = date.fromisoformat(text)
    except ValueError:
        return None, {BACK: "Choose a day."}
    today = now.astimezone(ZoneInfo(zone)).date()
    if not today < back <= today + LONGEST:
        return None, {BACK: "Choose a day to come, within a year."}
    return moment(back, time(0), zone), {}


def _hours(since: str, until: str) -> tuple[Hours | None, dict[str, str]]:
    if not since and not until:
        return None, {}
    for field, text in ((SINCE, since), (UNTIL, until)):
        if not CLOCK.fullmatch(text):
            return None, {field: "Choose both times, or neither."}
    hours = Hours(time.fromisoformat(since), time.fromisoformat(until))
    if hours.length > quiet.LONGEST:
        return None, {UNTIL: "Quiet hours last at most 14 hours."}
    return hours, {}
