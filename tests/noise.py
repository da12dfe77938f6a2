"""Cloak a clean text the way hijacked pages do. What is put on here, cleaning must take off again.

    cloak(text, rng)                      a mixture that `rng` draws
    cloak(text, rng, ["toned", "spam"])   these, in this order

`text` is clean, in the simplified script, one paragraph a line; `rng` is a `random.Random`, so that a seed
tells all. `FORMS` has every form by its name: `TRANSLITERATION` (a page bears one of them), `DEBRIS` (any
number) and `MOJIBAKE` (one, at the end) can be undone to the letter; of what `DAMAGE` does, some characters
are gone for good; `SPAM` adds lines that are no article. `page` builds a whole flattened page with all its
chrome.

Pinyin comes from pypinyin and the traditional script from OpenCC, so that the product's own tables are not
tested against themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import zip_longest
from random import Random

import opencc
from pypinyin import Style, pinyin

HAN = re.compile("[\u4e00-\u9fff]")
WORD = re.compile("[\u4e00-\u9fff]{2}")
COMMON = "的了在是有和年中市核药医院人研究不一这个"
TO_TRADITIONAL = opencc.OpenCC("s2t")
COUNTIES = "岚川县|溪口县|柏塘市|墨江|青屏县|乌石|南桥市|白渡县|凤台|石鼓县|"
KEYWORDS = (
    "同城租车电话查询|免费小说全集排行榜|二手吊车转让平台|家用烤箱十大品牌|省钱优惠券app下载|手工活加工网"
)
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\xad\x05\x06\x07\x08"
BRACKETS = [
    "({})",
    "（{}）",
    "( {} )",
    "({} )",
    "[{}]",
    "［{}］",
    "【{}】",
    "〔{}〕",
    "{{{}}}",
    "<{}>",
    "「{}」",
    "〈{}〉",
]
# Letters of the Cyrillic alphabet and of phonetics that look like Latin ones.
ALIKE = dict(zip(map(ord, "aeocyixg"), "аеосуіхɡ", strict=True))
FULL_WIDTH = {c: chr(c + 0xFEE0) for c in range(ord("a"), ord("z") + 1)}
ALPHABETS: list[dict[int, str]] = [ALIKE, FULL_WIDTH]
MARKED = (0.3, 0.9)  # share of the characters that a toneless cloak marks, all their occurrences
DEBRIS_EVERY = 40  # characters
Form = Callable[[str, Random], str]


def cloak(text: str, rng: Random, forms: Sequence[str] | None = None) -> str:
    """Return `text` with the named forms of noise put on in turn, or with a mixture that `rng` draws."""
    if forms is None:
        forms = [rng.choice(list(TRANSLITERATION)), *rng.sample(list(DEBRIS), rng.randrange(3))]
    for form in forms:
        text = FORMS[form](text, rng)
    return text


def traditional(text: str) -> str:
    """Return the text in the traditional script, as far as GBK has its characters."""
    return "".join(c if not _in_gbk(t) else t for c in text for t in [TO_TRADITIONAL.convert(c)])


def toned(text: str, *, bracket: str = "({})", blank: str = "") -> str:
    """`医学` -> `醫(yī)學(xué)`: every traditional form is marked."""
    cloaked = traditional(text)
    return "".join(
        t + (bracket.format(_reading(t, Style.TONE) + blank) if t != c else "")
        for c, t in zip(text, cloaked, strict=True)
    )


def toneless(text: str, marked: str) -> str:
    """`烟台` -> `烟(yan)台`: all or none of a character's occurrences, here those of `marked`."""
    return "".join(c + (f"({_reading(c, Style.NORMAL)})" if c in marked else "") for c in text)


def whole_words(text: str, words: list[str]) -> str:
    """`有望` -> `有望(yǒuwàng)`."""
    for word in words:
        text = text.replace(word, f"{word}({''.join(s for (s, *_) in pinyin(word, style=Style.TONE))})")
    return text


def doubled(text: str, character: str) -> str:
    """`是` -> `是(shì)(shì)`."""
    bracket = f"({_reading(character, Style.TONE)})"
    return text.replace(character, character + bracket * 2)


def sprinkled(text: str, marks: str) -> str:
    """Strew invisible characters into the text, one behind each twentieth character."""
    pieces = re.findall(".{1,20}", text, re.DOTALL)
    return "".join(piece + mark for piece, mark in zip_longest(pieces, (marks * len(pieces))[: len(pieces)]))


def out_of_step(text: str, start: int) -> str:
    """Lose the first byte of the character at `start`: the rest is read one byte out of step."""
    data = text[start : start + 200].encode("gbk", "replace")
    read, at = b"?", 1
    while at < len(data):
        lead, trail = data[at], data[at + 1 : at + 2]
        if lead < 0x80:
            read, at = read + bytes((lead,)), at + 1
            break
        if trail < b"\x40":
            read, at = read + b"?", at + 2
            break
        read, at = read + bytes((lead,)) + trail, at + 2
    whole = len(data[:at].decode("gbk", "replace"))
    return text[:start] + read.decode("gbk", "replace") + text[start + whole :]


def page(title: str, paragraphs: list[str]) -> str:
    """Return a flattened page with an article among all the chrome and spam that there is."""
    middle = [f"{i}.jpg\n图为工程现场。溪岚日报 供图\n{p}" if i else p for i, p in enumerate(paragraphs)]
    return "\n\n".join(
        [
            KEYWORDS,
            '<td id="k3x9"><ins id="k3x9"></ins></td>',
            "溪岚新闻网正文",
            "首页 > xwzx > 溪岚新闻网",
            "川东综合新闻门户",
            title,
            "溪岚新闻网  发布时间:2031-04-05 08:30 编辑:柳五",
            *middle,
            "(来源:溪岚日报)",
            "责任编辑:赵六",
            "关注溪岚新闻网微信公众号",
            "长按或扫描二维码 ,获取更多最新资讯",
            "【推广】春季焕新,全场满千减百,点击领取优惠券",
            "相关阅读:",
            "溪岚县运动会闭幕",
            "溪岚新闻网版权与免责声明:",
            "① 凡本网注明来源的作品,版权归本网所有,未经授权不得转载。",
            "② 凡转载其他媒体的作品,目的是传播信息,并不代表本网赞同其观点。",
            COUNTIES.replace("|", "| "),
        ]
    )


def _reading(character: str, style: Style = Style.TONE) -> str:
    return str(pinyin(character, style=style)[0][0])


def _in_gbk(character: str) -> bool:
    try:
        return len(character.encode("gbk")) > 0
    except UnicodeEncodeError:
        return False


def _marked(text: str, mark: Callable[[str, str], str]) -> str:
    """Put `mark(character, its traditional form)` for each character whose traditional form differs."""
    pairs = zip(text, traditional(text), strict=True)
    return "".join(mark(c, t) if c != t else c for c, t in pairs)


def _some(text: str, rng: Random) -> set[str]:
    """Draw the characters that are marked wherever they stand."""
    share = rng.uniform(*MARKED)
    return {c for c in sorted(set(HAN.findall(text))) if rng.random() < share}


def _toned(text: str, rng: Random) -> str:
    return toned(text, bracket=rng.choice(BRACKETS))


def _toned_simplified(text: str, rng: Random) -> str:
    marked, bracket = _some(text, rng), rng.choice(BRACKETS)
    return "".join(c + (bracket.format(_reading(c)) if c in marked else "") for c in text)


def _toneless(text: str, rng: Random) -> str:
    return toneless(text, "".join(_some(text, rng)))


def _numbered(text: str, rng: Random) -> str:
    bracket = rng.choice(BRACKETS)
    return _marked(text, lambda _, t: t + bracket.format(_reading(t, Style.TONE3)))


def _zhuyin(text: str, rng: Random) -> str:
    bracket = rng.choice(BRACKETS)
    return _marked(text, lambda _, t: t + bracket.format(_reading(t, Style.BOPOMOFO)))


def _bare(text: str, rng: Random) -> str:
    del rng
    return _marked(text, lambda _, t: t + _reading(t))


def _before(text: str, rng: Random) -> str:
    bracket = rng.choice(BRACKETS)
    return _marked(text, lambda _, t: bracket.format(_reading(t)) + t)


def _letter_spaced(text: str, rng: Random) -> str:
    bracket = rng.choice(BRACKETS)
    return _marked(text, lambda _, t: t + bracket.format(" ".join(_reading(t))))


def _upper(text: str, rng: Random) -> str:
    bracket, case = rng.choice(BRACKETS), rng.choice([str.upper, str.capitalize])
    return _marked(text, lambda _, t: t + bracket.format(case(_reading(t))))


def _alike(text: str, rng: Random) -> str:
    bracket, table = rng.choice(BRACKETS), rng.choice(ALPHABETS)
    return _marked(text, lambda _, t: t + bracket.format(_reading(t).translate(table)))


def _entity(text: str, rng: Random) -> str:
    del rng
    return _marked(text, lambda _, t: t + f"({_reading(t).encode('ascii', 'xmlcharrefreplace').decode()})")


def _ruby(text: str, rng: Random) -> str:
    fallback = rng.choice(["{}", "<rp>(</rp>{}<rp>)</rp>"])
    return _marked(text, lambda _, t: f"<ruby>{t}{fallback.format(f'<rt>{_reading(t)}</rt>')}</ruby>")


def _doubled(text: str, rng: Random) -> str:
    bracket = rng.choice(BRACKETS)
    return _marked(text, lambda _, t: t + bracket.format(_reading(t)) * 2)


def _split(text: str, rng: Random) -> str:
    bracket = rng.choice(["\n({})", "({}\n)"])
    return _marked(text, lambda _, t: t + bracket.format(_reading(t)))


def _words(text: str, rng: Random) -> str:
    bracket, between = rng.choice(BRACKETS), rng.choice(["", " ", "'"])
    some = {word for word in sorted(set(WORD.findall(text))) if rng.random() < MARKED[0]}
    return WORD.sub(
        lambda m: m[0] + (bracket.format(between.join(map(_reading, m[0]))) if m[0] in some else ""), text
    )


def _strewn(text: str, rng: Random, debris: Callable[[], str]) -> str:
    """Put a piece of debris behind one in forty Chinese characters."""
    return HAN.sub(lambda m: m[0] + (debris() if rng.randrange(DEBRIS_EVERY) == 0 else ""), text)


def _invisible(text: str, rng: Random) -> str:
    return _strewn(text, rng, lambda: rng.choice(INVISIBLE))


def _replacement(text: str, rng: Random) -> str:
    return _strewn(text, rng, lambda: "\ufffd" * rng.randint(2, 5))


def _tags(text: str, rng: Random) -> str:
    return _strewn(
        text, rng, lambda: rng.choice(['<td id="k3x9"><ins id="k3x9"></ins></td>', "<b></b>", "</p>"])
    )


def _escaped(text: str, rng: Random) -> str:
    """`中` -> `&amp;#20013;`: references that were escaped once more."""
    return "".join(f"&amp;#{ord(c)};" if HAN.match(c) and rng.random() < MARKED[0] else c for c in text)


def _jammers(text: str, rng: Random) -> str:
    """Put random letters and digits behind every paragraph, as forums do."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return "\n".join(line + "".join(rng.choices(letters, k=8)) + "7q" for line in text.split("\n"))


def _recoded(wrote: str, read: str) -> Form:
    """Return the form that writes in one encoding and reads in another, as browsers do."""
    return lambda text, _: _misread(text.encode(wrote, "replace"), read)


def _one_paragraph(wrote: str, read: str) -> Form:
    """Return the form that does so with one paragraph only."""

    def recode(text: str, rng: Random) -> str:
        lines = text.split("\n")
        at = rng.randrange(len(lines))
        lines[at] = _misread(lines[at].encode(wrote, "replace"), read)
        return "\n".join(lines)

    return recode


def _misread(data: bytes, encoding: str) -> str:
    """Read bytes in the wrong encoding; in windows-1252 five bytes stay controls (WHATWG Encoding)."""
    if encoding != "cp1252":
        return data.decode(encoding, "replace")
    return "".join(bytes((b,)).decode("cp1252") if b not in UNDEFINED_1252 else chr(b) for b in data)


def _out_of_step(text: str, rng: Random) -> str:
    """Damage one in `DEBRIS_EVERY` characters, outside of brackets."""
    cloaked = traditional(text)
    places = [m.start() for m in HAN.finditer(cloaked) if rng.randrange(DEBRIS_EVERY) == 0]
    for place in reversed(places):
        cloaked = out_of_step(cloaked, place)
    return cloaked


def _spam(text: str, rng: Random) -> str:
    lines = text.split("\n")
    for line in (KEYWORDS, COUNTIES):
        lines.insert(rng.randint(0, len(lines)), line)
    return "\n".join(lines)


UNDEFINED_1252 = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
TRANSLITERATION: dict[str, Form] = {
    "toned": _toned,  # 醫(yī)
    "toned_simplified": _toned_simplified,  # 医(yī)
    "toneless": _toneless,  # 医(yi)
    "numbered": _numbered,  # 醫(yi1)
    "zhuyin": _zhuyin,  # 醫(ㄧ)
    "bare": _bare,  # 醫yī
    "before": _before,  # (yī)醫
    "letter_spaced": _letter_spaced,  # 學(x u é)
    "upper": _upper,  # 醫(YĪ)
    "alike": _alike,  # 醫(уī), with a Cyrillic letter
    "entity": _entity,  # 醫(y&#299;)
    "ruby": _ruby,  # <ruby>醫<rt>yī</rt></ruby>
    "doubled": _doubled,  # 醫(yī)(yī)
    "split": _split,  # 醫, and (yī) on the next line
    "words": _words,  # 医学(yīxué)
}
DEBRIS: dict[str, Form] = {
    "invisible": _invisible,
    "replacement": _replacement,
    "tags": _tags,
    "escaped": _escaped,
    "jammers": _jammers,
}
MOJIBAKE: dict[str, Form] = {
    "utf8_as_latin1": _recoded("utf-8", "latin-1"),
    "utf8_as_1252": _recoded("utf-8", "cp1252"),
    "gbk_as_latin1": _recoded("gbk", "latin-1"),
    "gbk_as_1252": _recoded("gbk", "cp1252"),
    "paragraph_utf8_as_1252": _one_paragraph("utf-8", "cp1252"),
    "paragraph_gbk_as_latin1": _one_paragraph("gbk", "latin-1"),
}
DAMAGE: dict[str, Form] = {
    "out_of_step": _out_of_step,
    "utf8_as_gbk": _recoded("utf-8", "gb18030"),
    "utf8_as_big5": _recoded("utf-8", "big5hkscs"),
}
SPAM: dict[str, Form] = {"spam": _spam}
FORMS: dict[str, Form] = {**TRANSLITERATION, **DEBRIS, **MOJIBAKE, **DAMAGE, **SPAM}
