# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin that runs the hot-path modules inside the controller: plugins/action has one for each of them."""

from __future__ import annotations

import inspect
import linecache
import os
import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import warm
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.in_process import run_main
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.read_ahead import kept

HOT = (
    *("rds", "s3", "secretsmanager", "cloudwatch", "dynamodb", "sts", "route53"),
    *("elasticache", "kms", "autoscaling", "ecs", "lambda", "ssm"),
)
"""What a failover asks: several of its tasks do, each in a process of its own."""
NEEDED = ("boto3", "botocore", "dns", "psycopg")
MISSING = ", ".join(name for name in NEEDED if find_spec(name) is None)

ON_A_WORKERS_STACK = ("ansible._internal", "ansible.executor", "ansible.module_utils", "ansible.plugins")


def keep_sources() -> None:
    """Read the sources of what is on a worker's stack.

    For each skipped task ansible-core asks ``inspect.stack()`` who may be deprecating something, which reads them all:
    a third of what a skipped task costs, in each worker anew unless the parent has read them.
    """
    inspect.stack()
    for name, module in tuple(sys.modules.items()):
        if name.startswith(ON_A_WORKERS_STACK) and getattr(module, "__file__", None):
            linecache.getlines(str(module.__file__))


# The strategy loads this file in the parent, before it forks a worker: so these are read once a run.
with kept():
    keep_sources()
    if not MISSING:
        warm(HOT)

display = Display()

ORPHANED = 1  # what a worker ends with that has nobody to give its result to
LOCAL_CONNECTIONS = ("local", "ansible.builtin.local")


def end_orphaned(controller: int) -> None:
    """End this worker if ``controller``, the process that it was forked from, is gone.

    A result larger than a pipe holds would keep it for ever: nobody reads, and it has the pipe's other end, too.
    """
    if os.getppid() != controller:
        os._exit(ORPHANED)


class InProcessAction(ActionBase):
    """What every hot-path module's action is; anything unusual goes the ordinary way, and the result says which."""

    main: Callable[[], None]
    """The module's own, which is imported with the action: in the parent, too."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_diff = True
    _supports_async = True

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        variables, controller = task_vars or {}, os.getppid()
        result = super().run(tmp, variables)
        reason = self._why_not_here(variables)
        if reason:
            values = self._execute_module(
                module_name=self._task.action, task_vars=variables, wrap_async=self._task.async_val
            )
            result.update(values)
            result["ran"] = f"as a module: {reason}"
        else:
            result.update(self._run_here(variables))
            result["ran"] = "in process"
        end_orphaned(controller)
        return result

    def _why_not_here(self, variables: dict[str, Any]) -> str:
        """Why the task must run as a module in a process of its own; empty when it needn't."""
        connection = self._play_context.connection or self._connection.transport
        reasons = (
            (MISSING, f"the controller lacks {MISSING}"),
            (any(self._task.environment or []), "the task has an environment"),
            (self._task.become or self._play_context.become, "the task uses become"),
            (self._task.async_val, "the task is asynchronous"),
            (connection not in LOCAL_CONNECTIONS, f"the connection is {connection}"),
            (not self._wanted(variables), "aws_dr_in_process is false"),
        )
        return next((text for holds, text in reasons if holds), "")

    def _wanted(self, variables: dict[str, Any]) -> bool:
        setting = self._templar.template(variables.get("aws_dr_in_process", True))
        return str(setting).lower() not in ("false", "no", "0", "off")

    def _run_here(self, variables: dict[str, Any]) -> dict[str, Any]:
        arguments = dict(self._task.args)
        self._update_module_args(self._task.action, arguments, variables)
        return run_main(self.main, arguments, None if self._task.no_log else self._show)

    def _show(self, line: str) -> None:
        display.display(f"{self._task.action.rsplit('.', 1)[-1]}: {line}")
