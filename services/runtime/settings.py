"""The settings that every service shares, from the environment: `ISOWIRE_` and the name in capitals."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SASL = ("SASL_PLAINTEXT", "SASL_SSL")


class KafkaSettings(BaseSettings):
    """How to reach Kafka. From one laptop to a cluster only these change."""

    model_config = SettingsConfigDict(env_prefix="ISOWIRE_", frozen=True)

    bootstrap_servers: str = Field(default="127.0.0.1:9092", description="Brokers, as host:port,host:port.")
    topic_prefix: str = Field(default="", description="Stands before the name of every topic and group.")
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        default="PLAINTEXT", description="SSL for TLS, SASL_SSL for TLS with a login."
    )
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        default="SCRAM-SHA-512", description="How the login is proved."
    )
    sasl_username: str | None = Field(default=None, description="The login's name.")
    sasl_password: SecretStr | None = Field(default=None, description="The login's password.")
    tls_ca_file: Path | None = Field(
        default=None, description="The authority that signed the brokers; the system's where none is given."
    )
    tls_cert_file: Path | None = Field(default=None, description="This client's certificate.")
    tls_key_file: Path | None = Field(default=None, description="The key of this client's certificate.")
    tls_key_password: SecretStr | None = Field(default=None, description="The password of that key.")
    request_timeout_seconds: float = Field(
        default=15, gt=0, description="How long one request to a broker may take."
    )
    replication_factor: int = Field(
        default=1, ge=1, description="Copies of each topic that is created; 3 on a cluster."
    )

    @model_validator(mode="after")
    def _login_is_whole(self) -> KafkaSettings:
        if self.security_protocol in SASL and (self.sasl_username is None or self.sasl_password is None):
            msg = f"{self.security_protocol} needs ISOWIRE_SASL_USERNAME and ISOWIRE_SASL_PASSWORD"
            raise ValueError(msg)
        return self

    def topic(self, name: str) -> str:
        """Return the full name of a topic in this deployment."""
        return self.topic_prefix + name

    def group(self, service: str) -> str:
        """Return the consumer group of a service in this deployment."""
        return f"{self.topic_prefix}isowire-{service}"


class ServiceSettings(KafkaSettings):
    """A service process: the part that is watched and the part that is in a consumer group."""

    ops_host: str = Field(default="127.0.0.1", description="Address of /metrics, /healthz and /readyz.")
    ops_port: int = Field(default=9464, ge=0, le=65535, description="Port of the same; 0 takes a free one.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least that is logged."
    )
    session_timeout_seconds: float = Field(
        default=10, ge=6, description="After this silence a worker's partitions go to the others."
    )
    rebalance_timeout_seconds: float = Field(
        default=30, gt=0, description="How long the group waits for a member that is to join again."
    )
    revoke_deadline_seconds: float = Field(
        default=3, gt=0, description="How long an open transaction may take when its partition is given up."
    )
    stall_seconds: float = Field(
        default=60, gt=0, description="A lag whose position stands still this long is unhealthy."
    )
    stall_exit_seconds: float = Field(
        default=30, gt=0, description="After this long unhealthy the process exits for its supervisor."
    )
    buffer_bytes: int = Field(
        default=4 * 1024 * 1024, gt=0, description="Bytes of an input partition that are read ahead."
    )
    batch_pace_seconds: float = Field(
        default=0.1,
        ge=0,
        description="A partition begins a batch no sooner than this after the last, unless a full one waits.",
    )
    memory_results: int = Field(
        default=2000,
        ge=0,
        description="Articles of a partition that clean remembers, for revisions and boilerplate.",
    )
    transaction_timeout_seconds: float = Field(
        default=30, gt=0, description="A transaction that has not ended by then is aborted."
    )
