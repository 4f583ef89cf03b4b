"""The reconciler's Lambda handler, on a schedule, see `bucketward._reconcile`."""

import json
import os
from pathlib import Path
from typing import Any

from bucketward._monitor import Monitor
from bucketward._reconcile import reconcile

_CONTROLS = json.loads(Path(__file__).with_name("controls.json").read_text(encoding="utf-8"))
_POSTURE = {name: control["guards"] for name, control in _CONTROLS.items()}
_BY_SETTING = {"none": set[str](), "recommended": {"recommended"}, "all": {"recommended", "all"}}


def reconciler(event: dict[str, Any], context: object) -> dict[str, Any]:
    running = _BY_SETTING[os.environ.get("BUCKETWARD_REMEDIATION", "none")]
    automatic = {name: control["automatic"] in running for name, control in _CONTROLS.items()}
    monitor = Monitor.from_environment(_POSTURE)
    return reconcile(monitor, automatic, context, sweep=event.get("sweep") is not False)
