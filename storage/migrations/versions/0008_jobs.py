"""Procrastinate's tables beside ours, and a job for each delivery: on PostgreSQL alone."""

from pathlib import Path
from typing import Any

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = Path(__file__).parents[1] / "procrastinate.sql"
# The lock is the delivery's lane. What is due later only has none: its job would hold up those
# behind it until then. Times are told to Procrastinate by its own clock, the database's.
DEFER = """
    CREATE FUNCTION defer_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        wait interval := CASE TG_OP WHEN 'INSERT' THEN NEW.due_at - NEW.created_at ELSE '0' END;
    BEGIN
        PERFORM procrastinate_defer_jobs_v1(ARRAY[ROW(
            'deliveries',
            'deliver',
            0,
            CASE WHEN wait <= '0' THEN hashtextextended(NEW.recipient, NEW.workspace_id)::text END,
            NULL,
            jsonb_build_object('delivery', NEW.id),
            CASE WHEN wait > '0' THEN now() + wait END
        )::procrastinate_job_to_defer_v1]);
        RETURN NULL;
    END $$
"""
OWED = """
    CREATE TRIGGER defer_owed AFTER INSERT ON deliveries
    FOR EACH ROW EXECUTE FUNCTION defer_delivery()
"""
OWED_AGAIN = """
    CREATE TRIGGER defer_owed_again AFTER UPDATE OF state ON deliveries
    FOR EACH ROW WHEN (OLD.state = 'held' AND NEW.state = 'pending')
    EXECUTE FUNCTION defer_delivery()
"""
GONE = """
    DROP TRIGGER defer_owed ON deliveries;
    DROP TRIGGER defer_owed_again ON deliveries;
    DROP FUNCTION defer_delivery;
    DO $$
    DECLARE
        one regprocedure;
    BEGIN
        FOR one IN
            SELECT oid FROM pg_proc
            WHERE proname LIKE 'procrastinate%' AND pronamespace = current_schema()::regnamespace
        LOOP
            EXECUTE 'DROP FUNCTION ' || one || ' CASCADE';
        END LOOP;
    END $$;
    DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs;
    DROP TABLE procrastinate_workers;
    DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_status, procrastinate_job_event_type;
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statements in (TABLES.read_text(encoding="utf-8"), DEFER, OWED, OWED_AGAIN):
            _run(statements)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _run(GONE)


def _run(statements: str) -> None:
    # By the driver itself: SQLAlchemy would have it look for parameters, and take one at a time.
    driver: Any = op.get_bind().connection.driver_connection
    driver.execute(statements)
