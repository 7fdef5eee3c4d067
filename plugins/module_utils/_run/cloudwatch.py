# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One Region's CloudWatch, and what was changed through it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, repeat
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.change import PAUSES
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, NO_EFFECT, CallFailed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import having_made
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call

Api = Callable[..., Any]


@dataclass
class CloudWatch:
    """A Region's CloudWatch; ``calls`` are the changing ones made through it, or in check mode not made."""

    region: str
    context: Context
    calls: list[Call] = field(default_factory=list)

    def read(self, action: str, call: Api, *arguments: Any) -> Any:
        """What the call answers. Raises ``CallFailed``."""
        what = f"cloudwatch:{action} in {self.region}"
        try:
            return within(partial(self._call, call, arguments), self.context.deadline, self.context.clock, what)
        except CALL_ERRORS as exc:
            raise CallFailed(exc, what) from exc

    def change(self, action: str, call: Api, *arguments: Any) -> Any:
        """Make the call, but in check mode. Raises ``CallFailed``, which says what was made before."""
        with having_made(tuple(self.calls)):
            answer = None if self.context.check_mode else self._patiently(action, call, *arguments)
        self.calls.append(Call("cloudwatch", action, self.region))
        return answer

    def _patiently(self, action: str, call: Api, *arguments: Any) -> Any:
        """CloudWatch takes three alarms a second: what it refuses for that is asked again."""
        clock = self.context.clock
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            try:
                return self.read(action, call, *arguments)
            except CallFailed as failed:
                if failed.effect not in NO_EFFECT or self.context.deadline.remaining(clock) <= pause:
                    raise
            clock.sleep(pause)
        return None

    def _call(self, call: Api, arguments: tuple[Any, ...]) -> Any:
        return call(self.context.clients.get("cloudwatch", self.region), *arguments)
