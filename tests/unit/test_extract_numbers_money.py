from __future__ import annotations

import pytest

from schemas.extracted import MoneyRole
from services.extract.money import find_money, home_currency
from services.extract.numbers import parse_number
from services.extract.quantities import find_quantities


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,286", 1286),
        ("6.8亿", 680_000_000),
        ("三百二十", 320),
        ("百亿", 10_000_000_000),
        ("两千", 2000),
        ("一亿两千万", 120_000_000),
        ("二〇二五", 2025),
        ("1.5万", 15_000),
        ("不少", None),
    ],
)
def test_numbers_are_read_as_written(text: str, value: float | None) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize(
    ("text", "cny", "hedge"),
    [
        ("项目总投资约7.3亿元。", 730_000_000, "约"),
        ("去年营收8200余万元。", 82_000_000, "余"),
        ("每间造价在60万至95万元之间。", (600_000, 950_000), None),
        ("补贴10-20万元。", (100_000, 200_000), None),
        ("规模不足百亿元。", 10_000_000_000, "不足"),
        ("募得三千二百万元。", 32_000_000, None),
        ("单价4200元。", 4200, None),
        ("人民币1.6亿元。", 160_000_000, None),
    ],
)
def test_yuan_with_range_and_hedge(text: str, cny: float | tuple[float, float], hedge: str | None) -> None:
    (money,) = find_money(text)
    assert (money.cny, money.hedge, money.currency) == (cny, hedge, None)
    assert text[money.start : money.end] == money.text


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("拟发行1.2亿港元债券", "HKD", 120_000_000),
        ("首付款2600万美元首批到账", "USD", 26_000_000),
        ("耗资7000万欧元", "EUR", 70_000_000),
        ("新台币3亿元", "TWD", 300_000_000),
        ("3亿元新台币", "TWD", 300_000_000),
        ("raised US$85 million in a round", "USD", 85_000_000),
        ("about 40 million euros", "EUR", 40_000_000),
    ],
)
def test_other_currencies(text: str, currency: str, amount: float) -> None:
    (money,) = find_money(text)
    assert (money.cny, money.currency, money.amount) == (None, currency, amount)


@pytest.mark.parametrize(
    "text",
    [
        "收治患者410余人次",
        "共12家企业",
        "产能提升4倍",
        "明年元月",
        "上千万元的设备",
        "12元素",
        "300余例",
        "数亿元",
    ],
)
def test_what_is_no_amount(text: str) -> None:
    assert find_money(text) == []


def test_the_page_tells_its_home_currency() -> None:
    assert home_currency("病房民国113年动工，健保署回应") == "TWD"
    assert home_currency("本港私家医院") == "HKD"
    assert home_currency("云苍市人民医院") == "CNY"
    (money,) = find_money("每针大约70万元，健保署尚未给付")
    assert (money.currency, money.amount) == ("TWD", 700_000)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("项目总投资5.2亿元", MoneyRole.INVESTMENT),
        ("中标价3280万元", MoneyRole.CONTRACT),
        ("设立10亿元产业基金", MoneyRole.FUND),
        ("前三季度营业收入7.3亿元", MoneyRole.REVENUE),
        ("力争突破百亿元", MoneyRole.GOAL),
        ("检查费每次5600元", MoneyRole.PRICE),
        ("注册资本5000万元", MoneyRole.OTHER),
    ],
)
def test_roles(text: str, role: MoneyRole) -> None:
    assert find_money(text)[0].role is role


def test_quantities_leave_money_and_dates_alone() -> None:
    body = "投资3亿元，规划床位120张，收治1300余例，占地约52亩，给药7.4GBq"
    found = find_quantities(body, find_money(body))
    assert [(q.value, q.unit, q.hedge) for q in found] == [
        (120, "张", None),
        (1300, "例", "余"),
        (52, "亩", "约"),
        (7.4, "GBq", None),
    ]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", ["1" * 50_000, "1," * 50_000, "元" * 50_000, "百" * 50_000])
def test_long_runs_stay_linear(text: str) -> None:
    find_quantities(text, find_money(text))
