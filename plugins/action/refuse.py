# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends a workload's play for reasons that were found, or does nothing where there are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.read_ahead import read_ahead

SPEC = {
    "findings": {"type": "list", "elements": "dict", "required": True},
    "repeated": {"type": "bool", "default": False},
}

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
        return {
            **result,
            "failed": True,
            "changed": False,
            "msg": _message(findings, arguments["repeated"]),
            "refusals": findings,
        }


def _message(findings: Sequence[Mapping[str, Any]], repeated: bool) -> str:
    if repeated:
        return f"Refused, as told above: {', '.join(each['code'] for each in findings)}"
    told = [f"[{each['code']}] {each['observed']} {each['remedy']}" for each in findings]
    return f"Refused: {told[0]}" if len(told) == 1 else "\n- ".join(["Refused:", *told])
