"""Names that look like another one: letters of other scripts, and digits in a letter's place."""

import unicodedata

from storage.models import folded

# Cyrillic and Greek letters, and what Latin letters people take them for.
_ALIKE = str.maketrans(
    "АВЕЅІЈКМНОРСТУХЗаеѕіјкорсухԁԛԝһӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχ01|I",
    "ABESlJKMHOPCTYX3aesijkopcyxdqwhlABEZHlKMNOPTYXaikvoptuxOlll",
)


def skeleton(name: str) -> str:
    """Give what *name* looks like: two that a reader cannot tell apart have the same."""
    wide = unicodedata.normalize("NFKC", name)
    seen = "".join(c for c in wide if unicodedata.category(c) != "Cf")
    return folded(seen.translate(_ALIKE))
