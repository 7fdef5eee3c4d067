# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells people: on the controller only, as other collections' modules send what they send well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.plugin_utils import notify_main
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.action import InProcessAction


class ActionModule(InProcessAction):
    """Unlike the others it never runs as a module: those that it calls aren't sent along."""

    main = staticmethod(notify_main.main)
    _supports_async = False

    def _why_not_here(self, variables: dict[str, Any]) -> str:
        return ""

    def _run_here(self, variables: dict[str, Any]) -> dict[str, Any]:
        self._task.args = {**self._task.args, "channels": as_taken(self._task.args.get("channels"))}
        return super()._run_here(variables)


def as_taken(given: Any) -> list[dict[str, Any]]:
    """The channels as the module's specification takes them: what doesn't fit becomes that channel's trouble."""
    if given is None:
        return []
    if not isinstance(given, list):
        return [{"name": "channels", "trouble": "aws_dr_notify.channels is no list"}]
    return [_taken(each, number) for number, each in enumerate(given, 1)]


def _taken(each: Any, number: int) -> dict[str, Any]:
    if not isinstance(each, Mapping):
        return {"name": f"channel {number}", "trouble": "it is no dictionary"}
    values = {str(name): value for name, value in each.items()}
    strange = sorted(set(values) - set(notify_main.CHANNEL_SPEC) | {"trouble"} & set(values))
    taken = {name: value for name, value in values.items() if name not in strange}
    return taken | ({"trouble": f"no channel takes {', '.join(strange)}"} if strange else {})
