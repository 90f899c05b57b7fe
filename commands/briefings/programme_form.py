"""The form by which a programme is written: a field for each day, read back before it is saved."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from commands import blocks
from commands.blocks import Block, Message, View
from commands.briefings import programme_lines
from commands.briefings.programme_lines import PATTERN, Wrong
from commands.routes import Invalid
from commands.typing import row_id
from commands.words import city, count, day, said, span, width
from storage import guard
from storage.asker import Asker
from storage.errors import Refusal
from storage.models import Briefing, State
from storage.programmes import MOST, Line, Plan, Sheet

SAVE, OPEN = "briefings.save_sessions", "briefings.sessions"
FIELD = "day_"
LIMIT = 3000  # as much as Slack lets anybody write in one field
DAYS = 14
TOLD = 3  # faults of a field
SHOWN = 12  # changes of a kind


def drawn(sheet: Sheet) -> View:
    """Draw the form with the programme there is. Raises Refusal where it does not fit into one."""
    briefing = sheet.briefing
    texts = {FIELD + one.isoformat(): "" for one in programme_lines.days(briefing)}
    if len(texts) > DAYS:
        raise Refusal(
            f"It lasts {len(texts)} days, and a programme can be written for up to {DAYS}. Make "
            "one briefing for each part."
        )
    for field, lines in _written(sheet.lines, briefing.zone).items():
        texts[field] = lines
    if any(width(text) > LIMIT for text in texts.values()):
        raise Refusal("It holds more than a form takes, so it cannot be changed here any more.")
    told = [
        f"*E{briefing.id} {said(briefing.title, 150)}*",
        "Paste the programme you have, a session on each line, in any order. It is read back to "
        "you before anything is saved.",
    ]
    return _form(briefing, [blocks.section(*told)], texts, "Read back", sheet.stands)


def read_subject(metadata: str) -> tuple[int, str, str]:
    """Read the number of the briefing, how its author found it, and what was read back to them."""
    number, stands, seen = (*metadata.split(" "), "", "")[:3]
    return row_id(number), stands, seen


def typed(form: Mapping[str, str]) -> dict[str, str]:
    """Give what is typed in the field of each day. Raises Invalid for what may not stand here."""
    texts = {field: text for field, text in form.items() if field.startswith(FIELD)}
    if wrong := guard.refused(**texts):
        raise Invalid(**wrong)
    return texts


def read(texts: Mapping[str, str], sheet: Sheet) -> list[Line]:
    """Read the sessions that are typed. Raises Invalid, with what is wrong with which line."""
    wrong: dict[str, str] = {}
    lines: list[Line] = []
    for field, text in texts.items():
        found = list(programme_lines.read(text, _day(field), sheet.briefing, sheet.speakers))
        faults = [str(one) for one in found if isinstance(one, Wrong)]
        if faults:
            more = [f"And {count(len(faults) - TOLD, 'line')} more."] if len(faults) > TOLD else []
            wrong[field] = " ".join([*faults[:TOLD], *more])
        lines += [one for one in found if isinstance(one, Line)]
    if not wrong and len(lines) > MOST:
        wrong[next(iter(texts))] = f"These are {len(lines)} sessions; {MOST} fit. Leave some out."
    for field, text in _written(lines, sheet.briefing.zone).items():
        # Counted as where the form opens with it again: nothing that was taken is cut there.
        if not wrong and width(text) > LIMIT:
            wrong[next(iter(texts))] = (
                f"The sessions of {day(_day(field))} have {width(text)} characters in all; {LIMIT} "
                "fit. Shorten some titles."
            )
    if wrong:
        raise Invalid(**wrong)
    return sorted(dict.fromkeys(lines), key=lambda line: (line.starts_at, line.ends_at, line.track))


def read_back(plan: Plan, texts: Mapping[str, str], asker: Asker, found: str) -> View:
    """Read a programme back above what was typed; sent again as it is, it is saved.

    *found* is how its author found the one there was.
    """
    briefing = plan.briefing
    parts = [
        *([blocks.section(OVERTAKEN)] if plan.stands != found else []),
        blocks.section("*Is it right?* Nothing is saved yet.", _meaning(plan)),
        *(
            blocks.bullets(
                title, lines[:SHOWN], f"{len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
            )
            for title, lines in _changes(plan, asker.zone).items()
            if lines
        ),
        *_as_seen(plan, asker.zone),
    ]
    return _form(briefing, parts, texts, "Save", f"{plan.stands} {plan.mark}")


def saved(plan: Plan) -> Message:
    """Say what was saved."""
    briefing = plan.briefing
    name = f"*E{briefing.id} {said(briefing.title, 150)}*"
    if not plan.is_different:
        return blocks.message(blocks.section(f"Nothing changed: {name} has these sessions."))
    see = f"See them with `/briefings programme E{briefing.id}`."
    total = count(len(plan.lines), "session")
    return blocks.message(
        blocks.section(f"{name} has {total} now: {_counts(plan)}. {_hear(plan)}", see)
    )


OVERTAKEN = (
    "*Somebody else changed it while you wrote.* Nothing of yours is lost. Saved, yours takes the "
    "place of theirs; what that means stands here:"
)


def _form(
    briefing: Briefing, parts: Sequence[Block], texts: Mapping[str, str], submit: str, seen: str
) -> View:
    hint = (
        f"{PATTERN}. By the clock in {city(briefing.zone)}. Track, room and who speaks may be left "
        "out. A line may begin with another day, or be a day for those that follow."
    )
    fields = [
        blocks.text_input(
            field,
            f"{_day(field):%A %-d %B %Y}",
            initial=text,
            hint="" if number else hint,
            lines=True,
            optional=True,
            limit=LIMIT,
        )
        for number, (field, text) in enumerate(texts.items())
    ]
    return blocks.modal(
        SAVE,
        f"Sessions of E{briefing.id}",
        [*parts, *fields],
        submit=submit,
        metadata=f"{briefing.id} {seen}",
    )


def _written(lines: Sequence[Line], zone: str) -> dict[str, str]:
    texts: dict[str, list[str]] = {}
    for line in lines:
        on, text = programme_lines.written(line, zone)
        texts.setdefault(FIELD + on.isoformat(), []).append(text)
    return {field: "\n".join(written) for field, written in texts.items()}


def _day(field: str) -> date:
    try:
        return date.fromisoformat(field.removeprefix(FIELD))
    except ValueError:
        raise Refusal("This form is not as it was drawn. Open it once more.") from None


def _meaning(plan: Plan) -> str:
    if not plan.is_different:
        return "These are the sessions it has: saving them changes nothing."
    return f"{_counts(plan).capitalize()}. {_hear(plan)}"


def _counts(plan: Plan) -> str:
    parts = {"new": plan.new, "changed": plan.changed, "off": plan.gone}
    return ", ".join(f"{len(part)} {word}" for word, part in parts.items() if part)


def _hear(plan: Plan) -> str:
    if plan.briefing.state is State.DRAFT:
        return "Nobody sees it before the briefing is published."
    if not plan.hearing:
        return "Nobody has to be told."
    hear = "1 person hears" if plan.hearing == 1 else f"{plan.hearing} people hear"
    return f"{hear} of it in ten minutes: whoever has them on their agenda, or comes and speaks."


def _changes(plan: Plan, zone: str) -> dict[str, list[str]]:
    there = plan.briefing.zone
    return {
        "Off": [_told(line, zone, there) for line in plan.gone],
        "Changed": [
            f"{_told(new, zone, there)}; before: {_told(old, zone, there)}"
            for old, new in plan.changed
        ],
        "In one room at once": [
            f"{said(one.title, 100)} and {said(other.title, 100)}: {said(one.room, 60)}, "
            f"{span(other.starts_at, other.ends_at, zone, there)}"
            for one, other in _doubled(plan.lines)
        ],
    }


def _doubled(lines: Sequence[Line]) -> Iterator[tuple[Line, Line]]:
    """Give each two of *lines*, the first first, that are in one room at once."""
    for place, one in enumerate(lines):
        for other in lines[place + 1 :]:
            if one.room and one.room == other.room and other.starts_at < one.ends_at:
                yield one, other


def _as_seen(plan: Plan, zone: str) -> Iterator[Block]:
    """Draw the programme in the author's *zone* and its own, as many lines as fit a paragraph."""
    told: list[str] = []
    for line in plan.lines:
        text = f"• {_told(line, zone, plan.briefing.zone)}"
        if told and sum(width(one) + 1 for one in [*told, text]) > blocks.TEXT_LIMIT:
            yield blocks.section(*told)
            told = []
        told.append(text)
    if told:
        yield blocks.section(*told)


def _told(line: Line, zone: str, there: str) -> str:
    at = span(line.starts_at, line.ends_at, zone, there)
    parts = (said(part, 80) for part in (line.track, line.room, line.speaker) if part)
    return f"{said(line.title, 150)}: {' · '.join([at, *parts])}"
