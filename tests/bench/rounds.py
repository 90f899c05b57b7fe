"""Rounds: every side in turn, and back again, so that a drift meets all alike."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


async def interleaved(
    sides: Mapping[str, Callable[[], Awaitable[T]]], rounds: int
) -> dict[str, list[T]]:
    """Measure each of *sides* once in each round: A B C, C B A, …"""
    heard: dict[str, list[T]] = {side: [] for side in sides}
    for turn in range(rounds):
        for side in list(sides)[:: -1 if turn % 2 else 1]:
            heard[side].append(await sides[side]())
    return heard


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Give ours to theirs, round by round."""
    return [one / other for one, other in zip(ours, theirs, strict=True)]
