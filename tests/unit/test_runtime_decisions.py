"""What an error means, how long to wait, and how a batch is cut."""

from __future__ import annotations

from collections import deque

import pytest
from aiokafka import errors
from hypothesis import given
from hypothesis import strategies as st

from services.runtime.batching import take_batch
from services.runtime.decisions import Decision, backoff_seconds, decide


@pytest.mark.parametrize(
    ("error", "decision"),
    [
        (errors.KafkaConnectionError(), Decision.RETRY),
        (errors.NodeNotReadyError(), Decision.RETRY),
        (errors.RequestTimedOutError(), Decision.RETRY),
        (errors.NotEnoughReplicasError(), Decision.RETRY),
        (errors.GroupCoordinatorNotAvailableError(), Decision.RETRY),
        (errors.OutOfOrderSequenceNumber(), Decision.RETRY),
        (errors.InvalidTxnState(), Decision.RETRY),
        (errors.KafkaError("Unexpected error during batch delivery"), Decision.RETRY),
        (TimeoutError(), Decision.RETRY),
        (ConnectionResetError(), Decision.RETRY),
        (errors.ProducerFenced(), Decision.YIELD),
        (errors.IllegalStateError("not assigned"), Decision.YIELD),
        (errors.CommitFailedError(), Decision.YIELD),
        (errors.UnknownMemberIdError(), Decision.YIELD),
        (errors.IllegalGenerationError(), Decision.YIELD),
        (errors.RebalanceInProgressError(), Decision.YIELD),
        (errors.TopicAuthorizationFailedError(), Decision.STOP),
        (errors.GroupAuthorizationFailedError(), Decision.STOP),
        (errors.TransactionalIdAuthorizationFailed(), Decision.STOP),
        (errors.MessageSizeTooLargeError(), Decision.STOP),
        (errors.UnsupportedVersionError(), Decision.STOP),
        (ValueError(), Decision.STOP),
        (AssertionError(), Decision.STOP),
        (KeyError(), Decision.STOP),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_what_an_error_means(error: Exception, decision: Decision) -> None:
    assert decide(error) is decision


def test_back_off_doubles_up_to_a_limit() -> None:
    assert [backoff_seconds(failures) for failures in (1, 2, 3, 100, 10_000)] == [0.1, 0.2, 0.4, 5.0, 5.0]


@given(st.lists(st.integers(0, 50), min_size=1), st.integers(1, 10), st.integers(1, 100))
def test_batches_keep_order_and_limits(sizes: list[int], max_records: int, max_bytes: int) -> None:
    waiting = deque(enumerate(sizes))
    taken: list[tuple[int, int]] = []
    while waiting:
        batch = take_batch(waiting, max_records, max_bytes, lambda item: item[1])
        assert 1 <= len(batch) <= max_records
        assert len(batch) == 1 or sum(size for _, size in batch) <= max_bytes
        taken += batch
    assert taken == list(enumerate(sizes))


def test_a_record_over_the_limit_goes_alone() -> None:
    waiting = deque([5, 500, 5, 5])
    assert [take_batch(waiting, 10, 100, int) for _ in range(3)] == [[5], [500], [5, 5]]
