# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends a workload's play for reasons that were found, or does nothing where there are none."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.read_ahead import read_ahead

SPEC = {"findings": {"type": "list", "elements": "dict", "required": True}}

# Each of our plays begins with this action, whose file the strategy loads in the parent.
read_ahead()


class ActionModule(ActionBase):
    """Fails as the modules do: a message for people, and the findings as ``refusals``."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _requires_connection = False

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        _valid, arguments = self.validate_argument_spec(SPEC)
        findings = arguments["findings"]
        if not findings:
            return {**result, "changed": False, "refusals": []}
        told = " ".join(f"[{each['code']}] {each['observed']} {each['remedy']}" for each in findings)
        return {**result, "failed": True, "changed": False, "msg": f"Refused: {told}", "refusals": findings}
