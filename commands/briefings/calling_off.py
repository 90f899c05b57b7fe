"""What people see of a briefing that is called off, and of what is called off with it."""

from collections.abc import Sequence

from commands import blocks
from commands.blocks import Message
from commands.briefings import without_slack
from commands.words import count, listed, said
from storage.authoring import Form
from storage.models import Standing, State
from storage.publishing import Ended, Foreseen
from storage.series import Reach, Sizes

CANCEL, RESTORE = "briefings.cancel", "briefings.restore"
REACHES = {
    CANCEL: Reach.THIS,
    "briefings.cancel_later": Reach.LATER,
    "briefings.cancel_all": Reach.ALL,
}
STANDINGS = {
    Standing.GOING: "going",
    Standing.OFFERED: "with an offered seat",
    Standing.WAITLISTED: "on the waitlist",
    Standing.ASKED: "asking for a seat",
    Standing.MAYBE: "maybe",
}


def foreseen(shown: Foreseen, sizes: Sizes, hearing: Sizes) -> Message:
    """Say what calling it off would mean, and ask for the word.

    *hearing* is how many people hear of it, as far as one goes in its series.
    """
    briefing = shown.briefing
    name = f"*E{briefing.id} {said(briefing.title, 150)}*"
    is_draft = briefing.state is State.DRAFT
    people = [
        f"{number} {STANDINGS[standing]}"
        for standing in Standing
        if (number := shown.concerned.get(standing, 0))
    ]
    total = sum(shown.concerned.values())
    nobody = "Nobody on Slack" if shown.without_slack else "Nobody"
    told = f"Call off {name}? {nobody} has answered it. For ten minutes you can take it back."
    if people:
        told = (
            f"Call off {name}? {_hear(total)}: {listed(people)}. For ten minutes you can take it "
            "back, and nobody is told; then each gets one message, and their calendar hears of it."
        )
    if is_draft:
        told = f"{name} is a draft that nobody has seen. Discarded, it is gone for good."
    labels = {Reach.THIS: "Discard it" if is_draft else "Call it off"}
    further = without_slack.unreached(shown.without_slack)
    if later := sizes[Reach.LATER]:
        labels[Reach.LATER] = f"It and {later} later"
        further.append(f"With {count(later, 'later one')}: {_hear(hearing[Reach.LATER])}.")
    if (others := sizes[Reach.ALL]) > later:
        all_of_them = "1 other" if others == 1 else f"all {others} others"
        labels[Reach.ALL] = f"It and {all_of_them}"
        further.append(f"With {all_of_them}: {_hear(hearing[Reach.ALL])}.")
    return blocks.message(
        blocks.section(told, *further),
        blocks.actions(
            *(
                blocks.button(labels[reach], action, briefing.id, style="danger")
                for action, reach in REACHES.items()
                if reach in labels
            )
        ),
    )


def ended(outcomes: Sequence[Ended]) -> Message:
    """Say what became of it, and of what was called off with it."""
    first, told = outcomes[0], sum(outcome.told for outcome in outcomes)
    name = f"*E{first.briefing_id} {said(first.title, 150)}*"
    also = f" and {count(len(outcomes) - 1, 'other')} of its series" if outcomes[1:] else ""
    verb = "are" if also else "is"
    if first.was_draft and all(outcome.was_draft for outcome in outcomes):
        return blocks.message(blocks.section(f"{name}{also} {verb} discarded."))
    if not any(outcome.changed for outcome in outcomes):
        return blocks.message(blocks.section(f"{name} was called off before. Nothing changed."))
    messages = f"{count(told, 'message')} will go out in ten minutes"
    hear = messages if told else "nobody has to be told"
    # A draft is gone, and what was off before was not called off together with the others.
    off = [one.briefing_id for one in outcomes if one.changed and not one.was_draft][:1]
    return blocks.message(
        blocks.section(f"{name}{also} {verb} called off; {hear}."),
        *(blocks.actions(blocks.button("Take it back", RESTORE, number)) for number in off),
    )


def restored(forms: Sequence[Form]) -> Message:
    """Say that it takes place after all."""
    briefing = forms[0].briefing
    name = f"*E{briefing.id} {said(briefing.title, 150)}*"
    also = f" and {count(len(forms) - 1, 'other')} of its series" if forms[1:] else ""
    verb = "take" if also else "takes"
    told = f"{name}{also} {verb} place, and nobody was told otherwise."
    return blocks.message(blocks.section(told))


def _hear(people: int) -> str:
    verb = "hears" if people in {0, 1} else "hear"
    return f"{count(people, 'person', 'people') if people else 'nobody'} {verb} of it"
