"""The first step of writing a briefing: what it is, when and where; and reading it."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from commands import blocks, zones
from commands.blocks import Block, View
from commands.briefings import times
from commands.briefings.times import AT, DAY, KIND, LAST, UNTIL, WHICH, ZONE, Typed
from commands.routes import Invalid
from commands.typing import row_id
from commands.words import escaped, plain, shortened, spelled, width
from storage import guard
from storage.authoring import Form, mark
from storage.errors import Refusal
from storage.essentials import What
from storage.models import Kind, Place, Precision
from storage.models.row import TITLE_LIMIT
from storage.series import Reach

SAVE = "briefings.save_what"
TITLE, SUMMARY, AGENDA, PAST = "title", "summary", "agenda", "past"
PLACE, VENUE, CITY, LINK = "place", "venue", "city", "join_link"
REACH = "reach"
REACHES = {
    Reach.THIS: "Only this one",
    Reach.LATER: "This and those of its series that come later",
    Reach.ALL: "All of its series that are still to come",
}
LABELS = {
    TITLE: "Title",
    KIND: "Kind",
    DAY: "Day",
    AT: "From",
    UNTIL: "Until",
    LAST: "Last day",
    ZONE: "By the clock of",
    PLACE: "Where",
    VENUE: "Venue",
    CITY: "City",
    LINK: "Link to join",
    SUMMARY: "What it is about",
    AGENDA: "Agenda, a point on each line",
}
# As much as Slack lets anybody write; the file may hold as much.
LIMITS = {TITLE: TITLE_LIMIT, **dict.fromkeys((VENUE, CITY, LINK, SUMMARY, AGENDA), 3000)}
POINTS = 20
LINK_FORM = re.compile(r"https://[^\s/<>|\"@]+\.[^\s/<>|\"@]+(/[^\s<>|\"]*)?")
LIKE = "like "


def blank(zone: str) -> Typed:
    """Give what the form of a new briefing begins with, for an author who lives in *zone*."""
    return {KIND: Kind.BRIEFING.value, PLACE: Place.VIRTUAL.value, ZONE: zone}


def filled(what: What, now: datetime, reaches: Iterable[Reach] = ()) -> Typed:
    """Give what the form begins with for one that is there, and how far its change can reach."""
    zone = ZoneInfo(what.zone)
    begins, ends = what.starts_at.astimezone(zone), what.ends_at.astimezone(zone)
    to_the_minute = what.precision is Precision.MINUTE
    last = (ends if to_the_minute else ends - timedelta.resolution).date()
    typed = {
        TITLE: what.title,
        KIND: what.kind.value,
        SUMMARY: what.summary,
        AGENDA: "\n".join(what.agenda),
        DAY: begins.date().isoformat(),
        AT: f"{begins:%H:%M}" if to_the_minute else "",
        UNTIL: f"{ends:%H:%M}" if to_the_minute else "",
        LAST: last.isoformat() if last != begins.date() else "",
        ZONE: what.zone,
        PLACE: what.place.value,
        VENUE: what.venue,
        CITY: what.city,
        LINK: what.join_link,
        PAST: "yes" if what.ends_at <= now else "",
    }
    if any(width(typed[field]) > limit for field, limit in LIMITS.items()):
        raise Refusal("It holds more than a form takes. Change it in the coalition's file.")
    which = {WHICH: str(max(begins.fold, ends.fold))} if times.twice(typed) else {}
    reach = {REACH: Reach.THIS.value} if any(reaches) else {}
    return typed | which | reach


def copied(what: What, now: datetime) -> Typed:
    """Give what the form begins with for one like *what*: without its day and its link."""
    stale = {DAY, LAST, LINK, WHICH, PAST}
    return {field: text for field, text in filled(what, now).items() if field not in stale}


def subject(form: Form) -> str:
    """Name the briefing of *form*, and how its author found it."""
    return f"{form.briefing.id} {mark(form.what)}"


def read_subject(metadata: str) -> tuple[int, str, int]:
    """Read the number of the briefing, how its author found it, and the number of its pattern."""
    if metadata.startswith(LIKE):
        return 0, "", row_id(metadata.removeprefix(LIKE))
    number, _, seen = metadata.partition(" ")
    return row_id(number), seen, 0


def drawn(
    typed: Typed, metadata: str, asked: Collection[str] = (), now_there: Sequence[str] = ()
) -> View:
    """Draw the form with what is *typed* in it, and the fields that are *asked* besides.

    *now_there* is what somebody else has written meanwhile.
    """
    number = read_subject(metadata)[0]
    day = blocks.date_input(DAY, LABELS[DAY], initial=typed.get(DAY, ""), optional=False)
    last = "Only if it is another day than the first."
    return blocks.modal(
        SAVE,
        f"Change E{number}" if number else "New briefing",
        [
            *([blocks.section(*now_there)] if now_there else []),
            *(_reach(typed) if typed.get(REACH) else []),
            _text(TITLE, typed, optional=False),
            _choice(KIND, typed, list(Kind)),
            day,
            _time(AT, typed, "Without a time it lasts whole days."),
            _time(UNTIL, typed, "Left out: an hour, or as long as its kind usually lasts."),
            blocks.date_input(LAST, LABELS[LAST], initial=typed.get(LAST, ""), hint=last),
            *_questions(typed, asked),
            blocks.text_input(
                ZONE, LABELS[ZONE], initial=typed.get(ZONE, ""), hint=zones.WRONG, limit=60
            ),
            _choice(PLACE, typed, list(Place)),
            _text(VENUE, typed),
            _text(CITY, typed),
            _text(LINK, typed, hint="Shown to those who are going, and to nobody else."),
            _text(SUMMARY, typed, lines=True),
            _text(AGENDA, typed, lines=True),
        ],
        submit="Next",
        metadata=metadata,
    )


def asks(typed: Typed, now: datetime, *, is_staff: bool) -> list[str]:
    """Say which fields the form needs besides, for what is typed and not answered yet."""
    wanted = [WHICH] if times.twice(typed) and typed.get(WHICH) not in {"0", "1"} else []
    ends = times.ends(typed)
    if is_staff and ends is not None and ends <= now and not typed.get(PAST):
        wanted.append(PAST)
    return wanted


def read(typed: Typed, now: datetime) -> What:
    """Read what a briefing is, when and where. Raises Invalid."""
    texts = {field: _kept(field, typed.get(field, "")) for field in LIMITS}
    agenda = tuple(line for line in texts[AGENDA].splitlines() if line)
    wrong = _wrong_place(typed, texts)
    if len(agenda) > POINTS:
        wrong[AGENDA] = f"These are {len(agenda)} points; {POINTS} fit."
    if typed.get(KIND) not in set(Kind):
        wrong[KIND] = "Choose what kind it is."
    wrong |= times.wrong(typed, now, may_be_past=bool(typed.get(PAST)))
    wrong |= _wrong_texts(texts) | guard.refused(zone=typed.get(ZONE, ""), **texts)
    begins, ends = times.begins(typed), times.ends(typed)
    if wrong or begins is None or ends is None:
        raise Invalid(**wrong)
    return What(
        title=texts[TITLE],
        kind=Kind(typed[KIND]),
        summary=texts[SUMMARY],
        agenda=agenda,
        starts_at=begins,
        ends_at=ends,
        zone=str(zones.read(typed[ZONE])),
        precision=Precision.MINUTE if typed.get(AT) else Precision.DAY,
        place=Place(typed[PLACE]),
        venue=texts[VENUE],
        city=texts[CITY],
        join_link=texts[LINK],
    )


def read_reach(typed: Typed) -> Reach:
    """Read how far a change goes; where nothing is said, no farther than this one."""
    chosen = typed.get(REACH, "")
    return Reach(chosen) if chosen in set(Reach) else Reach.THIS


def now_there(form: Form, typed: Typed, now: datetime) -> list[str]:
    """Say what somebody else has written where it differs from what is *typed*."""
    theirs = filled(form.what, now)
    return [
        "*Somebody else changed it while you wrote.* Nothing of yours is lost, nor saved yet. What "
        "stands there now, where yours differs:",
        *(
            f"• {label}: {escaped(shortened(theirs.get(field, ''), 200)) or 'nothing'}"
            for field, label in LABELS.items()
            if theirs.get(field, "") != typed.get(field, "")
        ),
        "Send yours again to put it in the place of theirs.",
    ]


def _wrong_texts(texts: Mapping[str, str]) -> dict[str, str]:
    wrong = {} if texts[TITLE] else {TITLE: "Give it a title."}
    for field, limit in LIMITS.items():
        # Counted as where the form opens with it again: nothing that was taken is cut there.
        if (length := width(texts[field])) > limit:
            wrong[field] = f"This has {length} characters; {limit} fit. Shorten it."
    return wrong


def _wrong_place(typed: Typed, texts: Mapping[str, str]) -> dict[str, str]:
    place, link = typed.get(PLACE, ""), texts[LINK]
    if place not in set(Place):
        return {PLACE: "Choose how one takes part."}
    if link and place == Place.IN_PERSON:
        return {LINK: "In person nobody needs a link. Choose virtual or hybrid, or take it out."}
    if link and not LINK_FORM.fullmatch(link):
        return {LINK: "Write a whole link that begins with https://, or leave it out."}
    return {}


def _reach(typed: Typed) -> list[Block]:
    hint = "The others keep their days: what you change here is changed there, and nothing else."
    options = [(reach.value, said) for reach, said in REACHES.items()]
    initial = typed[REACH]
    return [blocks.select_input(REACH, "Change", options, initial=initial, hint=hint)]


def _questions(typed: Typed, asked: Collection[str]) -> list[Block]:
    drawn = []
    if WHICH in asked or typed.get(WHICH):
        label = f"Clocks show {times.twice(typed) or 'that time'} twice that day. Which is meant?"
        options = [("0", "The first, before they are put back"), ("1", "The second, after it")]
        drawn.append(blocks.select_input(WHICH, label, options, initial=typed.get(WHICH, "")))
    if PAST in asked or typed.get(PAST):
        marked = [typed[PAST]] if typed.get(PAST) else []
        options = [("yes", "Yes, it took place already")]
        drawn.append(blocks.checks_input(PAST, "That day is over", options, initial=marked))
    return drawn


def _text(
    field: str, typed: Typed, *, hint: str = "", lines: bool = False, optional: bool = True
) -> Block:
    return blocks.text_input(
        field,
        LABELS[field],
        initial=typed.get(field, ""),
        hint=hint,
        lines=lines,
        optional=optional,
        limit=LIMITS[field],
    )


def _time(field: str, typed: Typed, hint: str) -> Block:
    initial = typed.get(field, "")
    return blocks.time_input(field, LABELS[field], initial=initial, hint=hint, optional=True)


def _choice(field: str, typed: Typed, choices: Sequence[Kind] | Sequence[Place]) -> Block:
    options = [(choice.value, spelled(choice).capitalize()) for choice in choices]
    return blocks.select_input(field, LABELS[field], options, initial=typed.get(field, ""))


def _kept(field: str, text: str) -> str:
    if field not in {SUMMARY, AGENDA}:
        return plain(text).strip()
    return "\n".join(plain(line) for line in text.splitlines()).strip()
