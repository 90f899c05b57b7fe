"""Names that look like another one: letters of other scripts, and digits in a letter's place."""

import unicodedata

from storage.models import folded

# Small Cyrillic, Greek and other letters, and what Latin letters people take them for, also as
# capitals.
LATIN = str.maketrans(
    "авеѕіјкмнорстухзԁԛԝһӏαβεζηικμνορτυχօᴏ",
    "abesljkmhopctyx3dqwhlabeznlkmvoptyxoo",
)
# Whatever may pass for an l, or for an I, is an l.
_ALIKE = LATIN | str.maketrans("01|iı", "ollll")

# What speaks for the coalition as a whole, or is the bot.
_OURS = ("Secretariat", "Convene")


def passes_for_us(name: str) -> bool:
    """Say whether a reader of *name* takes it for the secretariat or for this bot."""
    return skeleton(name).removeprefix("the") in map(skeleton, _OURS)


def skeleton(name: str) -> str:
    """Give what *name* looks like: two that a reader cannot tell apart have the same.

    Case goes first: a capital I of any script is then an i like every other.
    """
    seen = "".join(c for c in name if unicodedata.category(c) != "Cf")
    alike = folded(seen).translate(_ALIKE).replace("rn", "m")
    return "".join(alike.split())
