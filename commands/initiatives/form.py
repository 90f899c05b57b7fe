"""Reading the form about an initiative: its state becomes a draft, or a sentence by field."""

from collections.abc import Mapping

from commands.routes import Invalid
from commands.words import plain, spelled, width
from storage import guard
from storage.models import Health
from storage.updates import STEP_LIMIT, TEXT_LIMIT, Draft, needs_reason

HEALTH, TEXT, NEXT_STEP, REASON = "health", "text", "next_step", "reason"


def read_update(form: Mapping[str, str], before: Health) -> Draft:
    """Read what somebody says of an initiative that stood as *before*. Raises Invalid."""
    chosen = form.get(HEALTH, "")
    wrong = {} if chosen in set(Health) else {HEALTH: "Choose how it stands."}
    typed = {field: _lines(form.get(field, "")) for field in (TEXT, NEXT_STEP, REASON)}
    if not typed[TEXT]:
        wrong[TEXT] = "Say in a sentence what moved."
    for field, limit in ((TEXT, TEXT_LIMIT), (NEXT_STEP, STEP_LIMIT), (REASON, STEP_LIMIT)):
        # Counted as where the form opens with it again: nothing that was taken is cut there.
        if (length := width(typed[field])) > limit:
            wrong[field] = f"This has {length} characters; {limit} fit. Shorten it."
    wrong |= guard.refused(**typed)
    if wrong:
        raise Invalid(**wrong)
    draft = Draft(Health(chosen), typed[TEXT], typed[NEXT_STEP], typed[REASON])
    if needs_reason(before, draft):
        raise Invalid(
            reason=f"It was {spelled(before)}; say in a sentence why it is now "
            f"{spelled(draft.health)}."
        )
    return draft


def _lines(text: str) -> str:
    return "\n".join(plain(line) for line in text.splitlines()).strip()
