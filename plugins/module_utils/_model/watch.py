# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the watcher looks at and by which means, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import Policy
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import Reading, Subject, Verdict


@dataclass(frozen=True)
class Api:
    """The workload's API in a Region."""

    region: str
    url: str


@dataclass(frozen=True)
class PlatformCanary:
    """An object in a Region's S3 that no release of the workload touches."""

    region: str
    bucket: str
    key: str


@dataclass(frozen=True)
class Alarm:
    """A CloudWatch alarm in ``place``, which is in alarm while it sees ``looks_at`` fail."""

    name: str
    place: str
    looks_at: str
    subject: Subject = Subject.WORKLOAD


@dataclass(frozen=True)
class AlarmState:
    """What an alarm said last. ``changed_at`` is its own clock's, epoch seconds."""

    name: str
    place: str
    reading: Reading
    changed_at: float
    detail: str = ""


@dataclass(frozen=True)
class Watched:
    """A workload, who looks at it, and how. Seconds.

    ``place`` is the Region that the watcher runs in. ``timeout`` is for one look. ``repeat`` is how often a lost Region
    is told while nobody has failed over, ``errands`` how often the rest is seen to that needs somebody who is there.
    """

    workload: str
    home: str
    standby: str
    place: str
    table: str
    policy: Policy
    apis: tuple[Api, ...] = ()
    canaries: tuple[PlatformCanary, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    queue_url: str = ""
    interval: float = 5.0
    timeout: float = 2.0
    repeat: float = 60.0
    errands: float = 300.0
    resolvers: tuple[str, ...] = ()
    ca_path: str = ""
    profile: str = ""


class Heard(str, Enum):
    """What came of a verdict by the state table: nothing, a decision not to act, a failover that ended well."""

    NOTHING = "nothing"
    DECISION = "decision"
    FAILED_OVER = "failed_over"
    UNKNOWN = "unknown"


class News(str, Enum):
    """Why the watcher speaks: another ruling, or a lost Region once more; or what is to be seen to now and then."""

    VERDICT = "verdict"
    ERRANDS = "errands"


@dataclass(frozen=True)
class WatchEvent:
    """What the watcher says, as docs/watching publishes it.

    ``unheard`` is how often a verdict was told of which the state table knows nothing: what was started on it failed
    before it could write anything. ``why`` of errands: ``started``, ``contact`` or ``schedule``.
    """

    news: News
    workload: str
    region: str
    standby: str
    at: float
    verdict: Verdict | None = None
    unheard: int = 0
    why: str = ""

    def as_dict(self) -> dict[str, Any]:
        said = {
            "schema": "multiregion.aws_dr/watch-event/1",
            "news": self.news.value,
            "workload": self.workload,
            "region": self.region,
            "standby": self.standby,
            "at": self.at,
        }
        if self.verdict is None:
            return {**said, "why": self.why}
        first = self.verdict.first_failure
        ruling = self.verdict.ruling.value
        return {
            **said,
            "ruling": ruling,
            "first_failure": first,
            "unheard": self.unheard,
            "verdict": self.verdict.as_dict(),
        }
