"""No figure of cleaning falls below its floor: see `docs/quality.md`."""

from __future__ import annotations

from tests.cleaning.gate import OK, main


def test_cleaning_passes_its_gate() -> None:
    """Run with `-s` to see the figures; `python -m tests.cleaning.gate --errors` tells what is wrong."""
    assert main([]) == OK
