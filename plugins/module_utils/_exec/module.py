# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a module runs: options and a context in, a result out; nobody else exits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Ended, Refused, aws_error
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import rate_limited, silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call

try:
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    AWS_ERRORS: tuple[type[Exception], ...] = (BotoCoreError, ClientError, ResponseParserError)
except ImportError:
    AWS_ERRORS = ()  # AnsibleAWSModule reports the missing library


DEFAULT_TIMEOUT = 60.0  # seconds, for a module without the option


@dataclass(frozen=True)
class Context:
    """What a module needs besides its options. ``deadline`` is the option ``timeout`` (seconds) from now.

    ``controller_pid`` is the process of ansible-playbook, 0 where the module runs as a process of its own.
    """

    check_mode: bool
    diff_mode: bool
    clock: Clock
    deadline: Deadline
    clients: Clients
    progress: Callable[[str], None]
    warn: Callable[[str], None]
    controller_pid: int = 0


@dataclass(frozen=True)
class Result:
    """What a module returns: ``values`` by resource; ``before`` and ``after`` for diff mode; the changing calls."""

    changed: bool
    values: Mapping[str, Any]
    before: Any = None
    after: Any = None
    calls: tuple[Call, ...] = ()


def run(
    execute: Callable[[Mapping[str, Any], Context], Result],
    argument_spec: Mapping[str, Any],
    **module_kwargs: Any,
) -> None:
    """A module's whole ``main()``: validate, ``execute``, exit with the result or with a clear failure."""
    module = AnsibleAWSModule(argument_spec=dict(argument_spec), supports_check_mode=True, **module_kwargs)
    timeout = module.params.get("timeout", DEFAULT_TIMEOUT)
    if timeout <= 0:
        module.fail_json(msg=f"timeout is {timeout:g}: give the seconds that the task may take, more than 0.")
    context = _context(module, timeout)
    started = context.clock.wall()
    try:
        result = execute(module.params, context)
    except Refused as refused:
        module.fail_json(msg=f"Refused: {refused}", refusals=refused.as_result(), **_made(refused))
    except DrError as error:
        _fail(module, error)
    except AWS_ERRORS as exc:
        _fail(module, aws_error(exc, f"Running {module._name}"))
    timing = {"started": started, "ended": context.clock.wall()}
    module.exit_json(timing=timing, **_exit_values(result, module._diff))


def _fail(module: AnsibleAWSModule, error: DrError) -> None:
    told = {"tried": error.tried, "seen": error.seen, "next_step": error.next_step}
    module.fail_json(msg=str(error), **told, **_made(error))


def _made(error: Ended) -> dict[str, Any]:
    """A task that failed may have changed something before."""
    return {"changed": bool(error.made), "calls": [call.as_dict() for call in error.made]}


def _context(module: AnsibleAWSModule, timeout: float) -> Context:
    clock = SystemClock()
    connection = get_aws_connection_info(module)[2]
    if module.params.get("endpoint_url"):
        connection = {**connection, "endpoint_url": module.params["endpoint_url"]}
    # Only the in-process runner has somewhere to show a line while the task runs.
    show = getattr(module._module, "show_progress", None)
    return Context(
        check_mode=module.check_mode,
        diff_mode=module._diff,
        clock=clock,
        deadline=Deadline.after(clock, timeout),
        clients=Clients(connection),
        progress=rate_limited(show, clock) if show else silent,
        # Not AnsibleAWSModule.warn: it passes warnings on in a way that ansible-core deprecates.
        warn=module._module.warn,
        controller_pid=getattr(module._module, "controller_pid", 0),
    )


def _exit_values(result: Result, diff: bool) -> dict[str, Any]:
    values = {"changed": result.changed, **result.values, "calls": [call.as_dict() for call in result.calls]}
    if diff and (result.before is not None or result.after is not None):
        values["diff"] = {"before": result.before or {}, "after": result.after or {}}
    return values
