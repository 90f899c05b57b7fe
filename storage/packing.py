"""Many ids in one value: a row less to read, or a statement."""

from typing import Any

import sqlalchemy as sa


def packed(values: sa.SQLColumnExpression[Any]) -> sa.Function[str]:
    """Give all *values* that a statement finds in one, in its order; None where it finds none."""
    return sa.func.aggregate_strings(sa.cast(values, sa.Text), ",")


def unpacked(values: str | None) -> list[str]:
    """Give each of what is `packed`."""
    return values.split(",") if values else []
