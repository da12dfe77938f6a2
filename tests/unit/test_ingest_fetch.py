from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from itertools import pairwise

import httpx
import pytest

from services.ingest import fetch as fetch_module
from services.ingest.fetch import (
    MAX_BODY_BYTES,
    USER_AGENT,
    Fetched,
    Fetcher,
    FetchFailed,
    NotModified,
    Request,
)
from services.runtime.metrics import SourceError
from tests.unit.ingest_web import LOOPBACK, Answer, Asked, Web, web_server

PAGE = "<html><body>铼星医药公司与北岭医院签约</body></html>".encode("gb18030")


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with web_server() as server:
        yield server


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(timeout=2, deadline=3) as made:
        yield made


async def get(fetcher: Fetcher, url: str, **options: object) -> Fetched | NotModified | FetchFailed:
    return await fetcher.fetch(Request(url, **{"allow_private": True, **options}))  # type: ignore[arg-type]


async def test_a_page_comes_as_it_is(web: Web, fetcher: Fetcher) -> None:
    web.routes["/a"] = Answer(PAGE, headers={"Content-Type": "text/html; charset=gbk", "ETag": '"1"'})
    page = await get(fetcher, web.url("/a"))
    assert isinstance(page, Fetched)
    assert page.body == PAGE
    assert page.content_type == "text/html; charset=gbk"
    assert page.etag == '"1"'
    assert page.fetched_at.tzinfo is not None
    assert web.asked[-1].headers["user-agent"] == USER_AGENT


async def test_loopback_is_refused_unless_allowed(web: Web, fetcher: Fetcher) -> None:
    web.routes["/a"] = Answer(PAGE)
    answer = await get(fetcher, web.url("/a"), allow_private=False)
    assert isinstance(answer, FetchFailed)
    assert answer.reason is SourceError.PRIVATE_ADDRESS
    assert not answer.retry
    assert web.asked == []


async def test_a_redirect_to_a_private_address_is_refused(web: Web) -> None:
    # The first host counts as public for its name, the redirect goes to the bare loopback address.
    web.routes["/a"] = Answer(status=302, headers={"Location": web.url("/secret")})
    web.routes["/secret"] = Answer(b"inside")
    answers = {"news.example": "203.0.114.7", LOOPBACK: LOOPBACK}

    async def resolver(host: str, _: int) -> list[str]:
        return [answers[host]]

    class ToLoopback(httpx.AsyncHTTPTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            there = request.url.copy_with(host=LOOPBACK)
            moved = httpx.Request(
                request.method, there, headers=request.headers, extensions=request.extensions
            )
            return await super().handle_async_request(moved)

    async with Fetcher(resolver=resolver, transport=ToLoopback()) as fetcher:
        answer = await fetcher.fetch(Request(f"http://news.example:{web.port}/a"))
    assert isinstance(answer, FetchFailed)
    assert answer.reason is SourceError.PRIVATE_ADDRESS
    assert web.count("/a") == 1
    assert web.count("/secret") == 0


async def test_one_private_address_among_public_ones_is_refused() -> None:
    async def resolver(_host: str, _port: int) -> list[str]:
        return ["203.0.114.7", "10.0.0.1"]

    async with Fetcher(resolver=resolver) as fetcher:
        answer = await fetcher.fetch(Request("http://news.example/a", check_robots=False))
    assert isinstance(answer, FetchFailed)
    assert answer.reason is SourceError.PRIVATE_ADDRESS


async def test_the_connection_goes_to_the_address_that_was_checked(web: Web) -> None:
    """The name is resolved once: a second answer, as in DNS rebinding, is never asked for."""
    web.routes["/a"] = Answer(PAGE)
    asked: list[str] = []

    async def resolver(host: str, _: int) -> list[str]:
        asked.append(host)
        return [LOOPBACK]

    async with Fetcher(resolver=resolver) as fetcher:
        request = Request(f"http://news.invalid:{web.port}/a", allow_private=True, check_robots=False)
        page = await fetcher.fetch(request)
    assert isinstance(page, Fetched)
    assert page.url == f"http://news.invalid:{web.port}/a"
    assert asked == ["news.invalid"]
    assert web.asked[0].headers["host"] == f"news.invalid:{web.port}"


async def test_the_next_address_is_tried_where_one_does_not_answer(web: Web) -> None:
    web.routes["/a"] = Answer(PAGE)

    async def resolver(_host: str, _port: int) -> list[str]:
        return ["::1", LOOPBACK]  # nobody listens on ::1

    async with Fetcher(resolver=resolver) as fetcher:
        request = Request(f"http://news.invalid:{web.port}/a", allow_private=True, check_robots=False)
        assert isinstance(await fetcher.fetch(request), Fetched)


async def test_redirects_are_followed_and_bounded(web: Web, fetcher: Fetcher) -> None:
    web.routes["/a"] = Answer(status=301, headers={"Location": "/b"})
    web.routes["/b"] = Answer(PAGE)
    web.routes["/loop"] = Answer(status=302, headers={"Location": "/loop"})
    page = await get(fetcher, web.url("/a"))
    assert isinstance(page, Fetched)
    assert page.url == web.url("/b")
    answer = await get(fetcher, web.url("/loop"))
    assert isinstance(answer, FetchFailed)
    assert "redirects" in answer.detail


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://files.example/a", "javascript:alert(1)"])
async def test_a_redirect_elsewhere_than_the_web_is_refused(
    web: Web, fetcher: Fetcher, location: str
) -> None:
    web.routes["/a"] = Answer(status=302, headers={"Location": location})
    answer = await get(fetcher, web.url("/a"))
    assert isinstance(answer, FetchFailed)
    assert answer.reason is SourceError.OTHER


async def test_a_body_over_the_limit_is_cut_off(web: Web, fetcher: Fetcher) -> None:
    """Without a Content-Length that tells."""
    sent: list[int] = []

    def endless(_: Asked) -> Answer:
        chunks = [b"x" * (1 << 20)] * 40
        sent.append(len(chunks))
        return Answer(chunks=chunks, headers={"Content-Length": ""})

    web.routes["/a"] = endless
    answer = await get(fetcher, web.url("/a"))
    assert isinstance(answer, FetchFailed)
    assert answer.reason is SourceError.TOO_LARGE
    assert not answer.retry


async def test_a_content_length_over_the_limit_is_not_even_read(web: Web, fetcher: Fetcher) -> None:
    web.routes["/a"] = Answer(b"x", content_length=11 * 1024 * 1024)
    answer = await get(fetcher, web.url("/a"))
    assert isinstance(answer, FetchFailed)
    assert answer.reason is SourceError.TOO_LARGE


async def test_a_body_of_exactly_the_limit_is_taken(web: Web, fetcher: Fetcher) -> None:
    web.routes["/a"] = Answer(b"x" * MAX_BODY_BYTES)
    page = await get(fetcher, web.url("/a"))
    assert isinstance(page, Fetched)
    assert len(page.body) == MAX_BODY_BYTES


async def test_a_gzip_bomb_is_cut_off(web: Web, fetcher: Fetcher) -> None:
    bomb = gzip.compress(b"\0" * (60 * 1024 * 1024))
    assert len(bomb) < 300_000
    web.routes["/a"] = Answer(bomb, headers={"Content-Encoding": "gzip"})
    answer = await get(fetcher, web.url("/a"))
    assert isinstance(answer, FetchFailed)
    assert answer.reason is SourceError.TOO_LARGE


def raw_deflate(data: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-15)
    return squeeze.compress(data) + squeeze.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("gzip", gzip.compress(PAGE)), ("deflate", zlib.compress(PAGE)), ("deflate", raw_deflate(PAGE))],
)
async def test_a_content_encoding_is_undone(web: Web, fetcher: Fetcher, encoding: str, body: bytes) -> None:
    web.routes["/a"] = Answer(body, headers={"Content-Encoding": encoding})
    page = await get(fetcher, web.url("/a"))
    assert isinstance(page, Fetched)
    assert page.body == PAGE


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("gzip", b"no gzip at all"), ("gzip", gzip.compress(PAGE * 99)[:-20]), ("br", PAGE)],
)
async def test_a_content_encoding_that_is_a_lie(
    web: Web, fetcher: Fetcher, encoding: str, body: bytes
) -> None:
    web.routes["/a"] = Answer(body, headers={"Content-Encoding": encoding})
    answer = await get(fetcher, web.url("/a"))
    assert isinstance(answer, FetchFailed)
    assert answer.reason is SourceError.UNREADABLE


async def test_a_body_that_stops_short_is_tried_again(web: Web, fetcher: Fetcher) -> None:
    web.routes["/a"] = Answer(PAGE, content_length=len(PAGE) + 10)
    answer = await get(fetcher, web.url("/a"))
    assert isinstance(answer, FetchFailed)
    assert (answer.reason, answer.retry) == (SourceError.NETWORK, True)


async def test_a_slow_server_is_left_at_the_deadline(web: Web) -> None:
    """Each byte comes within the step's timeout: only the deadline for the whole ends it."""
    web.routes["/a"] = Answer(chunks=[b"x"] * 100, pause=0.1)
    async with Fetcher(timeout=5, deadline=0.5) as fetcher:
        started = asyncio.get_running_loop().time()
        answer = await get(fetcher, web.url("/a"))
        took = asyncio.get_running_loop().time() - started
    assert isinstance(answer, FetchFailed)
    assert (answer.reason, answer.retry) == (SourceError.TIMEOUT, True)
    assert took < 3


async def test_robots_txt_closes_a_path(web: Web, fetcher: Fetcher) -> None:
    web.routes["/robots.txt"] = Answer(b"User-agent: Isowire\nDisallow: /private/\nAllow: /\n")
    web.routes["/a"] = web.routes["/private/b"] = Answer(PAGE)
    assert isinstance(await get(fetcher, web.url("/a")), Fetched)
    answer = await get(fetcher, web.url("/private/b"))
    assert isinstance(answer, FetchFailed)
    assert answer.reason is SourceError.ROBOTS
    assert web.count("/private/b") == 0
    assert web.count("/robots.txt") == 1


@pytest.mark.parametrize(("status", "reason"), [(404, None), (403, None), (500, SourceError.ROBOTS)])
async def test_robots_txt_that_cannot_be_had(
    web: Web, fetcher: Fetcher, status: int, reason: SourceError | None
) -> None:
    web.routes["/robots.txt"] = Answer(status=status)
    web.routes["/a"] = Answer(PAGE)
    answer = await get(fetcher, web.url("/a"))
    assert (answer.reason if isinstance(answer, FetchFailed) else None) is reason


async def test_not_modified(web: Web, fetcher: Fetcher) -> None:
    web.routes["/feed"] = lambda asked: Answer(
        status=304 if asked.headers.get("if-none-match") == '"7"' else 200
    )
    assert isinstance(await get(fetcher, web.url("/feed"), etag='"7"'), NotModified)
    assert isinstance(await get(fetcher, web.url("/feed")), Fetched)


async def test_retry_after_closes_the_host_for_all(web: Web, fetcher: Fetcher) -> None:
    web.routes["/busy"] = Answer(status=429, headers={"Retry-After": "120"})
    web.routes["/a"] = Answer(PAGE)
    busy = await get(fetcher, web.url("/busy"))
    assert isinstance(busy, FetchFailed)
    assert (busy.retry, busy.wait) == (True, 120)
    held = await get(fetcher, web.url("/a"))
    assert isinstance(held, FetchFailed)
    assert held.retry
    assert held.wait is not None
    assert 100 < held.wait <= 120
    assert web.count("/a") == 0


@pytest.mark.parametrize(("status", "retry"), [(404, False), (410, False), (500, True), (502, True)])
async def test_a_status_tells_whether_to_come_again(
    web: Web, fetcher: Fetcher, status: int, retry: bool
) -> None:
    web.routes["/a"] = Answer(status=status)
    answer = await get(fetcher, web.url("/a"))
    assert isinstance(answer, FetchFailed)
    assert (answer.reason, answer.retry) == (SourceError.HTTP_STATUS, retry)


async def test_a_host_is_asked_one_request_at_a_time_with_a_pause(web: Web, fetcher: Fetcher) -> None:
    times: list[float] = []

    def page(_: Asked) -> Answer:
        times.append(asyncio.get_running_loop().time())
        return Answer(PAGE)

    web.routes["/a"] = web.routes["/b"] = web.routes["/c"] = page
    await asyncio.gather(*(get(fetcher, web.url(path), host_delay=0.2) for path in ("/a", "/b", "/c")))
    assert len(times) == 3
    assert all(later - earlier >= 0.19 for earlier, later in pairwise(times))


async def test_many_hosts_do_not_wait_for_each_other(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch_module, "CONCURRENT_REQUESTS", 8)
    web.routes["/a"] = Answer(chunks=[b"x"], pause=0.3)

    async def resolver(_host: str, _port: int) -> list[str]:
        return [LOOPBACK]

    async with Fetcher(resolver=resolver) as fetcher:
        started = asyncio.get_running_loop().time()
        urls = [f"http://host{i}.invalid:{web.port}/a" for i in range(6)]
        answers = await asyncio.gather(*(get(fetcher, url, check_robots=False) for url in urls))
        took = asyncio.get_running_loop().time() - started
    assert all(isinstance(answer, Fetched) for answer in answers)
    assert took < 1.5


async def test_a_name_that_does_not_exist() -> None:
    async def resolver(host: str, _: int) -> list[str]:
        raise OSError(f"no such host {host}")

    async with Fetcher(resolver=resolver) as made:
        answer = await made.fetch(Request("http://nowhere.invalid/"))
    assert isinstance(answer, FetchFailed)
    assert (answer.reason, answer.retry) == (SourceError.NETWORK, True)
