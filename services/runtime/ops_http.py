"""`/metrics`, `/healthz` and `/readyz`: routes for a service with an app of its own, and a small server."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from services.runtime.health import Health, Verdict

STALLED_CLIENT_MS = 60_000


def ops_routes(registry: CollectorRegistry, health: Health) -> list[Route]:
    """Return the three routes; `app.router.routes.extend(...)` mounts them in a FastAPI app."""

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    async def healthz(_: Request) -> Response:
        return _answer(health.live())

    async def readyz(_: Request) -> Response:
        return _answer(health.ready())

    return [Route("/metrics", metrics), Route("/healthz", healthz), Route("/readyz", readyz)]


def _answer(verdict: Verdict) -> JSONResponse:
    return JSONResponse({"ok": verdict.ok, "detail": verdict.detail}, 200 if verdict.ok else 503)


@contextlib.asynccontextmanager
async def ops_server(
    registry: CollectorRegistry, health: Health, *, host: str, port: int
) -> AsyncIterator[int]:
    """Serve the routes in this loop while the context is open; yields the port. Raises `OSError` if taken."""
    app = Starlette(routes=ops_routes(registry, health))
    async with app_server(app, host=host, port=port) as bound:
        yield bound


@contextlib.asynccontextmanager
async def app_server(app: ASGIApp, *, host: str, port: int, **options: Any) -> AsyncIterator[int]:
    """Serve any ASGI app in this loop while the context is open; yields the port. Raises `OSError` if taken.

    `options` are those of `uvicorn.Config`.
    """
    listener = socket.create_server((host, port))
    # A client that takes no byte for so long is cut off by the kernel, which nothing above it can do (Linux).
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STALLED_CLIENT_MS)
    config = uvicorn.Config(
        app,
        **{
            "log_config": None,
            "access_log": False,
            "lifespan": "off",
            "server_header": False,
            "timeout_graceful_shutdown": 1,
            **options,
        },
    )
    server = _EmbeddedServer(config)
    task = asyncio.create_task(server.serve([listener]))
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await task
        listener.close()


class _EmbeddedServer(uvicorn.Server):
    """Leaves the signals to the service that it is part of."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take none."""
        yield
