"""Fetching pages: politely, within limits, and only from where it is allowed.

Whatever a server does is a value: `Fetched`, `NotModified` or `FetchFailed`. Nothing here raises for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

import httpx

from services.ingest.addresses import (
    ALLOW_PRIVATE,
    CheckedTransport,
    PrivateAddressError,
    Resolver,
    check_url,
    resolve,
)
from services.ingest.bodies import ACCEPT_ENCODING, BodyTooLargeError, BodyUnreadableError, read_body
from services.ingest.politeness import HostGate, HostOnHoldError, retry_after
from services.ingest.robots import CLOSED, MAX_ROBOTS_BYTES, OPEN, RobotsCache, Rules, read_rules
from services.runtime.metrics import SourceError

USER_AGENT: Final = "Isowire/0.1 (news indexing for nuclear medicine; obeys robots.txt)"
ROBOT_NAME: Final = "Isowire"  # the name by which robots.txt addresses us
MAX_BODY_BYTES: Final = 10 * 1024 * 1024
MAX_REDIRECTS: Final = 5
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
PAUSE_STATUSES: Final = frozenset({429, 503})
DEFAULT_PAUSE_S: Final = 60.0  # where a 429 or 503 names no Retry-After
CONCURRENT_REQUESTS: Final = 16  # of 10 MiB each at most: bounds what is held in memory


@dataclass(frozen=True)
class Request:
    """What to fetch, and how the source wants it fetched."""

    url: str
    allow_private: bool = False
    host_delay: float = 0.0
    etag: str | None = None
    last_modified: str | None = None
    check_robots: bool = True
    limit: int = MAX_BODY_BYTES


@dataclass(frozen=True)
class Fetched:
    """A page. `url` is where the redirects ended; `body` is free of Content-Encoding and else untouched."""

    url: str
    body: bytes
    content_type: str | None
    etag: str | None
    last_modified: str | None
    fetched_at: datetime


@dataclass(frozen=True)
class NotModified:
    """The server says that nothing has changed since the validators that were sent."""


@dataclass(frozen=True)
class FetchFailed:
    """Why there is no page. `retry`: a later try may do; `wait`: the pause in s that the host asked for."""

    reason: SourceError
    detail: str
    retry: bool = False
    wait: float | None = None


class Fetcher:
    """Shares connections, turns and robots.txt between all sources. Use as a context manager."""

    def __init__(
        self,
        *,
        timeout: float = 10.0,
        deadline: float = 30.0,
        resolver: Resolver = resolve,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Make a fetcher: `timeout` for one step of the network, `deadline` for one request, both in s."""
        # Connections are not kept: to the pool, two hosts on one address would be the same.
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        inner = transport or httpx.AsyncHTTPTransport(limits=limits, trust_env=False)
        self._client = httpx.AsyncClient(
            transport=CheckedTransport(inner, resolver),
            timeout=timeout,
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": ACCEPT_ENCODING, "Accept": "*/*"},
            trust_env=False,
        )
        self._deadline = deadline
        self._slots = asyncio.Semaphore(CONCURRENT_REQUESTS)
        self._gate = HostGate()
        self._robots = RobotsCache()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def fetch(
        self, request: Request, timed: Callable[[float], None] | None = None
    ) -> Fetched | NotModified | FetchFailed:
        """Fetch a page; `timed` is told the seconds of each HTTP request."""
        url = request.url
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._hop(request, url, timed)
            if not isinstance(answer, _Redirect):
                return answer
            url = answer.url
        return FetchFailed(SourceError.HTTP_STATUS, f"more than {MAX_REDIRECTS} redirects")

    async def _hop(
        self, request: Request, url: str, timed: Callable[[float], None] | None
    ) -> Fetched | NotModified | FetchFailed | _Redirect:
        try:
            check_url(url)
        except ValueError as error:
            return FetchFailed(SourceError.OTHER, str(error))
        delay = request.host_delay
        if request.check_robots:
            rules = await self._rules(request, url)
            if isinstance(rules, FetchFailed):
                return rules
            if not rules.allow(url, ROBOT_NAME):
                return FetchFailed(SourceError.ROBOTS, f"robots.txt of {_host(url)} closes {url}")
            delay = max(delay, rules.delay(ROBOT_NAME))
        return await self._in_turn(request, url, delay, timed)

    async def _rules(self, request: Request, url: str) -> Rules | FetchFailed:
        parsed = httpx.URL(url)
        origin = f"{parsed.scheme}://{parsed.netloc.decode()}"
        return await self._robots.rules(origin, lambda robots: self._get_robots(request, robots))

    async def _get_robots(self, request: Request, robots: str) -> Rules | FetchFailed:
        asked = Request(
            robots, allow_private=request.allow_private, check_robots=False, limit=MAX_ROBOTS_BYTES
        )
        found = await self.fetch(asked)
        if isinstance(found, Fetched):
            return await asyncio.to_thread(read_rules, 200, found.body)
        if isinstance(found, FetchFailed) and found.reason is SourceError.HTTP_STATUS:
            return CLOSED if found.retry else OPEN
        if isinstance(found, FetchFailed) and found.reason in {SourceError.TOO_LARGE, SourceError.UNREADABLE}:
            return CLOSED
        return found if isinstance(found, FetchFailed) else OPEN

    async def _in_turn(
        self, request: Request, url: str, delay: float, timed: Callable[[float], None] | None
    ) -> Fetched | NotModified | FetchFailed | _Redirect:
        clock = asyncio.get_running_loop().time
        try:
            async with self._gate.turn(_host(url), delay), self._slots:
                started = clock()
                try:
                    return await self._get(request, url)
                finally:
                    if timed:
                        timed(clock() - started)
        except HostOnHoldError as error:
            return FetchFailed(SourceError.HTTP_STATUS, str(error), retry=True, wait=error.seconds)

    async def _get(self, request: Request, url: str) -> Fetched | NotModified | FetchFailed | _Redirect:
        validators = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
        built = self._client.build_request(
            "GET",
            url,
            headers={k: v for k, v in validators.items() if v},
            extensions={ALLOW_PRIVATE: request.allow_private},
        )
        try:
            async with asyncio.timeout(self._deadline):
                response = await self._client.send(built, stream=True)
                try:
                    return await self._answer(request, url, response)
                finally:
                    await response.aclose()
        except Exception as error:  # noqa: BLE001 - a decision a kind of fault, by `failure`
            return failure(error)

    async def _answer(
        self, request: Request, url: str, response: httpx.Response
    ) -> Fetched | NotModified | FetchFailed | _Redirect:
        status, headers = response.status_code, response.headers
        if status == httpx.codes.NOT_MODIFIED:
            return NotModified()
        if status in REDIRECTS and "location" in headers:
            return _Redirect(str(httpx.URL(url).join(headers["location"])))
        if status != httpx.codes.OK:
            return self._refused(url, status, headers.get("retry-after"))
        body = await read_body(
            response.aiter_raw(),
            content_encoding=headers.get("content-encoding"),
            content_length=headers.get("content-length"),
            limit=request.limit,
        )
        return Fetched(
            url,
            body,
            headers.get("content-type"),
            headers.get("etag"),
            headers.get("last-modified"),
            datetime.now(UTC),
        )

    def _refused(self, url: str, status: int, asked: str | None) -> FetchFailed:
        wait = retry_after(asked, datetime.now(UTC))
        if status in PAUSE_STATUSES:
            wait = wait if wait is not None else DEFAULT_PAUSE_S
            self._gate.hold(_host(url), wait)
        retry = status >= httpx.codes.INTERNAL_SERVER_ERROR or status in {408, 425, 429}
        return FetchFailed(
            SourceError.HTTP_STATUS, f"HTTP {status} from {_host(url)}", retry=retry, wait=wait
        )


@dataclass(frozen=True)
class _Redirect:
    url: str


def _host(url: str) -> str:
    return httpx.URL(url).netloc.decode()


def failure(error: Exception) -> FetchFailed:
    """Return what an exception of a request means; one of our own making is raised again."""
    detail = str(error) or type(error).__name__
    match error:
        case PrivateAddressError():
            return FetchFailed(SourceError.PRIVATE_ADDRESS, detail)
        case BodyTooLargeError():
            return FetchFailed(SourceError.TOO_LARGE, detail)
        case BodyUnreadableError():
            return FetchFailed(SourceError.UNREADABLE, detail)
        case TimeoutError() | httpx.TimeoutException():
            return FetchFailed(SourceError.TIMEOUT, detail, retry=True)
        case httpx.InvalidURL() | httpx.UnsupportedProtocol():
            return FetchFailed(SourceError.OTHER, detail)
        case httpx.TransportError():
            return FetchFailed(SourceError.NETWORK, detail, retry=True)
        case _:
            raise error
