"""How long each kind of row is kept, why, and what becomes of it then."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from storage import ledger
from storage.models import Workspace

LEAST, MOST = 1, 3650  # days that a coalition may choose


@dataclass(frozen=True)
class Term:
    """How many *days* after *since* something is forgotten, and what becomes of it *then*."""

    what: str
    days: int
    since: str
    then: str
    why: str


# What is in no line stays until somebody removes it: the coalition's own items, and who is here.
DEFAULTS: Mapping[str, Term] = {
    "answers": Term(
        "answers to briefings, and sessions on your agenda",
        180,
        "after the briefing",
        "without your name, note and what you said of it or to its questions; your agenda goes",
        "who came is of use while people follow up on it",
    ),
    "messages": Term(
        "messages sent to you or to channels",
        365,
        "after they went",
        "forgotten here; what stands in Slack stays there",
        "until then what the bot posted can be taken back",
    ),
    "actions": Term(
        "action items done or declined",
        730,
        "after their last change",
        "deleted",
        "two yearly reports can be written from them",
    ),
    "record": Term(
        "changes that you made",
        730,
        "after each",
        "deleted, but for your last of each kind to each thing",
        "abuse is found out late; and no reload of the coalition's file undoes a decision",
    ),
    "leavers": Term(
        "whoever leaves Slack, or never had it",
        180,
        "after they left, or after the last briefing that staff answered for them",
        "deleted as if they had asked for it",
        "some come back",
    ),
    "requests": Term(
        "keys of requests",
        ledger.KEPT.days,
        "after each",
        "deleted",
        "Slack sends none again after a day",
    ),
}
# Those that the coalition's file may lengthen or shorten.
CHANGEABLE = tuple(kind for kind in DEFAULTS if kind != "requests")


def kept(workspace: Workspace) -> dict[str, Term]:
    """Give the terms of *workspace*: its own where the coalition's file says so."""
    return {
        kind: replace(term, days=workspace.retention.get(kind, term.days))
        for kind, term in DEFAULTS.items()
    }
