"""Take messages of a queue in batches, with Powertools: one that fails does not hold up the others.

Apart from `_log`, which every handler imports: this loads Powertools' data classes of all events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def each_message(event: Mapping[str, Any], deal_with: Callable[[Any], None]) -> Any:  # noqa: ANN401
    """Deal with every message, and return to Lambda which of them are to come again."""
    return process_partial_response(
        event=dict(event),
        record_handler=deal_with,
        processor=BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False),
    )
