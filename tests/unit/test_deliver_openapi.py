from __future__ import annotations

import asyncio
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.openapi.models import OpenAPI
from jsonschema import Draft202012Validator
from prometheus_client import CollectorRegistry

from services.deliver.api import Api, deliver_app
from services.deliver.feeds import Feeds
from services.deliver.settings import DeliverSettings
from services.runtime.health import ServiceHealth
from services.runtime.instruments import StreamMetrics


async def served(path: str) -> httpx.Response:
    settings, registry = DeliverSettings(), CollectorRegistry()
    async with asyncio.TaskGroup() as tasks:
        api = Api(settings, Feeds(settings, tasks, registry), StreamMetrics(registry))
        app: FastAPI = deliver_app(api, registry, ServiceHealth())
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://deliver") as client:
            return await client.get(path)


def references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*map(references, node.values()))
    return set().union(*map(references, node)) if isinstance(node, list) else set()


async def test_the_document_is_valid_and_whole() -> None:
    document = (await served("/openapi.json")).json()
    OpenAPI.model_validate(document)
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    names = {ref.removeprefix("#/components/schemas/") for ref in references(document)}
    assert names <= set(document["components"]["schemas"])


async def test_the_document_tells_of_the_stream() -> None:
    document = (await served("/openapi.json")).json()
    stream = document["paths"]["/v1/alerts/stream"]["get"]
    assert "text/event-stream" in stream["responses"]["200"]["content"]
    named = {parameter["name"].lower() for parameter in stream["parameters"]}
    assert {"last-event-id", "subscription", "severity", "rule"} <= named


async def test_a_service_that_has_just_started_is_alive_and_not_ready() -> None:
    assert (await served("/healthz")).status_code == 200
    assert (await served("/readyz")).status_code == 503
    assert (await served("/metrics")).status_code == 200
