"""What can go wrong with the embedded broker. Each message says what to do.

BrokerError
├── PortTaken     somebody else listens on the port
├── NoNetwork     Kafka is not in the cache yet and cannot be fetched
├── CacheBroken   the cache holds, or the registry sent, something other than what is locked
└── StartFailed   Kafka ended or did not answer in time; holds the log's tail
"""

from __future__ import annotations

from pathlib import Path


class BrokerError(Exception):
    """Anything that keeps the embedded broker from running."""


class PortTaken(BrokerError):  # noqa: N818 - the name says what happened
    """Somebody else listens on the port."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"port {port} on 127.0.0.1 is taken by another program; "
            "stop that program, or choose another port (ISOWIRE_BROKER_PORT, 0 for any free one)"
        )
        self.port = port


class NoNetwork(BrokerError):  # noqa: N818 - the name says what happened
    """Kafka is not in the cache yet and cannot be fetched."""

    def __init__(self, cause: object) -> None:
        super().__init__(
            "Apache Kafka is not in the cache yet and could not be fetched from the Maven registry; "
            f"connect to the network once, it is kept from then on ({cause})"
        )


class CacheBroken(BrokerError):  # noqa: N818 - the name says what happened
    """The cache holds, or the registry sent, something other than what is locked."""

    def __init__(self, jar: str, folder: Path) -> None:
        super().__init__(
            f"{jar} is not the file that kafka.lock names, and fetching it anew did not mend that; "
            f"delete {folder} and start again"
        )
        self.jar = jar


class StartFailed(BrokerError):  # noqa: N818 - the name says what happened
    """Kafka ended or did not answer in time."""

    def __init__(self, what: str, log: Path, tail: str) -> None:
        super().__init__(f"Kafka {what}; the end of {log}:\n{tail}")
        self.tail = tail
