"""`POST /v1/articles`: pages from whoever holds the token, answered once the broker has them."""

from __future__ import annotations

import asyncio
import hmac
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import orjson
from fastapi import FastAPI, Query, Request, Security
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer
from pydantic import BaseModel, SecretStr, ValidationError
from starlette.requests import ClientDisconnect

from schemas.raw import RawArticle
from services.ingest.addresses import check_url
from services.ingest.fetch import MAX_BODY_BYTES
from services.ingest.payload import MAX_JSON_BYTES, PagePayload, PayloadTooLargeError
from services.ingest.publish import Publisher, PublishError
from services.runtime.instruments import PushMetrics

PUSH_SOURCE: Final = "push"
CONCURRENT_PUSHES: Final = 8  # bodies of 14 MiB at most held at one time; more are asked to come again
RECEIVE_SECONDS: Final = 60.0  # for the whole body
RETRY_AFTER_SECONDS: Final = 5
PROBLEM_TYPE: Final = "application/problem+json"


class Accepted(BaseModel):
    """The page is in raw-article. The same page again has the same ids."""

    url_id: str
    article_id: str


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


class ProblemError(Exception):
    """A request that is refused; `metric` is its outcome in `isowire_push_requests_total`."""

    def __init__(self, status: int, title: str, detail: str, metric: str = "rejected") -> None:
        super().__init__(detail)
        self.problem = Problem(title=title, status=status, detail=detail)
        self.metric = metric


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
    expected = b"Bearer " + token.get_secret_value().encode()

    @app.exception_handler(ProblemError)
    async def refused(_: Request, error: ProblemError) -> JSONResponse:
        metrics.requests[error.metric].inc()
        return _problem_response(error.problem)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        metrics.requests["rejected"].inc()
        return _problem_response(
            Problem(title="Not a valid request", status=422, detail=_first_error(error.errors()))
        )

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
            raise ProblemError(503, "Busy", f"{CONCURRENT_PUSHES} pages are being taken in", "error")
        async with slots:
            article = await _read_article(request, url)
            try:
                published = await publisher.publish(article)
            except PublishError as error:
                raise ProblemError(503, "The broker does not answer", str(error), "error") from error
        metrics.requests["accepted"].inc()
        return Accepted(url_id=published.url_id, article_id=published.article_id)

    return app


def _authorize(request: Request, expected: bytes) -> None:
    given = request.headers.get("authorization", "").encode("utf-8", "replace")
    if not hmac.compare_digest(given, expected):
        raise ProblemError(401, "Not authorized", "send Authorization: Bearer with the token", "unauthorized")


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
        raise ProblemError(422, "Not a valid page", _first_error(error.errors())) from error
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


def _first_error(errors: Any) -> str:
    first = errors[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else str(first["msg"])


def _problem_response(problem: Problem) -> JSONResponse:
    headers = {
        401: {"WWW-Authenticate": "Bearer"},
        413: {"Connection": "close"},
        503: {"Retry-After": str(RETRY_AFTER_SECONDS)},
    }.get(problem.status)
    return JSONResponse(problem.model_dump(), problem.status, headers=headers, media_type=PROBLEM_TYPE)


def _problems() -> dict[int | str, dict[str, Any]]:
    texts = {
        401: "No token, or a wrong one",
        408: "The body took too long",
        413: f"More than {MAX_BODY_BYTES} bytes",
        415: "A Content-Encoding",
        422: "Not a valid page",
        503: "The broker does not answer, or too many pages at a time",
    }
    schema = Problem.model_json_schema()
    return {
        status: {"description": text, "content": {PROBLEM_TYPE: {"schema": schema}}}
        for status, text in texts.items()
    }


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
