"""What cleaning remembers of a partition's last articles: for revisions of a page, and for boilerplate.

All of it can be read out of the `cleaned` topic: the runner has `learn` see the last articles of a partition
when it takes the partition over, and `settle` every new one before it is written. All pages of one address
are in one partition, and each partition holds a fair sample of every publisher's pages.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass

from schemas.cleaned import CleanedArticle, Removal
from services.clean.fingerprint import fingerprint
from services.clean.memory.boilerplate import Publisher, sentences, without
from services.clean.memory.revision import Version, compare, version_of
from services.runtime.stage import Settled

BOILERPLATE = "boilerplate"  # the kind of its removals


@dataclass(frozen=True, slots=True)
class Remembered:
    """One article: whose page it was, and what it brought to its publisher's sentences, if it counts."""

    url_id: str
    version: Version
    publisher: str | None
    story: int
    sentences: frozenset[int]
    counted: bool


class PageMemory:
    """The last articles of one partition, at most `capacity`."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._articles: deque[Remembered] = deque()
        self._latest: dict[str, Remembered] = {}  # by url id
        self._publishers: defaultdict[str, Publisher] = defaultdict(Publisher)
        self._stories: set[tuple[str, int]] = set()  # publisher and story that counted

    def learn(self, value: bytes) -> None:
        """Take an article in as it stands on the topic; raises `ValueError` where it is none."""
        article = CleanedArticle.from_json(value)
        taken = [piece.text for piece in article.report.removed if piece.kind == BOILERPLATE]
        self._remember(article, sentences("\n".join([article.body, *taken])))

    def settle(self, value: bytes) -> Settled:
        """Return the article without its publisher's boilerplate, told what it is to the page before it."""
        article = CleanedArticle.from_json(value)
        found = sentences(article.body)
        publisher = self._publishers.get(_publisher(article) or "")
        article, taken = _relieved(article, publisher.common(found) if publisher else frozenset())
        before = self._latest.get(article.url_id)
        revision = compare(article, before.version if before else None)
        article = article.model_copy(update={"revision": revision})
        self._remember(article, found)
        removals = {"removals": {BOILERPLATE: taken}} if taken else {}
        return Settled(article.to_json(), {"revisions": {revision.kind: 1}, **removals})

    def _remember(self, article: CleanedArticle, found: frozenset[int]) -> None:
        publisher = _publisher(article)
        story = hash(article.title or article.body)
        counted = publisher is not None and (publisher, story) not in self._stories
        number = article.revision.number if article.revision else 1
        remembered = Remembered(
            article.url_id,
            version_of(article, number),
            publisher,
            story,
            found if counted else frozenset(),
            counted,
        )
        if counted and publisher is not None:
            self._stories.add((publisher, story))
            self._publishers[publisher].add(found)
        self._articles.append(remembered)
        self._latest[article.url_id] = remembered
        if len(self._articles) > self._capacity:
            self._forget(self._articles.popleft())

    def _forget(self, oldest: Remembered) -> None:
        if self._latest[oldest.url_id] is oldest:
            del self._latest[oldest.url_id]
        if oldest.counted and oldest.publisher is not None:
            self._stories.discard((oldest.publisher, oldest.story))
            publisher = self._publishers[oldest.publisher]
            publisher.forget(oldest.sentences)
            if not publisher.articles:
                del self._publishers[oldest.publisher]


def _publisher(article: CleanedArticle) -> str | None:
    """Return whose sentences these are: of pages that name no publisher, the host's."""
    return article.publisher or article.carrier


def _relieved(article: CleanedArticle, common: frozenset[int]) -> tuple[CleanedArticle, int]:
    """Return the article without these sentences, and how many of them were taken."""
    body, taken = without(article.body, common) if common else (article.body, [])
    if not taken:
        return article, 0
    removed = [Removal(kind=BOILERPLATE, start=start, text=text) for start, text in taken]
    report = article.report.model_copy(
        update={
            "removed": [*article.report.removed, *removed],
            "removed_counts": {**article.report.removed_counts, BOILERPLATE: len(taken)},
            "kept_share": round(article.report.kept_share * len(body) / len(article.body), 4),
        }
    )
    update = {"body": body, "fingerprint": fingerprint(body), "report": report}
    return article.model_copy(update=update), len(taken)
