"""Seats that are given by whoever organises a briefing, and whom they turned down."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# Whoever asks holds no seat; what was before an answer cannot be undone to what is not known here.
ASKED = "UPDATE rsvps SET standing = 'declined' WHERE standing = 'asked'"
UNDONE = (
    "UPDATE rsvps SET was_standing = NULL, was_note = NULL, was_answered_at = NULL, "
    "undo_until = NULL WHERE was_standing = 'asked'"
)


def upgrade() -> None:
    op.add_column(
        "briefings",
        sa.Column("needs_approval", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("rsvps", sa.Column("turned_down_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.execute(sa.text(ASKED))
    op.execute(sa.text(UNDONE))
    op.drop_column("rsvps", "turned_down_at")
    op.drop_column("briefings", "needs_approval")
