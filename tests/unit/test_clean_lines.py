"""The lines of a page by their wording."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.clean.sorting.captions import is_caption
from services.clean.sorting.chrome import furniture_of
from services.clean.sorting.credits import credit_kind
from services.clean.sorting.hints import LONGEST, hints
from tests.unit import clean_pages as pages

MANY = 8  # kinds, of more than twenty
CHROME = yaml.safe_load(Path("services/clean/data/chrome.yaml").read_text(encoding="utf-8"))
PATTERNS = [(kind, pattern) for kind, entry in CHROME.items() for pattern in entry["patterns"]]
FURNITURE = [
    "您当前的位置：首页 > 松岭要闻 > 民生 > 松岭同位素配送中心十二日通过竣工验收，四条分装线已经就位。",
    "欢迎关注松岭市同位素药物配送中心和六家医院共同开办的松岭核医学微信公众号，第一时间了解最新进展。",
    "凡本网注明来源为松岭日报的所有作品，均为本网合法拥有版权或有权使用的作品，其他媒体转载须保留出处。",
    "转载其他媒体的稿件目的在于传递更多信息，并不意味着赞同其观点，也不意味着已经证实其中所说的内容。",
    "如果本文涉及作品版权问题，请您在三十日之内与我们联系，我们将在核实之后的第一时间进行删除处理。",
    "文中所述内容仅代表作者个人观点，与松岭在线无关，其原创性以及文中陈述的文字和内容未经本站证实。",
    "以上内容仅供参考，不构成任何投资建议，投资者据此操作所产生的风险由自己承担，请读者自行核实有关内容。",
    "松岭日报社的全部文字和图片未经书面授权任何单位和个人不得以任何方式转载，违者将依法追究其法律责任。",
    "Copyright 2024 Songling Daily, all contents are protected by law and may not be copied in any way.",
    "松岭日报社主办并且享有全部内容的权利，版权所有，任何其他的网站以及个人使用时都必须写明出自何处。",
    "违法和不良信息举报受理邮箱和传真号码请见网页底部，我们会在收到之后的两个工作日之内答复每一位举报人。",
    "相关阅读：松岭市重点项目集中开工，十二家企业当天入驻园区，总投资超过三十亿元，预计两年之内全部建成。",
    "推广：即日起到店办理会员可以享受折上折的优惠，更有多重好礼等着你来拿，数量有限，先到的顾客先得到。",
]
CAPTIONS = ["图为松岭市同位素药物配送中心的工作人员在四条分装线之前查看设备，准备当天送往六家医院的药品。"]
CREDITS = [
    "责任编辑：周小棠，审核：方朵朵，校对：何小满，监制：于子期，统筹：牛二，终审：何知远，制作：方小朵。"
]


@pytest.mark.parametrize("line", FURNITURE)
def test_long_furniture_is_told_too(line: str) -> None:
    assert furniture_of(line)


@pytest.mark.parametrize("line", CAPTIONS)
def test_long_captions_are_told_too(line: str) -> None:
    assert "caption" in hints(line)
    assert is_caption(line)


@pytest.mark.parametrize("line", CREDITS)
def test_long_credits_are_told_too(line: str) -> None:
    assert "credit" in hints(line)
    assert credit_kind(line)


@pytest.mark.parametrize("line", pages.BODY)
def test_a_sentence_without_cues_is_held_against_nothing(line: str) -> None:
    plain = line.replace("图", "").replace("完", "")
    assert len(hints(plain)) < MANY
    assert furniture_of(line) is None


@pytest.mark.parametrize(("kind", "pattern"), PATTERNS)
@settings(
    max_examples=3,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_no_cue_is_missing(kind: str, pattern: str, data: st.DataObject) -> None:
    line = data.draw(st.from_regex(pattern, fullmatch=True).filter(lambda text: 0 < len(text) < LONGEST))
    assert kind in hints(line)
