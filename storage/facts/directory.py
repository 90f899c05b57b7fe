"""Who there is: organisations with their other names, and the people who speak for them."""

from typing import Any

import sqlalchemy as sa

from storage.facts.books import Books
from storage.facts.shapes import Entry
from storage.models import Organisation, OrganisationAlias, OrganisationDomain, Person, Role, folded

# Where somebody from another Slack organisation comes from, unless the file says.
OTHER_TEAM = "T0OTHER"


def keep_organisations(books: Books) -> None:
    """Make or update the organisations and their aliases."""
    found = books.called(Organisation, "organisations", "name")
    for entry in books.facts.entries["organisations"]:
        says = {
            "name": entry["name"],
            "kind": entry["kind"],
            "country": entry["country"],
            "joined_on": entry["joined_on"],
            "joined_year": entry["joined_year"],
            "board_role": entry["board"],
        }
        row = books.put(Organisation, found.get(folded(entry["name"])), says)
        books.rows["organisations", entry["key"]] = row
    books.session.flush()
    _keep_aliases(books)
    _keep_domains(books)


def keep_people(books: Books) -> None:
    """Make or update the people."""
    found = {
        (row.slack_team, row.slack_user): row
        for row in books.session.scalars(
            sa.select(Person).where(Person.workspace_id == books.workspace)
        )
    }
    for entry in books.facts.entries["people"]:
        known = found.get((_team(books, entry), entry["slack"]))
        books.rows["people", entry["key"]] = _keep_person(books, entry, known)
    books.session.flush()


def _keep_aliases(books: Books) -> None:
    found = {
        row.folded: row
        for row in books.session.scalars(
            sa.select(OrganisationAlias).where(OrganisationAlias.workspace_id == books.workspace)
        )
    }
    for entry in books.facts.entries["organisations"]:
        # «GIPHY» and «Giphy» are one name once folded.
        seen = {folded(entry["name"])}
        for alias in entry["aliases"] or []:
            if folded(alias) not in seen:
                says = {"name": alias, "organisation_id": books.id("organisations", entry["key"])}
                books.put(OrganisationAlias, found.get(folded(alias)), says)
            seen.add(folded(alias))


def _keep_domains(books: Books) -> None:
    found = {
        row.domain: row
        for row in books.session.scalars(
            sa.select(OrganisationDomain).where(OrganisationDomain.workspace_id == books.workspace)
        )
    }
    for entry in books.facts.entries["organisations"]:
        for domain in entry["domains"] or []:
            says = {"domain": domain, "organisation_id": books.id("organisations", entry["key"])}
            books.put(OrganisationDomain, found.get(domain), says)


def _keep_person(books: Books, entry: Entry, known: Person | None) -> Person:
    stands: dict[str, Any] = {
        "role": entry["role"],
        "organisation_id": books.id("organisations", entry["organisation"]),
    }
    if known is not None and books.is_touched(f"person {known.id}"):
        stands = {}
    elif known is None or any(getattr(known, name) != stands[name] for name in stands):
        stands["linked_at"] = books.now if entry["role"] is not Role.UNKNOWN else None
    first = {
        "slack_team": _team(books, entry),
        "slack_user": entry["slack"],
        "domain": entry["domain"],
        "is_active": "deactivated" not in (entry["flags"] or []),
        "met_at": books.now,
    }
    says = {"name": entry["name"], "title": entry["title"], "zone": entry["zone"]}
    return books.put(Person, known, says, first, stands)


def _team(books: Books, entry: Entry) -> str:
    if entry["team"]:
        return str(entry["team"])
    return OTHER_TEAM if "other_organisation" in (entry["flags"] or []) else books.team
