from __future__ import annotations

from pathlib import Path

import pytest

from services.ingest.sources import FeedSource, FolderSource, SourcesFileError, load_sources, seconds

DEPLOYED = Path(__file__).parents[2] / "deploy" / "sources.yaml"


def written(folder: Path, text: str) -> Path:
    path = folder / "sources.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_deployed_file_is_valid_and_its_examples_are_off() -> None:
    assert load_sources(DEPLOYED) == []


def test_an_empty_file_has_no_sources(tmp_path: Path) -> None:
    assert load_sources(written(tmp_path, "")) == []


def test_the_examples_are_valid_once_enabled(tmp_path: Path) -> None:
    text = DEPLOYED.read_text(encoding="utf-8").replace("enabled: false", "enabled: true")
    feed, folder, lines = load_sources(written(tmp_path, text))
    assert isinstance(feed, FeedSource)
    assert (feed.interval, feed.host_delay, feed.silent_after) == (900, 2, 7 * 86400)
    assert isinstance(folder, FolderSource)
    assert folder.path == tmp_path / "inbox"
    assert lines.kind == "jsonl"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("90", "90"),
        ("1.5s", 1.5),
        ("250ms", 0.25),
        ("15m", 900),
        ("6h", 21600),
        ("7d", 604800),
        ("soon", "soon"),
    ],
)
def test_durations(text: str, value: object) -> None:
    assert seconds(text) == value


FEED = "sources:\n  - id: a\n    kind: feed\n    url: https://a.example/\n"


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("sources: [", 1, "not YAML"),
        ("sources:\n  - id: A B\n    kind: feed\n    url: https://a.example/\n", 2, "pattern"),
        (FEED.replace("https", "ftp"), 4, "only http and https"),
        (FEED.replace("https://a.example/", "file:///etc/passwd"), 4, "only http and https"),
        (FEED + "    interval: never\n", 5, "valid number"),
        (FEED + "    intervall: 5m\n", 5, "Extra inputs"),
        (FEED.replace("feed", "sitemap"), 2, "kind"),
        (FEED + "  - id: a\n    kind: folder\n    path: inbox\n", 1, "two sources have the id 'a'"),
        ("- just\n- a list\n", 1, "valid dictionary"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, why: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SourcesFileError) as refused:
        load_sources(path)
    assert f"{path}:{line}: " in str(refused.value)
    assert why in str(refused.value)


def test_every_mistake_is_told(tmp_path: Path) -> None:
    text = FEED.replace("https", "ftp") + "    interval: never\n"
    with pytest.raises(SourcesFileError) as refused:
        load_sources(written(tmp_path, text))
    assert len(str(refused.value).splitlines()) == 2


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourcesFileError, match="No such file"):
        load_sources(tmp_path / "none.yaml")
