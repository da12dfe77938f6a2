"""`POST /v1/articles`: pages from whoever holds the token, answered once the broker has them."""

from __future__ import annotations

import asyncio
import hmac
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import orjson
from fastapi import FastAPI, Query, Request, Security
from fastapi.security import HTTPBearer
from pydantic import BaseModel, SecretStr, ValidationError
from starlette.requests import ClientDisconnect

from schemas.raw import RawArticle
from services.ingest.addresses import check_url
from services.ingest.fetch import MAX_BODY_BYTES
from services.ingest.payload import MAX_JSON_BYTES, PagePayload, PayloadTooLargeError
from services.ingest.publish import Publisher, PublishError
from services.runtime.instruments import PushMetrics
from services.runtime.problems import (
    ProblemError,
    answer_with_problems,
    first_error,
    problem_answers,
    unauthorized,
)

PUSH_SOURCE: Final = "push"
CONCURRENT_PUSHES: Final = 8  # bodies of 14 MiB at most held at one time; more are asked to come again
RECEIVE_SECONDS: Final = 60.0  # for the whole body
OUTCOMES: Final = {401: "unauthorized", 503: "error"}  # of `isowire_push_requests_total`; else rejected


class Accepted(BaseModel):
    """The page is in raw-article. The same page again has the same ids."""

    url_id: str
    article_id: str


def push_app(publisher: Publisher, token: SecretStr, metrics: PushMetrics) -> FastAPI:
    """Return the push API."""
    app = FastAPI(
        title="Isowire push API",
        version="1",
        summary="Hand in pages; they go through the chain like fetched ones.",
        docs_url=None,
        redoc_url=None,
    )
    slots = asyncio.Semaphore(CONCURRENT_PUSHES)
    answer_with_problems(
        app, lambda problem: metrics.requests[OUTCOMES.get(problem.status, "rejected")].inc()
    )
    expected = b"Bearer " + token.get_secret_value().encode()

    @app.post(
        "/v1/articles",
        status_code=202,
        responses=_problems(),
        openapi_extra=_openapi_body(),
        dependencies=[Security(HTTPBearer(auto_error=False))],
    )
    async def push(
        request: Request, url: Annotated[str | None, Query(description="Of a raw body's page.")] = None
    ) -> Accepted:
        """Take a page in: a JSON object, or the page's bytes as they are with their Content-Type.

        The answer comes once the broker has the page, with its ids.
        """
        _authorize(request, expected)
        if slots.locked():
            raise ProblemError(503, "Busy", f"{CONCURRENT_PUSHES} pages are being taken in")
        async with slots:
            article = await _read_article(request, url)
            try:
                published = await publisher.publish(article)
            except PublishError as error:
                raise ProblemError(503, "The broker does not answer", str(error)) from error
        metrics.requests["accepted"].inc()
        return Accepted(url_id=published.url_id, article_id=published.article_id)

    return app


def _authorize(request: Request, expected: bytes) -> None:
    given = request.headers.get("authorization", "").encode("utf-8", "replace")
    if not hmac.compare_digest(given, expected):
        raise unauthorized()


async def _read_article(request: Request, url: str | None) -> RawArticle:
    content_type = request.headers.get("content-type")
    kind = (content_type or "").partition(";")[0].strip().lower()
    if "content-encoding" in request.headers:
        raise ProblemError(415, "Unsupported encoding", "send the body without a Content-Encoding")
    now = datetime.now(UTC)
    if kind == "application/json":
        return _from_json(await _read_body(request, MAX_JSON_BYTES), now)
    try:
        checked = check_url(url) if url else None
    except ValueError as error:
        raise ProblemError(422, "Not a valid page", f"url: {error}") from error
    body = await _read_body(request, MAX_BODY_BYTES)
    return RawArticle(
        url=checked, body=body, content_type=content_type, source_id=PUSH_SOURCE, fetched_at=now
    )


def _from_json(body: bytes, now: datetime) -> RawArticle:
    try:
        return PagePayload.model_validate(orjson.loads(body)).article(PUSH_SOURCE, now)
    except PayloadTooLargeError as error:
        raise ProblemError(413, "Too large", str(error)) from error
    except ValidationError as error:
        raise ProblemError(422, "Not a valid page", first_error(error.errors())) from error
    except ValueError as error:
        raise ProblemError(422, "Not a valid page", str(error)) from error


async def _read_body(request: Request, limit: int) -> bytes:
    """Return the body; stops reading at the limit, whatever Content-Length says."""
    too_large = ProblemError(413, "Too large", f"a body may have {limit} bytes")
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > limit:
        raise too_large
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(RECEIVE_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > limit:
                    raise too_large
                parts.append(part)
    except TimeoutError as error:
        raise ProblemError(408, "Too slow", f"a body may take {RECEIVE_SECONDS:.0f} s") from error
    except ClientDisconnect as error:
        raise ProblemError(400, "Broken off", "the client went away within the body") from error
    return b"".join(parts)


def _problems() -> dict[int | str, dict[str, Any]]:
    texts = {
        401: "No token, or a wrong one",
        408: "The body took too long",
        413: f"More than {MAX_BODY_BYTES} bytes",
        415: "A Content-Encoding",
        422: "Not a valid page",
        503: "The broker does not answer, or too many pages at a time",
    }
    return problem_answers(texts)


def _openapi_body() -> dict[str, Any]:
    page = {"schema": {"type": "string", "format": "binary"}}
    return {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": PagePayload.model_json_schema()},
                "text/html": page,
                "text/plain": page,
                "application/octet-stream": page,
            },
        },
    }
