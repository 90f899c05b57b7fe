"""What people see of who comes to a briefing, and of who sends nobody."""

from commands import blocks
from commands.blocks import Block, Message
from commands.briefings import approving
from commands.briefings.checkin_form import opening
from commands.words import count, listed, said, spelled, when
from storage import checking_in
from storage.asker import Asker
from storage.attendance import Absent, Attendance, Party
from storage.models import Standing
from storage.requests import NOBODY

ATTENDANCE = "briefings.attendance"
ORGANISATIONS_SHOWN = 40
ANSWERS_SHOWN = 30
RULE = "It is held under the Chatham House Rule: numbers are shown, nobody is named."
CHECK_IN = (
    "It is held under the Chatham House Rule: others read numbers alone. Names are shown to the "
    "secretariat, who check people in."
)


LABELS = {
    Standing.GOING: "Going",
    Standing.OFFERED: "Offered a seat",
    Standing.WAITLISTED: "On the waitlist",
    Standing.ASKED: approving.LABEL,
    Standing.MAYBE: "Maybe",
    Standing.DECLINED: "Not going",
}


def who(attendance: Attendance, asker: Asker) -> Message:
    """Draw who comes, by organisation and by answer, with the totals by kind of organisation."""
    briefing = attendance.briefing
    drawn: list[Block] = [
        blocks.header(f"Who comes to E{briefing.id} {briefing.title}"),
        blocks.context(f"As of {when(attendance.as_of, asker.zone)}"),
    ]
    if attendance.is_chatham_house:
        drawn.append(blocks.context(CHECK_IN if asker.is_staff else RULE))
    drawn += approving.listed(attendance.requests, briefing, asker.zone)
    for standing, label in LABELS.items():
        parties = [party for party in attendance.parties if party.standing is standing]
        if parties:
            people = count(attendance.people(standing), "person", "people")
            kinds = _kinds(attendance, standing) if any(p.organisation for p in parties) else ""
            drawn.append(blocks.section(f"*{label}: {people}*", kinds, *_parties(parties)))
    drawn += _said(attendance, asker)
    if not attendance.parties and attendance.requests == NOBODY:
        drawn.append(blocks.section("Nobody has answered yet."))
    if asker.is_staff and checking_in.is_open(briefing, attendance.as_of):
        number = briefing.id
        came = blocks.button("Who came", ATTENDANCE, number, about=f"Who came to E{number}")
        drawn.append(blocks.actions(opening(briefing), came))
    return blocks.message(*drawn)


def _said(attendance: Attendance, asker: Asker) -> list[Block]:
    """Draw what was said to each question, for who organises it."""
    drawn = []
    for question, answers in attendance.said:
        lines = [f"{said(name, 80)}: {said(answer)}" for name, answer in answers]
        left = len(lines) - ANSWERS_SHOWN
        more = f"and {left} more" if left > 0 else "" if lines else "nobody has answered it"
        drawn.append(blocks.bullets(said(question), lines[:ANSWERS_SHOWN], more))
    if drawn:
        number = attendance.briefing.id
        file = f" As a file: `/briefings attendance E{number}`" if asker.is_staff else ""
        drawn.append(blocks.context(f"What they answered is for whoever organises it.{file}"))
    return drawn


def missing(absent: Absent) -> Message:
    """Say which member companies send nobody."""
    name = f"*E{absent.briefing.id} {said(absent.briefing.title, 150)}*"
    companies = count(absent.total, "member company", "member companies")
    if not absent.total:
        return blocks.message(blocks.section("There is no member company yet."))
    if not absent.names:
        verb = "was" if absent.is_over else "is"
        each = f"Each of {companies}" if absent.total > 1 else "The only member company"
        return blocks.message(blocks.section(f"{each} {verb} at {name}."))
    verb = "Nobody went to" if absent.is_over else "Nobody goes to"
    left = len(absent.names) - ORGANISATIONS_SHOWN
    return blocks.message(
        blocks.section(
            f"{verb} {name} from {len(absent.names)} of {companies}:",
            *(f"• {said(one, 80)}" for one in absent.names[:ORGANISATIONS_SHOWN]),
            f"and {left} more" if left > 0 else "",
        )
    )


def _kinds(attendance: Attendance, standing: Standing) -> str:
    numbers = attendance.by_kind(standing).items()
    named = [(spelled(kind) if kind else "no organisation", people) for kind, people in numbers]
    return "By kind: " + ", ".join(f"{kind} {people}" for kind, people in named)


def _parties(parties: list[Party]) -> list[str]:
    lines = []
    for party in parties[:ORGANISATIONS_SHOWN]:
        several = f", {party.people}" if party.people > 1 else ""
        kind = f" ({spelled(party.kind)}{several})" if party.kind else ""
        if party.organisation is None:
            label = spelled(party.kind).capitalize() if party.kind else "No organisation"
            lines.append(f"• {label}: {party.people}")
        else:
            people = listed([_named(name, party) for name in party.names], 8)
            lines.append(f"• {said(party.organisation, 80)}{kind}: {people}")
        lines += [f"    {said(name, 80)}: {said(note, 150)}" for name, note in party.notes[:8]]
        lines += [
            f"    {said(name, 80)}: recorded by {said(staff, 80)}"
            for name, staff in party.recorded[:8]
        ]
        if party.asked_again:
            silent = listed([said(name, 80) for name in party.asked_again], 8)
            lines.append(f"    not confirmed since it was moved: {silent}")
    if len(parties) > ORGANISATIONS_SHOWN:
        lines.append(f"• and {len(parties) - ORGANISATIONS_SHOWN} more organisations")
    return lines


def _named(name: str, party: Party) -> str:
    return f"{said(name, 80)} (no Slack)" if name in party.without_slack else said(name, 80)
