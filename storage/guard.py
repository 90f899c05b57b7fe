"""What may never be stored here: text that looks like a case signal is refused and kept nowhere."""

import logging
import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate, pairwise

from storage.errors import Guarded

log = logging.getLogger(__name__)

LINKS, LISTED = 3, 3
SENTENCE = (
    "This looks like a report, a signal or case material, which this bot does not take. Nothing "
    "was saved. Send it by the signal-sharing programme, your hotline or law enforcement."
)
# Hashes in the lengths that matching programmes use, and what is written between their groups.
_HASHES = {32, 40, 56, 64, 96, 128}
_HEX = re.compile(r"[0-9a-f]{32,}", re.IGNORECASE)
_HEX_RUN = re.compile(r"(?<![0-9a-z])(?:[0-9a-f][^0-9a-z]{0,4}){32,}(?![0-9a-z])", re.IGNORECASE)
_BYTE_MARK = re.compile(r"(?<![0-9a-z])0x|\\x", re.IGNORECASE)
_BASE64 = re.compile(r"(?<![\w+/])[A-Za-z0-9+/_-]{40,}={0,2}")
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://\S+", re.IGNORECASE)
# A link inside another one, as archives write them, is no link of its own.
_LINK = re.compile(r"(?<![/=\w])(?:[a-z][a-z0-9+.-]{1,20}://|www\.)", re.IGNORECASE)
_KINDS = {(True, False, False), (False, True, False), (False, False, True)}
_BYTE = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
# Every repetition is bounded: 40,000 characters of nothing must not take a second to read.
_OUTRIGHT = {
    "onion": re.compile(r"\.\s{0,3}onion\b|\bdot\s{1,3}onion\b", re.IGNORECASE),
    "defanged": re.compile(
        r"\bhxxps?\b|[\[({]\s*(?:\.|dot|punkt|point)\s*[\])}]|[\[({]\s*(?:@|at)\s*[\])}]"
        r"|\[:\]|:\[//\]|\bhttps?\s*\[",
        re.IGNORECASE,
    ),
    "magnet": re.compile(r"\bmagnet\s*:\s*\?|\bxt=urn:", re.IGNORECASE),
    "credentials": re.compile(r"://[^\s/@:]{0,256}:[^\s/@]{0,256}@"),
    "vector": re.compile(
        r"(?<![\d.])(?:-?\d{1,20}(?:\.\d{1,20})?[\s,;|()\[\]{}]{1,9}){15}-?\d", re.ASCII
    ),
}
_LISTS = {
    "addresses": re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"),
    "handles": re.compile(r"(?<![\w/<.])@[A-Za-z0-9_][\w.-]{2,}"),
    "ips": re.compile(
        rf"(?<![\d.])(?:{_BYTE}\.){{3}}{_BYTE}(?!\d|\.\d)"
        r"|\b(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}\b"
        r"|\b(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}\b",
        re.IGNORECASE,
    ),
}
# Letters that are drawn as nothing although Unicode does not say so: Hangul's fillers, Braille's.
_BLANK = str.maketrans({"\u115f": None, "\u1160": None, "\u2800": None, "\u3002": "."})


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
    yield from (name for name, pattern in _OUTRIGHT.items() if pattern.search(text))
    if any(_mixes(run[0]) for run in _HEX.finditer(text)) or _has_split_hash(text):
        yield "hash"
    if len(_LINK.findall(text)) > LINKS:
        yield "links"
    if any(_is_dense(run[0]) for run in _BASE64.finditer(_ADDRESS.sub(" ", text))):
        yield "base64"
    yield from (name for name, one in _LISTS.items() if len(one.findall(text)) >= LISTED)


def _has_split_hash(text: str) -> bool:
    runs = _HEX_RUN.finditer(_BYTE_MARK.sub(" ", text))
    return any(_joins_to_hash(re.findall("[0-9a-f]+", run[0], re.IGNORECASE)) for run in runs)


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


def _is_dense(run: str) -> bool:
    # The name of a file has capitals and digits too, but changes between them less within a word.
    kinds = [(c.islower(), c.isupper(), c.isdigit()) for c in run]
    changes = sum(one != other and any(one) and any(other) for one, other in pairwise(kinds))
    return {*kinds} >= _KINDS and changes * 4 >= len(run)


def _plain(text: str) -> str:
    """Undo what hides a signal from a rule: wide letters, accents, marks that nobody sees."""
    apart = unicodedata.normalize("NFKD", text).translate(_BLANK)
    return "".join(c for c in apart if unicodedata.category(c) not in {"Cf", "Mn", "Me"})
