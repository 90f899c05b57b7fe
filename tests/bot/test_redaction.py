"""What staff remove is gone: from the database, its file, and every message the bot posted."""

import contextlib
import re
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from bot import posting
from commands import blocks
from tests.bot.conftest import Story
from tests.bot.test_canaries import presses
from tests.bot.test_post_here import MEMBER, MEMBERS, beats
from tests.factories import every_row

STAFF, LEAD, KNOWN = "U0DANA", "U0MAEVE", "I3"
SECRET = "cnrysecret"
HTTP = pytest.mark.parametrize("story", ["http"], indirect=True)


def standing(story: Story) -> str:
    """Read every message that stands anywhere, but for answers only their reader sees."""
    return "\n".join(
        f"{message.text} {message.blocks}"
        for messages in story.workspace.world.messages.values()
        for message in messages
        if not message.ephemeral
    )


async def posted(story: Story) -> None:
    """Let a lead say a secret in an update; post it in a channel, and let two digests tell it."""
    await story.workspace.command(LEAD, "C0ANNOUNCE", f"/initiatives update {KNOWN}")
    await story.workspace.submit(
        LEAD, {"health": "at_risk", "text": SECRET, "reason": SECRET, "next_step": SECRET}
    )
    await story.settled()
    await story.says(MEMBER, f"/initiatives show {KNOWN}", MEMBERS)
    await story.clicks(MEMBER, "initiatives.post_here", channel=MEMBERS)
    await beats(story)
    await story.workspace.advance(timedelta(days=7))
    await beats(story)


async def test_what_staff_remove_is_gone_everywhere(story: Story) -> None:
    await posted(story)
    assert standing(story).count(SECRET) >= 4
    assert SECRET in str(every_row(story.bot.units.database))

    asked = await story.says(STAFF, f"/coalition redact {KNOWN}")
    number = re.search(r"Taken back in Slack: (\d+) messages", asked)
    assert number is not None, asked
    done = await story.clicks(STAFF, "coalition.redact")
    await beats(story)

    assert int(number[1]) >= 2
    assert done.endswith(f"Being taken back in Slack: {number[1]} messages.")
    assert SECRET not in standing(story)
    assert SECRET not in str(every_row(story.bot.units.database))
    assert SECRET.encode() not in file_of(story)
    assert "(removed by the secretariat)" in await story.says(MEMBER, f"/initiatives show {KNOWN}")
    assert sum(call.method == "chat.delete" for call in story.workspace.sent) == int(number[1])


@HTTP
async def test_only_staff_remove_and_nothing_goes_before_the_second_word(story: Story) -> None:
    await posted(story)

    refused = await story.says(MEMBER, f"/coalition redact {KNOWN}")
    await presses(story, MEMBER, "coalition.redact", KNOWN)
    await story.says(STAFF, f"/coalition redact {KNOWN}")
    await beats(story)

    assert refused == "Removing what stands here is for the secretariat. Ask them."
    assert SECRET in standing(story)
    assert SECRET in str(every_row(story.bot.units.database))


@HTTP
async def test_a_channel_that_is_archived_keeps_its_copy_and_staff_are_told(story: Story) -> None:
    await posted(story)
    story.workspace.world.channels[MEMBERS].is_archived = True
    await story.says(STAFF, f"/coalition redact {KNOWN}")
    await story.clicks(STAFF, "coalition.redact")

    await beats(story)
    await beats(story)

    told = [message.text for message in story.workspace.messages(STAFF, seen_by=STAFF)]
    assert any(f"could not do what it was to do in <#{MEMBERS}>" in text for text in told)


def test_what_a_message_names_is_read_from_its_blocks() -> None:
    lines = [f"*A{number} {'word ' * 40}*" for number in range(1, 40)]
    message = blocks.message(*(blocks.section(line) for line in lines), blocks.section("E7, X9"))

    assert posting.named(message) == f" {' '.join(f'A{n}' for n in range(1, 40))} E7 "
    assert posting.named(blocks.message(blocks.section("Nothing"))) == ""


def file_of(story: Story) -> bytes:
    """Give the database's file as it is once it was vacuumed."""
    file = Path(str(story.bot.units.database.url.database))
    copy = file.with_name("copy.sqlite3")
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    return copy.read_bytes()
