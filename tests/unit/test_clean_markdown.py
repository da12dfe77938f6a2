"""Text that came as Markdown: the markup goes, the paragraphs stay, what it told is kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from schemas.cleaned import CleanedArticle
from schemas.raw import RawArticle
from services.clean.clean import clean
from services.clean.page.markdown import has_habit, plain, read_markdown
from services.clean.page.page import Place, read_text

FIRST = "松岭市同位素药物配送中心7月12日通过竣工验收，四条分装线每天可以配制三百份药品，供给市内六家医院。"
SECOND = "中心主任于子期说，最远的一家医院在九十公里以外，配送车每天清晨五点出发，七点以前必须送到。"
PAGE = f"""[松岭网](https://www.songling.example/) > [要闻](https://www.songling.example/n/) > 正文

# 松岭配送中心通过验收

2024-07-12 16:20 来源:[松岭日报](https://daily.songling.example/a_(1).html "打开")

{FIRST}

![配送中心的分装线，右为主任于子期](https://www.songling.example/p/1.jpg)

## 每天三百份

{SECOND.replace("配送车", "[配送车](https://www.songling.example/t/9)").replace("七点", "**七点**")}

| 医院 | 份数 |
|:---|---:|
| 松岭一院 | 120 |

- 每份药品都有编号，出库前由两个人分别核对一遍。
- 运输途中的温度每分钟记录一次，到院以后当面交接。

**责任编辑:**方朵朵

---

**相关阅读**

- [松岭大桥合龙](https://www.songling.example/a/1.html) 2024-07-01
- [松岭图书馆延长开放时间](https://www.songling.example/a/2.html) 2024-07-02
- [松岭水质连续九个月达标](https://www.songling.example/a/3.html) 2024-07-03

![二维码](https://www.songling.example/qr.png)
"""


def article(text: str) -> CleanedArticle:
    fetched = datetime(2024, 8, 1, tzinfo=UTC)
    cleaned = clean(RawArticle(body=text.encode(), source_id="test", fetched_at=fetched))
    assert isinstance(cleaned, CleanedArticle)
    return cleaned


def test_a_page_in_markdown() -> None:
    cleaned = article(PAGE)
    assert cleaned.title == "松岭配送中心通过验收"
    assert cleaned.body.split("\n") == [
        FIRST,
        "每天三百份",
        SECOND,
        "医院 份数",
        "松岭一院 120",
        "每份药品都有编号，出库前由两个人分别核对一遍。",
        "运输途中的温度每分钟记录一次，到院以后当面交接。",
    ]
    assert cleaned.captions == ["配送中心的分装线，右为主任于子期"]
    assert (cleaned.editor, cleaned.source) == ("方朵朵", "松岭日报")


def test_what_jinas_reader_writes_above_is_no_text() -> None:
    page = read_markdown(
        read_text(
            "Title: 松岭配送中心通过验收\n\nURL Source: https://www.songling.example/1.html\n\n"
            "Published Time: 2024-07-12\n\nMarkdown Content:\n"
            f"松岭配送中心通过验收\n===============\n\n{FIRST}"
        )
    )
    assert set(page.at(Place.TITLE)) == {"松岭配送中心通过验收"}
    assert [line for line in page.at(Place.BODY) if line] == [FIRST]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("> 引用的一句话。", "引用的一句话。"),
        ("* 第一项", "第一项"),
        ("- [x] 做完的一项", "做完的一项"),
        ("1. 第一步", "1. 第一步"),
        ("2\\. 第二步，见 \\[附件\\]", "2. 第二步，见 [附件]"),
        ("*图为配送中心。*", "图为配送中心。"),
        ("面积 3*4*5 米", "面积 3*4*5 米"),
        ("参见[1]和[2]", "参见[1]和[2]"),
        ("函数 `clean` 返回文本", "函数 clean 返回文本"),
        ("见 [说明](<notes.html>)和[表](t.html)", "见 说明和表"),
        ("-5摄氏度以下停运", "-5摄氏度以下停运"),
    ],
)
def test_a_line_without_its_markup(written: str, shown: str) -> None:
    assert plain(written) == shown


@pytest.mark.parametrize(
    "text",
    [
        f"松岭配送中心\n2024-07-12\n{FIRST}\n{SECOND}",
        f"#松岭核医学# #同位素\n{FIRST}\n* 注：以上数据截至七月底。\n{SECOND}",
        "差异显著（**p<0.01），样本[1](a)见附表。",
        "# 松岭话题\n" + FIRST,
    ],
)
def test_text_without_the_habit_is_left_alone(text: str) -> None:
    page = read_text(text)
    assert not has_habit(text)
    assert read_markdown(page) is page


def test_a_list_of_two_links_may_be_part_of_the_article() -> None:
    page = read_markdown(read_text("# 两份文件\n\n- [松岭办法](a.html)\n- [松岭细则](b.html)\n"))
    assert [line for line in page.at(Place.BODY) if line] == ["松岭办法", "松岭细则"]
