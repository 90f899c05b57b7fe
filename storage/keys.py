"""Keys that seal what nobody may read in a copy of the database."""

import json
from collections.abc import Iterable
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from storage.errors import Unreadable

LIFE = 600  # seconds within which what was sealed for a while is opened


class Keys:
    """One key or several: the first seals, each opens, so that a key can be replaced."""

    def __init__(self, keys: Iterable[str]) -> None:
        fernets = [Fernet(key) for key in keys]
        self._newest, self._any = fernets[0], MultiFernet(fernets)

    def seal(self, secret: str, owner: str, now: datetime) -> str:
        """Seal *secret* so that it opens for *owner* alone: a row's secret is no other row's."""
        told = json.dumps([owner, secret]).encode()
        return self._any.encrypt_at_time(told, int(now.timestamp())).decode()

    def open(self, sealed: str, owner: str) -> str:
        """Give what was sealed for *owner*. Raises Unreadable."""
        try:
            return _of(owner, self._any.decrypt(sealed.encode()))
        except InvalidToken:
            raise Unreadable from None

    def open_in_time(self, sealed: str, owner: str, now: datetime) -> str:
        """Do so for what was sealed within the last ten minutes. Raises Unreadable."""
        try:
            return _of(
                owner, self._any.decrypt_at_time(sealed.encode(), LIFE, int(now.timestamp()))
            )
        except InvalidToken:
            raise Unreadable from None

    def renew(self, sealed: str) -> str:
        """Seal with the newest key what an older one had sealed. Raises Unreadable."""
        try:
            self._newest.decrypt(sealed.encode())
        except InvalidToken:
            pass
        else:
            return sealed
        try:
            return self._any.rotate(sealed.encode()).decode()
        except InvalidToken:
            raise Unreadable from None


def _of(owner: str, opened: bytes) -> str:
    kept, secret = json.loads(opened)
    if kept != owner:
        raise Unreadable
    return str(secret)
