"""What keeps the bot from starting until somebody mends it."""


class Hindrance(Exception):  # noqa: N818 -- something to mend, said to whoever starts the bot
    """The text is the sentence they read; it holds no secret."""
