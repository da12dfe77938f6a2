"""What deliver is told from outside."""

from __future__ import annotations

from pydantic import Field, SecretStr

from services.runtime.settings import ServiceSettings


class DeliverSettings(ServiceSettings):
    """The HTTP API and its limits."""

    api_host: str = Field(default="127.0.0.1", description="Address of the HTTP API.")
    api_port: int = Field(default=8080, ge=0, le=65535, description="Port of the same; 0 takes a free one.")
    api_token: SecretStr | None = Field(
        default=None, description="The bearer token for reading; without one anybody may read."
    )
    stream_clients: int = Field(default=200, gt=0, description="Clients of the alert stream at one time.")
    stream_heartbeat_seconds: float = Field(
        default=15, gt=0, description="Pause after which a stream without alerts shows that it lives."
    )
    stream_send_seconds: float = Field(
        default=10, gt=0, description="A client that takes nothing for so long is cut off, and may resume."
    )
    stream_buffer_alerts: int = Field(
        default=1000, gt=0, description="Alerts kept at hand; clients further behind read from Kafka."
    )
    stream_buffer_bytes: int = Field(default=8 * 1024 * 1024, gt=0, description="Bytes of the same.")
    recent_alerts: int = Field(default=5000, gt=0, description="Alerts that GET /v1/alerts lists.")
    recent_bytes: int = Field(default=32 * 1024 * 1024, gt=0, description="Bytes of the same.")
