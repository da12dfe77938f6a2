"""Language and script of a page, as it came."""

from __future__ import annotations

import pytest

from services.clean.metadata.tongue import Tongue, tongue_of
from tests.unit import clean_pages as pages

TRADITIONAL = "這個醫學中心經過三年建設後現在開幕，國內學者說，將來會與產業合作，開發新的醫藥。"
ENGLISH = (
    "The firm said that the plant in the valley is to open in May and to serve six hospitals of the region."
)
JAPANESE = "新しい病院は来年の春に開院する予定で、地域の患者に放射性医薬品を提供するという。"
KOREAN = "새 병원은 내년 봄에 문을 열고 지역 환자에게 의약품을 공급할 예정이라고 밝혔다."
RUSSIAN = "Новая больница откроется весной следующего года и будет снабжать пациентов региона."
GERMAN = "Das neue Krankenhaus öffnet im kommenden Frühjahr seine Türen für Kranke aus der Gegend."


@pytest.mark.parametrize(
    ("text", "language", "script"),
    [
        (pages.FIRST, "zh-Hans", "Hans"),
        (TRADITIONAL, "zh-Hant", "Hant"),
        (f"{pages.FIRST} PET/CT SPECT {ENGLISH[:40]}", "zh-Hans", "Hans"),
        (ENGLISH, "en", "Latn"),
        (GERMAN, None, "Latn"),
        (JAPANESE, "ja", "Jpan"),
        (f"{pages.FIRST}の", "zh-Hans", "Hans"),
        (KOREAN, "ko", "Kore"),
        (RUSSIAN, None, "Cyrl"),
        ("2024-06-25 14:15", None, None),
        ("", None, None),
    ],
)
def test_tongues(text: str, language: str | None, script: str | None) -> None:
    assert tongue_of(text) == Tongue(language, script)


def test_an_article_keeps_the_script_that_it_had_before_folding() -> None:
    article = pages.cleaned(f"{TRADITIONAL}\n{TRADITIONAL[:20]}")
    assert (article.language, article.script) == ("zh-Hant", "Hant")
    assert "这个" in article.body
