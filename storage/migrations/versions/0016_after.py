"""What was before somebody's last answer; what they say afterwards; when organisers were nudged."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEPT = {"sqlite_autoincrement": True}
STANDINGS = ("going", "offered", "waitlisted", "maybe", "declined")
MOMENTS = ("asked_at", "was_answered_at", "undo_until")
NUDGED = ("nudged_before_at", "nudged_after_at")
TEXTS = ("was_note", "remark")
VERDICTS = ("useful", "partly", "not_useful")
# Whoever has a seat by then asked for it when they answered, or moved up; nobody knows better.
ASKED = (
    "UPDATE rsvps SET asked_at = coalesce(waitlisted_at, answered_at) "
    "WHERE standing IN ('going', 'offered', 'waitlisted')"
)


def upgrade() -> None:
    with op.batch_alter_table("rsvps", schema=None) as batch_op:
        for moment in MOMENTS:
            batch_op.add_column(sa.Column(moment, sa.DateTime(timezone=True), nullable=True))
        for text in TEXTS:
            batch_op.add_column(sa.Column(text, sa.Text(), nullable=True))
        was = sa.Enum(*STANDINGS, name="standing", native_enum=False, length=32)
        batch_op.add_column(sa.Column("was_standing", was, nullable=True))
        said = sa.Enum(*VERDICTS, name="verdict", native_enum=False, length=32)
        batch_op.add_column(sa.Column("verdict", said, nullable=True))
        batch_op.add_column(sa.Column("counted", said, nullable=True))
    op.execute(sa.text(ASKED))
    with op.batch_alter_table("briefings", schema=None) as batch_op:
        for moment in NUDGED:
            batch_op.add_column(sa.Column(moment, sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("briefings", schema=None, table_kwargs=KEPT) as batch_op:
        for column in NUDGED:
            batch_op.drop_column(column)
    with op.batch_alter_table("rsvps", schema=None, table_kwargs=KEPT) as batch_op:
        for column in (*MOMENTS, *TEXTS, "was_standing", "verdict", "counted"):
            batch_op.drop_column(column)
