# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A global database that a detach has ended, on its way to be one again: what was observed of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FENCED, FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import KEPT_TAG, GlobalCluster
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.isolated_copy import ClusterSeen

SUFFIX = re.compile(r"-kept-\d{14}$")
LONGEST_NAME = 63


def kept_name(name: str, stamp: str) -> str:
    """What a cluster or an instance is called once it is kept aside. ``stamp`` are 14 digits."""
    suffix = f"-kept-{stamp}"
    return name[: LONGEST_NAME - len(suffix)].rstrip("-") + suffix


def name_before(name: str) -> str:
    """What it was called before, as far as the name still tells."""
    return SUFFIX.sub("", name)


@dataclass(frozen=True)
class RejoinSeen:
    """Both Regions' clusters, the global cluster as RDS has it (``None``: there is none), and the fence's record."""

    global_cluster_id: str
    home: str
    standby: str
    global_cluster: GlobalCluster | None
    at_home: tuple[ClusterSeen, ...]
    at_standby: tuple[ClusterSeen, ...]
    fence: FenceRecord | None = None

    @property
    def writer(self) -> ClusterSeen | None:
        """The standby Region's cluster that was detached. Its mark stays until all is done."""
        return next((each for each in self.at_standby if each.cluster.detached_from == self.global_cluster_id), None)

    @property
    def joined(self) -> bool:
        """The global cluster has a member in either Region."""
        found = self.global_cluster
        return found is not None and None not in (found.member(self.home), found.member(self.standby))

    @property
    def kept(self) -> tuple[ClusterSeen, ...]:
        """The old primaries that are marked, the last one last."""
        mark = f"{self.global_cluster_id}/"
        return tuple(
            sorted((each for each in self.at_home if each.tags.get(KEPT_TAG, "").startswith(mark)), key=_last_renamed)
        )

    @property
    def settled(self) -> bool:
        """The old primary acknowledges nothing any more, and a snapshot keeps what it alone has."""
        fence = self.fence
        return fence is not None and fence.state == FENCED and not fence.snapshot_owed

    def home_cluster(self, name: str) -> ClusterSeen | None:
        """The home Region's cluster of that identifier."""
        return next((each for each in self.at_home if each.id == name), None)


def _last_renamed(cluster: ClusterSeen) -> tuple[bool, str]:
    """One that still has its name is the last."""
    found = SUFFIX.search(cluster.id)
    return found is None, found.group() if found else ""
