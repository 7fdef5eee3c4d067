# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module's real ``main()`` inside the controller's worker process.

Arguments and results pass through the same serialisation as for a module in a process of its own, and
AnsibleAWSModule does the validation: one code path, 0.3 s less a task.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ansible.module_utils import basic
from ansible.module_utils.common.json import Direction, get_module_decoder, get_module_encoder
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

PROFILE = "legacy"  # how ansible-core talks to Python modules


class NoResult(Exception):
    """The module ended without a result: a bug in the module."""


def run_main(
    main: Callable[[], None], arguments: dict[str, Any], show_progress: Callable[[str], None] | None
) -> dict[str, Any]:
    """Run ``main`` with ``arguments`` (the ``_ansible_*`` ones included) and return the module's result.

    ``show_progress`` is called with the lines of a long task as they come. Raises :class:`NoResult`, or whatever
    ``main`` raises besides ``SystemExit``.
    """
    recorded: list[str] = []

    class InProcessModule(basic.AnsibleModule):
        """An AnsibleModule that keeps its result in memory."""

        controller_pid = os.getppid()  # a worker is a fork of ansible-playbook

        def _record_module_result(self, o: dict[str, Any]) -> None:
            recorded.append(json.dumps(o, cls=get_module_encoder(PROFILE, Direction.MODULE_TO_CONTROLLER)))

    if show_progress is not None:
        InProcessModule.show_progress = staticmethod(show_progress)
    with _swapped(InProcessModule, arguments), suppress(SystemExit):  # how exit_json and fail_json end
        main()
    if not recorded:
        raise NoResult(f"{main.__module__} ended without a result")
    return json.loads(recorded[-1], cls=get_module_decoder(PROFILE, Direction.MODULE_TO_CONTROLLER))


@contextmanager
def _swapped(module_class: type[basic.AnsibleModule], arguments: dict[str, Any]) -> Iterator[None]:
    """AnsibleAWSModule builds ``module_class``, and the module reads ``arguments``, for as long as this lasts."""
    encoder = get_module_encoder(PROFILE, Direction.CONTROLLER_TO_MODULE)
    encoded = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}, cls=encoder).encode()
    before = (basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE, AnsibleAWSModule.default_settings["module_class"])
    basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE = encoded, PROFILE
    AnsibleAWSModule.default_settings["module_class"] = module_class
    try:
        yield
    finally:
        basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE, AnsibleAWSModule.default_settings["module_class"] = before
