"""What may never be stored here: text that looks like a case signal is refused and kept nowhere."""

import logging
import re
import unicodedata
from collections.abc import Iterator

from storage.errors import Guarded

log = logging.getLogger(__name__)

LINKS, LISTED = 3, 3
SENTENCE = (
    "This looks like a report, a signal or case material, which this bot does not take. Nothing "
    "was saved. Send it by the signal-sharing programme, your hotline or law enforcement."
)
# Hashes in the lengths that matching programmes use, and what is written between their groups.
_HASHES = {32, 40, 56, 64, 96, 128}
_HEX_RUN = re.compile(r"(?<![0-9a-z])(?:[0-9a-f][ \n:.,_-]{0,2}){32,}(?![0-9a-z])", re.IGNORECASE)
_BASE64 = re.compile(r"(?<![\w+/])[A-Za-z0-9+/_-]{40,}={0,2}")
_LINK = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://\S+", re.IGNORECASE)
# Every repetition is bounded: 40,000 characters of nothing must not take a second to read.
_OUTRIGHT = {
    "onion": re.compile(r"[a-z2-7]{16,56}\s*\.\s*onion\b|\.onion\b", re.IGNORECASE),
    "defanged": re.compile(
        r"\bhxxps?\b|[\[({]\s*(?:\.|dot|punkt|point)\s*[\])}]|[\[({]\s*(?:@|at)\s*[\])}]"
        r"|\[:\]|:\[//\]|\bhttps?\s*\[",
        re.IGNORECASE,
    ),
    "magnet": re.compile(r"\bmagnet\s*:\s*\?|\bxt=urn:", re.IGNORECASE),
    "credentials": re.compile(r"://[^\s/@:]{1,256}:[^\s/@]{0,256}@"),
    "vector": re.compile(r"(?:-?\d{1,20}(?:\.\d{1,20})?[\s,;|]{1,9}){15}"),
}
_LISTS = {
    "addresses": re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"),
    "handles": re.compile(r"(?<![\w/<.])@[A-Za-z0-9_][\w.-]{2,}"),
    "ips": re.compile(
        r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])|\b(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}\b",
        re.IGNORECASE,
    ),
}


def check(**fields: str | None) -> None:
    """Refuse what looks like a signal in any of *fields*, by name.

    The text is neither repeated nor logged: the log gets the rule, the field and the length.
    Raises Guarded. No rule knows prose about a case when it reads it.
    """
    for field, text in fields.items():
        rule = found_in(text or "")
        if rule is not None:
            log.warning("guard.refused rule=%s field=%s length=%s", rule, field, len(text or ""))
            raise Guarded(SENTENCE, field)


def found_in(text: str) -> str | None:
    """Name the rule by which *text* is refused; None for what may be stored."""
    plain = _plain(text)
    return next(_rules(plain), None) if plain else None


def _rules(text: str) -> Iterator[str]:
    yield from (name for name, pattern in _OUTRIGHT.items() if pattern.search(text))
    if any(_is_hash(run[0]) for run in _HEX_RUN.finditer(text)):
        yield "hash"
    if len(_LINK.findall(text)) > LINKS:
        yield "links"
    bare = _LINK.sub(" ", text)
    if any(_is_dense(run[0]) for run in _BASE64.finditer(bare)):
        yield "base64"
    yield from (name for name, one in _LISTS.items() if len(one.findall(bare)) >= LISTED)


def _is_hash(run: str) -> bool:
    digits = re.sub(r"[^0-9a-fA-F]", "", run)
    # Words and sums are made of the same letters; a hash mixes both, or is a run of digits alone
    # that no sum is as long as.
    mixed = bool(re.search("[a-fA-F]", digits)) and bool(re.search("[0-9]", digits))
    parts = [part for part in re.split(r"[^0-9a-fA-F]+", run) if part]
    whole = max((len(part) for part in parts), default=0)
    return mixed and (len(digits) in _HASHES or whole >= min(_HASHES))


def _is_dense(run: str) -> bool:
    return all(any(map(kind, run)) for kind in (str.islower, str.isupper, str.isdigit))


def _plain(text: str) -> str:
    """Undo what hides a signal from a rule: wide letters, marks that nobody sees."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if unicodedata.category(c) not in {"Cf", "Mn", "Me"}).replace(
        "\u3002", "."
    )
