"""An index in whose end the end of a briefing's queue stands."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_rsvps_briefing_id_asked_at", "rsvps", ["briefing_id", "asked_at"])


def downgrade() -> None:
    op.drop_index("ix_rsvps_briefing_id_asked_at", "rsvps")
