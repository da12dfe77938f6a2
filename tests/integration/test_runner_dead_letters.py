"""Dead letters on Kafka: listed, shown, put back, and not for ever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from services.runtime.dead_letters import Place, list_dead_letters, redrive, show_dead_letter
from tests.conftest import Kafka
from tests.integration.runner_tools import (
    create_topics,
    publish,
    read_all,
    read_until,
    running,
    settings_for,
)

pytestmark = pytest.mark.kafka

Name = Callable[[str], str]


async def test_list_show_and_filter(kafka: Kafka, unique_name: Name) -> None:
    settings = settings_for(kafka.address, unique_name("letters"))
    await create_topics(settings)
    assert await list_dead_letters(settings) == []
    async with running(settings):
        await publish(settings, ["reject a", "raise b", "ok c"], headers=[("ce_id", b"7")])
        await read_until(settings, "dead-letter", 2)
    found = await list_dead_letters(settings)
    assert Counter(letter.value for _, letter in found) == {b"reject a": 1, b"raise b": 1}
    assert [letter.value for _, letter in await list_dead_letters(settings, reason="refused")] == [
        b"reject a"
    ]
    assert await list_dead_letters(settings, stage="extract") == []
    place, letter = found[0]
    assert await show_dead_letter(settings, place) == letter
    for nowhere in (Place(place.partition, 999), Place(99, 0)):
        with pytest.raises(LookupError, match=str(nowhere)):
            await show_dead_letter(settings, nowhere)


async def test_put_back_until_the_rounds_are_up(kafka: Kafka, unique_name: Name) -> None:
    settings = settings_for(kafka.address, unique_name("redrive"))
    await create_topics(settings)
    async with running(settings):
        await publish(settings, ["raise a", "raise b"], headers=[("ce_id", b"7")])
        for number in (1, 2):
            await read_until(settings, "dead-letter", 4 * number - 2)  # with the marks of those put back
            waiting = await list_dead_letters(settings)
            assert [letter.rounds for _, letter in waiting] == [number - 1] * 2
            result = await redrive(settings, waiting, max_rounds=2)
            assert Counter(result.put_back) == Counter(place for place, _ in waiting)
            assert result.refused == []
        await read_until(settings, "dead-letter", 10)
        waiting = await list_dead_letters(settings)
        result = await redrive(settings, waiting, max_rounds=2)
        assert result.put_back == []
        assert len(result.refused) == 2
    assert len(await read_all(settings, "in")) == 6
    assert [letter.headers for _, letter in waiting] == [[("ce_id", b"7")]] * 2


async def test_one_alone_once(kafka: Kafka, unique_name: Name) -> None:
    settings = settings_for(kafka.address, unique_name("single"))
    await create_topics(settings)
    async with running(settings):
        await publish(settings, ["raise a", "raise b"])
        await read_until(settings, "dead-letter", 2)
    first, second = await list_dead_letters(settings)
    await redrive(settings, [first])
    assert await list_dead_letters(settings) == [second]
    assert await show_dead_letter(settings, first.place) == first.letter
    again = (await read_all(settings, "in"))[-3:]
    assert Counter(record.value for record in again)[first.letter.value] == 2
