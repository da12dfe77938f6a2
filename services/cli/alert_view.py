"""How an alert looks on a terminal."""

from __future__ import annotations

from rich.text import Text

from schemas.alert import Alert, Severity

COLOURS = {
    Severity.INFO: "cyan",
    Severity.NOTICE: "green",
    Severity.WARNING: "yellow",
    Severity.CRITICAL: "red",
}


def alert_lines(alert: Alert) -> list[Text]:
    """Return what it is, what it is about, the words that show it, and where they stand."""
    colour = COLOURS[alert.severity]
    about = [alert.date, ", ".join(p.name for p in alert.participants), alert.amount_text]
    copies = f" · told by {alert.report_count} pages" if alert.report_count > 1 else ""
    return [
        Text.assemble(
            (f"● {alert.rule_id} ", f"bold {colour}"), (f"{alert.severity}  ", colour), (alert.title, "bold")
        ),
        Text("  " + " · ".join(part for part in about if part)),
        Text(f"  “{alert.evidence.text}”", style="italic"),
        Text(f"  {alert.source or 'publisher not named'}{copies} · {alert.url or 'no address'}", style="dim"),
        Text(""),
    ]
