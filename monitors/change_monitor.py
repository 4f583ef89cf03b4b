"""The change monitor's Lambda handler: S3 changes from the queue, see `bucketward._monitor`."""

import json
from pathlib import Path
from typing import Any

from bucketward import _batch  # noqa: F401 - in the init phase, to which Lambda gives a whole CPU
from bucketward._monitor import handle

_CONTROLS = json.loads(Path(__file__).with_name("controls.json").read_text(encoding="utf-8"))
_POSTURE = {name: control["guards"] for name, control in _CONTROLS.items()}


def monitor(event: dict[str, Any], context: object) -> Any:  # noqa: ANN401 - Lambda's
    return handle(event, context, _POSTURE)
