# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks a person on the terminal, or takes the approval that was given; refuses where there is neither."""

from __future__ import annotations

import getpass
from typing import Any

from ansible.errors import AnsiblePromptInterrupt, AnsiblePromptNoninteractive
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal

SPEC = {
    "required": {"type": "bool", "required": True},
    "told": {"type": "list", "elements": "str", "default": []},
    "answer": {"type": "str", "required": True},
    "approved_by": {"type": "str", "default": ""},
    "reason": {"type": "str", "default": ""},
}
ENTER = (b"\r", b"\n")

display = Display()


class ActionModule(ActionBase):
    """Returns who approved and why. Where a terminal is there, what is missing is asked for on it."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _requires_connection = False

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        _valid, given = self.validate_argument_spec(SPEC)
        approved_by, reason = given["approved_by"].strip(), given["reason"].strip()
        if self._task.check_mode:
            return {**result, "changed": False, "approved_by": approved_by, "reason": reason, "asked": False}
        asks = given["required"] and not approved_by
        try:
            if asks:
                for line in given["told"]:
                    display.display(line)
                refused = self._refused(given["answer"])
                if refused:
                    return _failed(result, refused)
                approved_by = getpass.getuser()
                reason = reason or _ask("Why? It stays on record: ")
        except AnsiblePromptNoninteractive:
            seen = "Nobody approved it, and there is no terminal on which to ask."
            return _failed(
                result, refusal("not_approved", seen, "Name who approves: -e approved_by=NAME -e reason=...")
            )
        except AnsiblePromptInterrupt:
            return _failed(result, refusal("not_approved", "It was interrupted.", "Start it again."))
        return {**result, "changed": False, "approved_by": approved_by, "reason": reason, "asked": asks}

    def _refused(self, answer: str) -> Finding | None:
        said = _ask(f"Type {answer} to go on, anything else to leave it: ")
        if said == answer:
            return None
        return refusal("not_approved", f"The answer was {said!r}, not {answer}.", "Nothing was done.")


def _ask(question: str) -> str:
    return display.prompt_until(question, complete_input=ENTER).decode(errors="replace").strip()


def _failed(result: dict[str, Any], finding: Finding) -> dict[str, Any]:
    message = f"Refused: [{finding.code}] {finding.observed} {finding.remedy}"
    return {**result, "failed": True, "changed": False, "msg": message, "refusals": [finding.as_dict()]}
