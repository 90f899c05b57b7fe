"""The fields by which one chooses what a digest tells, and reading them."""

from collections.abc import Iterable, Mapping, Sequence

from commands import blocks
from commands.blocks import Block
from commands.words import plain, width
from storage.editions import Section

SECTIONS, TOPICS = "sections", "topics"
LABEL_LIMIT = 75  # of an option; a topic that is longer cannot be chosen
LABELS = {
    Section.WAITING: "Waiting on you",
    Section.ITEMS: "Your action items",
    Section.BRIEFINGS: "Your next briefings",
    Section.ATTENTION: "Needs attention, or is overdue",
    Section.MOVED: "Updates on initiatives",
    Section.STANDING: "How the initiatives stand",
    Section.COMING: "The next 14 days",
    Section.WAITS: "Who is waiting on whom",
    Section.DONE: "Newly done",
    Section.RESOURCES: "New resources",
}


def fields(
    offered: Sequence[Section],
    chosen: Iterable[Section],
    topics: Sequence[str],
    chosen_topics: Sequence[str],
) -> list[Block]:
    """Draw the fields: the sections that are *offered*, and the *topics* there are."""
    wanted = [section.value for section in chosen] or [section.value for section in offered]
    drawn = [
        blocks.checks_input(
            SECTIONS,
            "What it tells",
            [(section.value, LABELS[section]) for section in offered],
            initial=wanted,
            hint="Daily it tells of these only what is due.",
        )
    ]
    fitting = [topic for topic in topics if width(plain(topic)) <= LABEL_LIMIT]
    if fitting:
        drawn.append(
            blocks.several_input(
                TOPICS,
                "Topics of new resources",
                [(topic, topic) for topic in fitting],
                initial=chosen_topics,
                hint="None is all. Briefings, initiatives and action items have no topics.",
            )
        )
    return drawn


def read(
    form: Mapping[str, str], offered: Sequence[Section]
) -> tuple[tuple[Section, ...], tuple[str, ...], dict[str, str]]:
    """Read the sections, of those *offered*, and topics; and a sentence for a field in the way."""
    named = form.get(SECTIONS, "").splitlines()
    sections = tuple(section for section in offered if section in named)
    wrong = {} if sections else {SECTIONS: "Choose at least one."}
    return sections, tuple(form.get(TOPICS, "").splitlines()), wrong
