from __future__ import annotations

from benchmarks.pages import PAGE_BYTES, make_page, make_pages, raises_alert


def test_the_same_seed_gives_the_same_pages() -> None:
    assert list(make_pages(3, start=5)) == [make_page(number, 1) for number in (5, 6, 7)]
    assert make_page(5, 1).body != make_page(5, 2).body


def test_portal_pages_have_their_size_and_say_their_charset() -> None:
    for number in (0, 2, 3):
        body = make_page(number, 1).body
        assert 0.85 * PAGE_BYTES < len(body) < 1.05 * PAGE_BYTES
        charset = "gb18030" if number == 0 else "utf-8"
        assert f'<meta charset="{charset}">' in body.decode(charset)


def test_cloaked_text_bears_pinyin_and_spam() -> None:
    text = make_page(1, 1).body.decode()
    assert "|" in text
    assert any(f"({vowel}" in text or f"{vowel})" in text for vowel in "āáǎàōóǒòēéěèīíǐì")


def test_one_in_ten_raises_an_alert() -> None:
    assert sum(raises_alert(number) for number in range(100)) == 10
