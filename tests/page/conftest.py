"""The page's tests stand in the same coalition as the bot's."""

from tests.bot.conftest import coalition

__all__ = ["coalition"]
