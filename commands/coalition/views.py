"""What people see of the coalition as a whole."""

from commands import blocks, cards
from commands.blocks import Block, Message
from commands.words import count, day, said, spelled, who
from storage import privacy as held
from storage import titles
from storage.models import Person
from storage.privacy import Overview
from storage.redaction import REMOVED, Redaction
from storage.sharing import Outcome

CONFIRM_SHARE = "coalition.confirm_share"
MY_DATA, DELETE_ME = "coalition.my_data", "coalition.delete_me"
ERASE, REDACT = "coalition.erase", "coalition.redact"


def quiet_week() -> Message:
    """Say that nothing moved, and what to look at instead."""
    return blocks.message(
        blocks.section(
            "Nothing you can see moved in the last seven days, and nothing is due in the next "
            "fourteen. See `/initiatives active` for how the work stands."
        )
    )


def shared(outcome: Outcome) -> Message:
    """Say whom an item is shown to now, or that a second person has yet to agree."""
    name = f"{titles.short_id(outcome.item)} {said(outcome.item.title, 150)}"
    level = cards.label(outcome.audience, outcome.tlp)
    if not outcome.changed:
        return blocks.message(blocks.section(f"*{name}* is already so: {level}. Nothing changed."))
    if outcome.waits:
        return blocks.message(
            blocks.section(
                f"*{name}* will be shown to everyone once a second member of the secretariat "
                "confirms within seven days. They have been asked; until then nothing changes."
            )
        )
    was = cards.LEVELS[outcome.before].casefold()
    return blocks.message(blocks.section(f"*{name}* is now shown so: {level}. It was {was}."))


def to_redact(found: Redaction) -> Message:
    """Say what would be removed, and ask for the word."""
    return blocks.message(
        blocks.section(
            f"*{found.called} {said(found.title, 150)}*: its title and texts, and every note, "
            f"answer, update and milestone below it, become «{REMOVED}» or nothing.",
            f"Taken back in Slack: {_copies(found)} of the bot's that named it, whole, whatever "
            "else stands there."
            if found.copies
            else "The bot has posted nothing in Slack that named it.",
        ),
        blocks.section(
            "It cannot be undone. Answers that only their reader sees, files that were handed out "
            "and backups are not reached. Take it out of the coalition's file too: the next load "
            "would bring it back."
        ),
        blocks.actions(
            blocks.button(
                "Remove it", REDACT, found.called, style="danger", about=f"Remove {found.called}"
            )
        ),
    )


def redacted(found: Redaction) -> Message:
    """Say what was done."""
    return blocks.message(
        blocks.section(
            f"The words of {found.called} are removed. Being taken back in Slack: {_copies(found)}."
        )
    )


def privacy(overview: Overview | None, zone: str) -> Message:
    """Say everything the bot holds about the reader."""
    if overview is None:
        return blocks.message(blocks.section(held.NOTHING))
    about = f"person {overview.person.id}"
    rows = [f"• {what}: {number}" for what, number in overview.counts if number]
    return blocks.message(
        blocks.header("What the bot holds about you"),
        blocks.section(*_profile(overview, zone)),
        blocks.section("Besides:", *rows) if rows else {},
        blocks.section(
            "*How long:* until you delete it, but no longer than this.", *_terms(overview)
        ),
        blocks.actions(
            blocks.button("My data", MY_DATA, about),
            blocks.button("Delete me", DELETE_ME, about, style="danger"),
        ),
        blocks.context(
            "No message, file or e-mail address of yours is held. The words for the buttons: "
            "`/coalition privacy my data`, `/coalition privacy delete me`"
        ),
    )


def on_its_way(*, is_new: bool) -> Message:
    """Say that the files come by direct message."""
    sentence = (
        "It is on its way: a direct message with two files, one for spreadsheets and one for "
        "programs."
    )
    return blocks.message(
        blocks.section(sentence if is_new else "You asked for it a moment ago. " + sentence)
    )


def to_delete(overview: Overview | None) -> Message:
    """Say what deleting takes away and what it leaves, and ask for the word."""
    if overview is None:
        return blocks.message(blocks.section(held.NOTHING))
    return blocks.message(
        blocks.header("Delete what the bot holds about you"),
        blocks.section(
            "*Goes at once:* your name, Slack account, job title, e-mail domain and role; the "
            "notes you wrote, and what you told briefings about yourself; your seats, leads and "
            "answers to what is coming; what was to be sent to you."
        ),
        blocks.section(
            "*Stays, without your name:* that your organisation came to past briefings; updates "
            "you wrote on initiatives; the record of who changed what. Open action items go back "
            "to whoever gave them to you, your own to the secretariat."
        ),
        blocks.section(
            "Messages that are in Slack already stay there. It cannot be undone: if you write to "
            "the bot again, it meets you anew."
        ),
        blocks.actions(
            blocks.button(
                "Delete me for good", ERASE, f"person {overview.person.id}", style="danger"
            )
        ),
    )


def to_delete_departed(person: Person) -> Message:
    """Ask an admin for the word to delete somebody who has left."""
    return blocks.message(
        blocks.section(
            f"*{said(person.name, 80)}* has left Slack. Deleting them takes their name, account, "
            "notes, answers and seats away at once; open items go back to whoever gave them. It "
            "cannot be undone. Take them out of the coalition's file too, or the next load meets "
            "them anew."
        ),
        _deleting(person),
    )


def to_delete_contact(person: Person) -> Message:
    """Ask staff for the word to delete somebody without Slack."""
    return blocks.message(
        blocks.section(
            f"*{said(person.name, 80)}* has no Slack. Deleting them takes their name and notes "
            "away at once; seats at what is coming go to whoever waits. That their organisation "
            "came to past briefings stays. It cannot be undone."
        ),
        _deleting(person),
    )


def erased(*, is_own: bool) -> Message:
    """Say that it is done."""
    return blocks.message(
        blocks.section(
            "You are deleted: nothing here says any more who you were. Goodbye."
            if is_own
            else "They are deleted: nothing here says any more who they were."
        )
    )


def about() -> Message:
    """Say what the bot is for, and what it never takes."""
    return blocks.message(
        blocks.header("Convene"),
        blocks.section(
            "Convene coordinates the people of the coalition: briefings, working groups, "
            "resources, action items, and how initiatives progress."
        ),
        blocks.section(
            "*It takes no reports, signals or case material.* Send those by the signal-sharing "
            "programme, your hotline or law enforcement; never here."
        ),
        blocks.context("What you can say: `/coalition help`"),
    )


def _profile(overview: Overview, zone: str) -> list[str]:
    person = overview.person
    flags = [
        word
        for word, is_so in (
            ("a guest", person.is_guest),
            ("from another organisation", person.is_stranger),
        )
        if is_so
    ]
    linked = f", linked on {day(person.linked_at, zone)}" if person.linked_at else ""
    return [
        f"*{who(person.name, overview.organisation)}*, role: {spelled(person.role)}{linked}",
        f"Job title: {said(person.title, 80)}" if person.title else "",
        f"E-mail domain: {said(person.domain, 80)}" if person.domain else "",
        f"Slack account: {said(person.slack_user)} of {said(person.slack_team)}, met on "
        f"{day(person.met_at, zone)}, time zone {said(person.zone)}",
        f"Slack says: {' and '.join(flags)}" if flags else "",
    ]


def _terms(overview: Overview) -> list[str]:
    return [
        f"• {term.what}: {count(term.days, 'day')} {term.since}, then {term.then}"
        for term in overview.terms
    ]


def _deleting(person: Person) -> Block:
    return blocks.actions(
        blocks.button(
            "Delete them for good",
            ERASE,
            f"person {person.id}",
            style="danger",
            about=f"Delete {person.name}",
        )
    )


def _copies(found: Redaction) -> str:
    return count(found.copies, "message")
