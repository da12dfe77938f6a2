from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Iterator
from typing import cast

import httpx
import orjson
import pytest
from fastapi import FastAPI
from fastapi.openapi.models import OpenAPI
from jsonschema import Draft202012Validator
from prometheus_client import CollectorRegistry
from pydantic import SecretStr, ValidationError

from schemas.raw import RawArticle
from services.ingest import push
from services.ingest.fetch import MAX_BODY_BYTES
from services.ingest.payload import MAX_JSON_BYTES
from services.ingest.publish import Published, Publisher, PublishError
from services.ingest.settings import IngestSettings
from services.runtime.instruments import PushMetrics

TOKEN = "a-token-of-the-test-alone"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


class Shelf:
    """Stands where the publisher stands: keeps the pages, or fails, or waits."""

    def __init__(self) -> None:
        self.pages: list[RawArticle] = []
        self.fails = False
        self.open = asyncio.Event()
        self.open.set()

    async def publish(self, article: RawArticle) -> Published:
        await self.open.wait()
        if self.fails:
            raise PublishError("raw-article: no acknowledgement in time")
        self.pages.append(article)
        return Published(article.url_id, article.article_id)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def app(shelf: Shelf, registry: CollectorRegistry) -> FastAPI:
    return push.push_app(cast("Publisher", shelf), SecretStr(TOKEN), PushMetrics(registry))


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://push", headers=BEARER) as made:
        yield made


async def test_a_json_page_is_taken(client: httpx.AsyncClient, shelf: Shelf) -> None:
    answer = await client.post("/v1/articles", json={"url": "https://a.example/1", "html": "<p>正文</p>"})
    (page,) = shelf.pages
    assert answer.status_code == 202
    assert answer.json() == {"url_id": page.url_id, "article_id": page.article_id}
    assert (page.body.decode(), page.source_id) == ("<p>正文</p>", "push")


async def test_a_raw_page_is_taken_byte_for_byte(client: httpx.AsyncClient, shelf: Shelf) -> None:
    body = "正文".encode("gbk") + b"\x00\xff"
    headers = {"Content-Type": "text/html; charset=gbk"}
    answer = await client.post("/v1/articles?url=https://a.example/2", content=body, headers=headers)
    assert answer.status_code == 202
    assert (shelf.pages[0].body, shelf.pages[0].content_type) == (body, "text/html; charset=gbk")
    assert shelf.pages[0].url == "https://a.example/2"


@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer wrong", f"bearer{TOKEN}", TOKEN, "Bearer \u00e9"]
)
async def test_without_the_token_nothing_is_taken(app: FastAPI, shelf: Shelf, given: str | None) -> None:
    headers = {} if given is None else {"Authorization": given.encode()}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://push") as stranger:
        answer = await stranger.post("/v1/articles", json={"text": "a"}, headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"
    assert shelf.pages == []


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"not json", "column"),
        (b"{}", "exactly one"),
        (b'{"text": "a", "url": "ftp://a.example"}', "only http and https"),
        (b'{"text": "a", "published": "yesterday"}', "published"),
        (b'{"body_base64": "?"}', "base64"),
    ],
)
async def test_a_page_that_is_none_is_told_why(client: httpx.AsyncClient, body: bytes, detail: str) -> None:
    answer = await client.post("/v1/articles", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["title"]) == (422, "Not a valid page")
    assert detail in problem["detail"]


async def test_a_wrong_url_of_a_raw_page(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/v1/articles?url=nowhere", content=b"x", headers={"Content-Type": "text/html"}
    )
    assert answer.status_code == 422


def endless(sent: list[int], size: int = 1 << 20) -> Iterator[bytes]:
    while True:
        sent.append(size)
        yield b"x" * size


async def test_a_body_without_end_is_cut_off_at_the_limit(app: FastAPI) -> None:
    """httpx's ASGI transport reads an endless body as a stream: how much was asked for is counted."""
    sent: list[int] = []
    chunks = endless(sent)

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": next(chunks), "more_body": True}

    answers: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        answers.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/articles",
        "raw_path": b"/v1/articles",
        "query_string": b"",
        "headers": [(b"authorization", f"Bearer {TOKEN}".encode()), (b"content-type", b"text/html")],
    }
    await app(scope, receive, send)  # type: ignore[arg-type]
    assert answers[0]["status"] == 413
    assert sum(sent) <= MAX_BODY_BYTES + 2 * (1 << 20)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"x" * (MAX_BODY_BYTES + 1), "text/html"),
        (b"x" * (MAX_JSON_BYTES + 1), "application/json"),
        (orjson.dumps({"text": "x" * (MAX_BODY_BYTES + 1)}), "application/json"),
    ],
)
async def test_what_is_too_large(client: httpx.AsyncClient, shelf: Shelf, body: bytes, kind: str) -> None:
    answer = await client.post("/v1/articles", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 413
    assert shelf.pages == []


async def test_the_largest_page_passes_in_either_form(client: httpx.AsyncClient, shelf: Shelf) -> None:
    body = b"\xff" * MAX_BODY_BYTES
    as_json = {"body_base64": base64.b64encode(body).decode()}
    assert (await client.post("/v1/articles", json=as_json)).status_code == 202
    assert (await client.post("/v1/articles", content=body)).status_code == 202
    assert [page.body == body for page in shelf.pages] == [True, True]


async def test_an_encoded_body_is_not_taken(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/articles", content=b"x", headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 415


async def test_a_broker_that_does_not_answer_is_a_503(
    client: httpx.AsyncClient, shelf: Shelf, registry: CollectorRegistry
) -> None:
    shelf.fails = True
    answer = await client.post("/v1/articles", json={"text": "a"})
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert registry.get_sample_value("isowire_push_requests_total", {"outcome": "error"}) == 1


async def test_more_pages_at_a_time_than_are_held_are_asked_to_come_again(
    client: httpx.AsyncClient, shelf: Shelf
) -> None:
    shelf.open.clear()
    waiting = [
        asyncio.create_task(client.post("/v1/articles", json={"text": str(i)}))
        for i in range(push.CONCURRENT_PUSHES)
    ]
    await asyncio.sleep(0.1)
    assert (await client.post("/v1/articles", json={"text": "one more"})).status_code == 503
    shelf.open.set()
    assert {answer.status_code for answer in await asyncio.gather(*waiting)} == {202}


async def test_the_openapi_document_is_valid(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    OpenAPI.model_validate(document)
    operation = document["paths"]["/v1/articles"]["post"]
    assert set(operation["responses"]) >= {"202", "401", "413", "422", "503"}
    assert operation["security"]
    Draft202012Validator.check_schema(operation["requestBody"]["content"]["application/json"]["schema"])


def test_the_push_api_is_never_open() -> None:
    assert not IngestSettings(push_token=None).serves_push
    assert not IngestSettings(push_token=SecretStr("")).serves_push
    assert IngestSettings(push_token=SecretStr(TOKEN)).serves_push
    assert not IngestSettings(push_token=SecretStr(TOKEN), push_enabled=False).serves_push
    with pytest.raises(ValidationError, match="needs a token"):
        IngestSettings(push_enabled=True)
    with pytest.raises(ValidationError, match="fewer than 16"):
        IngestSettings(push_token=SecretStr("short"))
