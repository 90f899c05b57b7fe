"""How many cases a test tries: few on every push, all of them with FULL=1 in the environment."""

import os
from collections.abc import Iterable, Iterator
from itertools import islice, product
from typing import Any, TypeVar

T = TypeVar("T")

TRANSPORTS, DATABASES = ("http", "socket"), ("sqlite", "postgresql")


def figure(ci: int, full: int) -> int:
    """Give *full* with FULL=1, else *ci*."""
    return full if os.environ.get("FULL") == "1" else ci


def in_turn(cases: Iterable[T], turn: int) -> Iterator[T]:
    """Give every second case: what one *turn* leaves out, the next takes. With FULL=1 give all."""
    step = figure(ci=2, full=1)
    return islice(cases, turn % step, None, step)


def ways(cases: Iterable[Any]) -> list[tuple[Any, str, str]]:
    """Pair each case with a transport and a database: in turn, with FULL=1 each with all."""
    every = list(product(TRANSPORTS, DATABASES))
    if figure(ci=0, full=1):
        return [(case, *way) for case in cases for way in every]
    return [(case, *every[number % len(every)]) for number, case in enumerate(cases)]
