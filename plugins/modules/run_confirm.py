# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The documentation of the action plugin of this name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: run_confirm
version_added: 0.1.0
author: multiregion.aws_dr contributors (@multiregion)
short_description: Have a person approve what can't be undone
description:
  - Takes the approval that was given, or asks on the terminal. Without either it refuses, unlike
    M(ansible.builtin.pause), which goes on.
  - It runs on the controller, and asks nothing of AWS.
options:
  required:
    description: Whether an approval is needed. If not, nothing is asked.
    type: bool
    required: true
  told:
    description: What the person is told first, a line each.
    type: list
    elements: str
    default: []
  answer:
    description: What must be typed to go on.
    type: str
    required: true
  approved_by:
    description: Who approved it already, where there is no terminal.
    type: str
    default: ""
  reason:
    description: Why. It is asked for on the terminal when it isn't given.
    type: str
    default: ""
attributes:
  action:
    description: Is an action plugin, which runs on the controller only.
    support: full
  check_mode:
    description: Can run in C(check_mode), where nothing is asked.
    support: full
  diff_mode:
    description: There is no difference to show.
    support: none
  idempotent:
    description: It changes nothing.
    support: full
"""

EXAMPLES = r"""
- name: Ask before rows are lost
  multiregion.aws_dr.run_confirm:
    required: true
    told: ["shop fails over to eu-west-1; up to 17 s of writes are lost"]
    answer: eu-west-1
    approved_by: "{{ approved_by | default('') }}"
  register: approval
"""

RETURN = r"""
approved_by:
  description: Who approved it. Empty where no approval was needed.
  returned: success
  type: str
reason:
  description: Why.
  returned: success
  type: str
asked:
  description: Whether a person was asked on the terminal.
  returned: success
  type: bool
"""
