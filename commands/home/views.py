"""What a person sees in the Home: first what waits for them, then what is next."""

from datetime import datetime
from typing import Any

from commands import blocks, cards
from commands.blocks import Block, View
from commands.words import count, said, when
from storage.asker import Asker
from storage.overview import Overview
from storage.pages import Page


def home(seen: Overview, asker: Asker, now: datetime, notice: str) -> View:
    """Draw the Home for *asker*; *notice* is what their last click there became."""
    return blocks.home(
        *([blocks.section(notice), blocks.divider()] if notice else []),
        blocks.header("Waiting on you"),
        *_waiting(seen, asker, now),
        blocks.header("Your next briefings"),
        *_coming(seen, asker, now),
        blocks.header("Your action items"),
        *_actions(seen, asker, now),
        blocks.header("Your working groups"),
        *_groups(seen),
        blocks.divider(),
        blocks.actions(blocks.button("Settings", cards.SETTINGS, "open")),
        blocks.context(_footer(asker, now)),
    )


def _waiting(seen: Overview, asker: Asker, now: datetime) -> list[Block]:
    if not asker.is_linked:
        return [blocks.section(cards.UNLINKED)]
    drawn = [b for line in seen.proposed.rows for b in cards.action(line, asker.person, now)]
    if seen.proposed.total > len(seen.proposed.rows):
        wait = _count(seen.proposed, "item waits", "items wait")
        drawn.append(
            blocks.context(f"{wait} for you to take or decline. See them with `/actions`.")
        )
    drawn += [
        block for line in seen.unanswered.rows for block in cards.briefing(line, asker.zone, now)
    ]
    if not drawn:
        return [blocks.section("Nothing: every invitation is answered.")]
    if seen.unanswered.total > len(seen.unanswered.rows):
        wait = _count(seen.unanswered, "briefing waits", "briefings wait")
        drawn.append(blocks.context(f"{wait} for your answer. See them all with `/briefings`."))
    return drawn


def _coming(seen: Overview, asker: Asker, now: datetime) -> list[Block]:
    if not seen.coming.rows:
        return [blocks.section("You have not said yes or maybe to anything still to come.")]
    drawn = [b for line in seen.coming.rows for b in cards.briefing(line, asker.zone, now)]
    return drawn + _rest(seen.coming, "briefing", "/briefings mine")


def _actions(seen: Overview, asker: Asker, now: datetime) -> list[Block]:
    if not seen.actions.rows:
        note = " Note something with `/actions add`." if asker.is_linked else ""
        return [blocks.section(f"Nothing to do.{note}")]
    drawn = [b for line in seen.actions.rows for b in cards.action(line, asker.person, now)]
    return drawn + _rest(seen.actions, "action item", "/actions")


def _groups(seen: Overview) -> list[Block]:
    if not seen.groups.rows:
        return [blocks.section("You sit in no working group. See them with `/groups all`.")]
    lines = [f"*G{line.id} {said(line.title, 150)}*" for line in seen.groups.rows]
    return [
        blocks.section(*lines),
        *_rest(seen.groups, "group", "/groups"),
    ]


def _rest(page: Page[Any], noun: str, command: str) -> list[Block]:
    if page.total <= len(page.rows):
        return []
    return [blocks.context(f"{_count(page, noun, f'{noun}s')} in all. See them with `{command}`.")]


def _count(page: Page[Any], noun: str, plural: str) -> str:
    return count(page.total, noun, plural, or_more=page.is_cut)


def _footer(asker: Asker, now: datetime) -> str:
    return f"As of {when(now, asker.zone)}. What you can say: `/coalition help`"
