"""What may never be stored here: text that looks like a case signal is refused and kept nowhere."""

import logging
import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate
from urllib.parse import unquote

from storage.errors import Guarded
from storage.look_alikes import LATIN

log = logging.getLogger(__name__)

# A link more than these, or as many addresses of one kind, is a list. Whoever says whom to ask may
# name a few more: a programme has two or three leads, and a deputy each.
LINKS, LISTED, CONTACTS = 3, 3, 5
# The identifiers in one link to a meeting; more of them are a list.
IDENTIFIERS = 2
# Links to meetings and shared files hold keys of up to a hundred characters; a picture holds more.
KEY = 120
SENTENCE = (
    "This looks like a report, a signal or case material, which this bot does not take. Nothing "
    "was saved. Send it by the signal-sharing programme, your hotline or law enforcement."
)
# Hashes in the lengths that matching programmes use, and what is written between their groups.
_HASHES = {32, 40, 56, 64, 96, 128}
_HEX = re.compile("[0-9a-f]{32,}")
_HEX_RUN = re.compile("(?<![0-9a-z])(?:[0-9a-f][^0-9a-z]{0,4}){32,}(?![0-9a-z])")
_BYTE_MARK = re.compile(r"(?<![0-9a-z])0x|\\x")
_WORD = re.compile("[0-9a-z]+")
_NEARLY_HEX = re.compile(r"[0-9a-foil]{32,}|(?=[a-z]*\d)[0-9a-foil]+")
_UUID = re.compile(
    "(?<![0-9a-z])[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?![0-9a-z])"
)
_BASE64 = re.compile(r"(?<![\w+/])[A-Za-z0-9+/_-]{40,}={0,2}")
_PIECE = re.compile(r"[A-Za-z0-9+/_-]{6,}={0,2}")
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://\S+", re.IGNORECASE)
# A link inside another one, as archives write them, is no link of its own.
_LINK = re.compile(
    r"(?<![/=\w])(?:[a-z][a-z0-9+.-]{1,20}://|www\.)"
    r"|\b[a-z0-9-]{2,63} dot (?:com|info|io|me|net|org|ru|tv|xyz)\b"
)
_KINDS = tuple(map(re.compile, ("[a-z]", "[A-Z]", "[0-9]")))
_CHANGE = re.compile("(?<=[a-z])[A-Z0-9]|(?<=[A-Z])[a-z0-9]|(?<=[0-9])[A-Za-z]")
_BYTE = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
# Every repetition is bounded: 40,000 characters of nothing must not take a second to read.
_OUTRIGHT = {
    # A name of the third kind has 56 signs and ends in d, whatever stands behind it.
    "onion": re.compile(
        r"\.\s{0,3}onion\b|\bdot\s{1,3}onion\b|(?<![0-9a-z])[a-z2-7]{55}d(?![0-9a-z])"
    ),
    "defanged": re.compile(
        r"\bh(?:[*_#+-]{2}|xx|xt|tx)ps?\b|[\[({<]\s*(?:\.|dot|punkt|point)\s*[\])}>]"
        r"|[\[({<]\s*(?:@|at)\s*[\])}>]|\[:\]|:\[//\]|\bhttps?\s*\["
    ),
    "magnet": re.compile(r"\bmagnet\s*:\s*\?|\bxt=urn:"),
    "credentials": re.compile(r"://[^\s/@:]{0,256}:[^\s/@]{0,256}@"),
    "base64": re.compile(r"\bdata:[a-z]{1,20}/[a-z0-9.+-]{1,40};base64,"),
    "vector": re.compile(
        r"(?<![\d.])(?:-?\d{1,20}(?:\.\d{1,20})?[\s,;|()\[\]{}]{1,9}){15}-?\d"
        r"|(?<!\d)\d{1,20}\s?([/._:-])\s?\d{1,20}(?:\s?\1\s?\d{1,20}){14}",
        re.ASCII,
    ),
}
_LISTS = {
    "addresses": re.compile(
        r"(?<=[\w+-])@[\w-]{1,63}(?:\.[\w-]{1,63})+"
        r"|(?<=\w)\sat\s[\w-]{1,63}(?:\sdot\s[\w-]{1,63})+"
    ),
    "handles": re.compile(r"(?<![\w/<.])@[a-z0-9_][\w.-]{2,}"),
    "ips": re.compile(
        rf"(?<![\d.])(?:{_BYTE}\.){{3}}{_BYTE}(?!\d|\.\d)"
        r"|\b(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}\b"
        r"|\b(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}\b"
    ),
}
_CONTACT = re.compile(
    r"\b(?:allow-?list|ask|cc|chairs|co-leads|contacts?|firewall|questions|register|rsvp|speakers"
    r"|write)\b"
)
# Where people have accounts.
_PLATFORMS = {
    *("discord", "facebook", "fb", "ig", "insta", "instagram", "kik", "omegle", "onlyfans"),
    *("reddit", "roblox", "skype", "snap", "snapchat", "telegram", "tiktok", "twitch", "twitter"),
    *("viber", "vk", "whatsapp", "wickr"),
}
_AROUND = 12  # words before and behind the name of a platform
_ACCOUNT = re.compile(r"[a-z\d_][a-z\d_.]{3,30}")
_FILE = re.compile(r"\.(?:csv|docx?|html?|ics|jpe?g|json|md|pdf|png|pptx?|txt|xlsx?|zip)$")
_BETWEEN = re.compile(r"[\s,;|/:()\"'«»“”]+")
_GAP = re.compile(r"[\s,;|]+")
# Letters that are drawn as nothing although Unicode does not say so: Hangul's fillers, Braille's.
_BLANK = str.maketrans({"\u115f": None, "\u1160": None, "\u2800": None, "\u3002": "."})
_DIGITS = str.maketrans("oil", "011")


def check(**fields: str | None) -> None:
    """Refuse what looks like a signal in any of *fields*, by name.

    The text is neither repeated nor logged: the log gets the rule, the field and the length.
    Raises Guarded. No rule knows prose about a case when it reads it.
    """
    for field in refused(**fields):
        raise Guarded(SENTENCE, field)


def refused(**fields: str | None) -> dict[str, str]:
    """Give the sentence for each of *fields* that `check` would refuse, by name."""
    found = {field: rule for field, text in fields.items() if (rule := found_in(text or ""))}
    for field, rule in found.items():
        length = len(fields[field] or "")
        log.warning("guard.refused rule=%s field=%s length=%s", rule, field, length)
    return dict.fromkeys(found, SENTENCE)


def found_in(text: str) -> str | None:
    """Name the rule by which *text* is refused; None for what may be stored."""
    plain = _plain(text)
    return next(_rules(plain), None) if plain else None


def _rules(text: str) -> Iterator[str]:
    small = text.casefold().translate(LATIN)
    yield from (name for name, pattern in _OUTRIGHT.items() if pattern.search(small))
    if _has_hash(small):
        yield "hash"
    if len(_LINK.findall(small)) > LINKS:
        yield "links"
    if _has_base64(text):
        yield "base64"
    most = CONTACTS if _CONTACT.search(small) else LISTED - 1
    yield from (name for name, one in _LISTS.items() if len(one.findall(small)) > most)
    if _names_accounts(small, most):
        yield "accounts"


def _has_hash(text: str) -> bool:
    if len(_UUID.findall(text)) <= IDENTIFIERS:
        text = _UUID.sub(" ", text)
    text = _WORD.sub(_with_digits, _BYTE_MARK.sub(" ", text))
    runs = _HEX_RUN.finditer(text)
    return any(_mixes(run[0]) for run in _HEX.finditer(text)) or any(
        _joins_to_hash(re.findall("[0-9a-f]+", run[0])) for run in runs
    )


def _with_digits(word: re.Match[str]) -> str:
    """Read O, I and l as the digits they pass for, where the word is hexadecimal but for them."""
    return word[0].translate(_DIGITS) if _NEARLY_HEX.fullmatch(word[0]) else word[0]


def _has_base64(text: str) -> bool:
    links = [run[0] for link in _ADDRESS.findall(text) for run in _BASE64.finditer(link)]
    if any(len(run) > KEY and _is_dense(run) for run in links):
        return True
    text = _ADDRESS.sub(" ", text)
    if any(_is_dense(run[0]) for run in _BASE64.finditer(text)):
        return True
    pieces = "".join(
        piece if _PIECE.fullmatch(piece) and _changes(piece) > 1 else " "
        for piece in _GAP.split(text)
    )
    return any(len(run) >= 40 and _is_dense(run) for run in pieces.split())


def _names_accounts(text: str, most: int) -> bool:
    """Say whether more than *most* names of accounts stand around the name of a platform."""
    words = _BETWEEN.split(text)
    named = [_is_account(word) for word in words]
    return any(
        sum(named[max(place - _AROUND, 0) : place + _AROUND]) > most
        for place, word in enumerate(words)
        if word in _PLATFORMS
    )


def _joins_to_hash(parts: list[str]) -> bool:
    """Say whether neighbours among *parts* make a hash: words may stand around it."""
    whole, lengths = "".join(parts), list(map(len, parts))
    starts = {start: number for number, start in enumerate(accumulate(lengths, initial=0))}
    mixed = list(accumulate(map(_mixes, parts), initial=0))
    for start, first in starts.items():
        for end in (start + length for length in _HASHES):
            last = starts.get(end)
            if last is None or not _mixes(whole[start:end]):
                continue
            # Hours with a letter before each are written with the same signs: a hash is cut
            # evenly, or its letters and digits stand in one part.
            evenly = len(set(lengths[first : last - 1])) <= 1
            if evenly or (mixed[last] - mixed[first]) * 4 >= last - first:
                return True
    return False


def _mixes(text: str) -> bool:
    # Words, sums and phone numbers are made of the same signs as a hash, but not of both kinds.
    return not (text.isalpha() or text.isdigit())


def _is_account(word: str) -> bool:
    # Words have no underscore; codecs, products and versions have one digit, or hardly a letter.
    if not _ACCOUNT.fullmatch(word) or _FILE.search(word):
        return False
    digits, letters = sum(map(str.isdigit, word)), sum(map(str.isalpha, word))
    return letters >= 3 and ("_" in word or digits + ("." in word and digits) >= 2)


def _is_dense(run: str) -> bool:
    # The name of a file has capitals and digits too, but changes between them less within a word.
    return all(kind.search(run) for kind in _KINDS) and _changes(run) * 4 >= len(run)


def _changes(run: str) -> int:
    return len(_CHANGE.findall(run))


def _plain(text: str) -> str:
    """Undo what hides a signal from a rule: wide letters, accents, marks nobody sees, %-codes."""
    text = unquote(text)
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text).translate(_BLANK)
    return "".join(c for c in apart if unicodedata.category(c) not in {"Cf", "Mn", "Me"})
