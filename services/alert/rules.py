"""The rules file: read, checked, indexed by event type, and read again when it changes.

A bad file is refused whole, with file, line and reason for everything that is wrong in it, and the rules that
run stay as they are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import structlog
import yaml
from pydantic import ValidationError

from schemas.alert import Rule, RuleSet, Subscription
from schemas.extracted import EventType

DEFAULT_RULES_FILE: Final = Path(__file__).parent / "data" / "rules.yaml"
POLL_SECONDS: Final = 1.0  # polling sees changes on every file system, bind mounts and config maps too

log = structlog.get_logger(__name__)

Path_ = tuple[Hashable, ...]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a rules file; `line` counts from 1."""

    line: int
    reason: str


class RulesError(ValueError):
    """A rules file that was refused, with every problem in the order of the lines."""

    def __init__(self, file: Path, problems: list[Problem]) -> None:
        self.file = file
        self.problems = sorted(problems, key=lambda problem: problem.line)
        super().__init__("\n".join(f"{file}:{p.line}: {p.reason}" for p in self.problems))


@dataclass(frozen=True)
class RuleIndex:
    """Rules by the event type they ask for, so that an event meets only those that may match it."""

    rules: tuple[Rule, ...]
    subscriptions: tuple[Subscription, ...]
    by_type: dict[EventType, tuple[Rule, ...]]

    @classmethod
    def of(cls, rule_set: RuleSet) -> RuleIndex:
        """Return the index of a checked rule set."""
        return cls(
            rules=tuple(rule_set.rules),
            subscriptions=tuple(rule_set.subscriptions),
            by_type={
                kind: tuple(r for r in rule_set.rules if not r.when.event_types or kind in r.when.event_types)
                for kind in EventType
            },
        )


def load_rules(file: Path = DEFAULT_RULES_FILE) -> RuleIndex:
    """Read and check a rules file; raises `RulesError`, or `OSError` where it cannot be read."""
    return parse_rules(file.read_text(encoding="utf-8"), file)


def parse_rules(text: str, file: Path) -> RuleIndex:
    """Check the text of a rules file; `file` only stands in the messages. Raises `RulesError`."""
    document, lines = _parse_yaml(text, file)
    try:
        rule_set = RuleSet.model_validate(document)
    except ValidationError as error:
        problems = [
            Problem(_line_of(lines, e["loc"]), f"{_dotted(e['loc'])}: {e['msg']}") for e in error.errors()
        ]
        raise RulesError(file, problems) from None
    problems = _contradictions(rule_set, lines)
    if problems:
        raise RulesError(file, problems)
    return RuleIndex.of(rule_set)


def _parse_yaml(text: str, file: Path) -> tuple[Any, dict[Path_, int]]:
    """Return the document and the line on which each of its parts stands, by path."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        document = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RulesError(file, [Problem(line, f"not valid YAML: {error.problem}")]) from None
    except yaml.YAMLError as error:
        raise RulesError(file, [Problem(1, f"not valid YAML: {error}")]) from None
    lines: dict[Path_, int] = {(): 1}
    repeated: list[Problem] = []
    if root is not None:
        _walk(root, (), lines, repeated)
    if repeated:
        raise RulesError(file, repeated)
    return document, lines


def _walk(node: yaml.Node, path: Path_, lines: dict[Path_, int], repeated: list[Problem]) -> None:
    """Note the line of a node and of everything below it, and keys that stand twice."""
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for position, child in enumerate(node.value):
            _walk(child, (*path, position), lines, repeated)
    elif isinstance(node, yaml.MappingNode):
        seen = set()
        for key, child in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                repeated.append(Problem(line, f"{_dotted((*path, key.value))}: the key stands twice"))
            seen.add(key.value)
            lines[(*path, key.value)] = line
            _walk(child, (*path, key.value), lines, repeated)


def _line_of(lines: dict[Path_, int], loc: Path_) -> int:
    """Return the line of the innermost part of the file on the way to `loc`."""
    return next(lines[loc[:end]] for end in range(len(loc), -1, -1) if loc[:end] in lines)


def _dotted(loc: Path_) -> str:
    """Return a path as people write it: `rules[2].when.event_types[0]`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
    return text.lstrip(".") or "file"


def _contradictions(rule_set: RuleSet, lines: dict[Path_, int]) -> list[Problem]:
    """Return what no single field shows: ids that stand twice, subscriptions to rules that are not there."""
    problems = _repeated_ids("rules", [rule.id for rule in rule_set.rules], lines)
    problems += _repeated_ids("subscriptions", [s.id for s in rule_set.subscriptions], lines)
    known = {rule.id for rule in rule_set.rules}
    for position, subscription in enumerate(rule_set.subscriptions):
        problems += [
            Problem(
                _line_of(lines, ("subscriptions", position, "rules", place)),
                f"subscription {subscription.id!r}: there is no rule {rule!r}",
            )
            for place, rule in enumerate(subscription.rules)
            if rule not in known
        ]
    return problems


def _repeated_ids(group: str, found: list[str], lines: dict[Path_, int]) -> list[Problem]:
    at = [_line_of(lines, (group, position, "id")) for position in range(len(found))]
    return [
        Problem(at[position], f"{group}: the id {name!r} stands already on line {at[found.index(name)]}")
        for position, name in enumerate(found)
        if found.index(name) != position
    ]


@dataclass
class RuleBook:
    """The rules that run now, and the file that they come from.

    `current` is replaced as a whole, so that a reader who takes it once sees one state of the file.
    """

    file: Path
    current: RuleIndex = field(init=False)
    _digest: bytes = field(init=False)

    def __post_init__(self) -> None:
        text = self.file.read_bytes()
        self.current = parse_rules(text.decode(), self.file)
        self._digest = _digest(text)

    def reload(self) -> bool:
        """Take over the file if its content has changed; returns whether other rules run now.

        A file that is refused or gone leaves the rules as they are. It is reported once, until it changes.
        """
        try:
            text = self.file.read_bytes()
        except OSError as error:
            if self._digest:
                log.error("rules_file_unreadable", file=str(self.file), error=str(error))  # noqa: TRY400 - not a bug
            self._digest = b""
            return False
        if _digest(text) == self._digest:
            return False
        self._digest = _digest(text)
        try:
            self.current = parse_rules(text.decode(), self.file)
        except (RulesError, UnicodeDecodeError) as error:
            log.error("rules_file_refused", file=str(self.file), error=str(error))  # noqa: TRY400 - not a bug
            return False
        log.info("rules_reloaded", file=str(self.file), rules=len(self.current.rules))
        return True

    async def watch(self, on_change: Callable[[], Any], interval: float = POLL_SECONDS) -> None:
        """Look at the file every `interval` seconds, for ever; await `on_change()` when other rules run."""
        while True:
            await asyncio.sleep(interval)
            if self.reload():
                await on_change()


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=16).digest()
