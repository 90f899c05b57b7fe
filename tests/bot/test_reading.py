"""What is over may be as much as it likes: no statement of any command or beat reads all of it."""

import asyncio

import pytest

from storage.database import Database
from tests.bench import reading, seeding
from tests.bot.canaries import MONDAY

INNERMOST = -1


@pytest.mark.timeout(300)  # ten thousand of everything are stored, and everything is used once
def test_nothing_but_what_must_reads_a_whole_table(database: Database, database_url: str) -> None:
    seeding.fill(database, reading.history(reading.MANY), MONDAY)

    asked = asyncio.run(reading.heard(database_url))
    reading.as_of_more(database)
    found = {one.by.split(" > ")[INNERMOST] for _, one in reading.above(database, asked)}

    assert len(asked) > 400
    assert found == reading.WHOLE.keys()
