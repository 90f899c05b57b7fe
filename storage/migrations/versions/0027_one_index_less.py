"""An index of what expires goes: the one that names the state as well serves both databases."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

NAME, PENDING = "ix_deliveries_expiring", sa.text("state = 'pending'")


def upgrade() -> None:
    op.drop_index(NAME, "deliveries")


def downgrade() -> None:
    op.create_index(
        NAME, "deliveries", ["expires_at"], sqlite_where=PENDING, postgresql_where=PENDING
    )
