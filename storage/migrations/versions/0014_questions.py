"""Questions that a briefing asks of whoever comes, and what they answer."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    asked = sa.Column("questions", sa.JSON(), nullable=False, server_default="[]")
    op.add_column("briefings", asked)
    op.add_column("rsvps", sa.Column("particulars", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("rsvps", "particulars")
    op.drop_column("briefings", "questions")
