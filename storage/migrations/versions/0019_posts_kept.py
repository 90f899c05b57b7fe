"""Posts of briefings in channels, which are kept as those are."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

SHOWING = sa.text("shows IS NOT NULL")
_posts = sa.table("deliveries", sa.column("id"), sa.column("key"), sa.column("shows"))


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("shows", sa.Text(), nullable=True))
    op.create_index(
        "ix_deliveries_workspace_id_shows",
        "deliveries",
        ["workspace_id", "shows"],
        unique=False,
        sqlite_where=SHOWING,
        postgresql_where=SHOWING,
    )
    # What was posted before is kept from now on too; its key is "here:E12:C0ROOM:7:29000000".
    connection = op.get_bind()
    posted = sa.select(_posts.c.id, _posts.c.key).where(_posts.c.key.like("here:E%"))
    for post, key in connection.execute(posted).all():
        shown = sa.update(_posts).where(_posts.c.id == post).values(shows=key.split(":")[1])
        connection.execute(shown)


def downgrade() -> None:
    op.drop_index("ix_deliveries_workspace_id_shows", "deliveries")
    op.drop_column("deliveries", "shows")
