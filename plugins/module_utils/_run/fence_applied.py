# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one method of fencing has done."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence import Compute, FenceState, Method
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding


@dataclass(frozen=True)
class Applied:
    """``entries`` are those of ours that stand, ``sessions`` those of clients that are left (``None``: not known),
    ``findings`` why it was not even tried, ``trouble`` what went wrong, ``compute`` what ran before."""

    method: Method
    state: FenceState
    changed: bool = False
    calls: tuple[Call, ...] = ()
    entries: tuple[dict[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    trouble: str = ""
    sessions: int | None = None
    compute: tuple[Compute, ...] = ()
