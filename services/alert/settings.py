"""The settings of the alert service."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from services.alert.rules import DEFAULT_RULES_FILE
from services.runtime.settings import ServiceSettings


class AlertSettings(ServiceSettings):
    """Matching and stories, both in one process."""

    rules_file: Path = Field(
        default=DEFAULT_RULES_FILE, description="Rules and subscriptions; read again when it changes."
    )
