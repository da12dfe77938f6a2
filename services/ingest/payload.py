"""A page as a JSON object: what the push API takes, and what stands on each line of a JSON-lines file."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from schemas.raw import RawArticle
from services.ingest.addresses import check_url
from services.ingest.fetch import MAX_BODY_BYTES

MAX_JSON_BYTES = MAX_BODY_BYTES * 4 // 3 + 64 * 1024  # the largest body in base64, and the rest of the object
MAX_TEXT_CHARS = 1000


class PayloadTooLargeError(ValueError):
    """The page has more bytes than a record takes."""


class PagePayload(BaseModel):
    """One page: exactly one of `html`, `text` and `body_base64`. Unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Annotated[str, BeforeValidator(lambda value: check_url(str(value)))] | None = Field(
        default=None, description="Where the page stands; http or https."
    )
    html: str | None = Field(default=None, description="The page, where it is HTML.")
    text: str | None = Field(default=None, description="The page, where it is plain text.")
    body_base64: str | None = Field(default=None, description="The page's bytes as they came, in base64.")
    content_type: str | None = Field(
        default=None, max_length=200, description="Of `body_base64`, as the page's server gave it."
    )
    fetched_at: AwareDatetime | None = Field(
        default=None, description="When it was fetched, with a zone; else the time of receipt counts."
    )
    title: str | None = Field(
        default=None, max_length=MAX_TEXT_CHARS, description="The title that a feed or list gave it."
    )
    published: AwareDatetime | None = Field(
        default=None, description="The time of publication that a feed or list gave it, with a zone."
    )

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if sum(body is not None for body in (self.html, self.text, self.body_base64)) != 1:
            raise ValueError("give exactly one of html, text and body_base64")
        return self

    def article(self, source_id: str, now: datetime | None = None) -> RawArticle:
        """Return the page as a record of `source_id`.

        Raises `ValueError` where the body cannot be had, `PayloadTooLargeError` where it is too large.
        """
        body, content_type = self._body()
        if len(body) > MAX_BODY_BYTES:
            raise PayloadTooLargeError(f"the page has {len(body)} bytes, of at most {MAX_BODY_BYTES}")
        return RawArticle(
            url=self.url,
            body=body,
            content_type=content_type,
            source_id=source_id,
            fetched_at=self.fetched_at or now or datetime.now(UTC),
            feed_title=self.title,
            feed_published=self.published,
        )

    def _body(self) -> tuple[bytes, str | None]:
        if self.html is not None:
            return self.html.encode(), "text/html; charset=utf-8"
        if self.text is not None:
            return self.text.encode(), "text/plain; charset=utf-8"
        try:
            return base64.b64decode(self.body_base64 or "", validate=True), self.content_type
        except binascii.Error as error:
            raise ValueError(f"body_base64: {error}") from error
