"""Programmes: the sessions of an event, how they were, and who has which on their agenda."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "talks",
        sa.Column("briefing_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("track", sa.Text(), nullable=True),
        sa.Column("room", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        *_belonging("talks", briefing_id="briefings"),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_talks_organisation_id_organisations"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_talks_ends_after_start")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_talks_briefing_id_starts_at"), "talks", ["briefing_id", "starts_at"])
    op.create_index(op.f("ix_talks_organisation_id"), "talks", ["organisation_id"])
    op.create_index(op.f("ix_talks_workspace_id"), "talks", ["workspace_id"])
    op.create_table(
        "former_talks",
        sa.Column("briefing_id", sa.Integer(), nullable=False),
        sa.Column("talk_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("room", sa.Text(), nullable=True),
        sa.Column("takes_place", sa.Boolean(), nullable=False),
        *_belonging("former_talks", briefing_id="briefings", talk_id="talks"),
        sqlite_autoincrement=True,
    )
    for column in ("briefing_id", "talk_id", "workspace_id"):
        op.create_index(op.f(f"ix_former_talks_{column}"), "former_talks", [column])
    op.create_table(
        "picks",
        sa.Column("briefing_id", sa.Integer(), nullable=False),
        sa.Column("talk_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        *_belonging("picks", briefing_id="briefings", talk_id="talks", person_id="people"),
        sa.UniqueConstraint("talk_id", "person_id", name=op.f("uq_picks_talk_id_person_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_picks_briefing_id"), "picks", ["briefing_id"])
    op.create_index(op.f("ix_picks_person_id_briefing_id"), "picks", ["person_id", "briefing_id"])
    op.create_index(op.f("ix_picks_workspace_id"), "picks", ["workspace_id"])


def downgrade() -> None:
    for table in ("picks", "former_talks", "talks"):
        op.drop_table(table)


def _belonging(table: str, **owners: str) -> tuple[sa.schema.SchemaItem, ...]:
    """Give the key of a row, its workspace, and the columns whose rows it goes with."""
    keys = {"workspace_id": "workspaces", **owners}
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{owner}.id"],
                name=op.f(f"fk_{table}_{column}_{owner}"),
                ondelete="CASCADE",
            )
            for column, owner in keys.items()
        ),
    )
