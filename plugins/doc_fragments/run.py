# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """The run that a change belongs to."""

    DOCUMENTATION = r"""
options:
  run:
    description:
      - The run that this belongs to, as P(multiregion.aws_dr.run_open#module) returned it.
      - Each change then holds the run's lease and is written to its journal, before and after. Where another run has
        taken over, it is refused and nothing is changed.
      - Without it the task stands alone, without lease and journal.
    type: dict
    suboptions:
      id:
        description: The run's id.
        type: str
        required: true
      fence:
        description: The fencing token, which only ever grows.
        type: int
        required: true
      lock:
        description: The lock that the run holds.
        type: str
        required: true
      table:
        description: Name of the state table.
        type: str
      region:
        description: The Region in which the state table is reached.
        type: str
      journal:
        description: A local file instead of a state table.
        type: path
      pid:
        description: The controller's process; V(0) where that isn't known.
        type: int
        default: 0
      pid_started:
        description: When that process started, in clock ticks since the machine's start.
        type: int
        default: 0
"""
