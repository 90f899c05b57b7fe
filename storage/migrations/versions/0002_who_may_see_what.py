"""Who may see what: links that staff confirm, named readers, installations, an audit that stays."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER audit_append_only BEFORE UPDATE ON audit_entries "
        "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$",
        "CREATE TRIGGER audit_append_only BEFORE UPDATE ON audit_entries "
        "FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "oauth_states",
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_states")),
        sa.UniqueConstraint("state", name=op.f("uq_oauth_states_state")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("oauth_states", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_oauth_states_expires_at"), ["expires_at"], unique=False
        )

    op.create_table(
        "installations",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("installed_by", sa.Text(), nullable=False),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_installations_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installations")),
        sa.UniqueConstraint("workspace_id", name=op.f("uq_installations_workspace_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("installations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_installations_workspace_id"), ["workspace_id"], unique=False
        )

    op.create_table(
        "ledger",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_ledger_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "organisation_domains",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_domains_organisation_id_organisations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_organisation_domains_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_domains")),
        sa.UniqueConstraint(
            "workspace_id", "domain", name=op.f("uq_organisation_domains_workspace_id_domain")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("organisation_domains", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organisation_domains_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_organisation_domains_workspace_id"), ["workspace_id"], unique=False
        )

    op.create_table(
        "named_readers",
        sa.Column("item_table", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_named_readers_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_named_readers_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_named_readers")),
        sa.UniqueConstraint(
            "item_table",
            "item_id",
            "person_id",
            name=op.f("uq_named_readers_item_table_item_id_person_id"),
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("named_readers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_named_readers_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_named_readers_workspace_id"), ["workspace_id"], unique=False
        )

    op.create_table(
        "widenings",
        sa.Column("item_table", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "public",
                "community",
                "members",
                "group",
                "named",
                "staff",
                name="audience",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "tlp",
            sa.Enum(
                "CLEAR",
                "GREEN",
                "AMBER",
                "AMBER+STRICT",
                "RED",
                name="tlp",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["people.id"],
            name=op.f("fk_widenings_asked_by_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_widenings_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_widenings")),
        sa.UniqueConstraint("item_table", "item_id", name=op.f("uq_widenings_item_table_item_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("widenings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_widenings_workspace_id"), ["workspace_id"], unique=False
        )

    # Not in batches: SQLite would copy the table and drop the old one, and what refers to its rows
    # would go with them.
    op.add_column("deliveries", sa.Column("about", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "people", sa.Column("is_guest", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "people", sa.Column("is_stranger", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("people", sa.Column("domain", sa.Text(), nullable=True))
    op.add_column("people", sa.Column("linked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("people", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_people_domain", "people", ["domain"])
    op.add_column(
        "workspaces", sa.Column("retention", sa.JSON(), nullable=False, server_default="{}")
    )
    op.execute("UPDATE people SET linked_at = met_at WHERE role <> 'unknown'")
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_append_only")
    else:
        op.execute("DROP FUNCTION audit_append_only CASCADE")
    op.drop_column("workspaces", "retention")
    op.drop_index("ix_people_domain", "people")
    for column in ("is_guest", "is_stranger", "domain", "linked_at", "erased_at"):
        op.drop_column("people", column)
    op.drop_column("deliveries", "about")
    with op.batch_alter_table("widenings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_widenings_workspace_id"))

    op.drop_table("widenings")
    with op.batch_alter_table("named_readers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_named_readers_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_named_readers_person_id"))

    op.drop_table("named_readers")
    with op.batch_alter_table("organisation_domains", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_domains_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_organisation_domains_organisation_id"))

    op.drop_table("organisation_domains")
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_at"))

    op.drop_table("ledger")
    with op.batch_alter_table("installations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_installations_workspace_id"))

    op.drop_table("installations")
    with op.batch_alter_table("oauth_states", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_oauth_states_expires_at"))

    op.drop_table("oauth_states")
