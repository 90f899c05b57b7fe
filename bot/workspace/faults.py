"""How the workspace can be told to misbehave: towards the bot's calls, and in what it delivers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal[
    "rate_limited",
    "server_error",
    "hang",
    "drop_after_accept",
    "late",
    "error",
    "half",
    "drip",
    "lag",
    "unsupported",
]
ANY = "*"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which a call goes wrong."""

    kind: Kind
    seconds: float = 0
    status: int = 200
    name: str = ""
    is_done: bool = False  # although it is refused, it has been done

    @classmethod
    def rate_limited(cls, retry_after: int = 1) -> Fault:
        """Answer 429 with Retry-After, in seconds."""
        return cls("rate_limited", seconds=retry_after, status=429, name="ratelimited")

    @classmethod
    def server_error(cls, status: int = 500, *, is_done: bool = False) -> Fault:
        """Answer with a status of 5xx, and nothing or everything done."""
        return cls("server_error", status=status, name="internal_error", is_done=is_done)

    @classmethod
    def hang(cls, seconds: float) -> Fault:
        """Do what was asked, but answer only after so many seconds."""
        return cls("hang", seconds=seconds)

    @classmethod
    def drop_after_accept(cls) -> Fault:
        """Do what was asked and close the connection without an answer."""
        return cls("drop_after_accept")

    @classmethod
    def late(cls, seconds: float) -> Fault:
        """Close the connection without an answer, and do what was asked only afterwards."""
        return cls("late", seconds=seconds)

    @classmethod
    def half(cls) -> Fault:
        """Do what was asked and close the connection in the middle of the answer."""
        return cls("half")

    @classmethod
    def drip(cls, seconds: float) -> Fault:
        """Do what was asked, but take so many seconds over the answer, a little at a time."""
        return cls("drip", seconds=seconds)

    @classmethod
    def lag(cls, seconds: float) -> Fault:
        """Tell what was said up to so many seconds ago, by the workspace's clock."""
        return cls("lag", seconds=seconds)

    @classmethod
    def error(cls, name: str, *, is_done: bool = False) -> Fault:
        """Answer with an error of Slack's, and nothing or everything done."""
        return cls("error", name=name, is_done=is_done)

    @classmethod
    def unsupported(cls, block: str) -> Fault:
        """Refuse a message that holds a *block* of this type, as a Slack that never heard of it."""
        return cls("unsupported", name=block)


@dataclass(slots=True)
class _Planned:
    method: str
    fault: Fault
    times: int


@dataclass(slots=True)
class Faults:
    """Faults waiting for the calls they will spoil, first come first served."""

    planned: list[_Planned] = field(default_factory=list)

    def add(self, method: str, fault: Fault, times: int = 1) -> None:
        """Spoil the next *times* calls of *method*; ``*`` means any, ``response_url`` those."""
        self.planned.append(_Planned(method, fault, times))

    def clear(self) -> None:
        """Behave from now on."""
        self.planned.clear()

    def take(self, method: str) -> Fault | None:
        """Take the fault that the call now coming is to meet."""
        for planned in self.planned:
            if planned.method in (method, ANY):
                planned.times -= 1
                if planned.times <= 0:
                    self.planned.remove(planned)
                return planned.fault
        return None

    def as_entries(self) -> list[dict[str, Any]]:
        """Describe them for the page."""
        return [
            {
                "method": planned.method,
                "fault": planned.fault.kind,
                "times": planned.times,
                "seconds": planned.fault.seconds,
                "error": planned.fault.name,
            }
            for planned in self.planned
        ]


@dataclass(slots=True)
class DeliveryFaults:
    """What goes wrong on the way to the bot, and how many deliveries it still concerns."""

    duplicates: int = 0
    reorders: int = 0

    def duplicate(self, times: int = 1) -> None:
        """Deliver each of the next *times* deliveries twice."""
        self.duplicates += times

    def reorder(self, times: int = 1) -> None:
        """Hold each of the next *times* deliveries back until another has overtaken it."""
        self.reorders += times

    def clear(self) -> None:
        """Deliver everything once and in order from now on."""
        self.duplicates = self.reorders = 0

    def take_duplicate(self) -> bool:
        """Say whether the delivery now leaving goes twice."""
        is_planned = self.duplicates > 0
        self.duplicates -= is_planned
        return is_planned

    def take_reorder(self) -> bool:
        """Say whether the delivery now leaving is held back."""
        is_planned = self.reorders > 0
        self.reorders -= is_planned
        return is_planned
