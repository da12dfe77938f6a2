"""The rules file: read, checked, indexed by event type, and read again when it changes.

A bad file is refused whole, with file, line and reason for everything that is wrong in it, and the rules that
run stay as they are.
"""

from __future__ import annotations

import contextlib
from collections.abc import Hashable
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from schemas.alert import Rule, RuleSet, Subscription
from schemas.extracted import EventType

DEFAULT_RULES_FILE: Final = Path(__file__).parent / "data" / "rules.yaml"
UNREADABLE: Final = b"unreadable"
POLL_SECONDS: Final = 1.0  # polling sees changes on every file system, bind mounts and config maps too

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
    _digest: bytes = field(init=False, default=b"")

    def __post_init__(self) -> None:
        rules = self.look()
        assert rules is not None  # noqa: S101 - the first look sees a change
        self.current = rules

    def look(self) -> RuleIndex | None:
        """Return the file's rules if its content is another than at the last look.

        A file that is bad raises `RulesError`, one that cannot be read `OSError`, in either case once.
        """
        try:
            content = self.file.read_bytes()
        except OSError:
            if self._digest == UNREADABLE:
                return None
            self._digest = UNREADABLE
            raise
        digest = blake2b(content, digest_size=16).digest()
        if digest == self._digest:
            return None
        self._digest = digest
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise RulesError(self.file, [Problem(line, "not valid UTF-8")]) from None
        return parse_rules(text, self.file)

    def reload(self) -> bool:
        """Take over the file's rules if they are new and good; returns whether other rules run now."""
        with contextlib.suppress(RulesError, OSError):
            if (rules := self.look()) is not None:
                self.current = rules
                return True
        return False
