"""How the bot got into a workspace, and the requests it has already answered there."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.row import InWorkspace, Row


class Installation(InWorkspace, Row):
    """The bot in one workspace, where several share this server.

    *token* is encrypted (see storage/installations.py); *scopes* are joined by commas.
    """

    __tablename__ = "installations"
    __table_args__ = (sa.UniqueConstraint("workspace_id"), {"sqlite_autoincrement": True})

    token: Mapped[str]
    app_id: Mapped[str]
    bot_id: Mapped[str]
    bot_user: Mapped[str]
    scopes: Mapped[str]
    is_enterprise: Mapped[bool] = mapped_column(default=False)
    installed_by: Mapped[str]
    installed_at: Mapped[datetime]


class OAuthState(Row):
    """An installation somebody has begun: good once, and only in the browser that began it.

    Both are SHA-256 in hexadecimal: of the state Slack hands back, and of the browser's cookie.
    """

    __tablename__ = "oauth_states"

    state: Mapped[str] = mapped_column(unique=True)
    browser: Mapped[str]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class LedgerEntry(InWorkspace, Row):
    """A request whose effect is stored: written with the effect, so that it happens once.

    *key* is SHA-256 in hexadecimal of what Slack calls the request and of the verb.
    """

    __tablename__ = "ledger"
    __table_args__ = (sa.UniqueConstraint("key"), {"sqlite_autoincrement": True})

    key: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
