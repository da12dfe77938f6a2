"""The embedded Apache Kafka: resolved once, checked against `data/kafka.lock`, run from Python packages."""

from services.runtime.broker.cache import JarCache, Progress
from services.runtime.broker.config import BrokerSettings
from services.runtime.broker.embedded import BrokerStatus, EmbeddedBroker
from services.runtime.broker.errors import BrokerError, CacheBroken, NoNetwork, PortTaken, StartFailed
from services.runtime.broker.guard import guarded

__all__ = [
    "BrokerError",
    "BrokerSettings",
    "BrokerStatus",
    "CacheBroken",
    "EmbeddedBroker",
    "JarCache",
    "NoNetwork",
    "PortTaken",
    "Progress",
    "StartFailed",
    "guarded",
]
