"""What changed from one page of an address to the next, by paragraph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.cleaned import CleanedArticle, Revision, RevisionKind

HEAD = 80  # code points of a paragraph that a reader needs to know it again


@dataclass(frozen=True, slots=True)
class Version:
    """What is kept of an article, to compare the next page of its address with."""

    article_id: str
    number: int
    title: str
    paragraphs: tuple[int, ...]  # hashes, good within this process
    heads: tuple[str, ...]


def version_of(article: CleanedArticle, number: int) -> Version:
    """Return what is kept of an article; a change of white space is none."""
    paragraphs = article.body.split("\n")
    return Version(
        article_id=article.article_id,
        number=number,
        title=_plain(article.title or ""),
        paragraphs=tuple(hash(_plain(paragraph)) for paragraph in paragraphs),
        heads=tuple(paragraph[:HEAD] for paragraph in paragraphs),
    )


def compare(article: CleanedArticle, before: Version | None) -> Revision:
    """Return what the article is to the one before it, and what changed."""
    if before is None:
        return Revision(kind=RevisionKind.FIRST)
    now = version_of(article, before.number)
    if (now.title, now.paragraphs) == (before.title, before.paragraphs):
        return Revision(kind=RevisionKind.REPEAT, number=before.number, of=before.article_id)
    return Revision(
        kind=RevisionKind.REVISION,
        number=before.number + 1,
        of=before.article_id,
        title_changed=now.title != before.title,
        added=_not_in(now.paragraphs, before.paragraphs),
        removed=[before.heads[place] for place in _not_in(before.paragraphs, now.paragraphs)],
    )


def _not_in(these: Sequence[int], those: Sequence[int]) -> list[int]:
    """Return the places of what stands in these and not, or not as often, in those."""
    left = Counter(those)
    missing = []
    for place, paragraph in enumerate(these):
        left[paragraph] -= 1
        if left[paragraph] < 0:
            missing.append(place)
    return missing


def _plain(text: str) -> str:
    return "".join(text.split())
