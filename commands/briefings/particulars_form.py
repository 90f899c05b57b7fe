"""The form by which one answers what a briefing asks: how it looks, reading it, what is kept."""

from collections.abc import Mapping

from commands import blocks
from commands.blocks import Message, View
from commands.routes import Invalid
from commands.typing import row_id
from commands.words import plain, said, width
from storage import guard, questions
from storage.particulars import LIMIT, Sheet, mark

SAVE = "briefings.save_particulars"
FIELD = "answer_"


def drawn(sheet: Sheet) -> View:
    """Draw the form, filled with what they have said before."""
    briefing = sheet.briefing
    asked = zip(briefing.questions, sheet.said, strict=True)
    return blocks.modal(
        SAVE,
        f"E{briefing.id}, its questions",
        [
            blocks.section(
                f"*E{briefing.id} {said(briefing.title, 150)}*",
                "Your seat, or your place in the queue, is yours whether you answer or not. What "
                "you answer is read by whoever organises it, the secretariat and who chairs its "
                "group, and deleted when you give that up, or some time after: "
                "`/coalition privacy`.",
            ),
            *(
                blocks.text_input(
                    f"{FIELD}{place}",
                    questions.text(question),
                    initial=answer,
                    optional=not questions.must(question),
                    limit=LIMIT,
                )
                for place, (question, answer) in enumerate(asked)
            ),
        ],
        submit="Save",
        metadata=f"{briefing.id} {mark(briefing.questions)}",
    )


def read_subject(metadata: str) -> tuple[int, str]:
    """Read the number of the briefing, and which questions were asked."""
    number, _, seen = metadata.partition(" ")
    return row_id(number), seen


def read(form: Mapping[str, str]) -> tuple[str, ...]:
    """Read the answers, in the order of the questions. Raises Invalid."""
    fields = [f"{FIELD}{place}" for place in range(questions.MOST)]
    answers = {field: plain(form[field]) for field in fields if field in form}
    wrong = {
        field: f"This has {length} characters; {LIMIT} fit. Shorten it."
        for field, answer in answers.items()
        if (length := width(answer)) > LIMIT
    }
    wrong |= guard.refused(**answers)
    if wrong:
        raise Invalid(**wrong)
    return tuple(answers.values())


def kept(sheet: Sheet) -> Message:
    """Read back what is kept."""
    briefing = sheet.briefing
    name = f"*E{briefing.id} {said(briefing.title, 150)}*"
    asked = zip(briefing.questions, sheet.said, strict=True)
    lines = [
        f"• {said(questions.text(question))}: {said(answer)}"
        for question, answer in asked
        if answer
    ]
    again = f"Until it is over you can change it: `/briefings questions E{briefing.id}`"
    told = f"Saved for {name}:" if lines else f"Nothing is kept for {name}: all was left empty."
    return blocks.message(blocks.section(told, *lines, again))
