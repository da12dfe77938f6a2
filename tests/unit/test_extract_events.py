"""What a sentence tells: type and status of its events, in words of every kind. All names are invented."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from schemas.cleaned import CleanedArticle, CleaningReport
from schemas.extracted import Event
from services.extract.dates import find_dates
from services.extract.events import Reading, read_events
from services.extract.mentions import Mentions
from services.extract.money import find_money

PUBLISHED = "2025-09-10"


def article(body: str, *, published: str | None = PUBLISHED, title: str | None = None) -> CleanedArticle:
    return CleanedArticle(
        url_id="u",
        article_id="a",
        url=None,
        carrier=None,
        source_id="test",
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        title=title,
        published=published,
        body=body,
        charset="utf-8",
        fingerprint=[],
        report=CleaningReport(),
    )


def read(body: str, *, published: str | None = PUBLISHED) -> Reading:
    mentions = Mentions(
        body=body,
        published=published,
        dates=tuple(find_dates(body, published)),
        money=tuple(find_money(body)),
    )
    return read_events(article(body, published=published), mentions)


def told(events: list[Event]) -> set[str]:
    return {f"{event.type.value} {event.status.value}" for event in events}


OCCURRED = [
    ("9月8日，云泊核药与青棠大学附属医院签署战略合作协议，共建核素诊疗中心。", "agreement_signed"),
    ("双方9日在雁州签订了为期五年的镥-177长期供应合同。", "agreement_signed"),
    ("云泊核药昨天和澄江医药正式签约，携手开发靶向核药。", "agreement_signed"),
    ("澄江医药近日与海外药企达成独家许可协议，首付款3000万美元。", "agreement_signed"),
    ("9月6日，雁州市政府同云泊核药签下投资框架协议。", "agreement_signed"),
    ("青棠大学附属医院核医学中心9月1日正式启用。", "facility_opened"),
    ("9月3日，雁州核医学诊疗中心揭牌。", "facility_opened"),
    ("云泊核药位于雁州的同位素生产基地8日投产。", "facility_opened"),
    ("全省首个核素病房昨日开诊，首批收治六名患者。", "facility_opened"),
    ("雁州放射性药物配送中心已于8月底投入运营。", "facility_opened"),
    ("9月5日上午，青棠医用同位素产业园二期工程破土动工。", "construction_milestone"),
    ("历经十个月建设，雁州核医疗大楼主体结构顺利封顶。", "construction_milestone"),
    ("青棠质子治疗中心奠基仪式9月2日举行。", "construction_milestone"),
    ("9月7日，回旋加速器主机吊装就位，机房建设进入新阶段。", "construction_milestone"),
    ("云泊核药自研药物YB-201的II期临床试验8月29日完成首例受试者给药。", "trial_milestone"),
    ("9月4日，YB-105注射液在青棠大学附属医院实现首例患者入组。", "trial_milestone"),
    ("YB-201的III期临床研究8月完成全部患者入组。", "trial_milestone"),
    ("云泊核药宣布已启动YB-308的I期临床试验。", "trial_milestone"),
    ("9月9日，国家药监局批准云泊核药的镓[68Ga]澄肽注射液上市。", "approval_granted"),
    ("云泊核药YB-105的临床试验申请9月5日获批准。", "approval_granted"),
    ("医院上周取得了甲级辐射安全许可证。", "approval_granted"),
    ("省生态环境厅8月28日向雁州市第一医院颁发辐射安全许可证。", "approval_granted"),
    ("公司9月1日收到国家药监局核准签发的《药品注册证书》。", "approval_granted"),
    ("YB-201获美国FDA授予孤儿药资格认定。", "approval_granted"),
    ("9月8日，总规模20亿元的雁州核医疗产业基金正式成立。", "fund_established"),
    ("雁州市近日设立首支10亿元同位素产业引导基金。", "fund_established"),
    ("云泊核药9日宣布完成3.5亿元C轮融资，由北麓资本领投。", "investment"),
    ("澄江医药8月以1.8亿元收购云泊核药12%股权。", "investment"),
    ("9月2日，云泊核药与雁州国投共同出资设立合资公司，主攻医用同位素。", "company_founded"),
    ("雁州云泊同位素有限公司8月20日注册成立。", "company_founded"),
    ("第四届雁州核医学论坛9月6日在雁州召开。", "conference_held"),
    ("9月5日，2025青棠同位素产业大会开幕。", "conference_held"),
    ("雁州市人民政府9月1日印发《雁州市核医疗产业发展三年行动计划》。", "policy_issued"),
    ("省卫生健康委等五部门日前联合出台《关于促进核医学科建设的若干措施》。", "policy_issued"),
    ("9月9日，云泊核药聘任李霁云为首席执行官。", "personnel_change"),
    ("青棠大学附属医院核医学科主任江以南当选新一届主任委员。", "personnel_change"),
    ("云泊核药9月8日向港交所递交招股书。", "listing_filing"),
    ("雁州市中医院PET/CT采购项目9月4日开标，澄影医疗以1680万元中标。", "procurement"),
    ("9月3日，澄影医疗收到雁州市第一医院发出的中标通知书。", "procurement"),
    ("9月1日，雁州一家检测公司丢失一枚铱-192放射源。", "safety_incident"),
    ("8月30日，青棠一实验室发生放射性废液泄漏，现场已控制。", "safety_incident"),
    ("9月8日，首批国产钼-99产品发货，送往三家医院。", "product_launched"),
    ("研究团队9月2日在期刊上发表了镥-177治疗的研究结果。", "research_result"),
    ("雁州研究堆日前成功制备出高纯度的医用同位素锕-225。", "research_result"),
]

NOT_YET = [
    ("云泊核药与雁州市政府计划年底前签署合作协议。", "agreement_signed planned"),
    ("双方将尽快签订正式合同。", "agreement_signed planned"),
    ("雁州核医疗中心预计2026年6月投入使用。", "facility_opened planned"),
    ("项目力争明年3月开工，2028年建成投产。", "construction_milestone planned"),
    ("云泊核药拟于明年一季度启动YB-308的I期临床试验。", "trial_milestone planned"),
    ("YB-201有望在2027年获批上市。", "approval_granted forecast"),
    ("公司预计明年上半年获得YB-105的临床批件。", "approval_granted forecast"),
    ("雁州市拟设立规模50亿元的核医疗产业基金。", "fund_established planned"),
    ("第五届论坛定于2026年5月在青棠举行。", "conference_held planned"),
    ("青棠同位素生产基地正在建设，设备陆续进场。", "construction_milestone in_progress"),
    ("YB-201目前处于II期临床研究阶段。", "trial_milestone in_progress"),
    ("到2030年，全省要建成三个医用同位素生产基地。", "facility_opened goal"),
    ("早在2019年5月，云泊核药就与青棠大学签订过合作协议。", "agreement_signed retrospective"),
    ("雁州研究堆2012年建成投运。", "facility_opened retrospective"),
    ("2021年，公司完成1.2亿元A轮融资。", "investment retrospective"),
    ("2016年，雁州曾丢失过一枚铯-137放射源。", "safety_incident retrospective"),
]

NEVER = [
    "云泊核药与澄江医药尚未签署任何协议。",
    "双方从未签订过供货合同。",
    "因价格分歧，双方终止了合作协议的谈判。",
    "该产品目前还没有获批上市。",
    "YB-201的上市申请未获批准。",
    "国家药监局对该申请作出不予批准的决定。",
    "如果顺利签约，项目将带来五百个岗位。",
    "一旦获批，产品将填补国内空白。",
    "网传雁州一医院发生放射源泄漏，官方回应称系谣言。",
    "针对公司被收购的传闻，云泊核药予以否认。",
    "演练模拟一枚铱-192放射源丢失，两名工人受到照射。",
    "按照演练脚本，核医学科发生碘-131泄漏。",
    "YB-105能否获批仍是未知数。",
    "公司何时递交招股书？目前没有时间表。",
    "原定上月开工的二期工程被按下暂停键。",
    "雁州基金至今没有完成备案。",
    "该项目因投标单位少于三家而流标。",
    "医院暂无启用新病房的打算。",
    "雁州项目的签约时间待定。",
    "云泊核药与两家海外厂商就签约事宜进行谈判。",
    "公司暂缓设立区域核药房。",
    "据传，该公司已与跨国药企签署授权协议，消息未获证实。",
    "云泊核药撤回了上市申请。",
    "若年底前未能获批，双方任一方可解除合同。",
    "没有发生放射性物质泄漏，周边环境正常。",
    "签约仪式因故取消。",
]


@pytest.mark.parametrize(("body", "kind"), OCCURRED)
def test_what_happened_is_told_as_occurred(body: str, kind: str) -> None:
    assert f"{kind} occurred" in told(read(body).events)


@pytest.mark.parametrize(("body", "expected"), NOT_YET)
def test_plans_forecasts_goals_and_history_keep_their_status(body: str, expected: str) -> None:
    events = read(body).events
    assert expected in told(events)
    assert not any(event.status.value == "occurred" for event in events)


@pytest.mark.parametrize("body", NEVER)
def test_what_did_not_happen_never_counts_as_occurred(body: str) -> None:
    assert not {x for x in told(read(body).events) if x.endswith(("occurred", "retrospective"))}
