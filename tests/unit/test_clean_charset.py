from __future__ import annotations

import pytest

from services.clean.page.charset import decode, looks_binary
from tests.unit import clean_pages as pages

SIMPLIFIED = "".join(pages.BODY)
TRADITIONAL = "這家醫院發佈消息說，實驗室將於年底開放，為國內產業提供檢測服務，經過學會評審後對外公佈。" * 3


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8"),
        (SIMPLIFIED, "gbk", "gb18030"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        (SIMPLIFIED, "utf-16", "utf-16"),
        (f"<html><body>{SIMPLIFIED}</body></html>", "utf-16-le", "utf-16"),
        (f"<html><body>{SIMPLIFIED}</body></html>", "utf-16-be", "utf-16"),
    ],
)
def test_encodings(text: str, codec: str, name: str) -> None:
    data = text.encode(codec)
    assert not looks_binary(data)
    decoded = decode(data)
    assert decoded
    assert (decoded.text, decoded.charset) == (text, name)


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_a_stray_byte_costs_itself(codec: str) -> None:
    data = SIMPLIFIED.encode(codec)
    decoded = decode(data + b"\xff\n" + data)
    assert decoded
    assert decoded.charset == codec
    assert decoded.text.startswith(SIMPLIFIED)
    assert decoded.text.endswith(SIMPLIFIED)


def test_a_wrong_declaration_is_not_believed() -> None:
    page = pages.GOVERNMENT.encode("gbk")
    decoded = decode(page, "text/html; charset=utf-8")
    assert decoded
    assert pages.FIRST in decoded.text


def test_a_declaration_decides_where_the_bytes_do_not() -> None:
    decoded = decode("résumé".encode("latin-1"), "text/html; charset=iso-8859-1")
    assert decoded
    assert decoded.text == "résumé"


def test_a_footer_in_another_encoding_costs_neither() -> None:
    footer = "版权所有，松岭日报社的文字和图片"
    for page, other in (("utf-8", "gbk"), ("gbk", "utf-8")):
        decoded = decode(f"<p>{SIMPLIFIED}</p>".encode(page) + footer.encode(other) + b"</body>")
        assert decoded
        assert decoded.text == f"<p>{SIMPLIFIED}</p>{footer}</body>"


def test_few_words_of_chinese_are_enough() -> None:
    for text, codec in (("松岭日报：核医学中心揭牌", "gbk"), ("松嶺日報：核子醫學中心揭牌", "big5")):
        decoded = decode(f"<title>{text}</title>".encode(codec) + b"<p>a</p>" * 3000)
        assert decoded
        assert text in decoded.text
