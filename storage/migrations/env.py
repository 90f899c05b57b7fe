"""Runs the migrations on the connection it is handed, or on the database of `-x url=…`."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.database import Moment, sqlalchemy_url
from storage.models import Row


def _plain(kind: str, item: Any, _autogen: AutogenContext) -> str | Literal[False]:
    # Migrations stay plain SQLAlchemy: they must run long after our types have changed.
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    return kind != "table" or not str(name).startswith("procrastinate_")


def _migrate(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Row.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=_plain,
        include_name=_is_ours,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


handed = context.config.attributes.get("connection")
if handed is not None:
    _migrate(handed)
else:
    url = context.get_x_argument(as_dictionary=True)["url"]
    with sa.create_engine(sqlalchemy_url(url)).begin() as fresh:
        _migrate(fresh)
