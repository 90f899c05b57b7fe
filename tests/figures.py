"""How many cases a test tries: few on every push, all of them with FULL=1 in the environment."""

import os


def figure(ci: int, full: int) -> int:
    """Give *full* with FULL=1, else *ci*."""
    return full if os.environ.get("FULL") == "1" else ci
