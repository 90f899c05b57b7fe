"""Which characters of a text that people wrote are seen: nothing hidden, nothing piled up."""

import unicodedata

JOINER = "\u200d"
JOINERS = {"\u200c", JOINER}
PILED = 3  # marks on one letter; ordinary writing puts no more there
# Fillers of Braille and Hangul are drawn as a space, although they count as signs and letters.
_SPACES = {"\u2800", "\u3164", "\uffa0"}
# Drawn as nothing, although they count as letters, as marks, or as not yet given away.
_NOTHING = {
    *("\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u2065", "\U00016fe4"),
    *map(chr, range(0xFFF0, 0xFFF9)),
}
_ALSO_NOTHING = range(0xE0000, 0xE1000)  # but for the selectors in it
_UNSEEN = {"Cc", "Cf", "Cs"}
_PICTURE = "\ufe0f"
_OF_PICTURES = {"\ufe0e", _PICTURE}
_OF_MONGOLIAN = {"\u180b", "\u180c", "\u180d", "\u180f"}
_OF_HAN = {*map(chr, range(0xFE00, 0xFE0E)), *map(chr, range(0xE0100, 0xE01F0))}
_SELECTORS = _OF_PICTURES | _OF_MONGOLIAN | _OF_HAN
# Scripts whose letters change their shape where a joiner stands between them.
_JOINED = {
    *("ARABIC", "SYRIAC", "MANDAIC", "MONGOLIAN", "NKO", "PHAGS-PA", "TIBETAN", "MYANMAR"),
    *("DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA"),
    *("MALAYALAM", "SINHALA", "KHMER"),
}
_VIRAMA = 9  # the canonical class of the sign that takes away a letter's vowel


def seen(text: str) -> str:
    """Give what is seen of *text*, with a space for every break.

    Control and direction characters, tags, fillers and lone surrogates go; so do marks without a
    letter or beyond `PILED` on one, and variation selectors and joiners where they change nothing.
    """
    if text.isascii() and text.isprintable():
        return text
    made, joiner = [" "], ""
    for character in filter(None, map(_seen, f"{text} ")):
        if character in JOINERS:
            joiner = character
        elif character in _SELECTORS and not joiner and _selects(made[-1], character):
            made.append(character)
        elif character not in _SELECTORS and not (_is_mark(character) and _is_full(made)):
            if joiner and _joins(made, joiner, character):
                made.append(joiner)
            made.append(character)
            joiner = ""
    return "".join(made[1:-1])


def _seen(character: str) -> str:
    if character in JOINERS:
        return character
    if character in _SPACES or character.isspace():
        return " "
    hidden = character in _NOTHING or unicodedata.category(character) in _UNSEEN
    is_nothing = ord(character) in _ALSO_NOTHING and character not in _SELECTORS
    return "" if hidden or is_nothing else character


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in {"Mn", "Me"}


def _is_full(made: list[str]) -> bool:
    return made[-1] == " " or all(_is_mark(c) or c in JOINERS for c in made[-PILED:])


def _selects(before: str, selector: str) -> bool:
    """Say whether *selector* can change how *before* is drawn."""
    if selector in _OF_PICTURES:
        return before == "ℹ" or _is_picture(before) or unicodedata.category(before)[0] in "NPS"
    return _script(before) == ("MONGOLIAN" if selector in _OF_MONGOLIAN else "CJK")


def _joins(made: list[str], joiner: str, after: str) -> bool:
    """Say whether *joiner* can change how what is *made* and *after* are drawn (RFC 5892, A)."""
    before = made[-2] if made[-1] == _PICTURE else made[-1]
    if unicodedata.combining(before) == _VIRAMA:
        return True
    if joiner == JOINER and _is_picture(before) and _is_picture(after):
        return True
    return _script(before) in _JOINED and _script(before) == _script(after)


def _is_picture(character: str) -> bool:
    # Emoji newer than Python's own tables have no category yet.
    newer = 0x1F000 <= ord(character) < 0x1FB00
    return newer or character == "↔" or unicodedata.category(character) == "So"


def _script(character: str) -> str:
    return unicodedata.name(character, "").split(" ")[0]
