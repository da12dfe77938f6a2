"""Settings come from the environment, keep secrets, and are checked at start."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from services.runtime.kafka import client_options
from services.runtime.log import configure_logging
from services.runtime.settings import KafkaSettings, ServiceSettings


def test_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOWIRE_BOOTSTRAP_SERVERS", "a:1,b:2")
    monkeypatch.setenv("ISOWIRE_TOPIC_PREFIX", "test.")
    monkeypatch.setenv("ISOWIRE_OPS_PORT", "0")
    settings = ServiceSettings()
    assert (settings.bootstrap_servers, settings.ops_port) == ("a:1,b:2", 0)
    assert settings.topic("cleaned") == "test.cleaned"
    assert settings.group("clean") == "test.isowire-clean"


def test_every_field_is_described() -> None:
    assert [name for name, field in ServiceSettings.model_fields.items() if not field.description] == []


def test_a_login_must_be_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOWIRE_SECURITY_PROTOCOL", "SASL_SSL")
    monkeypatch.setenv("ISOWIRE_SASL_USERNAME", "isowire")
    with pytest.raises(ValidationError, match="ISOWIRE_SASL_PASSWORD"):
        KafkaSettings()


def test_a_secret_reaches_the_client_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOWIRE_SECURITY_PROTOCOL", "SASL_SSL")
    monkeypatch.setenv("ISOWIRE_SASL_USERNAME", "isowire")
    monkeypatch.setenv("ISOWIRE_SASL_PASSWORD", "hush-hush")
    settings = KafkaSettings()
    assert "hush-hush" not in repr(settings)
    assert "hush-hush" not in settings.model_dump_json()
    options = client_options(settings)
    assert options["sasl_plain_password"] == "hush-hush"
    assert options["ssl_context"].check_hostname


@pytest.mark.parametrize(("name", "value"), [("SESSION_TIMEOUT_SECONDS", "3"), ("OPS_PORT", "99999")])
def test_bad_values_are_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"ISOWIRE_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        ServiceSettings()


def test_logs_are_json_lines(capfd: pytest.CaptureFixture[str]) -> None:
    import structlog  # noqa: PLC0415 - after capfd has taken the streams

    configure_logging("info", service="clean")
    log = structlog.get_logger("test")
    log.debug("not told")
    log.info("stage starts", stage="clean", title="核医学")
    line = json.loads(capfd.readouterr().err)
    assert (line["event"], line["level"], line["service"]) == ("stage starts", "info", "clean")
    assert line["title"] == "核医学"
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    with capture_logs() as logs:
        structlog.get_logger("test").info("again")
    assert logs[0]["event"] == "again"
