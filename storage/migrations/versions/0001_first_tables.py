"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workspaces",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspaces")),
        sa.UniqueConstraint("team", name=op.f("uq_workspaces_team")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "deliveries",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "sending",
                "sent",
                "skipped",
                "expired",
                "dead",
                "held",
                name="deliverystate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("intent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("ts", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_deliveries_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_deliveries_workspace_id_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_deliveries_state_due_at"), ["state", "due_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_deliveries_workspace_id"), ["workspace_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_deliveries_workspace_id_recipient_state"),
            ["workspace_id", "recipient", "state"],
            unique=False,
        )

    op.create_table(
        "lanes",
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_lanes_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lanes")),
        sa.UniqueConstraint(
            "workspace_id", "recipient", name=op.f("uq_lanes_workspace_id_recipient")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("lanes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lanes_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "organisations",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "member",
                "hotline",
                "regulator",
                "law_enforcement",
                "government",
                "intergovernmental",
                "civil_society",
                "academia",
                "vendor",
                "partner",
                "secretariat",
                name="organisationkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("joined_year", sa.Integer(), nullable=True),
        sa.Column(
            "board_role",
            sa.Enum("chair", "member", name="boardrole", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_organisations_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint(
            "workspace_id", "folded", name=op.f("uq_organisations_workspace_id_folded")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organisations_workspace_id"), ["workspace_id"], unique=False
        )

    op.create_table(
        "series",
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_series_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_series_folded"), ["folded"], unique=False)
        batch_op.create_index(batch_op.f("ix_series_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "working_groups",
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("cadence", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "public",
                "community",
                "members",
                "group",
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
        sa.Column("audience_group_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "audience <> 'community' OR tlp IN ('CLEAR', 'GREEN')",
            name=op.f("ck_working_groups_community_is_green"),
        ),
        sa.CheckConstraint(
            "audience <> 'members' OR tlp <> 'RED'", name=op.f("ck_working_groups_members_not_red")
        ),
        sa.CheckConstraint(
            "audience <> 'public' OR tlp = 'CLEAR'", name=op.f("ck_working_groups_public_is_clear")
        ),
        sa.ForeignKeyConstraint(
            ["audience_group_id"],
            ["working_groups.id"],
            name=op.f("fk_working_groups_audience_group_id_working_groups"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_working_groups_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_groups")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("working_groups", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_working_groups_audience_group_id"), ["audience_group_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_working_groups_folded"), ["folded"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_working_groups_workspace_id"), ["workspace_id"], unique=False
        )

    op.create_table(
        "briefings",
        sa.Column(
            "kind",
            sa.Enum(
                "briefing",
                "webinar",
                "forum",
                "hackathon",
                "conference_track",
                "convening",
                "group_meeting",
                "external",
                name="kind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("draft", "published", "cancelled", name="state", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("agenda", sa.JSON(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("edition", sa.Text(), nullable=True),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column(
            "precision",
            sa.Enum(
                "minute", "day", "month", "year", name="precision", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "place",
            sa.Enum("in_person", "virtual", "hybrid", name="place", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("venue", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("join_link", sa.Text(), nullable=True),
        sa.Column("recording_link", sa.Text(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("has_waitlist", sa.Boolean(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "public",
                "community",
                "members",
                "group",
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
        sa.Column("audience_group_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "audience <> 'community' OR tlp IN ('CLEAR', 'GREEN')",
            name=op.f("ck_briefings_community_is_green"),
        ),
        sa.CheckConstraint(
            "audience <> 'members' OR tlp <> 'RED'", name=op.f("ck_briefings_members_not_red")
        ),
        sa.CheckConstraint(
            "audience <> 'public' OR tlp = 'CLEAR'", name=op.f("ck_briefings_public_is_clear")
        ),
        sa.CheckConstraint(
            "capacity IS NULL OR taken <= capacity", name=op.f("ck_briefings_not_oversold")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_briefings_ends_after_start")),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_briefings_taken_not_negative")),
        sa.ForeignKeyConstraint(
            ["audience_group_id"],
            ["working_groups.id"],
            name=op.f("fk_briefings_audience_group_id_working_groups"),
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["organisations.id"], name=op.f("fk_briefings_host_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_briefings_series_id_series")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_briefings_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefings")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("briefings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_briefings_audience_group_id"), ["audience_group_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_briefings_folded"), ["folded"], unique=False)
        batch_op.create_index(batch_op.f("ix_briefings_host_id"), ["host_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_briefings_series_id"), ["series_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_briefings_workspace_id"), ["workspace_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_briefings_workspace_id_ends_at"),
            ["workspace_id", "ends_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_briefings_workspace_id_starts_at"),
            ["workspace_id", "starts_at"],
            unique=False,
        )

    op.create_table(
        "organisation_aliases",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_aliases_organisation_id_organisations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_organisation_aliases_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_aliases")),
        sa.UniqueConstraint(
            "workspace_id", "folded", name=op.f("uq_organisation_aliases_workspace_id_folded")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("organisation_aliases", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organisation_aliases_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_organisation_aliases_workspace_id"), ["workspace_id"], unique=False
        )

    op.create_table(
        "people",
        sa.Column("slack_team", sa.Text(), nullable=False),
        sa.Column("slack_user", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "unknown",
                "external",
                "member",
                "staff",
                "admin",
                name="role",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_people_organisation_id_organisations"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_people_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint(
            "workspace_id",
            "slack_team",
            "slack_user",
            name=op.f("uq_people_workspace_id_slack_team_slack_user"),
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_people_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_people_workspace_id"), ["workspace_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_people_workspace_id_slack_user"),
            ["workspace_id", "slack_user"],
            unique=False,
        )

    op.create_table(
        "subscriptions",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "public",
                "community",
                "members",
                "group",
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
        sa.Column("audience_group_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "audience <> 'community' OR tlp IN ('CLEAR', 'GREEN')",
            name=op.f("ck_subscriptions_community_is_green"),
        ),
        sa.CheckConstraint(
            "audience <> 'members' OR tlp <> 'RED'", name=op.f("ck_subscriptions_members_not_red")
        ),
        sa.CheckConstraint(
            "audience <> 'public' OR tlp = 'CLEAR'", name=op.f("ck_subscriptions_public_is_clear")
        ),
        sa.ForeignKeyConstraint(
            ["audience_group_id"],
            ["working_groups.id"],
            name=op.f("fk_subscriptions_audience_group_id_working_groups"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_subscriptions_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint(
            "workspace_id",
            "channel",
            "kind",
            name=op.f("uq_subscriptions_workspace_id_channel_kind"),
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_subscriptions_audience_group_id"), ["audience_group_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_subscriptions_is_on_next_at"), ["is_on", "next_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_subscriptions_workspace_id"), ["workspace_id"], unique=False
        )

    op.create_table(
        "audit_entries",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["people.id"], name=op.f("fk_audit_entries_actor_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_audit_entries_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_audit_entries_workspace_id"), ["workspace_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_audit_entries_workspace_id_at"), ["workspace_id", "at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_audit_entries_workspace_id_subject"),
            ["workspace_id", "subject"],
            unique=False,
        )

    op.create_table(
        "briefing_partners",
        sa.Column("briefing_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("co_host", "attended", name="partnerrole", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["briefing_id"],
            ["briefings.id"],
            name=op.f("fk_briefing_partners_briefing_id_briefings"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_briefing_partners_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_briefing_partners_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefing_partners")),
        sa.UniqueConstraint(
            "briefing_id",
            "organisation_id",
            "role",
            name=op.f("uq_briefing_partners_briefing_id_organisation_id_role"),
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("briefing_partners", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_briefing_partners_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_briefing_partners_workspace_id"), ["workspace_id"], unique=False
        )

    op.create_table(
        "group_seats",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("is_chair", sa.Boolean(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["working_groups.id"],
            name=op.f("fk_group_seats_group_id_working_groups"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_group_seats_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_group_seats_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_group_seats_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_seats")),
        sa.UniqueConstraint(
            "group_id", "person_id", name=op.f("uq_group_seats_group_id_person_id")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("group_seats", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_group_seats_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_group_seats_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_group_seats_workspace_id"), ["workspace_id"], unique=False
        )

    op.create_table(
        "initiatives",
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("lead_organisation_id", sa.Integer(), nullable=True),
        sa.Column("origin_briefing_id", sa.Integer(), nullable=True),
        sa.Column(
            "health",
            sa.Enum(
                "on_track",
                "at_risk",
                "off_track",
                "paused",
                "done",
                name="health",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("cadence_days", sa.Integer(), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "public",
                "community",
                "members",
                "group",
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
        sa.Column("audience_group_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "audience <> 'community' OR tlp IN ('CLEAR', 'GREEN')",
            name=op.f("ck_initiatives_community_is_green"),
        ),
        sa.CheckConstraint(
            "audience <> 'members' OR tlp <> 'RED'", name=op.f("ck_initiatives_members_not_red")
        ),
        sa.CheckConstraint(
            "audience <> 'public' OR tlp = 'CLEAR'", name=op.f("ck_initiatives_public_is_clear")
        ),
        sa.CheckConstraint(
            "cadence_days IS NULL OR cadence_days > 0", name=op.f("ck_initiatives_cadence_positive")
        ),
        sa.ForeignKeyConstraint(
            ["audience_group_id"],
            ["working_groups.id"],
            name=op.f("fk_initiatives_audience_group_id_working_groups"),
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["people.id"], name=op.f("fk_initiatives_lead_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["lead_organisation_id"],
            ["organisations.id"],
            name=op.f("fk_initiatives_lead_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["origin_briefing_id"],
            ["briefings.id"],
            name=op.f("fk_initiatives_origin_briefing_id_briefings"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_initiatives_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initiatives")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("initiatives", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_initiatives_audience_group_id"), ["audience_group_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_initiatives_folded"), ["folded"], unique=False)
        batch_op.create_index(batch_op.f("ix_initiatives_lead_id"), ["lead_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_initiatives_lead_organisation_id"),
            ["lead_organisation_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_initiatives_origin_briefing_id"), ["origin_briefing_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_initiatives_workspace_id"), ["workspace_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_initiatives_workspace_id_health"),
            ["workspace_id", "health"],
            unique=False,
        )

    op.create_table(
        "rsvps",
        sa.Column("briefing_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column(
            "standing",
            sa.Enum(
                "going",
                "waitlisted",
                "maybe",
                "declined",
                name="standing",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waitlisted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("reminded_for", sa.DateTime(timezone=True), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(standing = 'waitlisted') = (waitlisted_at IS NOT NULL)",
            name=op.f("ck_rsvps_queued_since"),
        ),
        sa.ForeignKeyConstraint(
            ["briefing_id"],
            ["briefings.id"],
            name=op.f("fk_rsvps_briefing_id_briefings"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_rsvps_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_rsvps_person_id_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_rsvps_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rsvps")),
        sa.UniqueConstraint(
            "briefing_id", "person_id", name=op.f("uq_rsvps_briefing_id_person_id")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("rsvps", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rsvps_briefing_id_standing_waitlisted_at"),
            ["briefing_id", "standing", "waitlisted_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_rsvps_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_rsvps_person_id_standing_briefing_id"),
            ["person_id", "standing", "briefing_id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_rsvps_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "action_items",
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("creator_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "open",
                "done",
                "declined",
                name="actionstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("briefing_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("initiative_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "public",
                "community",
                "members",
                "group",
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
        sa.Column("audience_group_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_action_items_done_whole")
        ),
        sa.CheckConstraint(
            "audience <> 'community' OR tlp IN ('CLEAR', 'GREEN')",
            name=op.f("ck_action_items_community_is_green"),
        ),
        sa.CheckConstraint(
            "audience <> 'members' OR tlp <> 'RED'", name=op.f("ck_action_items_members_not_red")
        ),
        sa.CheckConstraint(
            "audience <> 'public' OR tlp = 'CLEAR'", name=op.f("ck_action_items_public_is_clear")
        ),
        sa.CheckConstraint(
            "(due_on IS NULL) = (due_at IS NULL)", name=op.f("ck_action_items_due_whole")
        ),
        sa.ForeignKeyConstraint(
            ["audience_group_id"],
            ["working_groups.id"],
            name=op.f("fk_action_items_audience_group_id_working_groups"),
        ),
        sa.ForeignKeyConstraint(
            ["briefing_id"], ["briefings.id"], name=op.f("fk_action_items_briefing_id_briefings")
        ),
        sa.ForeignKeyConstraint(
            ["creator_id"], ["people.id"], name=op.f("fk_action_items_creator_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["people.id"], name=op.f("fk_action_items_done_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["working_groups.id"],
            name=op.f("fk_action_items_group_id_working_groups"),
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiatives.id"],
            name=op.f("fk_action_items_initiative_id_initiatives"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_action_items_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name=op.f("fk_action_items_owner_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_action_items_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_items")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("action_items", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_action_items_audience_group_id"), ["audience_group_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_action_items_briefing_id"), ["briefing_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_action_items_creator_id"), ["creator_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_action_items_folded"), ["folded"], unique=False)
        batch_op.create_index(batch_op.f("ix_action_items_group_id"), ["group_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_action_items_initiative_id"), ["initiative_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_action_items_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_action_items_owner_id_state_due_at"),
            ["owner_id", "state", "due_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_action_items_workspace_id"), ["workspace_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_action_items_workspace_id_state_due_at"),
            ["workspace_id", "state", "due_at"],
            unique=False,
        )

    op.create_table(
        "initiative_participants",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "participant",
                "input",
                "funder",
                "assessor",
                "pilot",
                "partner",
                name="part",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiatives.id"],
            name=op.f("fk_initiative_participants_initiative_id_initiatives"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_initiative_participants_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_initiative_participants_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initiative_participants")),
        sa.UniqueConstraint(
            "initiative_id",
            "organisation_id",
            name=op.f("uq_initiative_participants_initiative_id_organisation_id"),
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("initiative_participants", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_initiative_participants_organisation_id"),
            ["organisation_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_initiative_participants_workspace_id"), ["workspace_id"], unique=False
        )

    op.create_table(
        "initiative_updates",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column(
            "health",
            sa.Enum(
                "on_track",
                "at_risk",
                "off_track",
                "paused",
                "done",
                name="health",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "was",
            sa.Enum(
                "on_track",
                "at_risk",
                "off_track",
                "paused",
                "done",
                name="health",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("is_suggestion", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_initiative_updates_author_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiatives.id"],
            name=op.f("fk_initiative_updates_initiative_id_initiatives"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_initiative_updates_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initiative_updates")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("initiative_updates", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_initiative_updates_author_id"), ["author_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_initiative_updates_initiative_id_made_at"),
            ["initiative_id", "made_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_initiative_updates_workspace_id"), ["workspace_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_initiative_updates_workspace_id_made_at"),
            ["workspace_id", "made_at"],
            unique=False,
        )

    op.create_table(
        "milestones",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("due", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiatives.id"],
            name=op.f("fk_milestones_initiative_id_initiatives"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_milestones_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestones")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("milestones", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_milestones_initiative_id"), ["initiative_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_milestones_workspace_id"), ["workspace_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_milestones_workspace_id_done_at"),
            ["workspace_id", "done_at"],
            unique=False,
        )

    op.create_table(
        "resources",
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "paper",
                "guide",
                "template",
                "report",
                "blog",
                "recording",
                "framework",
                "reference",
                "statement",
                name="resourcekind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("published", sa.Text(), nullable=True),
        sa.Column("publisher_id", sa.Integer(), nullable=True),
        sa.Column("origin_briefing_id", sa.Integer(), nullable=True),
        sa.Column("origin_initiative_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "public",
                "community",
                "members",
                "group",
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
        sa.Column("audience_group_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "audience <> 'community' OR tlp IN ('CLEAR', 'GREEN')",
            name=op.f("ck_resources_community_is_green"),
        ),
        sa.CheckConstraint(
            "audience <> 'members' OR tlp <> 'RED'", name=op.f("ck_resources_members_not_red")
        ),
        sa.CheckConstraint(
            "audience <> 'public' OR tlp = 'CLEAR'", name=op.f("ck_resources_public_is_clear")
        ),
        sa.ForeignKeyConstraint(
            ["audience_group_id"],
            ["working_groups.id"],
            name=op.f("fk_resources_audience_group_id_working_groups"),
        ),
        sa.ForeignKeyConstraint(
            ["origin_briefing_id"],
            ["briefings.id"],
            name=op.f("fk_resources_origin_briefing_id_briefings"),
        ),
        sa.ForeignKeyConstraint(
            ["origin_initiative_id"],
            ["initiatives.id"],
            name=op.f("fk_resources_origin_initiative_id_initiatives"),
        ),
        sa.ForeignKeyConstraint(
            ["publisher_id"],
            ["organisations.id"],
            name=op.f("fk_resources_publisher_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_resources_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resources")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("resources", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_resources_audience_group_id"), ["audience_group_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_resources_folded"), ["folded"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_resources_origin_briefing_id"), ["origin_briefing_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_resources_origin_initiative_id"), ["origin_initiative_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_resources_publisher_id"), ["publisher_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_resources_workspace_id"), ["workspace_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_resources_workspace_id_added_at"),
            ["workspace_id", "added_at"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("resources", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resources_workspace_id_added_at"))
        batch_op.drop_index(batch_op.f("ix_resources_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_resources_publisher_id"))
        batch_op.drop_index(batch_op.f("ix_resources_origin_initiative_id"))
        batch_op.drop_index(batch_op.f("ix_resources_origin_briefing_id"))
        batch_op.drop_index(batch_op.f("ix_resources_folded"))
        batch_op.drop_index(batch_op.f("ix_resources_audience_group_id"))

    op.drop_table("resources")
    with op.batch_alter_table("milestones", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_milestones_workspace_id_done_at"))
        batch_op.drop_index(batch_op.f("ix_milestones_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_milestones_initiative_id"))

    op.drop_table("milestones")
    with op.batch_alter_table("initiative_updates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_initiative_updates_workspace_id_made_at"))
        batch_op.drop_index(batch_op.f("ix_initiative_updates_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_initiative_updates_initiative_id_made_at"))
        batch_op.drop_index(batch_op.f("ix_initiative_updates_author_id"))

    op.drop_table("initiative_updates")
    with op.batch_alter_table("initiative_participants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_initiative_participants_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_initiative_participants_organisation_id"))

    op.drop_table("initiative_participants")
    with op.batch_alter_table("action_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_items_workspace_id_state_due_at"))
        batch_op.drop_index(batch_op.f("ix_action_items_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_action_items_owner_id_state_due_at"))
        batch_op.drop_index(batch_op.f("ix_action_items_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_action_items_initiative_id"))
        batch_op.drop_index(batch_op.f("ix_action_items_group_id"))
        batch_op.drop_index(batch_op.f("ix_action_items_folded"))
        batch_op.drop_index(batch_op.f("ix_action_items_creator_id"))
        batch_op.drop_index(batch_op.f("ix_action_items_briefing_id"))
        batch_op.drop_index(batch_op.f("ix_action_items_audience_group_id"))

    op.drop_table("action_items")
    with op.batch_alter_table("rsvps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rsvps_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_rsvps_person_id_standing_briefing_id"))
        batch_op.drop_index(batch_op.f("ix_rsvps_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_rsvps_briefing_id_standing_waitlisted_at"))

    op.drop_table("rsvps")
    with op.batch_alter_table("initiatives", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_initiatives_workspace_id_health"))
        batch_op.drop_index(batch_op.f("ix_initiatives_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_initiatives_origin_briefing_id"))
        batch_op.drop_index(batch_op.f("ix_initiatives_lead_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_initiatives_lead_id"))
        batch_op.drop_index(batch_op.f("ix_initiatives_folded"))
        batch_op.drop_index(batch_op.f("ix_initiatives_audience_group_id"))

    op.drop_table("initiatives")
    with op.batch_alter_table("group_seats", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_group_seats_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_group_seats_person_id"))
        batch_op.drop_index(batch_op.f("ix_group_seats_organisation_id"))

    op.drop_table("group_seats")
    with op.batch_alter_table("briefing_partners", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_briefing_partners_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_briefing_partners_organisation_id"))

    op.drop_table("briefing_partners")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entries_workspace_id_subject"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_workspace_id_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_actor_id"))

    op.drop_table("audit_entries")
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subscriptions_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_subscriptions_is_on_next_at"))
        batch_op.drop_index(batch_op.f("ix_subscriptions_audience_group_id"))

    op.drop_table("subscriptions")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_workspace_id_slack_user"))
        batch_op.drop_index(batch_op.f("ix_people_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_people_organisation_id"))

    op.drop_table("people")
    with op.batch_alter_table("organisation_aliases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_aliases_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_organisation_aliases_organisation_id"))

    op.drop_table("organisation_aliases")
    with op.batch_alter_table("briefings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_briefings_workspace_id_starts_at"))
        batch_op.drop_index(batch_op.f("ix_briefings_workspace_id_ends_at"))
        batch_op.drop_index(batch_op.f("ix_briefings_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_briefings_series_id"))
        batch_op.drop_index(batch_op.f("ix_briefings_host_id"))
        batch_op.drop_index(batch_op.f("ix_briefings_folded"))
        batch_op.drop_index(batch_op.f("ix_briefings_audience_group_id"))

    op.drop_table("briefings")
    with op.batch_alter_table("working_groups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_working_groups_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_working_groups_folded"))
        batch_op.drop_index(batch_op.f("ix_working_groups_audience_group_id"))

    op.drop_table("working_groups")
    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_series_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_series_folded"))

    op.drop_table("series")
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisations_workspace_id"))

    op.drop_table("organisations")
    with op.batch_alter_table("lanes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lanes_workspace_id"))

    op.drop_table("lanes")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deliveries_workspace_id_recipient_state"))
        batch_op.drop_index(batch_op.f("ix_deliveries_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_deliveries_state_due_at"))

    op.drop_table("deliveries")
    op.drop_table("workspaces")
