"""Whoever asks at the same moment is looked up together, and is nobody but themselves."""

import asyncio
from collections.abc import Iterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import event

from bot.installed import Tenant
from bot.people import Acquaintances, Identity
from bot.units import Units
from storage.asker import Asker
from storage.database import Database
from storage.errors import Away
from storage.models import Person, Role
from storage.people import CONFIRMED_FOR
from tests.factories import NOON, World


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def units(database: Database) -> Iterator[Units]:
    lent = Units(database)
    yield lent
    lent.close()


def identity(world: World, person: Person) -> Identity:
    tenant = Tenant(world.id, AsyncWebClient(retry_handlers=[]))
    return Identity(tenant, person.slack_team, person.slack_user, person.name)


async def met(world: World, units: Units, people: list[Person]) -> list[Asker]:
    known = Acquaintances(units, lambda: NOON)
    return await asyncio.gather(*(known.asker(identity(world, one)) for one in people))


async def test_many_who_ask_at_once_are_each_themselves(world: World, units: Units) -> None:
    people = [world.person() for _ in range(30)]
    world.group("One", *people[::2], chairs=tuple(people[1::4]))

    found = await met(world, units, people)

    assert found == [world.asker(person) for person in people]


async def test_they_are_asked_for_in_few_statements(world: World, units: Units) -> None:
    people = [world.person() for _ in range(30)]
    asked: list[object] = []
    event.listen(units.database.reader, "before_cursor_execute", lambda *_: asked.append(1))

    await met(world, units, people)

    assert len(asked) == 1


async def test_each_reads_what_was_so_when_they_asked_or_later(world: World, units: Units) -> None:
    one, other = world.person(), world.person()
    known = Acquaintances(units, lambda: NOON)
    looking = asyncio.create_task(known.asker(identity(world, one)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    group = await asyncio.to_thread(world.group, "One", other)
    found = await known.asker(identity(world, other))

    assert found.groups == {group.id}
    assert (await looking).groups == frozenset()


async def test_who_was_read_is_read_anew_once_something_was_written(
    world: World, units: Units
) -> None:
    one = world.person()
    known, asked = Acquaintances(units, lambda: NOON), list[object]()
    event.listen(units.database.reader, "before_cursor_execute", lambda *_: asked.append(1))
    found = [await known.asker(identity(world, one)) for _ in range(3)]
    group = await asyncio.to_thread(world.group, "One", one)

    assert found == [found[0]] * 3
    assert len(asked) == (1 if units.database.is_sqlite else 3)
    assert (await known.asker(identity(world, one))).groups == {group.id}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_database_is_asked_once_in_a_turn_of_the_loop(
    world: World, units: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = world.person()
    known, asked, version = (
        Acquaintances(units, lambda: NOON),
        list[object](),
        units.database.version,
    )
    await known.asker(identity(world, one))

    def noted() -> int | None:
        asked.append(1)
        return version()

    monkeypatch.setattr(units.database, "version", noted)
    await asyncio.gather(*(known.asker(identity(world, one)) for _ in range(10)))
    at_once = len(asked)
    await known.asker(identity(world, one))

    assert (at_once, len(asked)) == (1, 2)


async def test_a_write_while_somebody_is_read_is_not_missed(world: World, units: Units) -> None:
    assert await _late(world, units) == [1, 1]


async def test_it_would_be_missed_by_who_does_not_look(
    world: World, units: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(units.database, "version", lambda: 1)

    assert await _late(world, units) == [0, 0]


async def _late(world: World, units: Units) -> list[int]:
    """Count the groups seen by who asks twice, seated once the first look-up has read them."""
    one, other = world.person(), world.person()
    known, is_late = Acquaintances(units, lambda: NOON), [True]
    await known.asker(identity(world, other))

    def seat(*_: object) -> None:
        if is_late:
            is_late.clear()
            world.group("One", one)

    event.listen(units.database.reader, "after_cursor_execute", seat)
    await known.asker(identity(world, one))
    return [len((await known.asker(identity(world, one))).groups) for _ in range(2)]


async def test_rights_that_expire_do_so_although_nothing_was_written(
    world: World, units: Units
) -> None:
    guest = world.person(is_guest=True, linked_at=NOON)
    now = [NOON]
    known = Acquaintances(units, lambda: now[0])
    before = await known.asker(identity(world, guest))
    now[0] += CONFIRMED_FOR

    assert before.role is Role.MEMBER
    assert (await known.asker(identity(world, guest))).role is Role.EXTERNAL


async def test_so_many_are_kept_and_no_more(
    world: World, units: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.people.MOST", 2)
    everybody = [world.person() for _ in range(5)]
    known = Acquaintances(units, lambda: NOON)
    found = [await known.asker(identity(world, one)) for one in everybody * 2]

    assert [one.person for one in found] == [person.id for person in everybody] * 2
    assert len(known._read) <= 3


async def test_one_who_gives_up_waiting_keeps_nobody(world: World, units: Units) -> None:
    one, other = world.person(), world.person()
    known = Acquaintances(units, lambda: NOON)
    gone = asyncio.create_task(known.asker(identity(world, one)))
    stays = asyncio.create_task(known.asker(identity(world, other)))
    await asyncio.sleep(0)
    gone.cancel()

    assert (await stays).person == other.id
    with pytest.raises(asyncio.CancelledError):
        await gone


async def test_where_nobody_can_be_looked_up_each_hears_of_it_and_the_next_is(
    world: World, units: Units
) -> None:
    people = [world.person() for _ in range(3)]
    known, is_away = Acquaintances(units, lambda: NOON), True

    def refuse(*_: object) -> None:
        if is_away:
            raise Away("a test")

    event.listen(units.database.reader, "before_cursor_execute", refuse)
    asked = [known.asker(identity(world, person)) for person in people]
    heard = await asyncio.gather(*asked, return_exceptions=True)
    is_away = False

    assert [type(one) for one in heard] == [Away] * 3
    assert (await known.asker(identity(world, people[0]))).person == people[0].id
