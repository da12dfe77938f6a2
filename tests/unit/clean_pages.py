"""Pages in the markup of real kinds of site, about a town and firms that do not exist."""

# ruff: noqa: E501 - markup is easier to read unbroken
from __future__ import annotations

from datetime import UTC, datetime

from schemas.cleaned import CleanedArticle
from schemas.raw import RawArticle
from services.clean.clean import clean
from services.runtime.outcome import Rejected

FIRST = "松岭市新建的同位素药物配送中心十二日通过竣工验收，预计下月起向全市六家医院供药，四条分装线已经就位。"
SECOND = "负责人何知远介绍，配送中心采用双回路供电，监测数据实时上传，市民做一次检查的等候时间有望从两周缩短到三天。"
THIRD = (
    "按照规划，中心二期将引入一台回旋加速器，项目环评报告书已经提交，尚未获得批复，是否扩大供应范围还要再议。"
)
BODY = [FIRST, SECOND, THIRD]
TITLE = "松岭同位素配送中心通过验收"
MENU = "".join(f'<li><a href="/c{n}/">频道{n}</a></li>' for n in range(40))
RELATED = "".join(
    f'<li><a href="/a{n}.html">某县推进第{n}批老旧小区改造 居民点赞</a><span>2024-01-{n:02}</span></li>'
    for n in range(10, 30)
)
FETCHED = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def paragraphs(opening: str = "<p>", closing: str = "</p>") -> str:
    return "".join(f"{opening}　　{text}{closing}" for text in BODY)


def raw(body: bytes | str, content_type: str | None = None, url: str | None = None) -> RawArticle:
    data = body.encode() if isinstance(body, str) else body
    return RawArticle(body=data, content_type=content_type, source_id="test", fetched_at=FETCHED, url=url)


def cleaned(body: bytes | str, content_type: str | None = None, url: str | None = None) -> CleanedArticle:
    article = clean(raw(body, content_type, url))
    assert not isinstance(article, Rejected), article
    return article


PORTAL = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{TITLE}|松岭|同位素_虚浪财经_虚浪网</title>
<meta property="og:title" content="{TITLE}"><meta property="article:published_time"
content="2024-03-12T18:22:03+08:00"></head><body><div class="nav"><ul>{MENU}</ul></div>
<div class="path"><a>财经</a> &gt; 正文</div><h1 class="main-title">{TITLE}</h1><div class="date-source">
<span class="date">2024年03月12日 18:22</span> <span>来源：松岭日报</span></div><div class="article" id="artibody">
<div class="img_wrapper"><img src="a.jpg"><span class="img_descr">配送中心外景</span></div>{paragraphs()}
<div class="ad-slot"><a href="#">点击领取优惠券，买三千减五百</a></div>
<p class="show_author">责任编辑：周小棠</p></div><div class="recommend"><ul>{RELATED}</ul></div>
<div class="footer">Copyright © 1996-2024 虚浪网 All Rights Reserved</div></body></html>"""

PAPER = f"""<html><head><meta http-equiv="content-type" content="text/html;charset=GB2312"/>
<title>{TITLE}--健康--民众网</title><meta name="publishdate" content="2022-11-30"></head><body>
<div class="path"><a href="/">民众网</a>&gt;&gt;<a href="/">健康</a></div><div class="rm_txt"><h1>{TITLE}</h1>
<div class="author">本报记者 何小满 于子期</div><div class="channel">2022年11月30日08:31 | 来源：<a>民众日报</a></div>
<div class="rm_txt_con">{paragraphs()}<div class="edit">(责编：方朵朵、牛二)</div></div></div>
<ul>{RELATED}</ul></body></html>"""

GOVERNMENT = f"""<html><head><title>{TITLE}_松岭市人民政府</title><meta name="SiteName" content="松岭市人民政府"/>
<meta name="ArticleTitle" content="{TITLE}"/><meta name="PubDate" content="2021-05-06 16:20"/></head><body>
<div class="position">当前位置：<a>首页</a> &gt; <a>政务公开</a></div><div class="pages-title">{TITLE}</div>
<div class="pages-date">2021-05-06 16:20 <span>来源： 市生态环境局</span> 【字体：<a>大</a> <a>中</a> <a>小</a>】</div>
<div id="UCAP-CONTENT"><p>{FIRST}</p><p>{SECOND}</p><table><tr><td>项目</td><td>结果</td></tr>
<tr><td>分装线</td><td>四条，合格</td></tr></table><p>{THIRD}</p></div></body></html>"""

WECHAT = f"""<html><head><meta property="og:title" content="{TITLE}"/>
<meta property="og:site_name" content="微信公众平台"/></head><body><div id="page-content"><h1>{TITLE}</h1>
<div id="meta_content"><a id="js_name">松岭发布</a> <em id="publish_time">2024-01-15 19:30</em></div>
<div id="js_content" style="visibility: hidden; opacity: 0;"><section><p><span>{FIRST}</span></p></section>
<section><p><span>{SECOND}</span></p><p><img data-src="x"/></p>
<p style="text-align:center"><span>配送中心分装线</span></p></section><p><span>{THIRD}</span></p>
<p>来源：松岭市卫生健康委</p><p>编辑：方朵朵</p></div></div></body></html>"""

FORUM = f"""<html><head><title>{TITLE} - 本地杂谈 - 松岭论坛 - Powered by Discuz!</title></head><body>
<div id="nv"><ul>{MENU}</ul></div><h1 class="ts"><a>[杂谈]</a> <span id="thread_subject">{TITLE}</span></h1>
<table class="plhin"><tr><td class="pls"><a>松岭老张</a><p>积分 33</p></td><td class="plc">
<em id="authorposton1">发表于 2020-3-4 21:07:33</em><table><tr><td class="t_f" id="postmessage_1">{FIRST}<br/>
<font class="jammer">q5xk81z</font><br/>{SECOND}<br/><span style="display:none">~ z18kx5q</span><br/>{THIRD}</td></tr>
</table></td></tr></table><table class="plhin"><tr><td class="pls"><a>路人甲</a></td><td class="plc">
<td class="t_f" id="postmessage_2">我觉得这个项目挺好的，希望早点开，省得去省城排队，来回真折腾。</td></td></tr></table>
</body></html>"""

# Tables for layout, fonts for headings, line breaks for paragraphs: the turn of the century.
OLD = f"""<HTML><HEAD><TITLE>松岭晚报电子版</TITLE></HEAD><BODY><TABLE><TR><TD><A href=1.htm>要闻</A><BR>
<A href=2.htm>体育</A></TD><TD><CENTER><FONT size=5><B>{TITLE}</B></FONT></CENTER><BR>
<FONT size=2>2003年9月12日 松岭晚报 记者何小满</FONT><HR><FONT size=3>&nbsp;&nbsp;{FIRST}<BR><BR>&nbsp;{SECOND}<BR>
&nbsp;{THIRD}</FONT><BR><A href=javascript:window.close()>[关闭窗口]</A></TD></TR></TABLE>
<CENTER>松岭晚报社版权所有 未经许可不得转载</CENTER></BODY></HTML>"""

FLATTENED = f"""松岭在线正文

首页 > shms > 松岭在线
{TITLE}
2024年06月25日 14:15 来源:松岭日报 编辑:方朵朵
  {FIRST}
  {SECOND}
  {THIRD}
关注松岭在线微信公众号
"""
