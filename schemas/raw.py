"""`raw-article`: the fetched bytes, untouched, with what is known of them in the headers."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from schemas import ids


class RawArticle(BaseModel):
    """One fetched page. `body` is the record's value; all else travels in its headers."""

    model_config = ConfigDict(frozen=True)

    url: str | None = Field(default=None, description="The address it came from; null for a file.")
    body: bytes = Field(description="The bytes as they came, undecoded.")
    content_type: str | None = Field(
        default=None, description="The Content-Type that came with it, charset and all; null where none did."
    )
    source_id: str = Field(description="The configured source that brought it.")
    fetched_at: datetime = Field(description="When it was fetched, with its zone.")
    feed_title: str | None = Field(default=None, description="The title that the feed's entry gave.")
    feed_published: datetime | None = Field(default=None, description="The time that the feed's entry gave.")

    @property
    def url_id(self) -> str:
        """The key of the page through the whole chain."""
        return ids.url_id(self.url, self.body)

    @property
    def article_id(self) -> str:
        """The id of this revision of the page."""
        return ids.article_id(self.url_id, self.body)
