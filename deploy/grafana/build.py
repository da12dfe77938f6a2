"""Write the two dashboards: `python -m deploy.grafana.build [--check]`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from grafana_foundation_sdk.builders import dashboard, stat, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder

from deploy.grafana.panels import WIDTH_OF_HALF, Query, board, figure, lines

FOLDER = Path(__file__).parent / "dashboards"


def rate(metric: str, by: str, window: str = "1m") -> Query:
    """Return a counter's rate, one line a value of the labels `by`."""
    return Query(f"sum by ({by}) (rate({metric}[{window}]))", _legend(by))


def increase(metric: str, by: str, window: str) -> Query:
    """Return what a counter grew by, one line a value of the labels `by`."""
    return Query(f"sum by ({by}) (increase({metric}[{window}]))", _legend(by))


def mean(histogram: str, what: str = "") -> Query:
    """Return a histogram's mean by stage."""
    count = f"sum by (stage) (rate({histogram}_count[1m]) > 0)"
    return Query(f"sum by (stage) (rate({histogram}_sum[1m])) / {count}", f"{what}{{{{stage}}}}")


def quantile(share: float, histogram: str, by: str) -> Query:
    """Return a histogram's quantile by a label."""
    return Query(
        f"histogram_quantile({share}, sum by ({by}, le) (rate({histogram}_bucket[5m])))", f"{{{{{by}}}}}"
    )


def recorded(rule: str) -> Query:
    """Return what a recording rule has by stage."""
    return Query(rule, "{{stage}}")


def _legend(by: str) -> str:
    return " ".join(f"{{{{{label.strip()}}}}}" for label in by.split(","))


def headline() -> Iterator[stat.Panel]:
    """Yield the six figures on top of the pipeline."""
    pages = 'sum(rate(isowire_records_out_total{{stage="{}"}}[1m]))'
    slow = 'stage:isowire_since_fetch_seconds:p99_5m{stage="alert"}'
    for title, text, unit, expr in (
        ("Pages in", "Pages written to raw-article.", "cps", pages.format("ingest")),
        ("Extracted", "Articles with all facts read out.", "cps", pages.format("extract")),
        (
            "Alerts in an hour",
            "Raised for the first time.",
            "short",
            "sum(increase(isowire_alerts_total[1h]))",
        ),
        ("Fetch to alert, p99", "Of the last five minutes.", "s", slow),
        ("Waiting", "Records before all stages.", "short", "sum(stage:isowire_lag_records:sum)"),
        ("Dead letters in an hour", "Not taken.", "short", "sum(increase(isowire_dead_letters_total[1h]))"),
    ):
        yield figure(title, text, unit, Query(expr, title))


def throughput() -> Iterator[timeseries.Panel]:
    """Yield what goes through, what waits, and how long it takes."""
    since_fetch = "stage:isowire_since_fetch_seconds"
    records_in, records_out = "stage:isowire_records_in:rate1m", "stage:isowire_records_out:rate1m"
    bytes_in = rate("isowire_bytes_in_total", "stage")
    yield lines("Records in", "Taken from the input topic.", "cps", [recorded(records_in)])
    yield lines("Records out", "Written and committed.", "cps", [recorded(records_out)])
    yield lines("Bytes in", "Values taken from the input topic.", "Bps", [bytes_in])
    yield lines("Lag", "Records not committed yet.", "short", [recorded("stage:isowire_lag_records:sum")])
    yield lines("Fetch to end of stage, p50", "Half are faster.", "s", [recorded(f"{since_fetch}:p50_5m")])
    yield lines(
        "Fetch to end of stage, p99", "One in 100 is slower.", "s", [recorded(f"{since_fetch}:p99_5m")]
    )
    parts = [mean(f"isowire_{part}_seconds", f"{part} ") for part in ("transform", "produce", "commit")]
    yield lines("Time of a batch, mean", "In the function, in producing, in the commit.", "s", parts)
    in_flight = Query("sum by (stage) (isowire_in_flight_records)", "{{stage}}")
    yield lines("In flight", "Records taken and not committed yet.", "short", [in_flight])
    yield lines("Batch size, mean", "Records in a batch.", "short", [mean("isowire_batch_records")])


def outcomes() -> Iterator[timeseries.Panel]:
    """Yield what came of the pages, and what went wrong on the way."""
    dead = rate("isowire_dead_letters_total", "stage, reason", "5m")
    repairs, removals, doubts, revisions = (
        rate(f"isowire_{name}_total", "kind", "5m") for name in ("repairs", "removals", "doubts", "revisions")
    )
    alerts = increase("isowire_alerts_total", "rule", "1h")
    rebalances = Query("sum by (stage) (increase(isowire_rebalances_total[5m]))", "rebalances {{stage}}")
    aborts = Query("sum by (stage) (increase(isowire_transaction_aborts_total[5m]))", "aborts {{stage}}")
    restarts = increase("isowire_worker_restarts_total", "stage, reason", "5m")
    yield lines("Dead letters by reason", "Pages given up or refused.", "cps", [dead], stacked=True)
    yield lines("Repairs by kind", "Places put back to what they had been.", "cps", [repairs], stacked=True)
    yield lines("Removals by kind", "Pieces kept out of the body.", "cps", [removals], stacked=True)
    yield lines("Doubts by kind", "Articles that something speaks against.", "cps", [doubts], stacked=True)
    told = "First, again the same, or changed, by address."
    yield lines("Pages by what they are", told, "cps", [revisions], stacked=True)
    yield lines("Alerts by rule", "Raised for the first time, in an hour.", "short", [alerts], stacked=True)
    yield lines(
        "Rebalances and aborts", "What a fault or a new replica shows as.", "short", [rebalances, aborts]
    )
    yield lines("Worker processes started anew", "By what ended them.", "short", [restarts])


def by_source() -> Iterator[timeseries.Panel]:
    """Yield how fresh, fruitful and faulty each source is."""
    age = Query("source:isowire_source_age_seconds:min", "{{source}}")
    up = Query("min by (source) (isowire_source_up)", "{{source}}")
    fetched = rate("isowire_source_bytes_total", "source", "5m")
    polls = rate("isowire_source_polls_total", "outcome", "5m")
    errors = rate("isowire_source_errors_total", "source, reason", "5m")
    for title, text, unit, query in (
        ("Since the last new page", "Freshness.", "s", age),
        ("Well or not", "1 while a source is neither silent nor failing.", "short", up),
        ("New pages in an hour", "Yield.", "short", increase("isowire_source_pages_total", "source", "1h")),
        ("Bytes fetched", "Of feeds and pages.", "Bps", fetched),
        ("Polls by outcome", "What the polls brought.", "cps", polls),
        ("Errors", "Failed polls and pages, by reason.", "cps", errors),
        (
            "Time of a request, p90",
            "To the source.",
            "s",
            quantile(0.9, "isowire_source_fetch_seconds", "source"),
        ),
        ("Pushes", "Requests to the push API.", "cps", rate("isowire_push_requests_total", "outcome", "5m")),
    ):
        yield lines(title, text, unit, [query], width=WIDTH_OF_HALF)


def pipeline() -> dashboard.Dashboard:
    """Return how pages pass: throughput, outcomes, lag, latency, dead letters, repairs."""
    built = board("isowire-pipeline", "Isowire pipeline", "How pages pass from fetch to alert.")
    for panel in (*headline(), *throughput(), *outcomes()):
        built = built.with_panel(panel)
    return built


def sources() -> dashboard.Dashboard:
    """Return how the sources do: freshness, yield, errors."""
    built = board("isowire-sources", "Isowire sources", "What each source brings, and when it last did.")
    for panel in by_source():
        built = built.with_panel(panel)
    return built


def main(arguments: list[str]) -> int:
    """Write the dashboards, or with `--check` name those that differ and return 1."""
    stale = []
    for name, built in (("pipeline", pipeline()), ("sources", sources())):
        content = JSONEncoder(sort_keys=True, indent=1).encode(built.build()) + "\n"
        path = FOLDER / f"{name}.json"
        if not path.exists() or path.read_text() != content:
            stale.append(path.name)
            if "--check" not in arguments:
                path.write_text(content)
    if "--check" in arguments and stale:
        sys.stderr.write(f"deploy/grafana/dashboards is stale ({', '.join(stale)}): run `make dashboards`\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
