from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import orjson
import pytest
from aiokafka import AIOKafkaProducer
from prometheus_client import CollectorRegistry

from schemas import topics
from schemas.alert import Alert, Evidence, Report, Severity
from schemas.extracted import EventStatus, EventType
from services.deliver.service import serve
from services.deliver.settings import DeliverSettings
from services.runtime import kafka as clients
from tests.conftest import Kafka

pytestmark = pytest.mark.kafka
NOON = datetime(2024, 6, 25, 12, tzinfo=UTC)


def alert(
    number: int, *, reports: int = 1, severity: Severity = Severity.NOTICE, rule: str = "signed"
) -> Alert:
    told = [
        Report(
            article_id=f"{number}-{i}",
            url_id=f"{i}",
            url=None,
            carrier=None,
            title=None,
            publisher=None,
            published=None,
            fetched_at=NOON,
            body_chars=10,
            fingerprint=[],
        )
        for i in range(reports)
    ]
    return Alert(
        id=f"{number:032x}",
        rule_id=rule,
        rule_title="签约",
        severity=severity,
        title=f"铼星医药签约 {number}",
        event_type=EventType.AGREEMENT_SIGNED,
        status=EventStatus.OCCURRED,
        date=None,
        asset="铼星",
        source=None,
        participants=[],
        evidence=Evidence(start=0, end=2, text="签约", article_id="a"),
        url=None,
        published=None,
        reports=told,
        report_count=reports,
        first_seen=NOON,
        last_seen=NOON + timedelta(minutes=number),
    )


@dataclass
class Sent:
    """An event as a client has it."""

    id: str
    name: str
    data: dict[str, object]

    @property
    def number(self) -> int:
        return int(str(self.data["id"]), 16)


class World:
    """Topics of the test's own, a writer of alerts, and deliver as often as it is started."""

    def __init__(self, kafka: Kafka, prefix: str) -> None:
        self.base = {"bootstrap_servers": kafka.address, "topic_prefix": prefix, "ops_port": 0, "api_port": 0}
        self.settings = DeliverSettings.model_validate(self.base)
        self.registry = CollectorRegistry()
        self.url = ""

    async def send(self, *alerts: Alert, topic: topics.Topic = topics.ALERT) -> None:
        producer: AIOKafkaProducer = clients.producer(self.settings)
        await producer.start()
        try:
            for one in alerts:
                name = self.settings.topic(topic.name)
                await producer.send_and_wait(name, one.to_json(), key=one.id.encode())
        finally:
            await producer.stop()

    @contextlib.asynccontextmanager
    async def running(self, **options: object) -> AsyncIterator[None]:
        settings = DeliverSettings.model_validate({**self.base, **options})
        stop, ready = asyncio.Event(), asyncio.get_running_loop().create_future()
        self.registry = CollectorRegistry()
        task = asyncio.create_task(serve(settings, stop, self.registry, ready))
        await asyncio.wait([task, ready], timeout=30, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await task
        self.url = f"http://127.0.0.1:{ready.result()}"
        try:
            yield
        finally:
            stop.set()
            async with asyncio.timeout(10):
                await task

    @contextlib.asynccontextmanager
    async def client(
        self, last_id: str | None = None, **params: object
    ) -> AsyncIterator[AsyncIterator[Sent]]:
        """Connect; the context begins once the stream has said where it stands."""
        headers = {"Last-Event-ID": last_id} if last_id else {}
        async with httpx.AsyncClient(timeout=60) as http:
            query = {k: str(v) for k, v in params.items()}
            async with http.stream(
                "GET", f"{self.url}/v1/alerts/stream", headers=headers, params=query
            ) as answer:
                assert answer.status_code == 200, await answer.aread()
                events = events_of(answer)
                first = await anext(events)
                assert first.name == "place"
                yield events


async def events_of(answer: httpx.Response) -> AsyncIterator[Sent]:
    fields: dict[str, str] = {}
    async for line in answer.aiter_lines():
        if line.startswith(":"):
            continue
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
            continue
        if "data" in fields:
            yield Sent(fields["id"], fields["event"], orjson.loads(fields["data"]))
        elif "id" in fields:
            yield Sent(fields["id"], "place", {})
        fields = {}


async def take(events: AsyncIterator[Sent], number: int, seconds: float = 15) -> list[Sent]:
    found: list[Sent] = []
    async with asyncio.timeout(seconds):
        while len(found) < number:
            event = await anext(events)
            if event.name != "place":
                found.append(event)
    return found


async def nothing_more(events: AsyncIterator[Sent], seconds: float = 1.0) -> None:
    try:
        async with asyncio.timeout(seconds):
            while (event := await anext(events)).name == "place":
                pass
        pytest.fail(f"{event} came")
    except TimeoutError:
        return


@pytest.fixture
def world(kafka: Kafka, unique_name: Callable[[str], str]) -> World:
    return World(kafka, unique_name("deliver") + ".")


async def test_alerts_come_as_they_are_raised(world: World) -> None:
    async with world.running(), world.client() as events:
        await world.send(alert(1))
        (event,) = await take(events, 1)
    assert event.name == "alert"
    assert event.data == alert(1).model_dump(mode="json")


async def test_a_client_begins_with_what_comes_next(world: World) -> None:
    async with world.running():
        await world.send(alert(1))
    async with world.running(), world.client() as events:
        await world.send(alert(2))
        assert [event.number for event in await take(events, 1)] == [2]


async def test_a_repeat_is_sent_once_and_more_reports_are_an_update(world: World) -> None:
    async with world.running(), world.client() as events:
        await world.send(alert(1), alert(1), alert(1, reports=2), alert(1, reports=2), alert(2))
        found = await take(events, 3)
    told = {(event.number, event.name, len(event.data["reports"])) for event in found}  # type: ignore[arg-type]
    assert told == {(1, "alert", 1), (1, "update", 2), (2, "alert", 1)}


async def test_a_repeat_after_the_client_came_back_is_not_sent_again(world: World) -> None:
    async with world.running(), world.client() as events:
        await world.send(alert(1))
        (event,) = await take(events, 1)
    await world.send(alert(1), alert(2))
    async with world.running(), world.client(event.id) as events:
        assert [(e.number, e.name) for e in await take(events, 1)] == [(2, "alert")]
        await nothing_more(events)


async def test_a_client_resumes_without_loss_or_repeat_over_restarts(world: World) -> None:
    """Cut every few events, with deliver stopped and started in between, and alerts coming all the time."""
    total, seen, last_id = 200, list[int](), None
    async with world.running(), world.client() as events:
        await world.send(*(alert(i) for i in range(20)))
        for event in await take(events, 7):
            seen.append(event.number)
            last_id = event.id
    await world.send(*(alert(i) for i in range(20, 60)))
    for restart in range(3):
        async with world.running(stream_buffer_alerts=16):
            sending = asyncio.create_task(
                world.send(*(alert(i) for i in range(60 + restart * 46, 60 + (restart + 1) * 46)))
            )
            for _ in range(4):
                async with world.client(last_id) as events:
                    for event in await take(events, 9):
                        seen.append(event.number)
                        last_id = event.id
            await sending
    async with world.running(stream_buffer_alerts=16), world.client(last_id) as events:
        await world.send(alert(198), alert(199))
        seen += [event.number for event in await take(events, total - len(seen))]
        await nothing_more(events)
    assert sorted(seen) == list(range(total))


async def test_a_client_cut_before_its_first_event_loses_nothing(world: World) -> None:
    async with world.running():
        headers: dict[str, str] = {}
        async with httpx.AsyncClient() as http, http.stream("GET", f"{world.url}/v1/alerts/stream") as answer:
            place = await anext(events_of(answer))
            headers["Last-Event-ID"] = place.id
        await world.send(alert(1))
        async with world.client(headers["Last-Event-ID"]) as events:
            assert [event.number for event in await take(events, 1)] == [1]


async def test_two_clients_see_the_same_events_in_the_same_kinds(world: World) -> None:
    """One that reads from what is at hand, one from Kafka."""
    history = [alert(i % 7, reports=1 + i // 14) for i in range(70)]
    async with world.running(stream_buffer_alerts=5):
        async with world.client() as events:
            await world.send(*history)
            live = await take(events, 35)
            await nothing_more(events)
        async with world.client(since="earliest") as events:
            replayed = await take(events, len(live))
            await nothing_more(events)
    assert story(live) == story(replayed)
    assert len({(e.number, e.data["report_count"]) for e in live}) == len(live)


async def test_a_slow_client_is_cut_off_and_resumes(world: World) -> None:
    large = [alert(i, reports=150) for i in range(400)]
    async with world.running(stream_send_seconds=0.5, stream_buffer_alerts=20):
        seen: list[int] = []
        stream = f"{world.url}/v1/alerts/stream"
        async with httpx.AsyncClient(timeout=10) as http, http.stream("GET", stream) as answer:
            events = events_of(answer)
            last_id = (await anext(events)).id
            await world.send(*large)
            await eventually_no_client(world)
            with contextlib.suppress(httpx.RemoteProtocolError):
                async for event in events:
                    if event.name != "place":
                        seen.append(event.number)
                        last_id = event.id
        assert len(seen) < 400
        async with world.client(last_id) as events:
            seen += [event.number for event in await take(events, 400 - len(seen))]
    assert sorted(seen) == list(range(400))


def story(seen: list[Sent]) -> list[tuple[int, str, str]]:
    return sorted((event.number, str(event.data["report_count"]), event.name) for event in seen)


async def eventually_no_client(world: World) -> None:
    async with asyncio.timeout(15):
        while world.registry.get_sample_value("isowire_stream_clients") != 0:
            await asyncio.sleep(0.05)


async def test_filters(world: World) -> None:
    async with world.running(), world.client(severity="warning", rule="opened") as events:
        await world.send(
            alert(1, severity=Severity.CRITICAL),
            alert(2, rule="opened"),
            alert(3, rule="opened", severity=Severity.WARNING),
        )
        assert [event.number for event in await take(events, 1)] == [3]


async def test_a_subscription_has_a_stream_of_its_own(world: World) -> None:
    topic = topics.subscription_topic("isotopes")
    await clients.ensure_topics(world.settings, [topic])
    async with world.running():
        async with world.client(subscription="isotopes") as events:
            await world.send(alert(1))
            await world.send(alert(2), topic=topic)
            (event,) = await take(events, 1)
            assert event.number == 2
        async with httpx.AsyncClient(base_url=world.url) as http:
            assert (
                await http.get("/v1/alerts/stream", params={"subscription": "nobodys"})
            ).status_code == 404
            wrong = await http.get("/v1/alerts/stream", headers={"Last-Event-ID": event.id})
            assert wrong.status_code == 400
            assert wrong.headers["content-type"] == "application/problem+json"


async def test_the_list_of_alerts(world: World) -> None:
    await clients.ensure_topics(world.settings)
    await world.send(*(alert(i) for i in range(5)), alert(2, reports=3))
    async with world.running(), httpx.AsyncClient(base_url=world.url) as http:
        numbers, after = list[int](), None
        while True:
            page = (
                await http.get("/v1/alerts", params={"limit": 2, **({"after": after} if after else {})})
            ).json()
            numbers += [int(a["id"], 16) for a in page["alerts"]]
            if not (after := page["next"]):
                break
        assert numbers == [4, 3, 2, 1, 0]
        shown = await http.get(f"/v1/alerts/{alert(2).id}")
        assert shown.json()["report_count"] == 3
        assert (await http.get("/v1/alerts/none")).status_code == 404
        assert (await http.get("/v1/alerts", params={"after": "!!"})).status_code == 400
        assert (await http.get("/v1/alerts", params={"severity": "loud"})).status_code == 422
        assert (await http.get("/readyz")).status_code == 200


async def test_a_token_guards_reading(world: World) -> None:
    async with world.running(api_token="the-token"), httpx.AsyncClient(base_url=world.url) as http:
        for path in ("/v1/alerts", "/v1/alerts/stream", "/v1/alerts/x"):
            assert (await http.get(path)).status_code == 401
        allowed = await http.get("/v1/alerts", headers={"Authorization": "Bearer the-token"})
        assert allowed.status_code == 200


async def test_a_stream_without_alerts_shows_that_it_lives(world: World) -> None:
    async with world.running(stream_heartbeat_seconds=0.2), httpx.AsyncClient(timeout=5) as http:
        stream = http.stream("GET", f"{world.url}/v1/alerts/stream")
        async with stream as answer:
            comments = 0
            async for line in answer.aiter_lines():
                comments += line.startswith(":")
                if comments == 2:
                    break


async def test_what_is_read_is_counted(world: World) -> None:
    async with world.running(), world.client() as events:
        await world.send(alert(1), alert(1), alert(1, reports=2))
        await take(events, 2)

        def count(name: str) -> float | None:
            return world.registry.get_sample_value(name, {"stage": "deliver"})

        assert count("isowire_records_in_total") == 3
        assert count("isowire_duplicates_total") == 1
        assert count("isowire_since_fetch_seconds_count") == 2
        assert count("isowire_lag_records") == 0
        assert world.registry.get_sample_value("isowire_stream_events_total") == 2


async def test_more_clients_than_allowed_are_refused(world: World) -> None:
    async with world.running(stream_clients=1), world.client(), httpx.AsyncClient(base_url=world.url) as http:
        assert (await http.get("/v1/alerts/stream")).status_code == 503
