"""Ordinary text for property tests: honest paragraphs full of what looks like noise and is none.

Every strategy draws a text of several lines. The firms and people in it do not exist.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

SIMPLIFIED = [
    "溪岚核药股份有限公司4月5日宣布，镥-177注射液的Ⅲ期临床试验（CTR20310088）完成首例患者给药。",
    "检查用了CT(ct)、PET/CT和SPECT，报告做了态势(SWOT)分析，剂量<5 mGy，p<0.05，n>30。",
    "他姓尉迟(yùchí)，同事里还有亓(qí)先生、逄(páng)女士，单(shàn)县人，都爱吃粑粑(bābā)。",
    "乾隆年间的著作《溪岚志》很著名，藉此可知当地的头发、皇后与么么小事，后人反覆考证，瞭望塔至今还在。",
    "为什么?因为A座地下要做防护。多少钱?土建加设备,一共3860万元。座位还有吗??",
    "“的(de)”“地(de)”“得(de)”怎么用？“着(zhe)”“了(le)”“过(guo)”又怎么用？",
    "六(lù)安、蚌(bèng)埠、亳(bó)州和枞(zōng)阳的主任们到了，朱镕基、毕昇的名字没有写错。",
    "设x<y>z，数组a[i]、向量<a,b>，函数f(x)=kx+b；速度(v)、压强(p)和体积(V)各是多少？",
    "登录网址www.xilan.example，邮箱 a_b-c@xilan.example，电话0830-8888888转801，编号ab12cd34ef。",
    "R&D投入同比增长12.5%，AT&T、M&A与Q&A都写对了；表格：<5岁|5-10岁|>10岁。",
    "曱甴(yuē yóu)一词少见；钠(nà)、镁(měi)、铝(lǚ)、硅(guī)各有用处。",
    "著名的乱码“锟斤拷锟斤拷”和“烫烫烫烫烫烫烫”由此而来，“�”是它的前身。",
    "水烫烫的，汤也烫烫烫！屯屯屯是一个地名。",
    "一、项目概况\n二、采购需求：详见附件1.docx\n（一）资格条件\n① 具备辐射安全许可证；",
    "α受体、β射线、γ相机、Δ值与Ω；℃、㎡、㎎、‰、Ⅳ、①、★、※、→、〓。",
]
LESSONS = [
    "生词\n医生(yīshēng) doctor\n学校(xuéxiào) school\n老师(lǎoshī) teacher\n朋友(péngyou)\n我的朋友是医生。",
    "床(chuáng)前(qián)明(míng)月(yuè)光(guāng)，疑(yí)是(shì)地(dì)上(shàng)霜(shuāng)。",
    "读准：即使(jíshǐ)、处理(chǔlǐ)、潜力(qiánlì)、比较(bǐjiào)、质量(zhìliàng)、教室(jiàoshì)。",
    "注音正确的是：A.攒(cuán)射 B.剽(piāo)悍 C.亢(kàng)奋 D.恬(tián)静 E.渺(miǎo)茫 F.落(luò)第",
    "【忐】（tǎn）心里不安。\n【忑】（tè）见“忐忑”。\n【医】（yī）治病的人。\n【学】（xué）求知。\n【核】（hé）果实的心。",
    "暹罗（Xiānluó），泰国的旧称。鬣（liè），颈上的长毛。檩（lǐn），屋上的横木。",
]
TAIWANESE = [
    "溪嵐榮民總醫院核子醫學部主任賀知遠表示，鎦-177治療今年可望納入健保，病人每次可省下約三十萬元。",
    "「行」字讀作(ㄒㄧㄥˊ)或(ㄏㄤˊ)，「樂」讀(ㄌㄜˋ)、(ㄩㄝˋ)，單(shàn)縣人都懂。",
    "臺北市衛生局說，這項計畫將與國際接軌，著重品質，藉由資訊系統追蹤；隨著疫情趨緩，門診量回升。",
    "為什麼?因為線上掛號只開放到17:30。還有名額嗎??他問。",
]
HONG_KONG = [
    "溪嵐醫療集團喺將軍澳設立嘅同位素中心，預計今年內啟用；集團主席話，佢哋會同大學合作。",
    "衞生署發言人表示，有關裝置已按《輻射條例》(第303章)領牌，着市民毋須擔心。",
    "公司股價收報12.3元，升5.2%；首季盈利1.2億港元，按年多三成，派息每股0.1元(去年：無)。",
]
ENGLISH = [
    "Kestrel Isotopes said that its Lu-177 drug (KI-107) met the primary endpoint (p<0.001; n=831).",
    "“It’s early days,” said Ms O’Neill—the firm’s CFO—adding that R&D costs fell 3% to €12.5m.",
    "Is that all? Yes: see https://kestrel.example/a?b=1&c=2 or mail ir@kestrel.example. Why not??",
    "The café’s naïve façade, a São Paulo señor, «CAFÉ», Ångström, Þórr and Dvořák: all spelled right.",
]
JAPANESE = [
    "渓嵐大学病院は、新しい放射線治療装置を導入し、多くの患者が治療を受けていると発表した。",
    "東京(とうきょう)の会社が、ルテチウム-177の製造を始める。体温(たいおん)は37.5℃だった。",
    "「本当ですか?」と記者が尋ねると、社長の齋藤さんは「はい」と答えた。",
]


def texts(*banks: Sequence[str]) -> st.SearchStrategy[str]:
    """Return a strategy of texts of one to six paragraphs, each of one to three passages of the banks."""
    passages = st.sampled_from([passage for bank in banks for passage in bank])
    paragraphs = st.lists(passages, min_size=1, max_size=3).map("".join)
    return st.lists(paragraphs, min_size=1, max_size=6).map("\n".join)
