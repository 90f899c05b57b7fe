"""Which briefings may last long, so that the others are read in order; who recorded an answer."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ORDER = ["workspace_id", "is_long", "starts_at"]


def upgrade() -> None:
    # Each counts as long until it is next written: those are looked at besides, and few.
    op.add_column(
        "briefings", sa.Column("is_long", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.create_index("ix_briefings_workspace_id_is_long_starts_at", "briefings", ORDER)
    op.create_index("ix_rsvps_recorded_by_id", "rsvps", ["recorded_by_id"])


def downgrade() -> None:
    op.drop_index("ix_rsvps_recorded_by_id", "rsvps")
    op.drop_index("ix_briefings_workspace_id_is_long_starts_at", "briefings")
    op.drop_column("briefings", "is_long")
