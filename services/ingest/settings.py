"""What ingest is told from outside."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator

from services.runtime.settings import ServiceSettings

LEAST_TOKEN_CHARS = 16


class IngestSettings(ServiceSettings):
    """The sources file, the limits of fetching, and the push API."""

    sources_file: Path | None = Field(
        default=None, description="The sources file; without one only the push API takes pages in."
    )
    fetch_timeout_seconds: float = Field(
        default=10, gt=0, description="How long one step of the network may take: connect, read."
    )
    fetch_deadline_seconds: float = Field(
        default=30, gt=0, description="How long one HTTP request may take as a whole."
    )
    publish_timeout_seconds: float = Field(
        default=20, gt=0, description="How long the broker may take to acknowledge a page."
    )
    push_enabled: bool | None = Field(
        default=None, description="Whether to serve POST /v1/articles; by default where there is a token."
    )
    push_token: SecretStr | None = Field(
        default=None, description="The bearer token of the push API, of 16 characters or more."
    )
    push_host: str = Field(default="127.0.0.1", description="Address of the push API.")
    push_port: int = Field(default=8081, ge=0, le=65535, description="Port of the same; 0 takes a free one.")

    @model_validator(mode="after")
    def _push_is_guarded(self) -> Self:
        token = self.push_token.get_secret_value() if self.push_token else ""
        if self.push_enabled and not token:
            raise ValueError(
                "the push API needs a token: set ISOWIRE_PUSH_TOKEN or ISOWIRE_PUSH_ENABLED=false"
            )
        if token and len(token) < LEAST_TOKEN_CHARS:
            raise ValueError(f"ISOWIRE_PUSH_TOKEN has fewer than {LEAST_TOKEN_CHARS} characters")
        return self

    @property
    def serves_push(self) -> bool:
        """Whether the push API is served."""
        return bool(self.push_token) if self.push_enabled is None else self.push_enabled
