"""Several short items on different things, and articles that only look like them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from schemas.cleaned import CleanedArticle
from schemas.raw import RawArticle
from services.clean.clean import clean
from services.clean.sorting.digest import is_digest

NEWS = {
    "松岭堆停堆检修": "松岭研究堆4月8日停堆，开始为期四十天的检修，期间的钼-99由库存和两家供应商补足。",
    "两家县医院开诊": "东岸、西岸两家县医院的核医学科上周先后开诊，药物由松岭的配送中心统一供应。",
    "青禾精机中标": "青禾精机4月10日公告，以四千万元中标省肿瘤医院的热室项目，工期十四个月。",
    "运输标准征求意见": "一项运输标准4月11日开始征求意见，首次要求车辆记录温度，截止日期是5月20日。",
    "于子期任所长": "省医学科学院昨日任命于子期为放射医学研究所所长，原所长到龄退休。",
}
STORY = [
    "松岭市同位素配送中心7月12日通过验收，四条分装线每天可以配制三百份药品。",
    "中心主任于子期说，最远的一家医院在九十公里以外，配送车每天五点出发。",
    "七点以前药必须送到，路上若是堵了车，药就只剩一半。",
]

DIGESTS = {
    "headed": ([line for item in NEWS.items() for line in item], "松岭堆检修 东岸开诊"),
    "bracketed": ([f"【{head}】{text}" for head, text in NEWS.items()], "早报 | 松岭堆停堆检修"),
    "bracketed, no name": ([f"【{head}】{text}" for head, text in NEWS.items()], "于子期上任"),
    "bulleted": ([f"● {text}" for text in NEWS.values()], None),
    "numbered": ([f"{n}. {text}" for n, text in enumerate(NEWS.values(), 1)], "核医学一周要闻"),
    "dated": ([f"{2011 + n}年3月，{text}" for n, text in enumerate(NEWS.values())], "松岭十年大事记"),
    "introduced": (["编者按：本周消息不少。", *(f"【{head}】{text}" for head, text in NEWS.items())], "周报"),
}
ARTICLES = {
    "a story": (STORY, "松岭配送中心通过验收"),
    "a story with subheadings": (
        ["第一段：十一天", *STORY, "第二段：七小时", *STORY, "第三段：五小时", *STORY],
        "一支针剂的三百公里",
    ),
    "a story in a morning paper": (STORY, "松岭早报：配送中心通过验收"),
    "a guide": (
        [f"{n}、检查前要做的第{n}件事，是把以前的片子带来。" for n in range(1, 9)],
        "这八件事提前知道",
    ),
    "an interview": (["问：药够用吗？", "答：今年够用，4月8日以后要看检修。"] * 5, "对话于子期"),
    "a meeting in parts": (
        [f"【{head}】松岭大会4月8日{text}" for head, text in zip("开谈签展闭", NEWS.values(), strict=True)],
        "松岭大会闭幕",
    ),
    "a notice": (
        ["一、报名时间", "3月1日至3月5日。", "二、考试时间", "4月8日上午。", "三、公布时间", "5月1日。"],
        "招聘护士的通知",
    ),
    "a history": ([f"{2011 + n}年3月，{text}" for n, text in enumerate(NEWS.values())], "松岭堆的十年"),
    "nothing": ([], "早报"),
}


@pytest.mark.parametrize("name", DIGESTS)
def test_several_short_items_are_a_digest(name: str) -> None:
    assert is_digest(*DIGESTS[name])


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_is_no_digest(name: str) -> None:
    assert not is_digest(*ARTICLES[name])


@pytest.mark.parametrize("told", [DIGESTS["bracketed"], ARTICLES["a story"]])
def test_the_record_says_whether_it_is_one(told: tuple[list[str], str]) -> None:
    paragraphs, title = told
    page = "\n".join([title, "2024-07-12 08:00 来源：松岭日报", *paragraphs])
    cleaned = clean(
        RawArticle(body=page.encode(), source_id="test", fetched_at=datetime(2024, 8, 1, tzinfo=UTC))
    )
    assert isinstance(cleaned, CleanedArticle)
    assert cleaned.digest is is_digest(paragraphs, title)
