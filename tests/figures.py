"""How many cases a test tries: few on every push, all of them with FULL=1 in the environment."""

import os
from collections.abc import Iterable
from itertools import product
from typing import Any

TRANSPORTS, DATABASES = ("http", "socket"), ("sqlite", "postgresql")


def figure(ci: int, full: int) -> int:
    """Give *full* with FULL=1, else *ci*."""
    return full if os.environ.get("FULL") == "1" else ci


def ways(cases: Iterable[Any]) -> list[tuple[Any, str, str]]:
    """Pair each case with a transport and a database: in turn, with FULL=1 each with all."""
    every = list(product(TRANSPORTS, DATABASES))
    if figure(ci=0, full=1):
        return [(case, *way) for case in cases for way in every]
    return [(case, *every[number % len(every)]) for number, case in enumerate(cases)]
