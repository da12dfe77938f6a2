"""Write the JSON Schemas and the AsyncAPI document of the topics: `python -m schemas.generate [--check]`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import orjson
import yaml

from schemas.topics import TOPICS, Topic

GENERATED = Path(__file__).parent / "generated"
CLOUD_EVENT_HEADERS = {
    "type": "object",
    "required": ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "content-type"],
    "properties": {
        "ce_specversion": {"const": "1.0"},
        "ce_id": {"type": "string", "description": "The record's derived id."},
        "ce_source": {"type": "string", "format": "uri-reference"},
        "ce_type": {"type": "string", "pattern": r"^isowire\."},
        "ce_time": {"type": "string", "format": "date-time"},
        "content-type": {"type": "string"},
        "traceparent": {"type": "string", "description": "W3C trace context, derived from the article."},
    },
    "patternProperties": {"^isowire-time-": {"type": "string", "pattern": "^[0-9]+$"}},
}
# The two topics whose value is somebody else's bytes: their model travels in the headers.
BYTES_ON_THE_WIRE = {
    "raw-article": "The fetched bytes, untouched.",
    "dead-letter": "The original value, untouched.",
}


def schema(topic: Topic) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a topic's model."""
    model = topic.model.model_json_schema(mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:isowire:schema:{topic.name}",
        **model,
    }


def message(topic: Topic) -> dict[str, Any]:
    """Return the AsyncAPI message of a topic."""
    payload: dict[str, Any] = {"$ref": f"./{topic.name}.schema.json"}
    content_type = "application/json"
    if topic.name in BYTES_ON_THE_WIRE:
        payload = {"type": "string", "format": "binary", "description": BYTES_ON_THE_WIRE[topic.name]}
        content_type = "application/octet-stream"
    return {
        "name": topic.model.__name__,
        "contentType": content_type,
        "headers": {"$ref": "#/components/schemas/cloudEventHeaders"},
        "payload": payload,
        "bindings": {"kafka": {"key": {"type": "string", "description": topic.key}}},
    }


def asyncapi() -> dict[str, Any]:
    """Return the AsyncAPI 3 document of all topics."""
    channels = {
        topic.name: {
            "address": topic.name,
            "summary": topic.summary,
            "messages": {topic.model.__name__: message(topic)},
            "bindings": {
                "kafka": {
                    "partitions": topic.partitions,
                    "topicConfiguration": {
                        "cleanup.policy": topic.cleanup.split(","),
                        "retention.ms": int(topic.config["retention.ms"]),
                        "max.message.bytes": int(topic.config["max.message.bytes"]),
                    },
                }
            },
        }
        for topic in TOPICS
    }
    operations = {
        f"receive-{topic.name}": {
            "action": "receive",
            "channel": {"$ref": f"#/channels/{topic.name}"},
            "summary": f"{topic.summary} Written by {', '.join(topic.writers)}.",
        }
        for topic in TOPICS
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Isowire topics",
            "version": "1.0.0",
            "description": "A deployment's prefix may stand before every address.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"schemas": {"cloudEventHeaders": CLOUD_EVENT_HEADERS}},
    }


def documents() -> dict[str, bytes]:
    """Return {file name: content} of all that is generated."""
    pretty = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    files = {f"{topic.name}.schema.json": orjson.dumps(schema(topic), option=pretty) for topic in TOPICS}
    files["asyncapi.yaml"] = yaml.safe_dump(asyncapi(), sort_keys=False, allow_unicode=True).encode()
    return files


def main(arguments: list[str]) -> int:
    """Write the documents, or with `--check` name those that differ and return 1."""
    stale = []
    GENERATED.mkdir(exist_ok=True)
    for name, content in documents().items():
        path = GENERATED / name
        if not path.exists() or path.read_bytes() != content:
            stale.append(name)
            if "--check" not in arguments:
                path.write_bytes(content)
    if "--check" in arguments and stale:
        sys.stderr.write(f"schemas/generated is stale ({', '.join(stale)}): run `make schemas`\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
