"""The body of a page, whatever markup holds it; and pages that have none."""

# ruff: noqa: E501 - markup is easier to read unbroken
from __future__ import annotations

import json

import pytest

from services.clean.clean import clean
from services.runtime.outcome import Rejected
from tests.unit import clean_pages as pages

BODY = [
    *pages.BODY,
    "配送中心的屋顶装了太阳能板，一年大约可以发电三十万度，足够分装线和办公楼使用，多余的电还能送进电网。",
    "松岭市卫生健康委表示，配送中心投用之后，县级医院不必自己留存药物，按照预约的人数每天早晨领取即可。",
]
MARKED = "".join(f"<p>{text}</p>" for text in BODY)
HEAD = f"<html><head><title>{pages.TITLE}_松岭在线</title></head><body>"
MENU = f'<div class="top"><ul>{pages.MENU}</ul></div>'
FOOT = """<div class="bottom"><p>关于我们 | 联系方式 | 招聘信息 | 版权声明</p><p>松岭日报社主办 松ICP备00000号
地址：松岭市前进路1号，邮编：000000</p></div></body></html>"""


def page(markup: str) -> str:
    return f"{HEAD}{MENU}{markup}<ul>{pages.RELATED}</ul>{FOOT}"


def wrapped(opening: str, closing: str) -> str:
    return "".join(f"{opening}{text}{closing}" for text in BODY)


def state(**content: object) -> str:
    return json.dumps(content, ensure_ascii=False).replace("<", "\\u003c")


WHOLE = {
    "paragraphs beside menus": page(f"<h1>{pages.TITLE}</h1>{MARKED}"),
    "a division each": page(f"<div>{wrapped('<div>', '</div>')}</div>"),
    "divisions within divisions": page(f"<div>{wrapped('<div><div><span>', '</span></div></div>')}</div>"),
    "a section each": page(f"<article>{wrapped('<section><div><p>', '</p></div></section>')}</article>"),
    "line breaks in a cell": page(
        f"<table><tr><td>栏目<br>要闻</td><td><table><tr><td>{'<br><br>'.join(BODY)}</td></tr></table></td></tr></table>"
    ),
    "line breaks in a font": page(
        f"<table><tr><td><font size=3>{'<br>　　'.join(BODY)}</font></td></tr></table>"
    ),
    "as typed": page("<pre>" + "\n\n    ".join(BODY) + "</pre>"),
    "as typed, broken at a width": page(
        "<pre>" + "\n\n".join(f"{text[:30]}\n{text[30:]}" for text in BODY) + "</pre>"
    ),
    "a text area": page(f'<textarea style="display:none">{MARKED.replace("<", "&lt;")}</textarea>'),
    "hidden until a script shows it": page(f'<div style="display:none">{MARKED}</div>'),
    "an item each": page(f"<div><ol>{wrapped('<li>', '</li>')}</ol></div>"),
    "a picture each": page(f"<div>{wrapped('<div><img src=a.jpg><div>', '</div></div>')}</div>"),
    "an advertisement in the middle": page(
        f"<div><p>{BODY[0]}</p><div><a href=/z>某品牌手机限时五折抢购，点击查看详情</a></div>{MARKED.replace(f'<p>{BODY[0]}</p>', '')}</div>"
    ),
    "a pager below": page(
        f"<div>{MARKED}<p><a href=1>上一页</a> <b>1</b> <a href=2>2</a> <a href=2>下一页</a> 共2页</p></div>"
    ),
    "teasers below": page(
        f"<div>{MARKED}<b>更多松岭新闻</b>"
        + "".join(
            f"<p><a href=/{n}>松岭第{n}批项目集中开工</a></p><p>松岭市昨天有{n}个项目开工，总投资比去年...</p>"
            for n in range(5)
        )
        + "</div>"
    ),
    "linked data": f'{HEAD}<div id="app"></div><script type="application/ld+json">{state(articleBody=chr(10).join(BODY))}</script></body></html>',
    "the state of an application": f'{HEAD}<div id="app"></div><script>window.__STATE__={state(detail={"content": MARKED})};</script></body></html>',
    "a table": page(f"<div><table>{wrapped('<tr><td>说明</td><td>', '</td></tr>')}</table></div>").replace(
        "<td>说明</td>", ""
    ),
    "numbers of footnotes": page(
        "<div>" + "".join(f"<p>{text}<sup><a href=#1>[1]</a></sup></p>" for text in BODY) + "</div>"
    ),
    "comments below": page(
        f"<div>{MARKED}<h3>网友评论</h3>"
        + "<p>这个项目真不错，希望早点用上，省得再跑省城，来回折腾，支持一下。</p>" * 3
        + "</div>"
    ),
    "news in the middle": page(
        f"<div><p>{BODY[0]}</p><div><h4>相关新闻</h4><ul><li><a href=1>松岭第二医院扩建门诊楼</a></li></ul></div>{MARKED.replace(f'<p>{BODY[0]}</p>', '')}</div>"
    ),
    "no head and no headings": "<html><body>"
    + "<br>".join([pages.TITLE, "2002年3月5日", *BODY])
    + "</body></html>",
    "names that say other things too": page(
        f'<div class="main side-left"><div class="share-content">{MARKED}</div></div>'
    ),
    "a name that misleads": page(
        f'<div class="page-with-banner"><div class="ql-editor">{MARKED}</div></div>'
    ),
    "the state of an application, paragraph by paragraph": f'{HEAD}<div id="app"></div><script>window.__STATE__={state(blocks=[{"type": "text", "text": text} for text in BODY], more="松岭日报，每天早晨送到您家。")};</script></body></html>',
    "state within a string": f"{HEAD}<div id='app'></div><script>var s='{state(detail={'content': MARKED}).replace(chr(34), chr(92) + chr(34))}';</script></body></html>",
    "a box with a button": page(
        f"<div><p>{BODY[0]}</p><div><span>订阅</span><p>每天早上七点，三分钟看完编辑挑选的新闻。</p><button>立即订阅</button></div>{MARKED.replace(f'<p>{BODY[0]}</p>', '')}</div>"
    ),
    "a weak name beside other text": page(
        f'<div><h1>{pages.TITLE}</h1><p>{BODY[0]}</p><div class="editor">{wrapped("<p>", "</p>").replace(f"<p>{BODY[0]}</p>", "")}</div></div>'
    ),
    "paragraphs without an end": f"{HEAD}<h2>{pages.TITLE}</h2>{wrapped('<p>', '')}</body></html>",
}


@pytest.mark.parametrize("name", WHOLE)
def test_the_whole_body_and_nothing_else(name: str) -> None:
    assert pages.cleaned(WHOLE[name]).body.split("\n") == BODY


def test_a_notice_that_is_a_table_gives_its_rows() -> None:
    rows = [
        "项目名称 配送中心设备采购",
        "项目编号 SL2024-018",
        "中标金额 318万元",
        "中标单位 松岭医疗设备有限公司",
    ]
    rows += [
        "评审专家 何知远、方朵朵、周小棠",
        "公告期限 自本公告发布之日起一个工作日",
        "联系地址 松岭市前进路一号政务大厅二楼",
    ]
    for between in ("</td><td>", "</p></td><td><p>"):
        cells = "".join(f"<tr><td><p>{row.replace(' ', between)}</p></td></tr>" for row in rows)
        assert pages.cleaned(page(f"<div><table>{cells}</table></div>")).body.split("\n") == rows


def test_a_flash_of_one_sentence_is_an_article() -> None:
    flash = "松岭在线3月5日电，松岭市同位素药物配送中心今天上午通过竣工验收。"
    assert pages.cleaned(page(f"<h1>{pages.TITLE}</h1><div><p>{flash}</p></div>")).body == flash


def test_a_recommendation_is_no_article_however_long() -> None:
    flash = "松岭在线3月5日电，松岭市同位素药物配送中心今天上午通过竣工验收。"
    more = "".join(f"<p>{text}</p>" for text in BODY[:2])
    found = pages.cleaned(
        page(f'<h1>{pages.TITLE}</h1><div>{flash}</div><div class="recommend">{more}</div>')
    )
    assert found.body == flash


NOTICES = {
    "cookies": "<div><p>本網站使用 Cookie 改善您的瀏覽體驗，繼續瀏覽即表示您同意。</p><p>This website uses cookies, which help us to understand how visitors use it, and to improve what we show.</p></div>",
    "consent": f'<div class="gdpr-consent"><p>{BODY[0]}</p></div>',
    "privacy": "<div><p>我们更新了隐私政策，请您仔细阅读，继续访问即表示您同意更新后的全部条款，谢谢您的支持与理解。</p></div>",
    "membership": "<div><div><p>成为松岭之友，每年可以参加四次读者见面会，并且在活动现场领取纪念礼品。</p><p>我们把每月的选题、采访手记和照片寄给会员，也欢迎会员推荐值得采访的人。</p></div></div>",
}


@pytest.mark.parametrize("label", ["责任编辑：", "责任编辑：何知远"])
def test_the_way_back_to_the_site_is_cut_off(label: str) -> None:
    found = pages.cleaned(
        page(f"<div>{MARKED.removesuffix('</p>')}返回松岭网，查看更多</p><p>{label}</p></div>")
    )
    assert found.body.split("\n") == BODY
    assert found.editor == (label.partition("：")[2] or None)


def test_a_sentence_about_going_back_stays() -> None:
    text = BODY[-1] + "读者可以返回松岭网，查看更多数据。"
    assert pages.cleaned(page(f"<div>{MARKED}<p>{text}</p></div>")).body.endswith(text)


FAR = "<ul>" + pages.RELATED + "</ul>"


@pytest.mark.parametrize("name", NOTICES)
@pytest.mark.parametrize("first", [True, False])
def test_a_flash_is_found_beside_longer_notices(name: str, *, first: bool) -> None:
    flash = "松岭在线3月5日电，松岭市同位素药物配送中心今天通过验收。"
    body = f"<div><h1>{pages.TITLE}</h1><div><p>{flash}</p></div></div>"
    markup = NOTICES[name] + body if first else body + FAR + NOTICES[name]
    assert pages.cleaned(page(markup)).body == flash


@pytest.mark.parametrize("opening", ["header", "div"])
def test_a_summary_below_the_heading_is_not_the_article(opening: str) -> None:
    head = f"<{opening}><h1>{pages.TITLE}</h1><p>松岭市同位素药物配送中心通过验收，下月开始供药。</p></{opening}>"
    text = "".join(f"<p>{text}</p>" for text in BODY)
    found = pages.cleaned(page(f"{head}<article>{text}</article>"))
    assert found.body.split("\n")[-len(BODY) :] == BODY


@pytest.mark.parametrize("heading", ["网友评论", "为您推荐", "相关新闻"])
def test_a_flash_is_found_beside_longer_lists(heading: str) -> None:
    flash = "松岭在线3月5日电，松岭市同位素药物配送中心今天上午通过竣工验收，下月供药。"
    items = "".join(f"<div><b>网友{n}</b><div>{text}</div></div>" for n, text in enumerate(BODY))
    found = pages.cleaned(
        page(f"<h1>{pages.TITLE}</h1><div>{flash}</div><div><div>{heading}</div>{items}</div>")
    )
    assert found.body == flash


def test_publisher_and_date_above_the_text_are_no_part_of_it() -> None:
    head = "<div><span>松岭发布</span></div><div><em>2024-03-05 10:11</em></div>"
    found = pages.cleaned(page(f"<div>{head}<p>{BODY[0]}{BODY[1]}</p><p>{BODY[2]}</p></div>"))
    assert found.body.split("\n") == [BODY[0] + BODY[1], BODY[2]]


def test_a_flash_is_found_behind_a_list_of_teasers() -> None:
    flash = "松岭在线3月5日电，松岭市同位素药物配送中心今天上午通过竣工验收，下月供药。"
    cards = "".join(
        f"<div><h4><a href=/{n}>松岭第{n}期项目通过验收</a></h4><p>{text}</p></div>"
        for n, text in enumerate(BODY)
    )
    head = f"<h1>{pages.TITLE}</h1><time>2024-03-05 10:11</time>"
    assert (
        pages.cleaned(page(f"<main>{head}<div>{flash}</div></main><section>{cards}</section>")).body == flash
    )


def test_teasers_beside_the_article_are_no_article() -> None:
    beside = "".join(f"<a href=/{n}><p>{text}</p></a>" for n, text in enumerate(BODY * 3))
    found = pages.cleaned(page(f"<div>{MARKED}</div><div>{beside}</div>"))
    assert found.body.split("\n") == BODY


def test_of_a_thread_the_first_post_is_the_article() -> None:
    answers = "".join(f'<div class="t_f" id="postmessage_{n}">{"<br>".join(BODY)}</div>' for n in range(2, 5))
    found = pages.cleaned(
        page(
            f'<table><tr><td class="t_f" id="postmessage_1">{"<br>".join(BODY[:2])}</td></tr></table>{answers}'
        )
    )
    assert found.body.split("\n") == BODY[:2]


def teasers(markup: str) -> str:
    items = [
        markup.format(n=n, text=f"松岭市第{n}期项目昨天通过了验收，负责人介绍，可以服务全市六家医院")
        for n in range(10, 22)
    ]
    return f"{HEAD}{MENU}<div>{''.join(items)}</div>{FOOT}"


NO_ARTICLE = {
    "headline, teaser, more": teasers(
        "<h3><a href=/{n}>松岭第{n}期项目通过验收</a></h3><p>{text}……<a href=/{n}>[详细]</a></p>"
    ),
    "headline and teaser": teasers("<li><a href=/{n}>松岭第{n}期项目通过验收</a><p>{text}</p></li>"),
    "all of it a link": teasers(
        "<div><a href=/{n}><h4>松岭第{n}期项目通过验收</h4><p>{text}。</p></a></div>"
    ),
    "teaser and more": teasers("<td><h3>松岭在线</h3><p>{text}</p><a href=/{n}>VIEW MORE »</a></td>"),
    "long headlines": teasers(
        "<li><a href=/{n}>关于印发松岭市同位素产业发展规划、实施方案（第{n}批）的通知</a><span>2024-03-{n}</span></li>"
    ),
    "a home page": f"{HEAD}{MENU}" + f"<div><h2>要闻</h2><ul>{pages.RELATED}</ul></div>" * 4 + FOOT,
}


@pytest.mark.parametrize("name", NO_ARTICLE)
def test_lists_are_no_articles(name: str) -> None:
    outcome = clean(pages.raw(NO_ARTICLE[name]))
    assert isinstance(outcome, Rejected), outcome.body
    assert outcome.reason == "not_an_article"
