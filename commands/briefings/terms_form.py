"""The second step of writing a briefing: for whom it is and on which terms; and reading it."""

import re
from collections.abc import Mapping
from datetime import date

from commands import blocks, cards, notices
from commands.blocks import Block, View
from commands.routes import Invalid
from commands.typing import row_id
from commands.words import listed, plain, said, width
from storage import guard, questions
from storage.authoring import Form, mark
from storage.capacity import MOST
from storage.models import FITS, Audience, Notice, State, Tlp
from storage.terms import OFFERED, Terms

SAVE = "briefings.save_terms"
HOSTS, SPEAKERS, AUDIENCE, LABEL = "hosts", "speakers", "audience", "label"
CAPACITY, COMPANY, WAITLIST = "capacity", "company_seats", "waitlist"
APPROVAL = "approval"
OPENS, CLOSES, NOTICES, QUESTIONS = "opens", "closes", "notices", "questions"
LABELS = {
    HOSTS: "Hosts",
    SPEAKERS: "Who speaks",
    CAPACITY: "Seats",
    COMPANY: "Seats for each organisation",
    WAITLIST: "When it is full",
    APPROVAL: "Who has a seat",
    OPENS: "Registration opens",
    CLOSES: "Registration closes",
    NOTICES: "What everybody is told",
    QUESTIONS: "What whoever comes is asked",
}
TYPED = (HOSTS, SPEAKERS, CAPACITY, COMPANY, QUESTIONS)
NAMES_LIMIT = 3000
_WHOLE = re.compile("[0-9]{1,9}")


def subject(form: Form) -> str:
    """Name the briefing of *form*, and how its author found its terms."""
    return f"{form.briefing.id} {mark(form.terms)}"


def read_subject(metadata: str) -> tuple[int, str]:
    """Read the number of the briefing, and how its author found its terms."""
    number, _, seen = metadata.partition(" ")
    return row_id(number), seen


def drawn(form: Form, *, is_staff: bool, typed: Mapping[str, str] | None = None) -> View:
    """Draw the form, filled with the terms there are.

    Overtaken, it goes on showing what its author has *typed*, so what stands there now is said.
    """
    terms, is_new = form.terms, form.briefing.state is State.DRAFT
    hint = "By name, one on each line; the first is the host."
    whom = f"{cards.label(form.briefing.audience, form.briefing.tlp)}."
    change = f"Change it with `/coalition share E{form.briefing.id} members`."
    return blocks.modal(
        SAVE,
        f"E{form.briefing.id}, its terms",
        [
            *([blocks.section(*_overtaken(form, typed or {}))] if form.is_overtaken else []),
            *([] if is_new else [blocks.section(f"{whom} {change}")]),
            _names(HOSTS, terms.hosts, hint),
            _names(SPEAKERS, terms.speakers, "Organisations, one on each line."),
            *(_whom(form, is_staff=is_staff) if is_new else []),
            _number(CAPACITY, terms.capacity),
            _number(COMPANY, terms.company_seats),
            blocks.checks_input(
                WAITLIST,
                LABELS[WAITLIST],
                [("yes", "Keep a waitlist; a freed seat goes to whoever has waited longest")],
                initial=["yes"] if terms.has_waitlist else [],
                optional=True,
            ),
            blocks.checks_input(
                APPROVAL,
                LABELS[APPROVAL],
                [("yes", "Organisers approve who comes")],
                initial=["yes"] if terms.needs_approval else [],
                hint="Whoever says Going asks for a seat; there is no waitlist then.",
                optional=True,
            ),
            _day(OPENS, terms.opens_on, "At the beginning of that day."),
            _day(CLOSES, terms.closes_on, "At the end of that day."),
            blocks.checks_input(
                NOTICES,
                LABELS[NOTICES],
                [(notice.value, words) for notice, words in notices.SAID.items()],
                initial=[notice.value for notice in terms.notices],
                optional=True,
            ),
            _questions(form),
        ],
        submit="Read back",
        close="Keep as draft" if is_new else "",
        metadata=subject(form),
    )


def read(form: Mapping[str, str]) -> Terms:
    """Read the terms. Raises Invalid."""
    wrong: dict[str, str] = {}
    for field in (HOSTS, SPEAKERS):
        if (length := width(form.get(field, ""))) > NAMES_LIMIT:
            wrong[field] = f"This has {length} characters; {NAMES_LIMIT} fit."
    audience, group, why = _read_whom(form)
    wrong |= why
    numbers: dict[str, int | None] = {}
    for field in (CAPACITY, COMPANY):
        text = form.get(field, "").strip()
        numbers[field] = int(text) if _WHOLE.fullmatch(text) else None
        if text and not 1 <= (numbers[field] or 0) <= MOST:
            wrong[field] = f"Write a whole number from 1 to {MOST:,}, or nothing for no limit."
    days: dict[str, date | None] = {}
    for field in (OPENS, CLOSES):
        try:
            days[field] = date.fromisoformat(form[field]) if form.get(field) else None
        except ValueError:
            wrong[field] = "Choose a day, or none."
    asked, why = _read_questions(form)
    wrong |= why | guard.refused(**{field: form.get(field, "") for field in TYPED})
    if wrong:
        raise Invalid(**wrong)
    chosen = form.get(NOTICES, "").splitlines()
    return Terms(
        hosts=_lines(form.get(HOSTS, "")),
        speakers=_lines(form.get(SPEAKERS, "")),
        audience=audience,
        group=group,
        tlp=Tlp(form[LABEL]) if audience else None,
        capacity=numbers[CAPACITY],
        company_seats=numbers[COMPANY],
        has_waitlist=form.get(WAITLIST) == "yes" and form.get(APPROVAL) != "yes",
        opens_on=days[OPENS],
        closes_on=days[CLOSES],
        notices=tuple(notice for notice in Notice if notice in chosen),
        questions=asked,
        needs_approval=form.get(APPROVAL) == "yes",
    )


def _overtaken(form: Form, typed: Mapping[str, str]) -> list[str]:
    terms = form.terms
    theirs = {
        HOSTS: "\n".join(terms.hosts),
        SPEAKERS: "\n".join(terms.speakers),
        CAPACITY: str(terms.capacity or ""),
        COMPANY: str(terms.company_seats or ""),
        WAITLIST: "yes" if terms.has_waitlist else "",
        APPROVAL: "yes" if terms.needs_approval else "",
        OPENS: terms.opens_on.isoformat() if terms.opens_on else "",
        CLOSES: terms.closes_on.isoformat() if terms.closes_on else "",
        NOTICES: "\n".join(notice.value for notice in terms.notices),
    }
    if QUESTIONS in typed:  # where they are read-only nobody typed any
        theirs[QUESTIONS] = "\n".join(terms.questions or ())
    told = [
        f"• {LABELS[field]}: {said(text.replace(chr(10), ', '), 200) or 'nothing'}"
        for field, text in theirs.items()
        if text != typed.get(field, "").strip()
    ]
    return [
        "*Somebody else changed these while you wrote.* Nothing of yours is lost, nor saved yet. "
        "What stands there now, where yours differs:",
        *told,
        "Send yours again to put it in the place of theirs.",
    ]


def _whom(form: Form, *, is_staff: bool) -> list[Block]:
    there = form.briefing.audience
    kept = [there] if there not in {*OFFERED, Audience.GROUP} else []
    options = [(one.value, cards.LEVELS[one]) for one in ((*OFFERED, *kept) if is_staff else ())]
    options += [(f"group:{number}", f"G{number} {title}") for number, title in form.groups]
    group = form.briefing.audience_group_id
    initial = f"group:{group}" if there is Audience.GROUP else there.value
    everybody = "To show it to everybody, publish it and then share it: that takes two of you."
    fits = [(tlp.value, f"TLP:{tlp}") for tlp in Tlp]
    return [
        blocks.select_input(
            AUDIENCE, "For whom", options, initial=initial, hint=everybody if is_staff else ""
        ),
        blocks.select_input(LABEL, "Label", fits, initial=form.briefing.tlp.value),
    ]


def _read_whom(form: Mapping[str, str]) -> tuple[Audience | None, int | None, dict[str, str]]:
    if not form.get(AUDIENCE):
        return None, None, {}
    kind, _, number = form[AUDIENCE].partition(":")
    if kind not in set(Audience) or (kind == Audience.GROUP) != bool(row_id(number)):
        return None, None, {AUDIENCE: "Choose for whom it is."}
    audience, group = Audience(kind), row_id(number) or None
    if form.get(LABEL) not in FITS[audience]:
        fitting = listed([f"TLP:{tlp}" for tlp in FITS[audience]]).replace(" and ", " or ")
        return None, None, {LABEL: f"For them it is {fitting}."}
    return audience, group, {}


def _questions(form: Form) -> Block:
    asked = form.terms.questions or ()
    if form.is_locked:
        return blocks.section(
            f"*{LABELS[QUESTIONS]}*", *(f"• {said(one)}" for one in asked), questions.READ_ONLY
        )
    return blocks.text_input(
        QUESTIONS,
        LABELS[QUESTIONS],
        initial="\n".join(asked),
        hint=(
            f"Up to {questions.MOST}, one on each line, such as: Dietary needs. With a "
            f"{questions.MARK} at its end it must be answered. Once somebody has, they stay."
        ),
        lines=True,
        optional=True,
        limit=questions.MOST * (questions.LIMIT + 3),
    )


def _read_questions(form: Mapping[str, str]) -> tuple[tuple[str, ...] | None, dict[str, str]]:
    if QUESTIONS not in form:
        return None, {}  # they are read-only
    asked = [
        f"{text} {questions.MARK}" if questions.must(line) else text
        for line in _lines(form[QUESTIONS])
        if (text := questions.text(line))
    ]
    if len(asked) > questions.MOST:
        return None, {QUESTIONS: f"These are {len(asked)}; ask at most {questions.MOST}."}
    if any(width(questions.text(one)) > questions.LIMIT for one in asked):
        return None, {QUESTIONS: f"Shorten each to {questions.LIMIT} characters."}
    return tuple(asked), {}


def _names(field: str, names: tuple[str, ...], hint: str) -> Block:
    return blocks.text_input(
        field,
        LABELS[field],
        initial="\n".join(names),
        hint=hint,
        lines=True,
        optional=True,
        limit=NAMES_LIMIT,
    )


def _number(field: str, number: int | None) -> Block:
    initial = str(number or "")
    hint = "Left out: as many as come."
    return blocks.text_input(
        field, LABELS[field], initial=initial, hint=hint, optional=True, limit=7
    )


def _day(field: str, on: date | None, hint: str) -> Block:
    return blocks.date_input(field, LABELS[field], initial=on.isoformat() if on else "", hint=hint)


def _lines(text: str) -> tuple[str, ...]:
    named = (plain(line).strip() for line in text.splitlines())
    return tuple(dict.fromkeys(name for name in named if name))
