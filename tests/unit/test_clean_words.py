"""Lines that no markup tells: what is furniture by its words, and what only sounds like it."""

from __future__ import annotations

import pytest

from services.clean.sorting.captions import is_caption, shown
from services.clean.sorting.chrome import furniture_of
from services.clean.sorting.credits import credit_kind
from services.clean.sorting.lines import Role
from services.clean.sorting.sorting import sort_lines

FURNITURE = {
    "breadcrumb": ["您现在的位置：首页 > 要闻 > 正文", "首页 >> 新闻中心 >> 部门动态"],
    "follow_us": [
        "扫一扫，关注松岭发布微信公众号",
        "喜欢就点个“在看”吧",
        "点击上方蓝字，关注我们",
        "《松岭》关心您>>加入粉丝团",
        "更多精彩，尽在松岭新闻App",
        "不用抽、不用抢 现在用APP看新闻 保证天天有奖 点我下载APP",
    ],
    "copyright": [
        "网友评论仅供其表达个人看法，并不表明松岭网同意其观点或证实其描述。",
        "声明：该文观点仅代表作者本人，松岭号系信息发布平台，松岭网仅提供信息存储空间服务。",
        "特别声明：以上内容为松岭号作者上传并发布，不代表本平台的观点，如有侵权请与我们联系。",
        "松岭网登载此文出于传递更多信息之目的，并不意味着赞同其观点。",
        "文章内容仅供参考，不构成投资建议。投资者据此操作，风险自担。",
        "本文由AI辅助生成",
    ],
    "related_header": [
        "精彩视频推荐",
        "为你推荐",
        "小编推荐",
        "看了又看",
        "近期文章",
        "更多《社会》新闻",
        "相关专题",
        "延伸阅读：",
    ],
    "related": [
        "返回松岭，查看更多",
        "请继续往下阅读...",
        "展开全文",
        "点击进入专题",
        "更多新闻请关注松岭在线",
        "#核医学# #同位素 #松岭",
        "上一篇：松岭大桥合龙",
        "上一篇文章与下一篇文章",
        "下一篇 松岭图书馆延长开放时间",
    ],
    "share": [
        "【打印本页】【关闭窗口】",
        "【打印】【顶部】【关闭】",
        "[我要纠错] [收藏] [打印]",
        "【字体：大 中 小】",
        "【大】【中】【小】 【打印】",
        "分享此文：",
        "分享文章到",
        "打印本页 | 关闭窗口",
        "收藏本文 关闭窗口 返回列表页",
        "我要纠错",
        "正在加载...",
    ],
    "promotion": ["秋装上新满三百减四十，点此领券", "广告", "[广告]家中旧手机高价回收"],
    "page_number": ["上一页 1 2 3 下一页", "[1] [2] [3] 下一页", "（共3页）", "(1/3)"],
    "separator": ["（完）", "(完)", "【完】", "—— END ——", "（未完待续）", "* * *"],
    "player": [
        "00:00/02:13",
        "倍速 高清 全屏",
        "抱歉，您的浏览器版本过低，请升级后观看",
        "播放 1.8万",
        "图集+1",
        "+1",
    ],
    "forum": [
        "2026-8-1 09:12 上传",
        "下载附件 (82.4 KB)",
        "IMG_2041.jpg (120.5 KB, 下载次数: 3)",
        "主题 12 帖子 340 积分 1280",
        "只看该作者 沙发",
        "登录后可查看大图",
    ],
    "author_note": [
        "作者简介：牛二，松岭大学核科学系教授，著有《慢中子》。",
        "（作者系松岭大学核科学系教授）",
    ],
    "comments": [
        "2025-12-10 07:15 · 回复",
        "3小时前 来自松岭 回复 赞(2)",
        "松岭网友 [东岸市]：",
        "IP属地：松岭",
        "赞(3) 回复",
    ],
    "post_header": [
        "豆浆不加糖 发表于 2025-12-10 07:15",
        "3楼 老松岭 2025-12-10 07:15",
        "tea at four says:",
        "夜行的鹿 说道： 2026-03-16 10:49",
    ],
    "comments_header": [
        "《松岭的夜》有7条评论",
        "发表回复",
        "4 Responses to “A Night at the Reactor”",
        "网友评论(12)",
        "发表评论",
        "最新评论",
        "全部评论",
    ],
    "headline": ["松岭大桥合龙 2024-07-01", "松岭图书馆延长开放时间 07-02", "[07-03] 松岭水质连续九个月达标"],
    "references_header": ["参考资料", "参考文献："],
    "navigation": [
        "投稿 ┊ 国际 ┊ 博客 ┊ 松岭 ┊ 天气 ┊ 乡愁 ┊ 登录 ┊ 溪岸",
        "首页 新闻 财经 健康 教育 更多",
        "要闻 返回首页 打印本页 分享到微信",
    ],
}
SENTENCES = [
    "松岭市民越来越关注身边的微信公众号，不少医院把预约挂号也放了上去。",
    "他把这条消息分享到朋友圈，当晚就有三百人转发。",
    "版权纠纷案一审宣判，法院认定该平台侵权，判其删除作品并赔偿两万元。",
    "老人不会用打印机，护士替他打印了检查报告，又教他怎样关闭窗口。",
    "这条消息发出以后，有三百条评论问到停车。",
    "他写道：2024年是难忘的一年。",
    "对这项规定，网友评论不一，有人叫好，有人担心费用。",
    "关注该公众号的患者已有三万人。",
    "市民可以扫码预约，也可以拨打医院的电话。",
    "记者点击进入该网站时，页面已经关闭。",
    "专家提醒，登录后可查看自己三年来的全部剂量记录。",
    "该公司为医院提供信息存储服务，每年收费八万元。",
    "这段视频由人工智能生成，警方已对发布者立案。",
    "作者系统地回顾了放射性药物四十年的历史。",
    "他说，上一篇论文写了八年，下一篇不知道还要多久。",
    "第一批患者共12人，分为3组。",
    "活动当天，主办方登记的上传作品共有2000余件。",
    "广告语写得再好，也要先把药送到病人手里。",
    "推荐给患者的方案有三种，费用相差不大。",
    "相关阅读材料已经发到每位家属手里。",
    "项目最新动态由指挥部每周公布一次。",
    "（一）完善供应体系。",
    "七、所附照片由鉴定公司拍摄，仅供参考，买受人应自行前往查看现况。",
    "位置：新院区地下一层，离地铁站五分钟，停车方便。",
    "你的位置在队伍最后，要等两个小时。",
    "△松岭市颁布运输办法。办法规定，配送车从七月一日起可以借用公交车道。",
    "▲通知家属。一旦日期定下来，医院会打电话，请保持畅通。",
    "市委书记关心您的出行，更关心您的健康。",
    "网友在评论区说，回复他的人有三百多个。",
    "这篇论文发表于2024年，三年间被引用两百次。",
    "参考文献的格式各家期刊不同，编辑为此头疼不已。",
]
SUBHEADINGS = [
    "打开手机就能挂号",
    "市民可下载手机程序查询结果",
    "为青春点赞",
    "记者调查：药从哪里来",
    "记者观察",
    "分享会上的三个问题",
    "返回舱里的第一份样品",
    "关闭二十年后重启",
    "推荐理由",
    "收藏热背后",
    "08:30 第一趟配送车出发",
    "10:15",
    "【中国方案】",
    "[小城故事]",
    "（大河两岸）",
    "作者的话",
    "更多患者等得起吗",
    "第1步",
    "松岭一院 松岭二院 东岸县医院 西岸县医院 首页公司 青禾精机 白石药业 溪岸物流",
    "3楼 核医学科",
    "支持与反对",
    "昨天和今天",
    "一、项目概况",
]


@pytest.mark.parametrize(("kind", "line"), [(kind, line) for kind, of in FURNITURE.items() for line in of])
def test_furniture_is_told_by_its_words(kind: str, line: str) -> None:
    found = furniture_of(line)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize("line", [*SENTENCES, *SUBHEADINGS])
def test_what_an_article_says_is_no_furniture(line: str) -> None:
    assert furniture_of(line) is None
    assert credit_kind(line) is None
    assert not is_caption(line)


@pytest.mark.parametrize(
    "line",
    [
        "本报记者 牛二",
        "松岭晚报记者 牛二 方朵朵 通讯员 于子期",
        "■本报记者 牛二 方朵朵 松岭报道",
        "首席记者 牛二 见习记者 方朵朵",
        "（本报记者 牛二）",
        "松岭经济观察记者 牛二 方朵朵",
    ],
)
def test_a_line_of_names_is_a_byline(line: str) -> None:
    assert credit_kind(line) == "byline"


def test_calls_to_scan_are_no_captions() -> None:
    told = "松岭配送中心的分装线。牛二 摄"
    assert shown([told, "长按识别二维码，订阅松岭早报", "喜欢就点个“在看”吧", told]) == [told]


PARAGRAPH = (
    "松岭市同位素药物配送中心7月12日通过竣工验收，四条分装线每天可以配制三百份药品，"
    "供给市内六家医院和邻近的两个县，夜里也有人值班。"
)
SECOND = (
    "中心主任于子期说，最远的一家医院在九十公里以外，配送车每天清晨五点出发，"
    "七点以前必须送到，路上若是堵了车，药就只剩一半，所以每条路都备着另一条。"
)
TEXT = ["配送中心的一天", "2024-07-12 08:00 来源：松岭日报", PARAGRAPH, SECOND]


def body_of(*tail: str) -> list[str]:
    return sort_lines([*TEXT, *tail], flattened=True).body


def test_what_stands_below_the_sources_is_no_article() -> None:
    assert body_of("参考资料", "1. 松岭市志（第三卷）", "2. 松岭日报，2024年7月") == TEXT[2:]


def test_a_short_last_paragraph_stays() -> None:
    last = "“我会再来的。”他说。"
    assert body_of(last, "（完）") == [*TEXT[2:], last]


def test_the_mark_of_the_end_is_noise() -> None:
    marks = [line for line in sort_lines([*TEXT, "（完）"]).lines if line.text == "（完）"]
    assert [mark.role for mark in marks] == [Role.NOISE]


COMMENTS = {
    "name, text, row": ["老松岭", "说句实在话，每年都有。", "2025-12-10 07:15 · 回复"],
    "name, row, text": ["老松岭", "2025-12-10 07:15 回复(2)", "说句实在话，每年都有。"],
    "name, text, time": ["老松岭", "说句实在话，每年都有。", "2025-12-10 07:15"],
    "row with name, text": ["老松岭 发表于 2025-12-10 07:15", "说句实在话，每年都有。"],
}


@pytest.mark.parametrize("form", COMMENTS)
@pytest.mark.parametrize("flattened", [True, False])
def test_comments_are_told_by_their_rows(form: str, flattened: bool) -> None:
    article = TEXT if flattened else TEXT[2:]
    last = "“我会再来的。”他说。"
    rows = [
        line.replace("老松岭", name) for name in ("老松岭", "夜行的鹿", "小站") for line in COMMENTS[form]
    ]
    assert sort_lines([*article, last, *rows], flattened=flattened).body == [*TEXT[2:], last]


def test_one_row_makes_no_comments() -> None:
    told = ["这篇文章当年就登过。", "牛二 发表于 2015-12-10 07:15", SECOND]
    assert sort_lines([PARAGRAPH, *told], flattened=False).body == [PARAGRAPH, *told]


def test_a_shuffled_paragraph_is_dropped_and_a_row_with_the_same_digits_stays() -> None:
    shuffled = PARAGRAPH[20:-1] + PARAGRAPH[:20] + "。"
    rows = ["松岭一院 2024年 120 345", "松岭一院 2024年 210 453", "松岭二院 2024年 120 345"]
    assert sort_lines([PARAGRAPH, *rows, shuffled], flattened=False).body == [PARAGRAPH, *rows]


def test_the_heading_that_repeats_the_title_begins_the_article() -> None:
    menu = ["要闻", "松岭溪", "地址：松岭路18号", "乘车路线：乘12路到双塔站下车，步行三百米即到。"]
    page = ["[视频]配送中心的一天 - 民生 - 松岭网", *menu, *TEXT]
    lines = sort_lines(page)
    assert lines.body == TEXT[2:]
    assert lines.metadata("title") == [TEXT[0]]


def test_a_title_below_the_article_begins_nothing() -> None:
    assert sort_lines([*TEXT, TEXT[0]]).body[:2] == TEXT[2:]


HEADLINES = ["松岭大桥合龙 2024-07-01", "松岭图书馆延长开放时间 2024-07-02", "松岭水质达标 2024-07-03"]


def test_a_list_of_headlines_is_no_article() -> None:
    assert sort_lines([TEXT[0], *TEXT[1:], *HEADLINES]).body == TEXT[2:]
    assert sort_lines([PARAGRAPH, HEADLINES[0], SECOND]).body == [PARAGRAPH, HEADLINES[0], SECOND]
    assert sort_lines([PARAGRAPH, *HEADLINES], flattened=False).body == [PARAGRAPH, *HEADLINES]


def test_times_alone_make_a_chronicle() -> None:
    chronicle = ["2024-07-12 08:00", "第一辆配送车出发，车上是两家医院的药。"] * 3
    chronicle[3] = "第二辆配送车出发，走另一条路，要绕过大桥。"
    chronicle[5] = "两辆车都到了，护士长在门口签收，一份不少。"
    assert sort_lines([PARAGRAPH, *chronicle], flattened=False).body == [PARAGRAPH, *chronicle]


def test_a_header_in_the_menu_takes_nothing_of_the_article() -> None:
    short = "市里说，配送车今后可以走公交车道。"
    assert sort_lines(["相关专题", "松岭溪", TEXT[0], TEXT[1], short]).body == [short]
