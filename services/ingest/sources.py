"""The sources file: which feeds, folders and JSON-lines files to take pages from.

A file that is wrong anywhere is refused as a whole, with `file:line: where: why` for each mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from services.ingest.addresses import check_url

UNIT_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


class SourcesFileError(ValueError):
    """The sources file cannot be used; the message has a line for each mistake."""


def seconds(value: object) -> object:
    """Read `90`, `1.5s`, `15m`, `6h` or `7d` as seconds; anything else is left for pydantic to refuse."""
    if isinstance(value, str) and (match := re.fullmatch(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)", value.strip())):
        return float(match[1]) * UNIT_SECONDS[match[2]]
    return value


Seconds = Annotated[float, BeforeValidator(seconds), Field(ge=0, le=400 * 86400, allow_inf_nan=False)]
Interval = Annotated[float, BeforeValidator(seconds), Field(ge=0.05, le=30 * 86400, allow_inf_nan=False)]


class BaseSource(BaseModel):
    """What every source has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    enabled: bool = True
    silent_after: Seconds | None = Field(
        default=None, description="Without a new page for so long, the source counts as silent."
    )


class FeedSource(BaseSource):
    """An RSS or Atom feed whose entries are fetched."""

    kind: Literal["feed"]
    url: Annotated[str, BeforeValidator(lambda value: check_url(str(value)))]
    interval: Interval = 15 * 60
    silent_after: Seconds | None = 7 * 86400
    host_delay: Seconds = Field(default=2, description="Pause between two requests to one host.")
    allow_private_addresses: bool = Field(
        default=False, description="Also fetch from loopback, link-local and private networks."
    )


class FolderSource(BaseSource):
    """A folder into which pages and plain text are dropped; what was taken is moved to `done/` in it."""

    kind: Literal["folder"]
    path: Path
    interval: Interval = 2


class JsonLinesSource(BaseSource):
    """A file with one JSON object a line, read on as it grows."""

    kind: Literal["jsonl"]
    path: Path
    interval: Interval = 2


Source = Annotated[FeedSource | FolderSource | JsonLinesSource, Field(discriminator="kind")]


class SourcesFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sources: list[Source] = []

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        seen: set[str] = set()
        for source in self.sources:
            if source.id in seen:
                raise ValueError(f"two sources have the id {source.id!r}")
            seen.add(source.id)
        return self


def load_sources(path: Path) -> list[FeedSource | FolderSource | JsonLinesSource]:
    """Return the enabled sources of a file; paths in it are relative to its folder.

    Raises `SourcesFileError` where the file is missing, is no YAML, or holds anything unknown.
    """
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        raise SourcesFileError(f"{path}: {error}") from error
    except yaml.YAMLError as error:
        raise SourcesFileError(f"{path}:{_yaml_line(error)}: not YAML: {_yaml_problem(error)}") from error
    try:
        found = SourcesFile.model_validate({} if data is None else data)
    except ValidationError as error:
        raise SourcesFileError("\n".join(_explain(path, node, error))) from error
    return [_located(source, path.parent) for source in found.sources if source.enabled]


def _located(
    source: FeedSource | FolderSource | JsonLinesSource, folder: Path
) -> FeedSource | FolderSource | JsonLinesSource:
    if isinstance(source, FeedSource):
        return source
    return source.model_copy(update={"path": folder / source.path})


def _explain(path: Path, node: yaml.Node | None, error: ValidationError) -> Iterable[str]:
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"]) or "file"
        yield f"{path}:{_line(node, problem['loc'])}: {where}: {problem['msg']}"


def _line(node: yaml.Node | None, location: Iterable[int | str]) -> int:
    """Return the line of the deepest node that `location` leads to; union tags lead nowhere."""
    line = node.start_mark.line if node else 0
    for part in location:
        child = _child(node, part)
        if child is not None:
            node, line = child, child.start_mark.line
    return line + 1


def _child(node: yaml.Node | None, part: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        found: yaml.Node = node.value[part]
        return found
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    return None


def _yaml_line(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None)
    return int(mark.line) + 1 if mark else 1


def _yaml_problem(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or error)
