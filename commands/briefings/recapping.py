"""The paragraph that staff may publish of a briefing, and what it leaves out."""

from commands import blocks, cards
from commands.blocks import Message
from commands.words import count, day, listed, said, when
from storage.models import Audience, Briefing, OrganisationKind, Precision
from storage.recaps import Recap

KINDS = {
    OrganisationKind.HOTLINE: ("hotline", "hotlines"),
    OrganisationKind.REGULATOR: ("regulator", "regulators"),
    OrganisationKind.LAW_ENFORCEMENT: ("law enforcement agency", "law enforcement agencies"),
    OrganisationKind.GOVERNMENT: ("government body", "government bodies"),
    OrganisationKind.INTERGOVERNMENTAL: ("intergovernmental body", "intergovernmental bodies"),
    OrganisationKind.CIVIL_SOCIETY: ("civil society organisation", "civil society organisations"),
    OrganisationKind.ACADEMIA: ("academic institution", "academic institutions"),
    OrganisationKind.VENDOR: ("vendor", "vendors"),
    OrganisationKind.PARTNER: ("partner organisation", "partner organisations"),
}


def drawn(recap: Recap) -> Message:
    """Draw the paragraph, and below it what it counts and whom it names."""
    briefing = recap.briefing
    below = [
        "It counts the organisations of those who were seen to come."
        if recap.is_checked
        else "Nobody was checked in, so it counts the organisations of those who had a seat.",
        "Held under the Chatham House Rule: besides the hosts nobody is named."
        if recap.is_chatham_house
        else "Hosts, co-hosts and speakers are named. Others are counted, not named.",
    ]
    if briefing.audience is not Audience.PUBLIC:
        label = cards.label(briefing.audience, briefing.tlp)
        below.append(f"The briefing is marked «{label}»: mind that before its title goes further.")
    return blocks.message(
        blocks.context(f"A recap of E{briefing.id}, to publish or to change:"),
        blocks.section(_paragraph(recap)),
        blocks.context(*below),
    )


def _paragraph(recap: Recap) -> str:
    briefing = recap.briefing
    companies = count(recap.members, "member company", "member companies")
    verb = "took part in" if recap.is_checked else "signed up for"
    hosts = f", hosted by {_named(recap.hosts)}" if recap.hosts else ""
    speakers = f", with speakers from {_named(recap.speakers)}" if recap.speakers else ""
    first = f"{companies} {verb} “{said(briefing.title, 150)}” {_date(briefing)}{hosts}{speakers}."
    sentences = [first[0].upper() + first[1:]]
    if recap.others:
        others = [count(number, *KINDS[kind]) for kind, number in recap.others.items()]
        also = "Also there" if recap.is_checked else "Also signed up"
        sentences.append(f"{also}: {listed(others)}.")
    return " ".join(sentences)


def _named(names: tuple[str, ...]) -> str:
    return listed([said(name, 80) for name in names])


def _date(briefing: Briefing) -> str:
    if briefing.precision in {Precision.MONTH, Precision.YEAR}:
        return f"in {when(briefing.starts_at, briefing.zone, briefing.zone, briefing.precision)}"
    return f"on {day(briefing.starts_at, briefing.zone)}"
