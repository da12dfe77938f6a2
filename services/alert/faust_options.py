"""The options of the Faust application. What is not here is decided by Faust's defaults."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any, Final

import faust

from schemas.topics import MAX_RECORD_BYTES
from services.alert.settings import AlertSettings
from services.alert.table import StoryTable
from services.runtime.kafka import MAX_POLL_INTERVAL_MS, client_options

FETCH_BYTES: Final = 4 * 1024 * 1024
BUFFERED_HITS: Final = 1000  # between the fetcher and the stream


def faust_options(settings: AlertSettings, folder: Path) -> dict[str, Any]:
    """Return the options; `folder` is Faust's own, and stays empty with a store in memory."""
    session = settings.session_timeout_seconds
    servers = settings.bootstrap_servers.replace(",", ";")
    return {
        "broker": f"kafka://{servers}",
        "broker_credentials": _credentials(settings),
        "broker_session_timeout": session,
        "broker_heartbeat_interval": session / 4,
        "broker_request_timeout": max(settings.request_timeout_seconds, session),
        "broker_rebalance_timeout": settings.rebalance_timeout_seconds,
        "broker_max_poll_interval": MAX_POLL_INTERVAL_MS / 1000,
        "consumer_auto_offset_reset": "earliest",
        "consumer_max_fetch_size": FETCH_BYTES,
        "producer_max_request_size": MAX_RECORD_BYTES,
        "store": "memory://",
        "datadir": folder,
        "Table": StoryTable,
        "table_standby_replicas": 0,
        "topic_replication_factor": settings.replication_factor,
        "topic_disable_leader": True,
        "topic_allow_declare": False,
        "stream_wait_empty": False,
        "stream_buffer_maxsize": BUFFERED_HITS,
        "web_enabled": False,
        "autodiscover": False,
    }


def _credentials(settings: AlertSettings) -> faust.auth.Credentials | None:
    options = client_options(settings)
    context: ssl.SSLContext | None = options.get("ssl_context")
    if "sasl_mechanism" in options:
        return faust.SASLCredentials(
            mechanism=options["sasl_mechanism"],
            username=options["sasl_plain_username"],
            password=options["sasl_plain_password"],
            ssl_context=context,
        )
    return faust.SSLCredentials(context=context) if context else None
