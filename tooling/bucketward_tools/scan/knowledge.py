"""What plans for one bucket may know of AWS: its past is asked for once, whatever the control."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from bucketward import _aws
from bucketward._remediate import earlier_states, knowledge
from bucketward.errors import BucketwardError
from bucketward.remediation import first_content

from .row import because

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bucketward import Bucket, Known, Remediation


class Past:
    """The earlier states of one bucket, the newest first; ``missing`` says why there are none."""

    def __init__(self, name: str, account: str) -> None:
        self._name, self._account = name, account
        self._states: list[Bucket] = []
        self._left = earlier_states(name, account)
        self.missing = ""

    def __iter__(self) -> Iterator[Bucket]:
        yield from self._states
        while not self.missing:
            try:
                state = next(self._left, None)
            except (_aws.ClientError, _aws.BotoCoreError, BucketwardError) as error:
                why = because(error).removeprefix("Not judged: ")
                self.missing = f"planned without the bucket's earlier settings: {why}"
                return
            if state is None:
                return
            self._states.append(state)
            yield state

    def known(self, remediation: Remediation, given: Any) -> Known:  # noqa: ANN401
        """Return what a plan may know, doing without the past where that may not be read."""

        @cache
        def earlier() -> Bucket | None:
            return first_content(remediation, self, given)

        return replace(knowledge(remediation, self._name, self._account, given), earlier=earlier)
