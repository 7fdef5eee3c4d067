# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The documentation of the action plugin of this name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: refuse
version_added: 0.1.0
author: multiregion.aws_dr contributors (@multiregion)
short_description: End a workload's play for reasons that were found
description:
  - Fails with the findings that it is given, as the other modules of this collection do when they refuse.
  - Without a finding it does nothing. It runs on the controller, and asks nothing of AWS.
options:
  findings:
    description:
      - What was found, each with C(code), C(observed) and C(remedy), as the filters and lookups return it.
    type: list
    elements: dict
    required: true
  repeated:
    description: Whether a task before has told them. Their codes will do then.
    type: bool
    default: false
attributes:
  action:
    description: Is an action plugin, which runs on the controller only.
    support: full
  check_mode:
    description: Can run in C(check_mode), where it refuses what it would refuse.
    support: full
  diff_mode:
    description: There is no difference to show.
    support: none
  idempotent:
    description: It changes nothing.
    support: full
"""

EXAMPLES = r"""
- name: Refuse what can't be understood
  multiregion.aws_dr.refuse:
    findings: "{{ query('multiregion.aws_dr.request_refusals', 'dr_failover', names={'mode': 'dr_failover_mode'}) }}"
"""

RETURN = r"""
refusals:
  description: The findings given.
  returned: always
  type: list
  elements: dict
"""
