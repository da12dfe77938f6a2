"""Tell the sentences of an article at a glance, so that most lines need not be held against every pattern."""

from __future__ import annotations

import re

MIN_PROSE = 40
# The longest line that any pattern of `data/chrome.yaml` looks at, and a little more.
MAX_LOOKED_AT = 420
SENTENCE_END = ("。", "！", "？", "”", "；", ".", "!", "?")
# A sentence that bears none of these is no furniture, no credit and no caption. They are the words and signs
# without which no pattern of chrome.yaml, of `credits` and of `captions` matches a line that ends like a sentence;
# a test holds that they are complete.
SIGNS = re.compile("[>＞»›→|｜丨△▲▼▽↑⬆★※*©✎=_℃图圖摄攝扫掃]")
LABEL = re.compile("[^:：/／，,。“]{0,24}[:：/／]")
# Every one begins with a plain character: so the search runs from one possible beginning to the next.
WORDS = re.compile(
    "位置|页面|首页|主页|主营|欢迎您|Home|Copyright|COPYRIGHT|rights|Rights|republication|Related|Read more|See also|"
    "More on|Recommended|Tag|Share|Print|Email|Tweet|Comment|Follow|Subscribe|Sign up|Join our|Download|AD|Ad|"
    "Sponsored|By |http|www|关注|订阅|添加|公众|微信|微博|客户端|二维码|长按|识别|蓝字|名片|卡片|在看|点赞|加入|下载|"
    "本网|本站|本报|本刊|本平台|本公众号|注明|标注|标有|标签|转载|转发|凡属|署名|作品|版权|侵权|侵犯|著作权|知识产权|不代表|仅代表|只代表|仅供|"
    "不构成|请自行|自行核实|未经|禁止|谢绝|备案|ICP|举报|免责|声明|分享|阅读|查看|点击|浏览|访问|人气|热度|登录|编辑|"
    "相关|延伸|推荐|热门|往期|更多|友情|原文|链接|关键|话题|广告|推广|赞助|特约|软文|评论|跟帖|跟贴|留言|"
    "文明上网|照片|今天是|现在是|当前|星期|气温|天气|电话|热线|编审|编校"
)


def is_prose(line: str) -> bool:
    """Tell whether a line can only be a part of the article, whatever stands around it."""
    if len(line) > MAX_LOOKED_AT:
        return True
    if len(line) < MIN_PROSE or not line.endswith(SENTENCE_END):
        return False
    return not (LABEL.match(line) or SIGNS.search(line) or WORDS.search(line))
