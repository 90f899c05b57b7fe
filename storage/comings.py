"""Comings and goings: what Slack says of somebody by itself, and what staff have to see to then."""

from datetime import datetime

from storage import audit, deliveries, forfeits, people
from storage.asker import Asker
from storage.database import Session, writes
from storage.models import Person, Role
from storage.people import Profile

ENDED = ("offboard", "unlink")  # after these nobody has to be told that somebody is not linked


@writes
def joined(session: Session, asker: Asker, now: datetime, profile: Profile) -> None:
    """Meet somebody who has come to the workspace; staff are told once whom they have to link.

    Bots, and whoever has left again, are met when they ask.
    """
    if profile.is_active and not profile.is_bot:
        _keep(session, asker, now, profile)


@writes
def noted(session: Session, asker: Asker, now: datetime, profile: Profile) -> None:
    """Keep what an event says of somebody the bot has met; strangers are met when they ask.

    A seat at what they may not see any more goes to whoever has waited longest. Staff are told
    once who has yet to be linked, and each time somebody whom they linked leaves Slack.
    """
    if people.met(session, asker.workspace, profile.team, profile.user):
        _keep(session, asker, now, profile)


def _keep(session: Session, asker: Asker, now: datetime, profile: Profile) -> None:
    had_left = bool(people.left(session, asker.workspace, [profile.user]))
    person = session.get_one(Person, people.meet(session, asker.workspace, profile, now))
    forfeits.of_person(session, asker, now, person.id)
    if person.is_bot:
        return
    if person.role is Role.UNKNOWN and person.is_active and not _was_ended(session, person):
        _tell(session, now, person, "to_link", once=f"to_link:{person.id}")
    if person.role is not Role.UNKNOWN and not (person.is_active or had_left):
        at = int(now.timestamp())
        _tell(session, now, person, "to_offboard", once=f"to_offboard:{person.id}:{at}")


def _was_ended(session: Session, person: Person) -> bool:
    subject = f"person {person.id}"
    before = [audit.last_before(session, person.workspace_id, verb, subject) for verb in ENDED]
    return any(was is not None for was in before)


def _tell(session: Session, now: datetime, person: Person, kind: str, once: str) -> None:
    for reader, user in people.secretariat(session, person.workspace_id):
        deliveries.owe(
            session,
            person.workspace_id,
            now,
            key=f"{once}:{reader}",
            kind=kind,
            recipient=user,
            details={"person": person.id, "reader": reader},
        )
