"""Who speaks for an initiative where its lead cannot."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = "fk_initiatives_alternate_id_people"


def upgrade() -> None:
    with op.batch_alter_table("initiatives", schema=None) as batch_op:
        batch_op.add_column(sa.Column("alternate_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f(KEY), "people", ["alternate_id"], ["id"])
        batch_op.create_index(
            batch_op.f("ix_initiatives_alternate_id"), ["alternate_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("initiatives", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_initiatives_alternate_id"))
        batch_op.drop_constraint(batch_op.f(KEY), type_="foreignkey")
        batch_op.drop_column("alternate_id")
