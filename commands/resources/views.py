"""What people see of resources."""

from commands import blocks, cards, placing
from commands.blocks import Block, Message
from commands.cards import SHOWN_BY, label
from commands.words import count, day, link, listed, loosely, said, spelled
from storage.asker import Asker
from storage.errors import Choice
from storage.models import Resource
from storage.pages import Page
from storage.resources import Detail, Found, Line

MORE_NEW = "resources.more_new"
MORE_FOUND = "resources.more_found"
POST_HERE = "resources.post_here"
NOUN = "resource"
TOPICS_SHOWN = 10


def new(page: Page[Line], zone: str) -> Message:
    """Draw what was added, newest first."""
    if not page.rows:
        return blocks.message(
            blocks.section(
                "The library holds nothing you can see yet. New resources appear here when added."
            )
        )
    rows = [cards.resource(line, zone) for line in page.rows]
    return blocks.message(
        blocks.header("Resources, newest first"), *rows, *cards.pages(page, MORE_NEW, NOUN)
    )


def found(result: Found, asked: str, zone: str) -> Message:
    """Draw what a search for *asked* found, or what comes closest."""
    if not result.page.total:
        return _nothing(result, asked)
    rows = [cards.resource(line, zone) for line in result.page.rows]
    return blocks.message(
        blocks.header(f"Resources for «{asked}»"),
        *_also(result),
        *rows,
        *_turning(result.page, asked),
    )


def detail(shown: Detail, asker: Asker, channel: str = "") -> Message:
    """Draw one resource in full: first whom it is for and what may be done with it.

    *channel* is where it could be posted for all to read.
    """
    resource = shown.resource
    return blocks.message(
        blocks.header(f"R{resource.id} {resource.title}"),
        blocks.section(f"*{label(resource.audience, resource.tlp)}*", _group(shown.group)),
        blocks.section(link(resource.link), said(resource.summary, 1500)),
        blocks.section(*_facts(resource, asker.zone)),
        *(_origin(origin) for origin in shown.origins),
        *placing.button(asker, resource, POST_HERE, channel),
    )


def _nothing(result: Found, asked: str) -> Message:
    sentence = f"Nothing you can see in the library fits «{said(asked)}»."
    if result.unfiltered:
        fits = count(result.unfiltered, NOUN)
        return blocks.message(
            blocks.section(f"{sentence} Without type:, topic: and level: there is {fits}.")
            if result.unfiltered == 1
            else blocks.section(f"{sentence} Without type:, topic: and level: there are {fits}."),
            *_also(result),
        )
    ask = (
        "The nearest titles are these."
        if result.nearest
        else "Try fewer or other words, or see what is new with `/resources new`."
    )
    return blocks.message(
        blocks.section(f"{sentence} {ask}"),
        *_also(result),
        *(_choice(choice) for choice in result.nearest),
    )


def _also(result: Found) -> list[Block]:
    return [blocks.context(f"Also looked for: {listed(list(result.also))}.")] if result.also else []


def _turning(page: Page[Line], asked: str) -> list[Block]:
    # The next page is one of the same search, so its button carries what was looked for.
    drawn = cards.pages(page, MORE_FOUND, NOUN)
    for block in drawn:
        if block["type"] == "actions":
            for turn in block["elements"]:
                turn["value"] = f"{turn['value']} {asked}"
    return drawn


def _facts(resource: Resource, zone: str) -> list[str]:
    publisher = f" by {said(resource.publisher.name, 80)}" if resource.publisher else ""
    published = f" {loosely(resource.published)}" if resource.published else ""
    topics = listed([said(topic, 60) for topic in resource.topics], TOPICS_SHOWN)
    return [
        spelled(resource.kind).capitalize() + (f" on {topics}" if topics else ""),
        f"Version {said(resource.version, 40)}" if resource.version else "",
        f"Published{published}{publisher}" if published or publisher else "",
        f"Added {day(resource.added_at, zone)}",
    ]


def _group(group: Choice | None) -> str:
    return f"Working group {group.id} {said(group.title, 150)}" if group else ""


def _origin(origin: Choice) -> Block:
    return blocks.section(
        f"It came out of {origin.id} {said(origin.title, 150)}", accessory=_details(origin)
    )


def _choice(choice: Choice) -> Block:
    return blocks.section(f"*{choice.id} {said(choice.title, 150)}*", accessory=_details(choice))


def _details(choice: Choice) -> Block:
    return blocks.button(
        "Details", SHOWN_BY[choice.id[0]], choice.id[1:], about=f"Details of {choice.id}"
    )
