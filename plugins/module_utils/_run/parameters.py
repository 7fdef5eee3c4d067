# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Comparing the parameters of two Regions, and writing what the target's lacks. No value is ever told."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.change import change
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.ssm import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.ssm.observe import read_parameters
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.ssm.transform import fields
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import (
    DrError,
    Refused,
    aws_error,
    error_code,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.parameter import Parameter
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.parameters import (
    Put,
    Sync,
    Wanted,
    check_purge,
    check_request,
    decide,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard

PATIENCE = 10.0  # seconds that the source has to answer: it may be the Region that is lost
STEP = "sync_parameters"

Parameters = tuple[Parameter, ...]


def compare(wanted: Wanted, context: Context) -> tuple[Sync, bool]:
    """What is to be done, and whether the source was read. Warns where it should have been and gave no answer.

    Raises ``Refused``, and ``DrError`` where the target can't be read.
    """
    wrong = check_request(wanted)
    if wrong:
        raise Refused(wrong)
    source, target = _read(wanted, context)
    refused = check_purge(source, target, wanted)
    if refused:
        raise Refused(refused)
    return decide(source, target, wanted), source is not None


def _read(wanted: Wanted, context: Context) -> tuple[Parameters | None, Parameters]:
    """Both Regions at once; the source as ``None`` where it wasn't asked or gave no answer."""
    clock = context.clock
    until = {wanted.target: context.deadline}
    if wanted.source:
        until[wanted.source] = context.deadline.sooner(clock, PATIENCE)

    def reader(region: str, deadline: Deadline) -> Callable[[], Parameters]:
        return lambda: read_parameters(context.clients, region, wanted.paths, clock, deadline)

    outcomes = gather({region: reader(region, at) for region, at in until.items()}, context.deadline, clock)
    for region, outcome in outcomes.items():
        error = outcome.error
        if error is None:
            continue
        if not isinstance(error, CALL_ERRORS):
            raise error
        if region == wanted.target or effect_of(error) is Effect.FINAL:
            raise aws_error(error, f"Reading the parameters of {region} (ssm:GetParametersByPath, DescribeParameters)")
        context.warn(
            f"{region} gave no answer about its parameters ({error_code(error)}): only overrides are set, and what "
            f"else {wanted.target} may lack is unknown."
        )
    source = outcomes[wanted.source].value if wanted.source else None
    return source, outcomes[wanted.target].value or ()


def calls(sync: Sync, target: str) -> tuple[Call, ...]:
    """The changing calls that it takes."""
    deletes = range(0, len(sync.deletes), api.DELETE_AT_ONCE)
    puts = [Call("ssm", "PutParameter", target) for _put in sync.puts]
    return (*puts, *(Call("ssm", "DeleteParameters", target) for _chunk in deletes))


def apply(sync: Sync, target: str, guard: Guard) -> None:
    """Make the changes, each whatever becomes of the others. Raises ``Refused``, and ``DrError`` naming what failed."""
    planned = calls(sync, target)
    if not planned:
        guard.already(STEP, unchanged=len(sync.unchanged))
        return
    with guard.step(STEP, planned) as step:
        failed = [told for told in (_put(put, target, guard.context) for put in sync.puts) if told]
        names = [parameter.name for parameter in sync.deletes]
        for start in range(0, len(names), api.DELETE_AT_ONCE):
            failed += _delete(names[start : start + api.DELETE_AT_ONCE], target, guard.context)
        step.saw(written=len(sync.puts) + len(sync.deletes) - len(failed), failed=len(failed))
        if failed:
            done = len(planned) - len(failed)
            seen = f"{done} of {len(planned)} calls succeeded; failed: {'; '.join(failed)}"
            raise DrError(
                f"Writing the parameters of {target}", seen, "Mend what they name and run again: it goes on from there."
            )


def _put(put: Put, target: str, context: Context) -> str:
    """Write one parameter, and tell why it failed; empty where it didn't."""
    parameter, clients = put.after, context.clients

    def make() -> None:
        api.put_parameter(clients.get("ssm", target), fields(parameter))

    def is_so() -> bool:
        seen = api.get_parameter(clients.get("ssm", target), parameter.name)
        return seen["Value"] == parameter.value and seen["Version"] >= parameter.version

    error = change(make, is_so, f"ssm:PutParameter in {target}", context.clock, context.deadline)
    # AWS's own words may quote the value.
    return "" if error is None else f"{parameter.name} ({error_code(error)})"


def _delete(names: list[str], target: str, context: Context) -> list[str]:
    def make() -> None:
        api.delete_parameters(context.clients.get("ssm", target), names)

    # Whoever deletes twice does no harm, so there is nothing to look for.
    error = change(make, lambda: False, f"ssm:DeleteParameters in {target}", context.clock, context.deadline)
    return [] if error is None else [f"deleting {', '.join(names)} ({error_code(error)})"]
