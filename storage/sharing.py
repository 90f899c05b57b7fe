"""Whom an item is shown to, changed afterwards: narrower by who keeps it, wider by staff."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from storage import audit, deliveries, forfeits, owners, people, talks, titles
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import (
    FITS,
    Audience,
    Briefing,
    Initiative,
    NamedReader,
    Tlp,
    Widening,
    WorkingGroup,
)
from storage.models.marks import BODIES
from storage.policy import Act, decide

# How many may see it; between two of one rank neither is the narrower.
WIDTH = {
    Audience.STAFF: 0,
    Audience.NAMED: 1,
    Audience.GROUP: 1,
    Audience.MEMBERS: 2,
    Audience.COMMUNITY: 3,
    Audience.PUBLIC: 4,
}
STRICTNESS = tuple(Tlp)
GOOD_FOR = timedelta(days=7)
KINDS: Mapping[str, Any] = {letter: model for model, letter in titles.LETTERS.items()}
TABLES: Mapping[str, Any] = {model.__tablename__: model for model in titles.LETTERS}


@dataclass(frozen=True)
class Wish:
    """Whom an item is to be shown to: *group* and *people* (Slack ids) only where it is for them.

    Without *tlp* the label stays, or becomes the strictest that goes with the audience.
    """

    audience: Audience
    tlp: Tlp | None = None
    group: str = ""
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What became of it. *waits* says that a second member of staff has yet to agree."""

    item: Any
    before: Audience
    audience: Audience
    tlp: Tlp
    changed: bool
    waits: bool = False


@writes
def share(session: Session, asker: Asker, now: datetime, called: str, wish: Wish) -> Outcome:
    """Show the item *called* so ("E12") to whom *wish* says.

    Staff alone widen, and what everybody is to see takes two of them. Raises Refusal.
    """
    item = numbered(session, asker, called)
    before, tlp = item.audience, _label(session, asker, item, wish)
    group = _group(session, asker, wish)
    named = tuple(owners.mentioned(session, asker, user) for user in wish.people)
    if _stands(session, item, wish.audience, tlp, group, named):
        return Outcome(item, before, before, tlp, changed=False)
    narrows = _narrows(item, wish.audience, tlp)
    if not decide(asker, item, Act.NARROW if narrows else Act.WIDEN):
        raise Refusal(
            f"Only the secretariat can show {titles.short_id(item)} to more people. Ask them."
            if decide(asker, item, Act.NARROW)
            else f"Only whoever keeps {titles.short_id(item)} and the secretariat can change whom "
            "it is shown to. Ask the secretariat."
        )
    _withdraw(session, item)
    if wish.audience is Audience.PUBLIC and not narrows:
        _propose(session, asker, now, item, tlp)
        return Outcome(item, before, wish.audience, tlp, changed=True, waits=True)
    _apply(session, asker, now, item, wish.audience, tlp, group, named)
    return Outcome(item, before, wish.audience, tlp, changed=True)


@writes
def confirm(session: Session, asker: Asker, now: datetime, widening_id: int) -> Outcome:
    """Agree, as the second member of staff, that everybody may see an item. Raises Refusal."""
    asked = session.scalars(
        sa.select(Widening)
        .where(Widening.workspace_id == asker.workspace, Widening.id == widening_id)
        .with_for_update()
    ).one_or_none()
    if asked is None or not asker.is_staff or now - asked.asked_at > GOOD_FOR:
        raise Refusal("There is nothing here that waits for you to confirm.")
    first = people.asker_of(session, asker.workspace, now, asked.asked_by_id)
    if first is None or not first.is_staff:
        raise Refusal("Whoever asked for this is not of the secretariat any more. Ask anew.")
    if asked.asked_by_id == asker.person:
        raise Refusal("You asked for this yourself; a second member of the secretariat confirms.")
    item = titles.by_id(session, asker, TABLES[asked.item_table], asked.item_id)
    before = item.audience
    session.delete(asked)
    _apply(session, asker, now, item, asked.audience, asked.tlp, None, ())
    return Outcome(item, before, asked.audience, asked.tlp, changed=True)


def waiting(session: Session, workspace: int, widening_id: int) -> Widening | None:
    """Load what waits for a second person; None once it was confirmed or overtaken."""
    return session.scalars(
        sa.select(Widening).where(Widening.workspace_id == workspace, Widening.id == widening_id)
    ).one_or_none()


def numbered(session: Session, asker: Asker, called: str) -> Any:
    """Find the item with the number *called* ("E12"), as *asker* may see it. Raises Refusal."""
    number = re.fullmatch(rf"([{''.join(KINDS)}])#?(\d{{1,9}})", called.strip(), re.IGNORECASE)
    if number is None:
        raise Refusal("Say which one by its number, such as E12, A7, I3, R20 or G4.")
    return titles.by_id(session, asker, KINDS[number[1].upper()], int(number[2]))


def subject(item: Any) -> str:
    """Name *item* as the record does: "briefing 12"."""
    return subject_of(titles.short_id(item))


def subject_of(known: str) -> str:
    """Do the same for the item of the short id *known*."""
    table = str(KINDS[known[0]].__tablename__)
    nouns = {"action_items": "action", "working_groups": "group"}
    return f"{nouns.get(table, table.removesuffix('s'))} {known[1:]}"


def _label(session: Session, asker: Asker, item: Any, wish: Wish) -> Tlp:
    # Updates and milestones are not loaded, and an initiative without any has a goal or will.
    held = isinstance(item, Initiative) or any(getattr(item, name, "") for name in BODIES)
    held = held or (isinstance(item, Briefing) and talks.count(session, asker, item.id) > 0)
    if wish.tlp is Tlp.RED and held:
        raise Refusal(
            "TLP:RED is for what is said in the room and nowhere else, and the bot holds more of "
            f"{titles.short_id(item)} than its title, time and place. Choose another label."
        )
    fitting = FITS[wish.audience]
    if wish.tlp is None:
        return item.tlp if item.tlp in fitting else fitting[-1]
    if wish.tlp not in fitting:
        fit = " or ".join(f"TLP:{tlp}" for tlp in fitting)
        raise Refusal(f"TLP:{wish.tlp} does not go with that audience. Choose {fit}.")
    return wish.tlp


def _group(session: Session, asker: Asker, wish: Wish) -> int | None:
    if wish.audience is not Audience.GROUP:
        return None
    return titles.find(session, asker, WorkingGroup, wish.group).id


def _stands(
    session: Session,
    item: Any,
    audience: Audience,
    tlp: Tlp,
    group: int | None,
    named: Sequence[int],
) -> bool:
    same = (item.audience, item.tlp) == (audience, tlp)
    if audience is Audience.GROUP:
        return same and item.audience_group_id == group
    if audience is Audience.NAMED:
        return same and set(_named(session, item)) == set(named)
    return same


def _narrows(item: Any, audience: Audience, tlp: Tlp) -> bool:
    if audience is item.audience and audience not in {Audience.GROUP, Audience.NAMED}:
        return STRICTNESS.index(tlp) > STRICTNESS.index(item.tlp)
    return WIDTH[audience] < WIDTH[item.audience]


def _propose(session: Session, asker: Asker, now: datetime, item: Any, tlp: Tlp) -> None:
    asked = Widening(
        workspace_id=asker.workspace,
        item_table=item.__tablename__,
        item_id=item.id,
        audience=Audience.PUBLIC,
        tlp=tlp,
        asked_by_id=asker.person,
        asked_at=now,
    )
    session.add(asked)
    session.flush()
    _record(session, asker, now, "ask to share", item, {"audience": asked.audience, "tlp": tlp})
    for person, user in people.secretariat(session, asker.workspace):
        if person == asker.person:
            continue
        deliveries.owe(
            session,
            asker.workspace,
            now,
            key=f"share_asked:{asked.id}:{person}",
            kind="share_asked",
            recipient=user,
            details={"widening": asked.id, "person": person},
            expires_at=now + GOOD_FOR,
        )


def _apply(
    session: Session,
    asker: Asker,
    now: datetime,
    item: Any,
    audience: Audience,
    tlp: Tlp,
    group: int | None,
    named: Sequence[int],
) -> None:
    after = {"audience": audience, "tlp": tlp, "group": group, "people": list(named)}
    _record(session, asker, now, "share", item, after)
    for reader in session.scalars(_readers(item)):
        session.delete(reader)
    session.flush()
    item.audience, item.tlp, item.audience_group_id = audience, tlp, group
    for person in dict.fromkeys(named):
        session.add(
            NamedReader(
                workspace_id=item.workspace_id,
                item_table=item.__tablename__,
                item_id=item.id,
                person_id=person,
            )
        )
    session.flush()
    if isinstance(item, Briefing):
        forfeits.of_briefing(session, asker, now, item.id)


def _record(
    session: Session, asker: Asker, now: datetime, verb: str, item: Any, after: dict[str, Any]
) -> None:
    before = {
        "audience": item.audience,
        "tlp": item.tlp,
        "group": item.audience_group_id,
        "people": _named(session, item),
    }
    audit.record(session, asker, now, verb, subject(item), before, after)


def _named(session: Session, item: Any) -> list[int]:
    return sorted(reader.person_id for reader in session.scalars(_readers(item)))


def _readers(item: Any) -> sa.Select[NamedReader]:
    return sa.select(NamedReader).where(
        NamedReader.workspace_id == item.workspace_id,
        NamedReader.item_table == item.__tablename__,
        NamedReader.item_id == item.id,
    )


def forget(session: Session, item: Any) -> None:
    """Forget who was named for *item*, and who asked to show it to everybody: it is for others."""
    _withdraw(session, item)
    for reader in session.scalars(_readers(item)):
        session.delete(reader)
    session.flush()


def _withdraw(session: Session, item: Any) -> None:
    session.execute(
        sa.delete(Widening).where(
            Widening.workspace_id == item.workspace_id,
            Widening.item_table == item.__tablename__,
            Widening.item_id == item.id,
        )
    )
