"""The HTTP API: the alerts as they stand, and the stream of what comes."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Depends, FastAPI, Header, Query, Response, Security
from fastapi.responses import StreamingResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from prometheus_client import CollectorRegistry
from pydantic import BaseModel

from schemas.alert import Alert, Severity
from services.deliver.cursor import CursorError, Positions, read_cursor
from services.deliver.feed import AlertFeed
from services.deliver.feeds import Feeds, NoSuchSubscriptionError, TooManyFeedsError
from services.deliver.follow import Follower
from services.deliver.recent import Place
from services.deliver.records import Wanted
from services.deliver.settings import DeliverSettings
from services.deliver.sse import EventStream, encode
from services.runtime.health import Health
from services.runtime.instruments import StreamMetrics
from services.runtime.ops_http import ops_routes
from services.runtime.problems import ProblemError, answer_with_problems, problem_answers, unauthorized

EARLIEST: Final = "earliest"
SUBSCRIPTION = Query(
    pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="The alerts of this subscription only."
)
SEVERITY = Query(description="The least severity.")
RULE = Query(description="Alerts of this rule; may be given more than once.", max_length=100)


class AlertPage(BaseModel):
    """Alerts as they stand now, the one reported last first."""

    alerts: list[Alert]
    next: str | None = None


def wanted(
    severity: Annotated[Severity, SEVERITY] = Severity.INFO, rule: Annotated[list[str] | None, RULE] = None
) -> Wanted:
    """Return what the query asks for."""
    return Wanted(severity, frozenset(rule or ()))


class Api:
    """What the routes work with."""

    def __init__(self, settings: DeliverSettings, feeds: Feeds, metrics: StreamMetrics) -> None:
        self.settings = settings
        self.feeds = feeds
        self.metrics = metrics
        self.clients = 0

    async def feed(self, subscription: str | None) -> AlertFeed:
        """Return the reader of a subscription, or a problem."""
        try:
            return await self.feeds.get(subscription)
        except NoSuchSubscriptionError as error:
            raise ProblemError(
                404, "No such subscription", f"there is no subscription {subscription}"
            ) from error
        except TooManyFeedsError as error:
            raise ProblemError(503, "Busy", str(error)) from error

    def check_token(self, given: str | None) -> None:
        """Refuse a request without the token, where one is asked for."""
        token = self.settings.api_token.get_secret_value() if self.settings.api_token else ""
        if token and not hmac.compare_digest((given or "").encode("utf-8", "replace"), token.encode()):
            raise unauthorized()

    async def stream(self, follower: Follower, feed: AlertFeed) -> AsyncGenerator[bytes, None]:
        """Yield the events of one client as bytes."""
        self.clients += 1
        feed.clients += 1
        self.metrics.clients.set(self.clients)
        last: str | None = None
        try:
            async with aclosing(follower.events()) as events:
                async for event in events:
                    yield encode(event, last)
                    last = event.cursor
                    if event.told:
                        self.metrics.events.inc()
        finally:
            self.clients -= 1
            feed.clients -= 1
            self.metrics.clients.set(self.clients)


def deliver_app(api: Api, registry: CollectorRegistry, health: Health) -> FastAPI:
    """Return the app: the API, its OpenAPI document at /openapi.json, and the routes for operators."""
    app = FastAPI(
        title="Isowire alerts",
        version="1",
        summary="Alerts of the nuclear-medicine newswire: as they stand, and as they come.",
        docs_url=None,
        redoc_url=None,
    )
    answer_with_problems(app)
    _add_routes(app, api)
    app.router.routes.extend(ops_routes(registry, health))
    return app


def _add_routes(app: FastAPI, api: Api) -> None:
    async def authorized(
        given: Annotated[HTTPAuthorizationCredentials | None, Security(HTTPBearer(auto_error=False))],
    ) -> None:
        api.check_token(given.credentials if given else None)

    guard = [Depends(authorized)]

    @app.get(
        "/v1/alerts", response_model=AlertPage, dependencies=guard, responses=_problems(400, 401, 404, 422)
    )
    async def list_alerts(
        ask: Annotated[Wanted, Depends(wanted)],
        subscription: Annotated[str | None, SUBSCRIPTION] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        after: Annotated[str | None, Query(description="`next` of the page before.", max_length=500)] = None,
    ) -> Response:
        """List the alerts as they stand now, the one reported last first."""
        feed = await api.feed(subscription)
        found, last = feed.recent.page(ask, limit, read_place(after) if after else None)
        token = b"null" if last is None else b'"' + write_place(last).encode() + b'"'
        body = b'{"alerts":[' + b",".join(found) + b'],"next":' + token + b"}"
        return Response(body, media_type="application/json")

    @app.get(
        "/v1/alerts/stream",
        response_class=StreamingResponse,
        dependencies=guard,
        responses={200: _STREAM_ANSWER, **_problems(400, 401, 404, 422, 503)},
    )
    async def stream_alerts(
        ask: Annotated[Wanted, Depends(wanted)],
        subscription: Annotated[str | None, SUBSCRIPTION] = None,
        last_event_id: Annotated[str | None, Header(description="Go on after this event.")] = None,
        since: Annotated[
            str | None, Query(description="The same for who cannot set a header; or `earliest`.")
        ] = None,
    ) -> Response:
        """Follow the alerts as Server-Sent Events.

        `alert` is a new one, `update` one that is known already with more reports; the data is the alert.
        Without an id to go on from, the stream begins with what comes next.
        """
        feed = await api.feed(subscription)
        start = starting_point(feed, last_event_id or since)
        if api.clients >= api.settings.stream_clients:
            raise ProblemError(503, "Busy", f"{api.clients} clients follow the stream")
        heartbeat = api.settings.stream_heartbeat_seconds
        follower = Follower(feed, start, ask, heartbeat)
        return EventStream(api.stream(follower, feed), api.settings.stream_send_seconds)

    @app.get("/v1/alerts/{alert_id}", response_model=Alert, dependencies=guard, responses=_problems(401, 404))
    async def show_alert(alert_id: str, subscription: Annotated[str | None, SUBSCRIPTION] = None) -> Response:
        """Show one alert as it stands now."""
        feed = await api.feed(subscription)
        found = feed.recent.get(alert_id)
        if found is None:
            raise ProblemError(
                404, "No such alert", f"none of the last {len(feed.recent)} alerts has this id"
            )
        return Response(found, media_type="application/json")


def starting_point(feed: AlertFeed, given: str | None) -> Positions | None:
    """Return where a client begins: None for what comes next. Refuses an id of another stream."""
    if not given:
        return None
    if given == EARLIEST:
        return dict.fromkeys(feed.positions, 0)
    try:
        return read_cursor(feed.name, given)
    except CursorError as error:
        raise ProblemError(400, "Not an event id", str(error)) from error


def write_place(place: Place) -> str:
    """Return the text of a place in the list."""
    return base64.urlsafe_b64encode(f"{place[0].isoformat()} {place[1]}".encode()).decode()


def read_place(text: str) -> Place:
    """Return the place that a text stands for. Refuses one that was not given out."""
    try:
        moment, _, alert_id = base64.urlsafe_b64decode(text.encode()).decode().partition(" ")
        place = datetime.fromisoformat(moment)
    except (ValueError, binascii.Error) as error:
        raise ProblemError(400, "Not a page", "`after` is `next` of the page before") from error
    if place.tzinfo is None:
        raise ProblemError(400, "Not a page", "`after` is `next` of the page before")
    return place, alert_id


_TEXTS: Final = {
    400: "An id or page that this API has not given out",
    401: "No token, or a wrong one",
    404: "No such alert or subscription",
    422: "Not a valid request",
    503: "Too many clients",
}
_STREAM_ANSWER: Final[dict[str, Any]] = {
    "description": "Events `alert` and `update`; the data of each is an alert, the id where to resume.",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return problem_answers({status: _TEXTS[status] for status in statuses})
