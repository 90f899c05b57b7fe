"""Who asks: resolved once for each request and handed to everything that reads or writes."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from storage.models import MARKED
from storage.models.marks import Audience
from storage.models.people import CONTACT, Role
from storage.scoping import mark

_MARKS = [(table, mark(table)) for table in MARKED]
_NONE = (0,)  # the id of nothing: to a database an empty list is none
SEES = {
    Role.UNKNOWN: (Audience.PUBLIC,),
    Role.EXTERNAL: (Audience.PUBLIC, Audience.COMMUNITY),
    Role.MEMBER: (Audience.PUBLIC, Audience.COMMUNITY, Audience.MEMBERS),
    Role.STAFF: tuple(Audience),
    Role.ADMIN: tuple(Audience),
}


@dataclass(frozen=True)
class Asker:
    """A person, or the readers of a channel, as far as rights go.

    *person* is 0 for a channel; *zone* is an IANA name; *groups* are the working groups whose
    items may be seen besides the *audiences*, *named* the items (table, id) that name the person.
    """

    workspace: int
    person: int = 0
    slack_user: str = ""
    name: str = ""
    zone: str = "UTC"
    role: Role = Role.UNKNOWN
    organisation: int | None = None
    audiences: tuple[Audience, ...] = (Audience.PUBLIC,)
    groups: frozenset[int] = field(default_factory=frozenset)
    chairs: frozenset[int] = field(default_factory=frozenset)
    named: frozenset[tuple[str, int]] = field(default_factory=frozenset)

    @property
    def is_staff(self) -> bool:
        """Whether the secretariat's rights apply."""
        return self.role in {Role.STAFF, Role.ADMIN}

    @property
    def is_contact(self) -> bool:
        """Whether this is somebody without a Slack account."""
        return self.slack_user.startswith(CONTACT)

    @property
    def is_there(self) -> bool:
        """Whether the bot knows who this is, and they have not left Slack."""
        return bool(self.person and self.audiences)

    @property
    def is_linked(self) -> bool:
        """Whether staff have said which organisation this person speaks for."""
        return self.role is not Role.UNKNOWN

    @property
    def view(self) -> Hashable:
        """What they may see but for what they hold themselves: the same for all who see alike."""
        return self.audiences, self.groups, self.named

    def binds(self) -> dict[str, Any]:
        """Give the values of the parameters that `policy.scope` puts into a statement."""
        return {**self._binds}

    @cached_property
    def _binds(self) -> dict[str, Any]:
        return joint([self]) | {"asker": self.person}


def joint(askers: Sequence[Asker]) -> dict[str, Any]:
    """Give the values by which `policy.scope` shows what any of *askers*, of one workspace, sees.

    Nobody alone may see all of it: `storage/crowds.py` gives each their part.
    """
    named: dict[str, list[int]] = {}
    for table, item in frozenset[tuple[str, int]]().union(*(asker.named for asker in askers)):
        named.setdefault(table, []).append(item)
    return {
        **{key: named.get(table, _NONE) for table, key in _MARKS},
        "workspace": askers[0].workspace,
        "owners": [asker.person for asker in askers if asker.is_linked] or _NONE,
        "staff": any(asker.is_staff for asker in askers),
        "audiences": sorted({audience.value for asker in askers for audience in asker.audiences}),
        "groups": sorted({group for asker in askers for group in asker.groups}) or _NONE,
        "chairs": sorted({group for asker in askers for group in asker.chairs}) or _NONE,
    }
