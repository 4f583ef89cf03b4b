"""docs/dashboard.svg: the dashboard, drawn of what a run in the local account left behind."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from .dashboard import PERIOD, widgets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .dashboard import Widget
    from .series import Points

RECORDED = "recorded.json"
"""Written by `make record`, beside this module."""
_ACROSS, _DOWN, _GAP = 50, 30, 5
"""Pixels of a unit of the dashboard's grid, and around a widget."""
_LEFT, _TOP, _RIGHT, _BOTTOM = 38, 30, 12, 62
"""Pixels of a graph that are axes, title and legend."""
_COLOURS = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b")
_BOX, _ROW, _COLUMNS = 26, 32, 5
_PLACES, _CHARACTERS = 6, 26
"""Entries of a legend, and characters of one."""


def recorded() -> dict[str, Any]:
    text = (files(__package__) / RECORDED).read_text(encoding="utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


def draw(run: Mapping[str, Any]) -> str:
    """Return the SVG; ``run`` has the start, the number of periods, alarms and series by title."""
    shown = widgets()
    width = max(each["x"] + each["width"] for each in shown) * _ACROSS
    height = max(each["y"] + each["height"] for each in shown) * _DOWN
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            'font-family="sans-serif" font-size="11" fill="#16191f">'
        ),
        f'<rect width="{width}" height="{height}" fill="#f2f3f3"/>',
    ]
    for each in shown:
        lines += _widget(each, run)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _widget(widget: Widget, run: Mapping[str, Any]) -> Iterator[str]:
    x, y = widget["x"] * _ACROSS + _GAP, widget["y"] * _DOWN + _GAP
    width = widget["width"] * _ACROSS - 2 * _GAP
    height = widget["height"] * _DOWN - 2 * _GAP
    title = widget["properties"]["title"]
    yield f'<g transform="translate({x} {y})">'
    yield f'<rect width="{width}" height="{height}" rx="4" fill="#fff" stroke="#d5dbdb"/>'
    yield f'<text x="10" y="19" font-size="13" font-weight="bold">{escape(title)}</text>'
    if widget["type"] == "alarm":
        yield from _alarms(run["alarms"], width)
    else:
        yield from _graph(run["series"].get(title, {}), run, width, height)
    yield "</g>"


def _alarms(alarms: Mapping[str, bool], width: int) -> Iterator[str]:
    each_width = (width - 10) // _COLUMNS
    for number, (name, on) in enumerate(alarms.items()):
        row, column = divmod(number, _COLUMNS)
        fill, edge = ("#fdf3f1", "#d13212") if on else ("#f2f8f0", "#1d8102")
        x, y = 10 + column * each_width, 30 + row * _ROW
        yield (
            f'<rect x="{x}" y="{y}" width="{each_width - 10}" height="{_BOX}" rx="3" '
            f'fill="{fill}" stroke="{edge}"/>'
        )
        state = "In alarm" if on else "OK"
        yield f'<text x="{x + 8}" y="{y + 17}">{escape(name)}</text>'
        yield (
            f'<text x="{x + each_width - 18}" y="{y + 17}" text-anchor="end" '
            f'fill="{edge}">{state}</text>'
        )


def _graph(
    series: Mapping[str, Points], run: Mapping[str, Any], width: int, height: int
) -> Iterator[str]:
    right, bottom = width - _RIGHT, height - _BOTTOM
    most = max((value for points in series.values() for _, value in points), default=0) or 1
    top = _round_up(most)
    for part in (0, 0.5, 1):
        y = round(bottom - part * (bottom - _TOP))
        yield f'<path d="M{_LEFT} {y}H{right}" stroke="#eaeded"/>'
        yield f'<text x="{_LEFT - 5}" y="{y + 4}" text-anchor="end">{part * top:g}</text>'
    start = datetime.fromisoformat(run["start"])
    for part, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        time = start + timedelta(seconds=PERIOD * run["periods"] * part)
        x = round(_LEFT + part * (right - _LEFT))
        yield f'<text x="{x}" y="{bottom + 15}" text-anchor="{anchor}">{time:%H:%M}</text>'
    for number, points in enumerate(series.values()):
        places = [
            (
                period,
                round(_LEFT + period / run["periods"] * (right - _LEFT), 1),
                round(bottom - value / top * (bottom - _TOP), 1),
            )
            for period, value in points
        ]
        yield from _line(places, _COLOURS[number % len(_COLOURS)])
    yield from _legend(list(series), width, bottom + 31)
    if not series:
        yield f'<text x="{width // 2}" y="{bottom // 2 + 20}" text-anchor="middle">No data</text>'


def _legend(labels: list[str], width: int, top: int) -> Iterator[str]:
    shown = labels if len(labels) <= _PLACES else labels[: _PLACES - 1]
    for number, label in enumerate([*shown, f"and {len(labels) - len(shown)} more"]):
        row, column = divmod(number, 2)
        x, y = 10 + column * (width // 2), top + row * 13
        if number < len(shown):
            yield f'<rect x="{x}" y="{y - 8}" width="9" height="9" fill="{_COLOURS[number]}"/>'
            yield f'<text x="{x + 14}" y="{y}">{escape(_cut(label))}</text>'
        elif len(labels) > len(shown):
            yield f'<text x="{x + 14}" y="{y}">{label}</text>'


def _line(places: list[tuple[int, float, float]], colour: str) -> Iterator[str]:
    """Join what is of periods next to each other; what stands alone is a dot."""
    path, before = "", -2
    for number, x, y in places:
        path += f"{'L' if number == before + 1 else 'M'}{x:g} {y:g}"
        path += "h0" if number != before + 1 else ""
        before = number
    if path:
        yield (
            f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="4" '
            'stroke-linecap="round" stroke-opacity="0.8"/>'
        )


def _round_up(most: float) -> float:
    """Return the next of 2, 4, 10, 20, 40, 100, ..., so that half of it is a whole number too."""
    power = 1.0
    while True:
        for each in (2, 4, 10):
            if each * power >= most:
                return each * power
        power *= 10


def _cut(label: str) -> str:
    return label if len(label) <= _CHARACTERS else f"{label[: _CHARACTERS - 1]}…"
