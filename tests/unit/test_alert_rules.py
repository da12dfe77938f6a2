"""The rules file: what is refused and where, and that the running rules stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.alert import Severity
from schemas.extracted import EventStatus, EventType
from services.alert.rules import RuleBook, RulesError, load_rules, parse_rules

GOOD = """\
rules:
  - id: first
    title: First
    when:
      event_types: [visit]
subscriptions:
  - id: all
    title: All
"""
FILE = Path("rules.yaml")


def problems(text: str) -> list[str]:
    with pytest.raises(RulesError) as refused:
        parse_rules(text, FILE)
    return str(refused.value).splitlines()


def test_default_rules_are_the_six_that_are_promised() -> None:
    index = load_rules()
    assert [rule.id for rule in index.rules] == [
        "agreement-signed",
        "facility-milestone",
        "clinical-milestone",
        "approval",
        "funding",
        "safety",
    ]
    assert all(rule.when.statuses == [EventStatus.OCCURRED] for rule in index.rules)
    assert index.rules[4].when.min_amount_cny == {EventType.INVESTMENT: 100_000_000}
    assert index.rules[5].severity is Severity.CRITICAL


def test_index_has_a_rule_under_each_of_its_types_and_a_rule_without_types_under_all() -> None:
    index = parse_rules("rules:\n  - {id: any, title: Any, when: {}}\n", FILE)
    assert all([rule.id for rule in index.by_type[kind]] == ["any"] for kind in EventType)
    only = parse_rules(GOOD, FILE)
    assert [rule.id for rule in only.by_type[EventType.VISIT]] == ["first"]
    assert only.by_type[EventType.INVESTMENT] == ()


@pytest.mark.parametrize(
    ("change", "line", "reason"),
    [
        (("[visit]", "[visti]"), 5, "rules[0].when.event_types[0]: Input should be 'agreement_signed'"),
        (("title: First", "titel: First"), 3, "rules[0].titel: Extra inputs are not permitted"),
        (("id: first", "id: First!"), 2, "rules[0].id: String should match pattern"),
        (("    title: All", "    min_severity: loud"), 8, "subscriptions[0].min_severity: Input should be"),
        (("    title: All", "    title: All\n    rules: [none]"), 9, "there is no rule 'none'"),
        (("      event_types: [visit]", "      event_types: [visit"), 6, "not valid YAML"),
        (("    title: First", "    id: again\n    title: First"), 3, "rules[0].id: the key stands twice"),
        ((GOOD, ""), 1, "file: Input should be a valid dictionary"),
    ],
)
def test_a_bad_file_is_refused_with_file_line_and_reason(
    change: tuple[str, str], line: int, reason: str
) -> None:
    found = problems(GOOD.replace(*change))
    assert any(p.startswith(f"rules.yaml:{line}: ") and reason in p for p in found), found


def test_ids_that_stand_twice_name_both_lines() -> None:
    twice = GOOD.replace("subscriptions:", "  - id: first\n    title: Second\n    when: {}\nsubscriptions:")
    assert problems(twice) == ["rules.yaml:6: rules: the id 'first' stands already on line 2"]


def test_all_problems_are_told_at_once_in_the_order_of_the_lines() -> None:
    found = problems(GOOD.replace("visit", "visti").replace("id: all", "id: ALL"))
    assert [p.split(":")[1] for p in found] == ["5", "7"]


def test_reload_takes_a_good_file_and_keeps_the_rules_on_a_bad_one(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(GOOD)
    book = RuleBook(file)
    assert not book.reload()
    file.write_text(GOOD.replace("visit", "visti"))
    assert not book.reload()
    assert [rule.id for rule in book.current.rules] == ["first"]
    file.write_text(GOOD.replace("id: first", "id: second"))
    assert book.reload()
    assert [rule.id for rule in book.current.rules] == ["second"]


def test_a_file_that_vanishes_or_is_no_text_keeps_the_rules(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(GOOD)
    book = RuleBook(file)
    file.write_bytes(b"\xff\xfe\x00")
    assert not book.reload()
    file.unlink()
    assert not book.reload()
    file.write_text(GOOD)
    book.reload()
    assert [rule.id for rule in book.current.rules] == ["first"]


def test_a_bad_file_is_told_once_until_it_changes(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(GOOD)
    book = RuleBook(file)
    file.write_text("rules: 7\n")
    with pytest.raises(RulesError):
        book.look()
    assert book.look() is None
    file.write_text("rules: 8\n")
    with pytest.raises(RulesError):
        book.look()
    file.unlink()
    with pytest.raises(FileNotFoundError):
        book.look()
    assert book.look() is None


def test_a_bad_file_is_refused_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_bytes(b"rules: []\n# \xff\n")
    with pytest.raises(RulesError, match=r"rules\.yaml:2: not valid UTF-8"):
        RuleBook(file)
