# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """What every module of the collection supports, and how it runs."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return what it would do, with the AWS calls, without changing anything.
    support: full
  diff_mode:
    description: Returns the difference between the state before and after when in diff mode.
    support: full
  idempotent:
    description: Run again with the same options, it finds things as they should be and changes nothing.
    support: full
  action_group:
    description: Use C(group/multiregion.aws_dr.aws_dr) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - multiregion.aws_dr.aws_dr
"""
