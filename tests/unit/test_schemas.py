"""The contract on the topics: generated documents, compatibility, ids, headers."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from schemas import generate, headers, ids
from schemas.compatibility import breaks
from schemas.raw import RawArticle
from schemas.topics import TOPICS, Topic

RELEASED = Path(generate.__file__).parent / "released"


def test_generated_documents_are_those_of_the_models() -> None:
    for name, content in generate.documents().items():
        assert (generate.GENERATED / name).read_bytes() == content, f"{name} is stale: run `make schemas`"


@pytest.mark.parametrize("topic", TOPICS, ids=lambda t: t.name)
def test_each_schema_is_a_valid_json_schema(topic: Topic) -> None:
    jsonschema.Draft202012Validator.check_schema(generate.schema(topic))


@pytest.mark.parametrize("topic", TOPICS, ids=lambda t: t.name)
def test_released_readers_can_read_what_is_written_today(topic: Topic) -> None:
    released = orjson.loads((RELEASED / f"{topic.name}.schema.json").read_bytes())
    assert breaks(released, generate.schema(topic)) == []


def test_every_channel_of_the_asyncapi_document_names_a_generated_schema() -> None:
    document = yaml.safe_load((generate.GENERATED / "asyncapi.yaml").read_bytes())
    assert set(document["channels"]) == {t.name for t in TOPICS}
    for channel in document["channels"].values():
        for message in channel["messages"].values():
            reference = message["payload"].get("$ref")
            assert reference is None or (generate.GENERATED / reference).is_file()


OLD: dict[str, Any] = {
    "$defs": {
        "Part": {
            "title": "Part",
            "type": "object",
            "properties": {"x": {"type": "integer"}},
            "required": ["x"],
        }
    },
    "title": "Whole",
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "kind": {"type": "string", "enum": ["a", "b"]},
        "parts": {"type": "array", "items": {"$ref": "#/$defs/Part"}},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    },
    "required": ["id"],
}


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (["properties", "note"], None, ".note: vanished"),
        (["properties", "id"], {"type": "integer"}, ".id: type changed from string to integer"),
        (["properties", "note"], {"type": "string"}, ".note: type changed from null/string to string"),
        (["properties", "kind", "enum"], ["a"], ".kind: value b vanished"),
        (["required"], ["id", "note"], ".note: became required, records already written may lack it"),
        (["required"], [], ".id: is no longer required, readers rely on it"),
        (["$defs", "Part", "properties", "x"], None, ".parts[].x: vanished"),
    ],
)
def test_a_breaking_change_is_named(path: list[str], value: object, complaint: str) -> None:
    new = copy.deepcopy(OLD)
    place = new
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    assert complaint in breaks(OLD, new)


def test_an_addition_breaks_nobody() -> None:
    new = copy.deepcopy(OLD)
    new["properties"]["more"] = {"type": "string"}
    new["properties"]["several"] = {"type": "array", "items": {"type": "string"}}
    new["properties"]["kind"]["enum"].append("c")
    assert breaks(OLD, new) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTTP://News.Example/a", "http://news.example/a"),
        ("https://news.example:443/a", "https://news.example/a"),
        ("https://news.example/a?b=2&a=1#top", "https://news.example/a?a=1&b=2"),
        ("https://news.example/a?utm_source=x&id=7", "https://news.example/a?id=7"),
        ("https://news.example/%7Ex", "https://news.example/~x"),
        ("https://news.example", "https://news.example/"),
    ],
)
def test_spellings_of_one_address_share_their_id(one: str, other: str) -> None:
    assert ids.url_id(one) == ids.url_id(other)


def test_other_pages_have_other_ids() -> None:
    urls = [
        "https://news.example/a",
        "http://news.example/a",
        "https://news.example/a?id=1",
        "https://news.example/A",
    ]
    assert len({ids.url_id(u) for u in urls}) == len(urls)
    assert ids.url_id(None, b"one") != ids.url_id(None, b"two")


@pytest.mark.parametrize("what", ["http://[::1", "//[", "http://x:99999/"])
def test_what_is_no_address_has_an_id_of_its_own(what: str) -> None:
    assert ids.url_id(what) not in {ids.url_id(what + "/a"), ids.url_id(None, what.encode())}


@given(st.lists(st.text(max_size=8), min_size=2, max_size=4))
def test_ids_depend_on_where_a_part_ends(parts: list[str]) -> None:
    joined = ["".join(parts[:2]), *parts[2:]]
    assert ids.derive(*parts) == ids.derive(*parts)
    assert ids.derive(*parts) != ids.derive(*joined)


def raw(**fields: Any) -> RawArticle:
    defaults: dict[str, Any] = {
        "url": "https://news.example/新闻/1?b=1",
        "body": b"\xff\x00<p>",
        "content_type": "text/html; charset=gbk",
        "source_id": "a-feed",
        "fetched_at": datetime(2026, 3, 1, 8, 30, tzinfo=UTC),
        "feed_title": "题",
        "feed_published": datetime(2026, 3, 1, 8, tzinfo=UTC),
    }
    return RawArticle(**defaults | fields)


@pytest.mark.parametrize(
    "article", [raw(), raw(url=None, content_type=None, feed_title=None, feed_published=None)]
)
def test_a_raw_article_comes_back_from_its_headers(article: RawArticle) -> None:
    assert headers.raw_article(article.body, headers.raw_headers(article), 0) == article


def test_a_record_of_a_foreign_producer_is_read_with_the_unknown_left_null() -> None:
    article = headers.raw_article(b"<p>", [], 1_700_000_000_000)
    assert (article.url, article.content_type, article.source_id) == (None, None, "unknown")
    assert article.fetched_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def test_headers_are_a_cloud_event_in_binary_mode() -> None:
    found = dict(headers.raw_headers(raw()))
    assert found["ce_specversion"] == b"1.0"
    assert found["content-type"] == b"text/html; charset=gbk"
    version, trace, span, flags = found["traceparent"].decode().split("-")
    assert (version, len(trace), len(span), flags) == ("00", 32, 16, "01")


def test_stage_times_go_along() -> None:
    at = datetime(2026, 3, 1, 8, 30, 1, 500_000, tzinfo=UTC)
    passed = [*headers.raw_headers(raw()), headers.stage_time("clean", at)]
    times = headers.stage_times(headers.carried(passed))
    assert times == {"ingest": at.timestamp() - 1.5, "clean": at.timestamp()}
