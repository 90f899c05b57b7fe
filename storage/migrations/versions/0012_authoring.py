"""Briefings made by people: seats for each company, notices, offered seats, who came."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEPT = {"sqlite_autoincrement": True}
# Written out, since SQLite's table would be made anew for it, and all that refers to it be lost.
RECORDED_BY = (
    "ALTER TABLE rsvps ADD COLUMN recorded_by_id INTEGER "
    "CONSTRAINT fk_rsvps_recorded_by_id_people REFERENCES people (id)"
)


def upgrade() -> None:
    with op.batch_alter_table("briefings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("company_seats", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("notices", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("source", sa.Text(), nullable=True))
    with op.batch_alter_table("rsvps", schema=None) as batch_op:
        batch_op.add_column(sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("came", sa.Boolean(), nullable=True))
    op.execute(sa.text(RECORDED_BY))


def downgrade() -> None:
    # An offered seat is one that was waited for; here there is only going or waiting.
    op.execute(sa.text("UPDATE rsvps SET standing = 'going' WHERE standing = 'offered'"))
    op.execute(sa.text("DELETE FROM briefing_partners WHERE role = 'speaker'"))
    with op.batch_alter_table("rsvps", schema=None, table_kwargs=KEPT) as batch_op:
        for column in ("recorded_by_id", "came", "offered_until"):
            batch_op.drop_column(column)
    with op.batch_alter_table("briefings", schema=None, table_kwargs=KEPT) as batch_op:
        for column in ("source", "notices", "company_seats"):
            batch_op.drop_column(column)
