"""All that somebody may say of the messages to them, as one form: their digest, and their peace."""

from dataclasses import dataclass
from datetime import datetime, time

from storage import own_digests, preferences, resources
from storage.asker import Asker
from storage.database import Session, writes
from storage.editions import Selection
from storage.errors import Refusal
from storage.own_digests import Order
from storage.preferences import Wishes


@dataclass(frozen=True)
class Wanted:
    """A digest of one's own: on which *weekday* (as `next_weekly` takes it), when, and of what."""

    weekday: int | None
    at: time
    selection: Selection


@dataclass(frozen=True)
class Settings:
    """What the form begins with: the digest there is, the wishes, the topics to choose from."""

    order: Order | None
    wishes: Wishes
    topics: tuple[str, ...]


def form(session: Session, asker: Asker, now: datetime) -> Settings:
    """Say what *asker* has wished."""
    return Settings(
        own_digests.mine(session, asker, now),
        preferences.mine(session, asker, now),
        resources.topics(session, asker),
    )


@writes
def save(
    session: Session, asker: Asker, now: datetime, wanted: Wanted | None, wishes: Wishes
) -> Settings:
    """Keep what *asker* wishes in the place of all that was wished before. Raises Refusal."""
    if not asker.is_there:
        raise Refusal(own_digests.UNMET)
    if wanted is None:
        own_digests.cancel(session, asker, now)
    else:
        if not set(wanted.selection.topics) <= set(resources.topics(session, asker)):
            raise Refusal("A topic that was chosen is not there any more. Choose again.")
        own_digests.order(session, asker, now, wanted.weekday, wanted.at, wanted.selection)
    preferences.keep(session, asker, now, wishes)
    session.flush()
    return form(session, asker, now)
