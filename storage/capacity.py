"""How many seats a briefing has, and how many of them one organisation may have."""

from dataclasses import dataclass
from datetime import datetime

from storage import audit, policy, seating
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import Briefing
from storage.policy import Act

MOST = 100_000


@dataclass(frozen=True)
class Resized:
    """A briefing as it is now, and who moved up, or is offered a seat, because it has more."""

    briefing: Briefing
    changed: bool
    promoted: tuple[str, ...] = ()


@writes
def set_capacity(
    session: Session,
    asker: Asker,
    now: datetime,
    briefing_id: int,
    capacity: int | None,
    company_seats: int | None,
) -> Resized:
    """Let a briefing have *capacity* seats, and one organisation *company_seats*; None: no limit.

    Whoever waits moves up in order, and is told. Nobody loses a seat: fewer seats than are taken,
    offered ones among them, are refused, and an organisation keeps what it has above its new limit.

    Raises Refusal, also for anybody but who keeps the briefing.
    """
    briefing = seating.hold(session, asker, briefing_id)
    if not policy.decide(asker, briefing, Act.EDIT):
        raise Refusal("How many seats there are is for the secretariat to say. Ask them.")
    before = {"capacity": briefing.capacity, "company_seats": briefing.company_seats}
    after = {"capacity": capacity, "company_seats": company_seats}
    if before == after:
        return Resized(briefing, changed=False)
    _check(briefing, capacity, company_seats)
    briefing.capacity, briefing.company_seats = capacity, company_seats
    session.flush()
    promoted = seating.promote(session, briefing, now)
    audit.record(session, asker, now, "set capacity", f"briefing {briefing.id}", before, after)
    return Resized(briefing, changed=True, promoted=promoted)


def _check(briefing: Briefing, capacity: int | None, company_seats: int | None) -> None:
    for seats in (capacity, company_seats):
        if seats is not None and not 1 <= seats <= MOST:
            raise Refusal(f"Say a number of seats from 1 to {MOST:,}, or none for no limit.")
    if capacity is not None and capacity < briefing.taken:
        raise Refusal(
            f"{briefing.taken} seats are taken, so there cannot be only {capacity}. Nobody loses "
            f"a seat: say at least {briefing.taken}, or ask some of them first."
        )
