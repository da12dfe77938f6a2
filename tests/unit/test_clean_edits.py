"""All repairs can be undone."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from services.clean.repair.edits import MAX_LISTED, Draft, Edit, undo
from services.clean.repair.repair import repair
from tests import noise
from tests.unit.test_clean_text import BODY, CHARACTERS, PARAGRAPHS

PASSES = st.lists(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 4), st.text("ab", max_size=3)), max_size=6)
)


@given(st.text("xyz", max_size=30), PASSES)
@settings(max_examples=300, deadline=None)
def test_any_passes_are_undone(text: str, passes: list[list[tuple[int, int, str]]]) -> None:
    draft = Draft(text)
    for number, wanted in enumerate(passes):
        edits, at = [], 0
        for start, length, after in sorted(wanted):
            if at <= start and start + length <= len(draft.text):
                edits.append(Edit(start, start + length, after))
                at = start + length
        draft.apply(str(number), edits)
    changes = draft.changes()
    assert undo(draft.text, changes) == text
    assert all(text[one.start :].startswith(one.before) for one in changes)
    ends = [one.start + len(one.before) for one in changes]
    assert all(end <= one.start for end, one in zip(ends, changes[1:], strict=False))


@given(st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_a_cloaked_text_is_had_back_from_its_changes(seed: int) -> None:
    rng = random.Random(seed)
    text = noise.cloak(BODY, rng, rng.sample(sorted(noise.FORMS), rng.randint(1, 3)))
    repaired = repair(text)
    assert undo(repaired.text, repaired.changes()) == text


@given(CHARACTERS)
@settings(max_examples=300, deadline=None)
def test_a_short_text_is_had_back_from_its_record(text: str) -> None:
    repaired = repair(text)
    if all(count <= MAX_LISTED for count in repaired.counts.values()):
        assert undo(repaired.text, repaired.repairs) == text


def test_the_record_lists_the_head_of_each_kind() -> None:
    repaired = repair(noise.toned(BODY))
    listed = [fix for fix in repaired.repairs if fix.kind == "pinyin"]
    assert len(listed) == MAX_LISTED < repaired.counts["pinyin"]
    assert [fix.before for fix in listed] == [
        one.before for one in repaired.changes() if one.kind == "pinyin"
    ][:MAX_LISTED]


def test_repairs_are_listed_with_the_place_they_had() -> None:
    text = noise.toned(PARAGRAPHS[2]).replace("，", "\u200b，")
    repaired = repair(text)
    assert repaired.text == PARAGRAPHS[2]
    for fix in repaired.repairs:
        assert text[fix.start : fix.start + len(fix.before)] == fix.before
    origins = [repaired.origin(i) for i in range(len(repaired.text))]
    assert all(noise.traditional(a) == text[at] for a, at in zip(repaired.text, origins, strict=True))
