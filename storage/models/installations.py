"""How the bot got into a workspace, and the requests it has already answered there."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.row import InWorkspace, Row


class Installation(InWorkspace, Row):
    """The bot in one workspace, where several share this server.

    *token* is sealed: see storage/keys.py.
    """

    __tablename__ = "installations"
    __table_args__ = (sa.UniqueConstraint("workspace_id"),)

    token: Mapped[str]
    app_id: Mapped[str]
    installed_by: Mapped[str]
    installed_at: Mapped[datetime]


class OAuthState(Row):
    """What Slack handed back at an installation, SHA-256 in hexadecimal: it is good once."""

    __tablename__ = "oauth_states"

    state: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class LedgerEntry(InWorkspace, Row):
    """A request whose effect is stored: written with the effect, so that it happens once.

    *key* is SHA-256 in hexadecimal of what Slack calls the request and of the verb.
    """

    __tablename__ = "ledger"
    __table_args__ = (sa.UniqueConstraint("key"),)

    key: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
