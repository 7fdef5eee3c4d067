# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a module is told of a workload's layers beside its database: shaped as the inventory's variables are.

What a layer's own step needs, and the module doesn't, is taken and not looked at.
"""

from __future__ import annotations

from typing import Any

TEXT, COUNT = {"type": "str"}, {"type": "int"}
NEEDED, NEEDED_COUNT = {**TEXT, "required": True}, {**COUNT, "required": True}


def _some(options: dict[str, Any]) -> dict[str, Any]:
    return {"type": "list", "elements": "dict", "default": [], "options": options}


def _one_or_more(options: dict[str, Any]) -> dict[str, Any]:
    return {"type": "list", "elements": "dict", "required": True, "options": options}


_BUCKET: dict[str, Any] = {"type": "dict", "required": True, "options": {"bucket": NEEDED, "region": NEEDED}}
_PAIR: dict[str, Any] = {"source": _BUCKET, "destination": _BUCKET, "rule_ids": {"type": "list", "elements": "str"}}
PAIRS_SPEC = _one_or_more(_PAIR)
_NAMES = dict.fromkeys(("name", "cluster", "service", "function", "alias"), TEXT)
_KIND = {**NEEDED, "choices": ["asg", "ecs", "lambda"]}

LAYERS_SPEC: dict[str, Any] = {
    "cache": {
        "type": "dict",
        "options": {
            "global_replication_group_id": NEEDED,
            "required": {"type": "bool", "default": True},
            "prove": {"type": "dict"},
        },
    },
    "secrets": {"type": "list", "elements": "str", "default": [], "no_log": False},
    "keys": {"type": "list", "elements": "str", "default": [], "no_log": False},
    "buckets": {
        "type": "dict",
        "options": {
            "pairs": PAIRS_SPEC,
            "sentinel_key": {"type": "str", "no_log": False},
        },
    },
    "compute": _some({"kind": _KIND, **_NAMES, "desired": NEEDED_COUNT, "minimum": COUNT, "maximum": COUNT}),
    "parameters": {
        "type": "dict",
        "options": {
            "paths": {"type": "list", "elements": "str", "required": True},
            "key_id": {"type": "str", "no_log": False},
            "overrides": {"type": "dict"},
        },
    },
    "event_sources": _some({"function": NEEDED, "source": TEXT}),
    "routing_control": {
        "type": "dict",
        "options": {
            "endpoints": _one_or_more({"region": NEEDED, "url": NEEDED}),
            "controls": _one_or_more({"region": NEEDED, "arn": NEEDED}),
            "safety_rules_to_override": {"type": "list", "elements": "str", "default": []},
        },
    },
    "canary": {
        "type": "dict",
        "options": {
            "key": {**NEEDED, "no_log": False},
            "token": {**NEEDED, "no_log": False},
            "record": {"type": "dict"},
        },
    },
}
