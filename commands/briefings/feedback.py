"""How a briefing was: the question with its buttons, the form to say more, what organisers read."""

from collections.abc import Mapping

from commands import blocks
from commands.blocks import Block, Message, View
from commands.routes import Invalid
from commands.typing import row_id
from commands.words import count, plain, said, width
from storage import guard
from storage.feedback import FEWEST, REMARK_LIMIT, Results, Said, Shown
from storage.models import Briefing, Verdict

FEEDBACK, MORE, SAVE = "briefings.feedback", "briefings.say_more", "briefings.save_feedback"
VERDICTS = {
    "briefings.useful": Verdict.USEFUL,
    "briefings.partly": Verdict.PARTLY,
    "briefings.not_useful": Verdict.NOT_USEFUL,
}
LABELS = {
    Verdict.USEFUL: "Useful",
    Verdict.PARTLY: "Partly",
    Verdict.NOT_USEFUL: "Not useful",
}
REMARK = "remark"
SHOWN = 30
ANONYMOUS = (
    "Organisers read how many said what, once five have, and what is written: all without names."
)


def question(briefing: Briefing) -> Message:
    """Ask how it was."""
    return blocks.message(
        blocks.section(f"How was {_name(briefing)}?"),
        _buttons(briefing.id, None),
        blocks.context(f"{ANONYMOUS} To be asked no more: `/coalition settings`"),
    )


def kept(told: Said) -> Message:
    """Say what was kept, and how to say otherwise or more."""
    return blocks.message(*_own(told))


def more(told: Said) -> View:
    """Draw the form in which one says more."""
    name = _name(told.briefing)
    return blocks.modal(
        SAVE,
        "Say more",
        [
            blocks.section(f"What was good at {name}, and what was missing?"),
            blocks.text_input(
                REMARK,
                "In your words",
                initial=told.remark,
                hint="Read by the organisers without your name. Empty, nothing is kept.",
                lines=True,
                optional=True,
                limit=REMARK_LIMIT,
            ),
        ],
        submit="Save",
        metadata=str(told.briefing.id),
    )


def read(form: Mapping[str, str], metadata: str) -> tuple[int, str]:
    """Read of which briefing something is said, and what. Raises Invalid."""
    remark = "\n".join(plain(line) for line in form.get(REMARK, "").splitlines()).strip()
    wrong = guard.refused(**{REMARK: remark})
    if (length := width(remark)) > REMARK_LIMIT:
        wrong[REMARK] = f"This has {length} characters; {REMARK_LIMIT} fit. Shorten it."
    if wrong:
        raise Invalid(**wrong)
    return row_id(metadata), remark


def drawn(shown: Shown) -> Message:
    """Draw what those who took part say, for its organisers, and what the reader may say."""
    parts: list[Block] = [blocks.header(f"How E{shown.briefing.id} {shown.briefing.title} was")]
    if shown.results is not None:
        parts += _results(shown.results)
    if shown.mine is not None:
        parts += _own(shown.mine)
    return blocks.message(*parts)


def _results(results: Results) -> list[Block]:
    people = count(results.asked, "person", "people")
    spread = results.spread
    if spread is None:
        told = f"Too few to show what they said: it is shown from {FEWEST} answers on."
    else:
        each = " · ".join(f"{LABELS[verdict]} {number}" for verdict, number in spread.items())
        left = results.answered - sum(spread.values())
        told = f"*{each}*" + (f", and {left} not counted yet" if left > 0 else "")
    answered = f"{results.answered} of {people} who took part answered."
    remarks = [blocks.section(f"“{said(one, REMARK_LIMIT)}”") for one in results.remarks[:SHOWN]]
    left_out = len(results.remarks) - SHOWN
    return [
        blocks.section(answered, told),
        blocks.context(
            f"The numbers change by {FEWEST} answers at a time, so that they tell nobody's alone."
        ),
        *remarks,
        *([blocks.context(f"and {left_out} more")] if left_out > 0 else []),
    ]


def _own(told: Said) -> list[Block]:
    name = _name(told.briefing)
    said_so = (
        f"You said of {name}: *{LABELS[told.verdict].lower()}*."
        if told.verdict
        else f"You have not said how {name} was."
    )
    remark = f"And: “{said(told.remark, REMARK_LIMIT)}”" if told.remark else ""
    return [
        blocks.section(said_so, remark),
        _buttons(told.briefing.id, told.verdict),
        blocks.context(ANONYMOUS),
    ]


def _buttons(briefing_id: int, given: Verdict | None) -> Block:
    number = f"E{briefing_id}"
    return blocks.actions(
        *(
            blocks.button(
                LABELS[verdict], action, briefing_id, about=f"{LABELS[verdict]}: {number}"
            )
            for action, verdict in VERDICTS.items()
            if verdict is not given
        ),
        blocks.button("Say more", MORE, briefing_id, about=f"Say more about {number}"),
    )


def _name(briefing: Briefing) -> str:
    return f"*E{briefing.id} {said(briefing.title, 150)}*"
