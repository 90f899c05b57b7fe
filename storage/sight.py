"""Who of many people may see a briefing: what the policy says of one, in SQL for all at once."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.asker import SEES
from storage.models import Audience, Briefing, GroupSeat, NamedReader, Person, Role, State
from storage.people import CONFIRMED_FOR, OUTSIDER

# Seen like somebody outside, whatever staff have said of them.
_IS_CAPPED = sa.and_(
    OUTSIDER, sa.or_(Person.linked_at.is_(None), Person.linked_at <= sa.bindparam("lapsed"))
)
_SITS = (
    sa.exists()
    .where(GroupSeat.person_id == Person.id, GroupSeat.group_id == Briefing.audience_group_id)
    .correlate(Person, Briefing)
)
_CHAIRS = (
    sa.exists()
    .where(
        GroupSeat.person_id == Person.id,
        GroupSeat.group_id == Briefing.audience_group_id,
        GroupSeat.is_chair,
    )
    .correlate(Person, Briefing)
)
_IS_NAMED = (
    sa.exists()
    .where(
        NamedReader.person_id == Person.id,
        NamedReader.item_table == Briefing.__tablename__,
        NamedReader.item_id == Briefing.id,
    )
    .correlate(Person, Briefing)
)
_BY_ANYBODY = SEES[Role.EXTERNAL]
_IS_FOR_THEIR_ROLE = sa.or_(
    *(
        sa.and_(
            sa.or_(*(Person.role == role for role in SEES if SEES[role] == seen)),
            sa.or_(*(Briefing.audience == one for one in seen if one not in _BY_ANYBODY)),
        )
        for seen in dict.fromkeys(SEES.values())
        if not set(seen) <= set(_BY_ANYBODY)
    )
)
_IS_STAFF = sa.or_(Person.role == Role.STAFF, Person.role == Role.ADMIN)
# May see the Briefing and answer it; the statement joins the Person and their Workspace.
ADMITTED = sa.and_(
    sa.or_(Person.is_active & ~Person.is_bot, Person.is_contact),
    Person.role != Role.UNKNOWN,
    sa.or_(
        Briefing.state != State.DRAFT,
        sa.and_(_IS_STAFF, ~_IS_CAPPED),
        sa.and_(Briefing.audience == Audience.GROUP, _CHAIRS),
    ),
    sa.or_(
        *(Briefing.audience == audience for audience in _BY_ANYBODY),
        sa.and_(_IS_FOR_THEIR_ROLE, ~_IS_CAPPED),
        sa.and_(Briefing.audience == Audience.GROUP, _SITS),
        sa.and_(Briefing.audience == Audience.NAMED, _IS_NAMED),
    ),
)


def binds(now: datetime) -> dict[str, Any]:
    """Give the values of the parameters that `ADMITTED` puts into a statement."""
    return {"lapsed": now - CONFIRMED_FOR}
