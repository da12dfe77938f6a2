"""What cleaning remembers: revisions of a page, and the boilerplate of its publisher."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import ids
from schemas.cleaned import CleanedArticle, CleaningReport, Revision, RevisionKind
from services.clean.fingerprint import fingerprint
from services.clean.memory.boilerplate import MIN_ARTICLES, split_sentences
from services.clean.memory.memory import BOILERPLATE, PageMemory

SLOGAN = "岚川核药,让每一位患者用得上放心药。"
FIRST, SECOND, THIRD = "首批药品今日下线。", "副总经理何知远到场祝贺。", "第二批将于下月交付。"


def article(
    number: int, *paragraphs: str, title: str | None = None, publisher: str = "岚川核药"
) -> CleanedArticle:
    """Return the article of one address; its own sentences tell its number."""
    own = (f"第{number}号生产线本周完成调试并开始试运行。", f"现场共有{number}名技术人员连续工作了三个昼夜。")
    body = "\n".join([*own, *paragraphs])
    url = f"https://news.example/{number}"
    return CleanedArticle(
        url_id=ids.url_id(url, b""),
        article_id=ids.article_id(url, body.encode()),
        url=url,
        carrier="news.example",
        source_id="test",
        fetched_at=datetime(2026, 1, 2, tzinfo=UTC),
        title=title or f"第{number}号生产线调试完成",
        publisher=publisher,
        body=body,
        charset="utf-8",
        fingerprint=fingerprint(body),
        report=CleaningReport(kept_share=0.5),
    )


def settle(memory: PageMemory, given_article: CleanedArticle) -> CleanedArticle:
    return CleanedArticle.from_json(memory.settle(given_article.to_json()).value)


def revision(memory: PageMemory, given_article: CleanedArticle) -> Revision:
    settled = settle(memory, given_article).revision
    assert settled is not None
    return settled


def test_the_first_page_of_an_address() -> None:
    assert revision(PageMemory(10), article(1, FIRST)) == Revision(kind=RevisionKind.FIRST)


def test_the_same_article_again_is_a_repeat() -> None:
    memory, page = PageMemory(10), article(1, FIRST)
    settle(memory, page)
    spaced = page.model_copy(update={"body": page.body.replace("首批", " 首批"), "article_id": "other"})
    assert revision(memory, spaced) == Revision(kind=RevisionKind.REPEAT, number=1, of=page.article_id)


def test_a_revision_tells_its_paragraphs() -> None:
    memory, before = PageMemory(10), article(1, FIRST, SECOND)
    settle(memory, before)
    after = article(1, SECOND, THIRD, title="第1号生产线调试完成(更新)")
    assert revision(memory, after) == Revision(
        kind=RevisionKind.REVISION,
        number=2,
        of=before.article_id,
        title_changed=True,
        added=[3],
        removed=[FIRST],
    )
    assert revision(memory, article(1, THIRD)).number == 3


def test_a_paragraph_that_is_there_twice_now_is_new_once() -> None:
    memory = PageMemory(10)
    settle(memory, article(1, FIRST))
    assert revision(memory, article(1, FIRST, FIRST)).added == [3]


def test_pages_of_other_addresses_are_no_revisions() -> None:
    memory = PageMemory(10)
    settle(memory, article(1, FIRST))
    assert revision(memory, article(2, FIRST)).kind is RevisionKind.FIRST


def test_what_is_older_than_the_capacity_is_forgotten() -> None:
    memory = PageMemory(3)
    for number in (1, 2, 3, 4):
        settle(memory, article(number))
    assert revision(memory, article(2)).kind is RevisionKind.REPEAT
    assert revision(memory, article(1)).kind is RevisionKind.FIRST


def taught(*articles: CleanedArticle, capacity: int = 1000) -> PageMemory:
    memory = PageMemory(capacity)
    for one in articles:
        settle(memory, one)
    return memory


def test_a_sentence_of_most_articles_is_taken_out_and_said() -> None:
    memory = taught(*(article(n, FIRST + SLOGAN) for n in range(MIN_ARTICLES)))
    page = article(99, SECOND * 4, FIRST + "以上。" + SLOGAN, THIRD + SLOGAN)
    found = CleanedArticle.from_json((answer := memory.settle(page.to_json())).value)
    assert found.body == page.body.replace(SLOGAN, "").replace(FIRST, "")
    assert answer.tallies["removals"] == {BOILERPLATE: 3}
    assert found.report.removed_counts[BOILERPLATE] == 3
    assert [page.body[r.start :].startswith(r.text) for r in found.report.removed] == [True] * 3
    assert found.fingerprint == fingerprint(found.body) != page.fingerprint
    assert found.report.kept_share == round(0.5 * len(found.body) / len(page.body), 4)


@pytest.mark.parametrize(
    "articles",
    [
        [article(n, SLOGAN) for n in range(MIN_ARTICLES - 1)],
        [article(n, SLOGAN, publisher=f"某报第{n}版") for n in range(MIN_ARTICLES)],
        [article(n, *[SLOGAN] * (n % 2)) for n in range(2 * MIN_ARTICLES)],
        [article(n, SLOGAN, title="同一件事") for n in range(2 * MIN_ARTICLES)],
    ],
    ids=["too few articles", "other publishers", "half of the articles", "copies of one story"],
)
def test_what_is_no_boilerplate(articles: list[CleanedArticle]) -> None:
    page = article(99, SLOGAN)
    assert settle(taught(*articles), page).body == page.body


def test_what_is_mostly_boilerplate_stays_whole() -> None:
    long = "本产品的全部临床资料以国家药品监督管理部门核准的说明书为准,任何转述均不构成用药建议。"
    memory = taught(*(article(n, long) for n in range(MIN_ARTICLES)))
    page = article(99, long)
    short = page.model_copy(update={"body": f"第九十九号公告发布。\n{long}"})
    assert settle(memory, short).body == short.body


def test_boilerplate_is_forgotten_with_the_articles_that_held_it() -> None:
    memory = taught(*(article(n, SLOGAN) for n in range(MIN_ARTICLES)), capacity=MIN_ARTICLES)
    for number in range(100, 100 + MIN_ARTICLES):
        settle(memory, article(number, FIRST, THIRD[:-1] + str(number)))
    page = article(99, SLOGAN)
    assert settle(memory, page).body == page.body


def test_a_memory_that_learned_from_the_topic_goes_on_like_the_one_before_it() -> None:
    stream = [article(n % 17, FIRST, SLOGAN, *[THIRD] * (n % 3)) for n in range(60)]
    memory = PageMemory(30)
    written = [memory.settle(page.to_json()).value for page in stream[:40]]
    heir = PageMemory(30)
    for value in written:
        heir.learn(value)
    for page in stream[40:]:
        assert heir.settle(page.to_json()) == memory.settle(page.to_json())


def test_what_is_no_article_cannot_be_learned() -> None:
    with pytest.raises(ValueError, match="validation errors"):
        PageMemory(3).learn(b"{}")


@given(st.text(alphabet="核药。!?”) \u3000"))
def test_sentences_joined_are_the_paragraph(text: str) -> None:
    assert "".join(split_sentences(text)) == text
