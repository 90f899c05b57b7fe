"""Who is meant when something is given to somebody by name or by mention."""

import difflib
import re
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage.asker import Asker
from storage.database import Session
from storage.errors import Refusal
from storage.models import Organisation, Person, Role, folded

LISTED = 5
ALIKE = 0.8
_SMALL_WORDS = {"da", "de", "del", "der", "di", "dos", "du", "el", "la", "le", "van", "von"}
# «Ask Europol to confirm» is something to do; «Anna Silvia to confirm» is meant for somebody.
_VERBS = {
    *("add", "allow", "ask", "chase", "enable", "encourage", "get", "help", "invite", "let"),
    *("nudge", "remind", "send", "support", "tell", "urge", "write"),
}
_WITH_ORGANISATION = re.compile(r"(.+?) \((.+)\)")
_MENTION = re.compile(r"<@([A-Za-z0-9]+)>")

_ACTIVE = (
    sa.select(Person.id, Person.name, Organisation.name.label("organisation"))
    .outerjoin(Organisation, Person.organisation_id == Organisation.id)
    .where(
        Person.workspace_id == bindparam("workspace"),
        Person.is_active,
        sa.not_(Person.is_bot),
    )
    .order_by(Person.name, Person.id)
)


@dataclass(frozen=True)
class _Named:
    id: int
    name: str
    organisation: str | None

    @property
    def words(self) -> list[str]:
        return folded(self.name).split()

    def __str__(self) -> str:
        return f"{self.name} ({self.organisation})" if self.organisation else self.name


def called(session: Session, asker: Asker, name: str) -> int | None:
    """Find the one active person *name* means; None where it seems to be no name at all.

    The exact name goes before a beginning of one, that before some of its words; "Ana (Adobe)"
    names the organisation too. Raises Refusal where several fit, or where it reads like a name
    and nobody bears it.
    """
    people = [_Named(**row) for row in session.execute(_ACTIVE, asker.binds()).mappings()]
    short, among = _within_organisation(name.removeprefix("@").strip(), people)
    wanted = folded(short).split()
    for fits in (_is_exactly, _begins_with, _has_words):
        found = [person for person in among if fits(person.words, wanted)]
        if len(found) == 1:
            return found[0].id
        if found:
            raise _ambiguous(name, _known_to(asker, found))
    if name.startswith("@") or short != name or _reads_like_a_name(short, people):
        raise _nobody(name, _known_to(asker, people))
    return None


def mentioned(session: Session, asker: Asker, user: str) -> int:
    """Find the active person with the Slack id *user*. Raises Refusal."""
    statement = _ACTIVE.where(Person.slack_user == bindparam("user"))
    found = session.execute(statement, asker.binds() | {"user": user}).first()
    if found is None:
        raise Refusal(
            "The person you mentioned is not known here, so nothing was saved. If they are new, "
            "ask them to open this app's Home once, then send it again."
        )
    return int(found.id)


def with_names(session: Session, asker: Asker, text: str) -> str:
    """Write each mention of a person in *text* as their name."""
    users = _MENTION.findall(text)
    if not users:
        return text
    statement = sa.select(Person.slack_user, Person.name).where(
        Person.workspace_id == asker.workspace, Person.slack_user.in_(users)
    )
    names = {row.slack_user: row.name for row in session.execute(statement)}
    return _MENTION.sub(lambda mention: names.get(mention[1], "somebody"), text)


def _known_to(asker: Asker, people: list[_Named]) -> list[_Named]:
    # Who is who in the coalition is its own business: outside bodies are told no names.
    return [] if asker.role is Role.EXTERNAL else people


def _within_organisation(name: str, people: list[_Named]) -> tuple[str, list[_Named]]:
    split = _WITH_ORGANISATION.fullmatch(name)
    if split is None:
        return name, people
    organisation = folded(split[2])
    return split[1], [p for p in people if folded(p.organisation or "").startswith(organisation)]


def _is_exactly(words: list[str], wanted: list[str]) -> bool:
    return words == wanted


def _begins_with(words: list[str], wanted: list[str]) -> bool:
    # One word must be whole: «Add to the agenda» is not for Addison.
    if len(wanted) < 2:
        return words[:1] == wanted
    return " ".join(words).startswith(" ".join(wanted))


def _has_words(words: list[str], wanted: list[str]) -> bool:
    return bool(wanted) and len("".join(wanted)) > 1 and set(wanted) <= set(words)


def _reads_like_a_name(text: str, people: list[_Named]) -> bool:
    words = text.split()
    if len(words) == 1:
        parts = {part for person in people for part in person.words}
        return bool(difflib.get_close_matches(folded(text), parts, n=1, cutoff=ALIKE))
    capital = [word[0].isupper() or word in _SMALL_WORDS for word in words]
    is_task = folded(words[0]) in _VERBS
    return 1 < len(words) <= LISTED and all(capital) and not is_task


def _ambiguous(name: str, found: list[_Named]) -> Refusal:
    these = ", ".join(str(person) for person in found[:LISTED])
    shown = f"any of these: {these}" if these else "any of several people"
    more = f" and {len(found) - LISTED} more" if len(found) > LISTED else ""
    return Refusal(
        f"«{name[:60]}» could be {shown}{more}. Nothing was saved; write the name "
        "in full, with the organisation in brackets, or mention the person with @."
    )


def _nobody(name: str, people: list[_Named]) -> Refusal:
    names = {folded(person.name): person for person in people}
    parts = {part: person for person in people for part in person.words}
    near = difflib.get_close_matches(folded(name), [*names, *parts], n=3, cutoff=0.6)
    meant = dict.fromkeys(str(names.get(key) or parts[key]) for key in near)
    ask = f" Did you mean {' or '.join(meant)}?" if meant else ""
    return Refusal(
        f"Nobody here is called «{name[:60]}», so nothing was saved.{ask} For yourself, begin "
        "with «me to»."
    )
