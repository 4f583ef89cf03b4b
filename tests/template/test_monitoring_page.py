"""docs/monitoring.md and its picture say what there is, whatever was recorded."""

import json
import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from bucketward.metrics import METRICS
from bucketward_tools.catalogue import ROOT
from bucketward_tools.generate import picture, series
from bucketward_tools.generate.alarms import OWN
from bucketward_tools.generate.dashboard import widgets
from bucketward_tools.local.logs import Metric

PAGE = (ROOT / "docs" / "monitoring.md").read_text(encoding="utf-8")
TITLES = [each["properties"]["title"] for each in widgets()]
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
NAMESPACE = "Bucketward/bucketward"


def texts(svg):
    return [each.text for each in ET.fromstring(svg).iter() if each.tag.endswith("}text")]


def run(**given):
    return {"start": START.isoformat(), "periods": 12, "alarms": {}, "series": {}, **given}


def sent(name, minutes, value, **dimensions):
    return Metric(START + timedelta(minutes=minutes), NAMESPACE, name, dimensions, value)


def widget(title):
    (found,) = [each for each in widgets() if each["properties"]["title"] == title]
    return json.loads(json.dumps(found).replace("${AWS::StackName}", "bucketward"))


def test_the_page_has_every_metric_and_every_alarm():
    rows = re.findall(r"^\| `(\S+?)` \|", PAGE, re.MULTILINE)
    assert METRICS.keys() <= set(rows)
    assert {each.name for each in OWN} <= set(rows)
    assert "{Channel}DeadLettersAlarm" in rows


def test_the_picture_that_is_shown_has_every_widget_and_every_alarm():
    shown = texts((ROOT / "docs" / "dashboard.svg").read_text(encoding="utf-8"))
    assert [each for each in shown if each in TITLES] == TITLES
    assert {each.stem for each in OWN if not each.condition} <= set(shown)
    assert "](dashboard.svg)" in PAGE


def test_a_graph_is_drawn_of_what_was_measured():
    svg = picture.draw(run(series={"Verdicts": {"Evaluated": [(0, 3), (1, 5), (11, 1)]}}))
    [line] = re.findall(r'<path d="(M[\d.]+ [\d.]+h0[^"]+)"', svg)
    assert re.fullmatch(r"M\S+ \S+h0L\S+ \S+M\S+ \S+h0", line)  # what is apart is not joined
    shown = texts(svg)
    assert {"Evaluated", "09:00", "09:30", "10:00", "10"} <= set(shown)
    assert shown.count("No data") == len(TITLES) - 2


def test_a_legend_says_how_many_more_there_are():
    many = {f"control_{number}": [(0, 1)] for number in range(8)}
    shown = texts(picture.draw(run(series={"Reverted, by control": many})))
    assert "and 3 more" in shown
    assert "control_4" in shown
    assert "control_5" not in shown


def test_an_alarm_that_is_on_looks_like_it():
    shown = texts(picture.draw(run(alarms={"Tampered": True, "WatcherOff": False})))
    assert shown[1:5] == ["Tampered", "In alarm", "WatcherOff", "OK"]


def test_names_are_inert_in_the_picture():
    svg = picture.draw(run(series={"Alerts, by id": {"<script>": [(0, 1)]}}))
    assert "<script>" in texts(svg)


@pytest.mark.parametrize(
    ("title", "metrics", "expected"),
    [
        (
            "Verdicts",
            [
                sent("Evaluated", 1, 2, service="bucketward"),
                sent("Evaluated", 4, 3, service="bucketward"),
                sent("Evaluated", 6, 1, service="bucketward"),
                sent("Evaluated", 6, 1, control="bucket_cors"),
                sent("Evaluated", -1, 9, service="bucketward"),
            ],
            {"Evaluated": [(0, 5), (1, 1)], "EvaluationFailed": [], "EvaluationDeferred": []},
        ),
        (
            "Reverted, by control",
            [
                sent("Reverted", 0, 1, service="bucketward"),
                sent("Reverted", 0, 1, control="bucket_cors"),
                sent("Reverted", 9, 1, control="bucket_acl_public"),
            ],
            {"bucket_acl_public": [(1, 1)], "bucket_cors": [(0, 1)]},
        ),
        (
            "Revert lag, seconds",
            [sent("RevertLag", 0, value, service="bucketward") for value in range(1, 11)],
            {"p50": [(0, 5)], "p90": [(0, 9)]},
        ),
    ],
)
def test_a_widget_adds_up_what_cloudwatch_would(title, metrics, expected):
    assert series.drawn(widget(title), metrics, START) == expected
