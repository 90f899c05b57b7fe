"""What everybody who comes is told before: the rules under which one meets."""

from storage.models import Briefing, Notice

SAID = {
    Notice.COMPETITION_LAW: "Competition law: no talk of prices, customers or plans of a company",
    Notice.RECORDING: "It is recorded",
    Notice.CHATHAM_HOUSE: "Chatham House Rule: who comes is counted, not named",
}


def of(briefing: Briefing) -> list[str]:
    """Give a line for each of the notices of *briefing*."""
    return [said for notice, said in SAID.items() if notice in briefing.notices]
