"""Whether anything was written to a SQLite file: until then what was read of it is true."""

import sqlite3
from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError


class Watch:
    """Watches the file of *reader*, on a connection of its own. One thread may ask it.

    To ask takes some three microseconds; to read anything in another thread takes hundreds.
    """

    def __init__(self, reader: Engine) -> None:
        self._reader = reader
        self._lent: Any = None

    def version(self) -> int | None:
        """Give a number that is another one after each commit; None where nobody can tell.

        By SQLite's `PRAGMA data_version`, which counts the commits of every other connection.
        """
        try:
            if self._lent is None:
                self._lent = self._reader.raw_connection()
                self._lent.detach()
                # Whoever asks may be the event loop, so it waits for nobody.
                self._lent.dbapi_connection.execute("PRAGMA busy_timeout=0")
            # Read to the end, or it would look at the file as it is now for ever.
            found = self._lent.dbapi_connection.execute("PRAGMA data_version").fetchall()
        except (sqlite3.Error, DBAPIError):
            return None
        return int(found[0][0])

    def close(self) -> None:
        """Let go of the file."""
        if self._lent is not None:
            self._lent.close()
            self._lent = None
