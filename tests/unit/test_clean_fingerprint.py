from __future__ import annotations

from services.clean.fingerprint import SLOTS, fingerprint, jaccard
from tests.unit import clean_pages as pages

TEXT = "".join(pages.BODY)


def test_the_same_text_has_the_same_fingerprint_on_every_machine() -> None:
    first = fingerprint("核医学中心揭牌")
    assert first[:3] == [2206949872, 3847481407, 1193045646]
    assert fingerprint("核医学\n中心 揭牌") == first


def test_a_fingerprint_is_128_numbers_of_32_bits() -> None:
    for text in ("", "核", TEXT, TEXT * 50):
        values = fingerprint(text)
        assert len(values) == SLOTS
        assert all(0 <= value < 2**32 for value in values)


def test_near_duplicates_are_alike_and_others_are_not() -> None:
    edited = TEXT.replace("六家", "七家").replace("何知远", "于子期")
    other = "区图书馆延长开放时间，夜间自习室同步启用，读者凭证件入内，座位可以提前一天预约。"
    assert jaccard(fingerprint(TEXT), fingerprint(edited)) > 0.5
    assert jaccard(fingerprint(TEXT), fingerprint(other)) < 0.2
