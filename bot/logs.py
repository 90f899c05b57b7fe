"""What the log says: words of our own choosing, and where something failed, never with what."""

import logging
import re
import traceback
from types import TracebackType

OURS = ("bot", "commands", "storage")
KEYS = frozenset({"at", "field", "kind", "length", "ref", "rule", "state", "status", "why"})
LONGEST = 120  # characters of one value
LINE = 300  # characters of what a library says
PLACE = re.compile(r"(?:(\w+)=)?%s")
EVENT = re.compile(r"[a-z_]+\.[a-z_]+|[a-z_]+")
GONE = "[removed]"
SECRETS = re.compile(
    r"xox[a-z](?:\.xox[a-z])?-[\w.-]+"  # tokens
    r"|xapp-[\w-]+"
    r"|v\d=[0-9a-fA-F]{16,}"  # signatures
    r"|(?:https?://)?hooks\.slack(?:-gov)?\.com/\S*"
    r"|https?://\S*/response/\S*"
    r"|[a-z][a-z0-9+]*://[^\s/@]*:[^\s@]*@\S*"  # addresses with a password
    r"|(?<![\w-])[A-Za-z0-9_-]{43}=(?![\w=])"  # Fernet's keys
    r"|gAAAA[A-Za-z0-9_-]{20,}=*"  # and what they encrypt
    r"|(?<![\w-])[0-9a-f]{32}(?![\w-])"  # signing secrets
    r"|(?<!\w)[UW][A-Z0-9]{5,}(?!\w)"  # people
)
Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Formatter(logging.Formatter):
    """Writes a line for each record: ours by allow-list, a library's without its secrets."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s")

    def format(self, record: logging.LogRecord) -> str:
        """Write one line for *record*, whatever it holds."""
        said = _ours(record) if record.name.partition(".")[0] in OURS else _theirs(record)
        head = f"{self.formatTime(record)} {record.levelname} {without_secrets(said)}"
        if record.exc_info and record.exc_info[1] is not None:
            head += f" raised={self.formatException(record.exc_info)}"
        return head

    def formatException(self, ei: Raised) -> str:  # noqa: N802 -- logging's own name
        """Name what was raised, what it came from, and each place on the way: no message."""
        parts: list[str] = []
        error = ei[1]
        while error is not None and len(parts) < 5:
            places = traceback.extract_tb(error.__traceback__)
            way = " ".join(f"{each.filename}:{each.lineno}:{each.name}" for each in places)
            parts.append(f"{type(error).__name__} at {way}")
            error = error.__cause__ or error.__context__
        return " from ".join(parts)


def install() -> None:
    """Let every line of this process be written so."""
    handler = logging.StreamHandler()
    handler.setFormatter(Formatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def without_secrets(text: str) -> str:
    """Take out of *text* what looks like a token, a key, a password or a person."""
    return SECRETS.sub(GONE, text)


def _ours(record: logging.LogRecord) -> str:
    """Keep the event's name and the values of allowed keys; the keys are read before the values."""
    template = str(record.msg)
    event = EVENT.match(template)
    values = record.args if isinstance(record.args, tuple) else ()
    places = PLACE.findall(template)
    kept = [
        f"{key}={_short(value, LONGEST)}"
        for key, value in zip(places, values, strict=False)
        if key in KEYS
    ]
    return " ".join([event.group() if event else "unnamed", *kept])


def _theirs(record: logging.LogRecord) -> str:
    try:
        said = record.getMessage()
    except (TypeError, ValueError):
        said = str(record.msg)
    # The first line only: asyncio and Bolt tell an exception's message below it.
    return f"{record.name}: {_short(said, LINE)}"


def _short(value: object, longest: int) -> str:
    first = str(value).splitlines() or [""]
    return "".join(c if c.isprintable() else " " for c in without_secrets(first[0]))[:longest]
