"""What every record shares."""

from __future__ import annotations

from typing import Annotated, Self

import orjson
from pydantic import BaseModel, ConfigDict, Field

# ISO 8601 as far as the text gives it: `2024`, `2024-06`, `2024-06-25`, `2024-06-25T14:15+08:00`, a range
# `2028-08/2030-08`, and `--09-02` or `--09` where no year is known (ISO 8601:2000 truncated form).
PartialDate = Annotated[
    str,
    Field(
        pattern=(
            r"^(-?\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d)?([+-]\d\d:\d\d|Z)?)?)?)?|--\d\d(-\d\d)?)"
            r"(/(-?\d{4}(-\d\d(-\d\d)?)?|--\d\d(-\d\d)?))?$"
        )
    ),
]


class Record(BaseModel):
    """The value of a topic. Readers ignore keys they do not know, so that writers may add some."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    def to_json(self) -> bytes:
        """Return the bytes that go on the wire."""
        return orjson.dumps(self.model_dump(mode="json"))

    @classmethod
    def from_json(cls, value: bytes) -> Self:
        """Read the bytes of the wire; raises `pydantic.ValidationError` or `orjson.JSONDecodeError`."""
        return cls.model_validate(orjson.loads(value))


class Span(BaseModel):
    """Where a fact stands: code points into the cleaned body, `body[start:end]`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    start: int = Field(ge=0)
    end: int = Field(ge=0)
