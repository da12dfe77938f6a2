"""The house's panels: a time series and a single figure over Prometheus queries, all looking alike."""

from __future__ import annotations

from dataclasses import dataclass

from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, timeseries
from grafana_foundation_sdk.models.common import (
    BigValueColorMode,
    LegendDisplayMode,
    LegendPlacement,
    StackingMode,
    TooltipDisplayMode,
)
from grafana_foundation_sdk.models.dashboard import DataSourceRef

DATA_SOURCE = DataSourceRef(type_val="prometheus", uid="isowire-prometheus")
WIDTH_OF_THIRD, WIDTH_OF_HALF, WIDTH_OF_SIXTH = 8, 12, 4  # of Grafana's 24 columns
HEIGHT, STAT_HEIGHT = 8, 4


@dataclass(frozen=True)
class Query:
    """One line, or one family of lines, of a panel; `legend` may name labels as {{label}}."""

    expr: str
    legend: str


def lines(  # noqa: PLR0913 - the parts of a panel, all named where it is called
    title: str,
    description: str,
    unit: str,
    queries: list[Query],
    *,
    width: int = WIDTH_OF_THIRD,
    stacked: bool = False,
) -> timeseries.Panel:
    """Return a time series; `unit` is one of Grafana's (s, bytes, short, reqps …)."""
    panel = (
        timeseries.Panel()
        .title(title)
        .description(description)
        .datasource(DATA_SOURCE)
        .unit(unit)
        .min(0)
        .span(width)
        .height(HEIGHT)
        .fill_opacity(30 if stacked else 8)
        .legend(
            common.VizLegendOptions()
            .display_mode(LegendDisplayMode.LIST)
            .placement(LegendPlacement.BOTTOM)
            .show_legend(True)
        )
        .tooltip(common.VizTooltipOptions().mode(TooltipDisplayMode.MULTI))
    )
    if stacked:
        panel = panel.stacking(common.StackingConfig().mode(StackingMode.NORMAL))
    for query in queries:
        panel = panel.with_target(_target(query))
    return panel


def figure(title: str, description: str, unit: str, query: Query) -> stat.Panel:
    """Return one large number."""
    return (
        stat.Panel()
        .title(title)
        .description(description)
        .datasource(DATA_SOURCE)
        .unit(unit)
        .span(WIDTH_OF_SIXTH)
        .height(STAT_HEIGHT)
        .color_mode(BigValueColorMode.NONE)
        .with_target(_target(query))
    )


def board(uid: str, title: str, description: str) -> dashboard.Dashboard:
    """Return an empty dashboard."""
    return (
        dashboard.Dashboard(title)
        .uid(uid)
        .description(description)
        .tags(["isowire"])
        .timezone("browser")
        .refresh("5s")
        .time("now-30m", "now")
        .readonly()
    )


def _target(query: Query) -> prometheus.Dataquery:
    return prometheus.Dataquery().expr(query.expr).legend_format(query.legend).datasource(DATA_SOURCE)
