"""The notations in which pages write dates: patterns with the groups year, month, day, hour, minute, zone."""

from __future__ import annotations

import re

GAP = r"[\s\u3000]{0,4}"
# `CST` is China's in the stamps that Java writes; the other names are of English pages.
ZONES = {"GMT": 0, "UTC": 0, "Z": 0, "CST": 8, "HKT": 8, "JST": 9, "EST": -5, "EDT": -4, "PST": -8, "PDT": -7}
ZONE = rf"\s?(?P<zone>(?:{'|'.join(ZONES)})?(?:[+-]\d\d?(?::?\d\d)?)?)\b"
CLOCK = (
    r"(?P<half>上午|下午|凌晨|清晨|早上|早|中午|傍晚|晚上|晚|夜间)?\s?"
    r"(?P<hour>2[0-3]|[01]?\d)\s?[:：时点]\s?(?P<minute>[0-5]\d)"
    r"(?:\s?[:：分]\s?[0-5]\d(?:[.,]\d{1,9})?)?[分秒]?(?:\s?(?P<ampm>[AaPp]\.?[Mm])\b\.?)?"
)
WEEKDAY = r"[(（\[]?(?:星期|周|礼拜)[一二三四五六日天][)）\]]?"
TIME = rf"(?:(?:日|T|,|\||at|{WEEKDAY}|[\s\u3000]){{0,6}}{CLOCK}(?:{ZONE})?)?"
DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])"
MONTH = r"(?P<month>1[0-2]|0?[1-9])"
YEAR = r"(?P<year>(?:19|20)\d\d)"

NUMERIC = re.compile(rf"(?<!\d){YEAR}{GAP}[年./-]{GAP}{MONTH}{GAP}[月./-]{GAP}{DAY}(?!\d){GAP}日?{TIME}")
# `2023 11/17 20:52`: year, day and time in elements of their own.
PARTED = re.compile(rf"(?<!\d){YEAR}\s{{1,3}}{MONTH}\s?[/-]\s?{DAY}(?=\s{{1,3}}\d\d:){TIME}")
# As scripts of American make write them (`6/25/2003 2:15 PM`).
AMERICAN = re.compile(rf"(?<![\d/]){MONTH}/{DAY}/{YEAR}(?!\d){TIME}")
# The years of the Republic of China, in use in Taiwan.
# Courts set them with blanks between all characters.
WIDE = r"[ \t\u3000]{0,8}"
MINGUO = re.compile(
    rf"(?:中{WIDE}华{WIDE})?民{WIDE}国{WIDE}(?P<year>\d{{2,3}}){WIDE}年{WIDE}{MONTH}{WIDE}月{WIDE}{DAY}{WIDE}日{TIME}"
)
LABEL = r"(?:日期|时间|发布|发表|刊登)\W{0,4}"
LABELLED_MINGUO = re.compile(rf"{LABEL}(?P<year>1[01]\d)[./年-]{MONTH}[./月-]{DAY}(?!\d)日?{TIME}")
# As platforms for phones write them: `发布时间：24-06-25`.
LABELLED_SHORT = re.compile(rf"{LABEL}(?P<year>\d\d)-{MONTH}-{DAY}(?!\d){TIME}")
HAN_NUMBER = "(?:[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
HAN_MINGUO = "(?=[一二三四五六七八九十])(?:一百)?零?(?:[一二三四五六七八九]?十)?[一二三四五六七八九]?"
HANZI = re.compile(
    rf"(?:(?P<year>[〇○零一二三四五六七八九]{{4}})|民国(?P<minguo>{HAN_MINGUO}))年"
    rf"(?P<month>{HAN_NUMBER}|元)月(?:(?P<day>{HAN_NUMBER})日)?"
)
NAME = (
    r"(?P<name>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
ORDINAL = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
WEEKDAY_NAME = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s{1,3})?"
ENGLISH = (
    re.compile(
        rf"\b{WEEKDAY_NAME}{NAME}\s{{0,3}}{ORDINAL}\s?,?\s{{0,3}}{WEEKDAY_NAME}{YEAR}\b{TIME}", re.IGNORECASE
    ),
    re.compile(
        rf"\b{WEEKDAY_NAME}{ORDINAL}[\s-]{{1,3}}(?:of )?{NAME}[\s,-]{{1,3}}{YEAR}\b{TIME}", re.IGNORECASE
    ),
    re.compile(rf"\b{NAME} {ORDINAL} {CLOCK} (?P<zone>[A-Z]{{3}}) {YEAR}\b", re.IGNORECASE),  # Java's
)
# Old pages in GB 2312 write them; each is as long as what it stands for.
FULL_WIDTH = re.compile(r"[０-９]")
HALF_WIDTH = str.maketrans("０１２３４５６７８９：／－．", "0123456789:/-.")
# Without one of these there is no full date: spares most lines all notations.
CUE = re.compile(r"(?:19|20)\d\d|年|(?<!\d)(?:1[01]\d[./-]|\d\d-\d\d?-)")

# Whole values, as systems write them into the head of a page.
COMPACT = re.compile(
    rf"{YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>[0-2]\d|3[01])"
    r"(?:[T ]?(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?:[0-5]\d)?)?"
)
SECONDS = re.compile(r"(?P<seconds>[78]\d{8}|1\d{9})(?:\d{3})?")  # since 1970; years 1992 to 2033

# Dates that lack the day or the year.
YEAR_MONTH = re.compile(
    rf"(?<!\d){YEAR}(?:{GAP}[年./-]{GAP}{MONTH}{GAP}(?:月(?!{GAP}\d)|(?![\d月./-]))|年(?!{GAP}\d)|$)"
)
ENGLISH_MONTH = re.compile(rf"\b{NAME},? {YEAR}\b", re.IGNORECASE)
POSTED_AT = re.compile(rf"\b[Pp]osted by [^\n]{{1,40}}? at {CLOCK}")
MONTH_DAY = re.compile(rf"(?<![\d年./-]){MONTH}{GAP}[月./-]{GAP}{DAY}(?![\d./-])")

# `某网某地5月6日电`, `某地2024年5月6日 /某社/`: the day of the report, mostly without its year.
DATELINE = re.compile(
    rf"(?:{YEAR}年)?(?<!\d){MONTH}月{DAY}日(?:\s*(?:专?电|讯|消息)|\s?[/／][^/／\s]{{2,12}}[/／])"
)
ENGLISH_DATELINE = re.compile(
    rf"^[A-Z][A-Za-z .,'-]{{1,40}}, {NAME} {ORDINAL}(?:, {YEAR}\b)?\s?(?:[(/][\w .-]{{2,24}}[)/]|--|—|–)"
)
