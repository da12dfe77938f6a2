"""Cloak a clean text the way hijacked pages do. What is put on here, cleaning must take off again.

Pinyin comes from pypinyin and the traditional script from OpenCC, so that the product's own tables are not
tested against themselves.
"""

from __future__ import annotations

import re
from itertools import zip_longest

import opencc
from pypinyin import Style, pinyin

HAN = re.compile("[\u4e00-\u9fff]")
COMMON = "的了在是有和年中市核药医院人研究不一这个"
TO_TRADITIONAL = opencc.OpenCC("s2t")
COUNTIES = "岚川县|溪口县|柏塘市|墨江|青屏县|乌石|南桥市|白渡县|凤台|石鼓县|"
KEYWORDS = (
    "同城租车电话查询|免费小说全集排行榜|二手吊车转让平台|家用烤箱十大品牌|省钱优惠券app下载|手工活加工网"
)


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
    data = text[start : start + 200].encode("gbk")
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
    whole = len(data[:at].decode("gbk"))
    return text[:start] + read.decode("gbk") + text[start + whole :]


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


def _reading(character: str, style: Style) -> str:
    return str(pinyin(character, style=style)[0][0])


def _in_gbk(character: str) -> bool:
    try:
        return len(character.encode("gbk")) > 0
    except UnicodeEncodeError:
        return False
