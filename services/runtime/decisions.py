"""What an error of Kafka means for an input partition. The default is to stop, never to skip."""

from __future__ import annotations

from enum import StrEnum

from aiokafka import errors


class Decision(StrEnum):
    """What to do about an error."""

    RETRY = "retry"
    """The broker's fault, or an end that nobody knows: settle the transaction, read the floor, go on."""

    YIELD = "yield"
    """Somebody else owns the partition: wait for the group to take it away, and only then try again."""

    STOP = "stop"
    """Nothing that another try would mend: end the process, so that nothing is committed past it."""


# aiokafka raises some of these although the protocol calls them fatal for the producer only: a new producer
# settles them.
RETRIED: tuple[type[BaseException], ...] = (
    TimeoutError,
    OSError,
    errors.KafkaConnectionError,
    errors.KafkaTimeoutError,
    errors.NodeNotReadyError,
    errors.RequestTimedOutError,
    errors.OutOfOrderSequenceNumber,
    errors.InvalidProducerIdMapping,
    errors.InvalidTxnState,
    errors.UnknownProducerId,
    errors.CorruptRecordException,
    errors.ProducerClosed,
)
YIELDED: tuple[type[BaseException], ...] = (
    errors.ProducerFenced,
    errors.InvalidProducerEpoch,
    errors.IllegalStateError,
    errors.CommitFailedError,
    errors.IllegalGenerationError,
    errors.UnknownMemberIdError,
    errors.RebalanceInProgressError,
)


def decide(error: BaseException) -> Decision:
    """Return what to do about an error."""
    if isinstance(error, YIELDED):
        return Decision.YIELD
    if isinstance(error, RETRIED) or (isinstance(error, errors.KafkaError) and error.retriable):
        return Decision.RETRY
    if type(error) is errors.KafkaError:  # "unexpected" inside aiokafka's sender: the producer is gone
        return Decision.RETRY
    return Decision.STOP


def backoff_seconds(failures: int) -> float:
    """Return how long to wait after so many failures in a row: .1 s, doubled up to 5 s."""
    return min(0.1 * 2.0 ** min(failures - 1, 10), 5.0)


def root_error(error: Exception) -> Exception:
    """Return the error that ended a group of tasks; any other error is its own root."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error
