"""The stream when the broker goes away."""

from __future__ import annotations

import asyncio

import pytest

from tests.conftest import Kafka, OwnBroker
from tests.integration.test_deliver_stream import World, alert, nothing_more, take

pytestmark = pytest.mark.kafka


async def test_a_broker_that_goes_away_and_comes_back_loses_no_alert(own_broker: OwnBroker) -> None:
    world = World(Kafka(own_broker.address), "")
    async with world.running():
        async with world.client() as events:
            await world.send(*(alert(i) for i in range(5)))
            first = await take(events, 5)
            await asyncio.to_thread(own_broker.kill)
            await asyncio.sleep(1)
            await asyncio.to_thread(own_broker.start)
            await world.send(*(alert(i) for i in range(5, 10)))
            later = await take(events, 5, seconds=40)
            await nothing_more(events)
        assert sorted(event.number for event in first + later) == list(range(10))
        async with world.client(first[-1].id) as events:
            assert sorted(event.number for event in await take(events, 5)) == list(range(5, 10))
