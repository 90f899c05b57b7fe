"""Who may do what, written from the access model and not from the code that decides it.

ROLES are kinds of person, AUDIENCES whom an item is for, LABELS how far it may travel, ACTS what is
wanted. Nothing here imports the policy.
"""

ROLES = ("gone", "unknown", "external", "capped", "member", "staff", "admin")
AUDIENCES = ("public", "community", "members", "group", "named", "staff")
LABELS = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
RELATIONS = ("none", "inside", "chair", "owner")
STATES = ("draft", "published", "cancelled", "over")

SECRETARIAT = {"staff", "admin"}
LINKED = {"external", "capped", "member"} | SECRETARIAT
# By audience: who sees it for their role alone.
SEEN_BY = {
    "public": {"unknown"} | LINKED,
    "community": LINKED,
    "members": {"member"} | SECRETARIAT,
    "group": SECRETARIAT,
    "named": SECRETARIAT,
    "staff": SECRETARIAT,
}
# What is for a few is also seen by whoever is one of them; a chair is one of them.
INSIDERS = {"group": {"inside", "chair"}, "named": {"inside"}}
# By act: whom it needs besides seeing the item.
ACTS = {
    "see": "anybody",
    "read": "not red",
    "answer": "linked",
    "see_names": "names",
    "suggest": "linked",
    "edit": "keeper",
    "announce": "announcer",
    "export": "up to amber",
    "narrow": "keeper",
    "widen": "secretariat",
    "confirm": "secretariat",
    "redact": "secretariat",
}


def expected(role: str, audience: str, label: str, relation: str, state: str, act: str) -> bool:
    """Say whether the access model lets a person of *role* in *relation* do *act*."""
    sits = role in LINKED and relation in INSIDERS.get(audience, set())
    chairs = role in LINKED and relation == "chair" and audience == "group"
    # Who owns an item leads an initiative here, of which there are no drafts.
    if state == "draft" and relation != "owner" and role not in SECRETARIAT and not chairs:
        return False
    if role not in SEEN_BY[audience] and not sits:
        return False
    owns = role in LINKED and relation == "owner"
    return {
        "anybody": True,
        "not red": label != "RED",
        "linked": role in LINKED,
        "names": role in {"member", *SECRETARIAT} or sits,
        "keeper": role in SECRETARIAT or chairs or owns,
        "announcer": role in SECRETARIAT or chairs or (audience == "public" and role in LINKED),
        "up to amber": label in {"CLEAR", "GREEN", "AMBER"},
        "secretariat": role in SECRETARIAT,
    }[ACTS[act]]
