"""Traditional to simplified script: OpenCC's `tw2s`, and our own mind where it is wrong for news.

`t2s` leaves 著 in 著力 and 隨著; `tw2s` makes 着 of it in 專著 and 顯著 too, and touches characters that the
simplified script has as well (么, 乾, 後) even in a text that is simplified already.
"""

from __future__ import annotations

import re
from functools import cache

import opencc

from services.clean.data import rows
from services.clean.repair.edits import Draft, Edit

HAN = re.compile("[㐀-鿿豈-﫿]")
KANA = re.compile("[ぁ-ゖァ-ヺー]")
# From this share of its Chinese characters on, a text counts as written in the traditional script. Simplified
# pages that quote a name have below .01, cloaked and Taiwanese pages above .2.
TRADITIONAL_SHARE = 0.05
JAPANESE_SHARE = 0.15  # kana to kana and Chinese characters: Japanese prose has about .5
# Characters that simplified texts write as they are, in names and set phrases.
KEPT = frozenset("昇塚脩陞濬")
BMP = "\uffff"  # no lexicon has the simplified forms that stand beyond it
# Where `tw2s` is wrong, and the forms of Hong Kong that it does not know.
OVERRIDES = dict(zip("鎝么祕牠妳衞敍枱粧糭衹揹伕", "锝么秘它你卫叙台妆粽只背夫", strict=True))


@cache
def converter() -> opencc.OpenCC:
    """Return OpenCC for Taiwan's standard to simplified script, characters only."""
    return opencc.OpenCC("tw2s")


@cache
def _to_traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


@cache
def traditional() -> frozenset[str]:
    """Return the characters that only the traditional script has: changed by OpenCC and not in GB 2312."""
    han = [chr(code) for block in ((0x3400, 0xA000), (0xF900, 0xFB00)) for code in range(*block)]
    simplified = converter().convert("\n".join(han)).split("\n")
    changed = (a for a, b in zip(han, simplified, strict=True) if a != b)
    return frozenset(a for a in changed if not _in_gb2312(a))


@cache
def _sign() -> re.Pattern[str]:
    """Return the pattern of one character of `traditional`."""
    return re.compile(f"[{''.join(sorted(traditional()))}]")


@cache
def _zhu_words() -> frozenset[str]:
    """Return the pairs of characters in which 著 stays 著."""
    return frozenset(pair for line in rows("zhu.txt") for pair in line.split())


def to_simplified(text: str) -> str:
    """Return `text` in the simplified script, every character in its place."""
    if not _sign().search(text):
        return text
    kana = len(KANA.findall(text))
    if kana and kana > JAPANESE_SHARE * len(HAN.findall(text)):
        return text
    converted = converter().convert(text)
    if len(converted) != len(text):
        converted = "".join(map(_one_by_one, text))
    folded = _overridden(text, converted, whole=is_traditional(text))
    return _with_japanese_lines(text, folded) if kana else folded


def _one_by_one(character: str) -> str:
    """Return a character in the simplified script: itself where OpenCC makes none of it (NUL), or several."""
    converted: str = converter().convert(character)
    return converted if len(converted) == 1 else character


def is_traditional(text: str) -> bool:
    """Return whether a text is written in the traditional script, and does not only quote a name in it."""
    wide = (
        len(text.encode("utf-8", "surrogatepass")) - len(text)
    ) // 2  # of three bytes: Chinese and its signs
    return len(_sign().findall(text)) > TRADITIONAL_SHARE * wide


@cache
def simple(character: str) -> str:
    """Return one character in the simplified script."""
    return to_simplified(character)


@cache
def to_traditional(character: str) -> str:
    """Return the most usual traditional form of a character."""
    form: str = _to_traditional().convert(character)
    return form


def simplify(draft: Draft) -> None:
    """Put the draft into the simplified script."""
    before, after = draft.text, to_simplified(draft.text)
    if before is after:
        return
    pairs = enumerate(zip(before, after, strict=True))
    draft.apply("script", [Edit(i, i + 1, b) for i, (a, b) in pairs if a != b])


def _with_japanese_lines(text: str, folded: str) -> str:
    """Return `folded` with those lines that are Japanese as they were."""
    pairs = zip(text.split("\n"), folded.split("\n"), strict=True)
    return "\n".join(
        a if len(KANA.findall(a)) > JAPANESE_SHARE * len(HAN.findall(a)) else b for a, b in pairs
    )


def _overridden(text: str, converted: str, *, whole: bool) -> str:
    """Return `converted` with our own reading of what OpenCC is wrong about in `text`.

    In a text that is simplified already, OpenCC may only touch what the simplified script does not have: its
    phrases also change characters that are right there, 反覆.
    """
    result = list(converted)
    if not whole:
        changed = [i for i, (a, b) in enumerate(zip(text, converted, strict=True)) if a != b]
        for i in changed:
            result[i] = OVERRIDES.get(text[i], converted[i]) if text[i] in _foreign() else text[i]
    elif doubtful := set(text) & (OVERRIDES.keys() | {"著"}):
        for match in re.finditer(f"[{''.join(doubtful)}]", text):
            i, character = match.start(), match[0]
            result[i] = _zhu(converted, i) if character == "著" else OVERRIDES[character]
    if max(converted) > BMP:
        result = [a if b > BMP else b for a, b in zip(text, result, strict=True)]
    return "".join(result)


@cache
def _foreign() -> frozenset[str]:
    """Return the characters that have no place in a simplified text."""
    return traditional() - KEPT


def _zhu(converted: str, i: int) -> str:
    """Return 著 or 着 for the 著 at `i`: the words in which it means to write or to show keep it."""
    pairs = {converted[max(0, i - 1) : i] + "著", "著" + converted[i + 1 : i + 2]}
    title = converted[i + 1 : i + 3].startswith(("《", "有《"))
    return "著" if title or pairs & _zhu_words() else "着"


@cache
def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
