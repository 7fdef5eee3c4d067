#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: lambda_event_source
version_added: 0.1.0
short_description: Switch a Region's Lambda event sources on or off
description:
  - Enables or disables the event source mappings of Lambda functions in one Region, or reads them.
  - A function that is fed writes. So before one is enabled, O(region) is proved to be the database's writer by a
    committed write. Where all are enabled already, nothing is proved and nothing changed. Disabling needs no proof.
  - All mappings are switched at once. One that fails holds up no other.
options:
  region:
    description: The Region whose event sources are meant.
    type: str
    required: true
  state:
    description:
      - V(enabled) lets the functions be fed.
      - V(disabled) keeps them from it.
      - V(read) only reads the mappings.
    type: str
    choices: [enabled, disabled, read]
    required: true
  mappings:
    description: Which mappings are meant.
    type: list
    elements: dict
    required: true
    suboptions:
      function:
        description: The function's name, as the mapping has it, with the alias if there is one (V(orders:live)).
        type: str
        required: true
      source:
        description: ARN of the event source. Without it all mappings of the function are meant.
        type: str
  database:
    description:
      - The database whose writer in O(region) is proved before anything is enabled.
      - Required with O(state=enabled), unless O(allow_unverified_writer=true).
  timeout:
    description: Seconds after which the task fails.
    type: float
    default: 120.0
attributes:
  check_mode:
    details: The mappings are read. RDS is asked whether O(region) is the writer. A warning says if not.
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.database
  - multiregion.aws_dr.resolvers
  - multiregion.aws_dr.run
  - multiregion.aws_dr.wait
  - multiregion.aws_dr.writer_gate
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Feed the functions in Ireland, once its database is proved to be the writer
  multiregion.aws_dr.lambda_event_source:
    region: eu-west-1
    state: enabled
    mappings:
      - function: shop-orders
        source: arn:aws:sqs:eu-west-1:123456789012:shop-orders
    database:
      global_cluster_id: shop
      name: shop
      secret_id: shop/db

- name: Keep those in Frankfurt from it
  multiregion.aws_dr.lambda_event_source:
    region: eu-central-1
    state: disabled
    mappings:
      - function: shop-orders
"""

RETURN = r"""
event_sources:
  description: The mappings as they are now, or in check mode would be.
  returned: success, and when a mapping failed
  type: dict
  contains:
    region:
      description: The Region.
      type: str
    state:
      description: V(enabled) or V(disabled) when all are, V(mixed) when some are, else V(changing).
      type: str
    mappings:
      description: Each mapping.
      type: list
      elements: dict
      contains:
        uuid:
          description: Its identifier.
          type: str
        function:
          description: The function that is fed.
          type: str
        source:
          description: ARN of the event source.
          type: str
        before:
          description: Its state before, as AWS names it.
          type: str
        state:
          description: Its state now.
          type: str
        changed:
          description: Whether this task changed it, or in check mode would.
          type: bool
        error:
          description: Why it isn't as asked for. Else empty.
          type: str
  sample:
    region: eu-west-1
    state: enabled
    mappings:
      - uuid: 5fd0fd1a-9d5e-4a9e-8b3b-1f2d7d3c9a11
        function: shop-orders
        source: arn:aws:sqs:eu-west-1:123456789012:shop-orders
        before: Disabled
        state: Enabled
        changed: true
        error: ""
writer:
  description: The proof of the writer. Null when nothing had to be enabled, and in check mode.
  returned: success
  type: dict
  sample: {region: eu-west-1, server_id: shop-eu-west-1-1}
calls:
  description: The changing AWS calls that were made, or in check mode would be made.
  returned: success, and when a mapping failed
  type: list
  elements: dict
  sample: [{service: lambda, action: UpdateEventSourceMapping, region: eu-west-1}]
refusals:
  description: Why nothing was changed, each with C(code), C(observed), C(remedy), C(severity) and C(runbook).
  returned: when refused
  type: list
  elements: dict
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    RUN_SPEC,
    WAIT_SPEC,
    WRITER_GATE_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.event_source import (
    DISABLED,
    ENABLED,
    EventSource,
    Selector,
    SourceChange,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.event_sources import (
    check_request,
    needs_change,
    overall,
    planned,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.event_sources import read_event_sources, switch
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import guarded
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.writer_gate import WriterGate

STATES = {"enabled": ENABLED, "disabled": DISABLED}
STEPS = {ENABLED: "enable_event_sources", DISABLED: "disable_event_sources"}


def argument_spec() -> dict[str, Any]:
    mapping = {"function": {"type": "str", "required": True}, "source": {"type": "str"}}
    return {
        "region": {"type": "str", "required": True, "aliases": ["aws_region"]},
        "state": {"type": "str", "choices": ["enabled", "disabled", "read"], "required": True},
        "mappings": {"type": "list", "elements": "dict", "required": True, "options": mapping},
        **WRITER_GATE_SPEC,
        "run": RUN_SPEC,
        "wait": WAIT_SPEC,
        "timeout": timeout_spec(120),
    }


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Enable, disable or read. Raises ``Refused``, and ``DrError`` with what was nevertheless done."""
    region, wanted = options["region"], STATES.get(options["state"], "")
    selectors = [Selector(each["function"], each["source"] or "") for each in options["mappings"]]
    verified, unverified_allowed = options["database"] is not None, options["allow_unverified_writer"]
    wrong = check_request(selectors, wanted == ENABLED, verified, region, unverified_allowed)
    if wrong:
        raise Refused(wrong)
    sources = read_event_sources(region, selectors, context)
    if not wanted:
        return _result(region, [SourceChange(source, source.state) for source in sources], None)
    database = options["database"] if wanted == ENABLED else None
    gate = WriterGate(database, region, options["resolvers"], context)
    if context.check_mode:
        if any(needs_change(source, wanted) for source in sources):
            gate.look()
        return _result(region, [planned(source, wanted) for source in sources], None)
    return _switch(options, sources, wanted, gate, context)


def _switch(
    options: Mapping[str, Any], sources: Sequence[EventSource], wanted: str, gate: WriterGate, context: Context
) -> Result:
    region, guard = options["region"], guarded(options["run"], context)
    needed = [source for source in sources if needs_change(source, wanted)]
    if not needed:
        guard.already(STEPS[wanted], region=region)
        return _result(region, switch(region, sources, wanted, options["wait"], guard.context), None)
    if wanted == ENABLED:
        gate.prove()
    with guard.step(STEPS[wanted], [_call(region) for _source in needed]) as step:
        changes = switch(region, sources, wanted, options["wait"], guard.context)
        step.saw(region=region, mappings=[change.as_dict() for change in changes])
    return _result(region, changes, gate.proof.as_dict() if gate.proof else None)


def _call(region: str) -> Call:
    return Call("lambda", "UpdateEventSourceMapping", region)


def _result(region: str, changes: Sequence[SourceChange], writer: Mapping[str, Any] | None) -> Result:
    seen = {"region": region, "state": overall(each.state for each in changes)}
    values = {"event_sources": {**seen, "mappings": [each.as_dict() for each in changes]}, "writer": writer}
    calls = tuple(_call(region) for each in changes if each.changed)
    failures = [
        f"{each.before.function} ({each.before.uuid}): {each.error}".rstrip(".") for each in changes if each.error
    ]
    if failures:
        raise DrError(
            f"Switching the event sources of {region}",
            "; ".join(failures),
            "The others are as asked for. Mend what is named, then run again.",
            values={**values, "changed": bool(calls), "calls": [call.as_dict() for call in calls]},
        )
    before = {each.before.uuid: each.before.state for each in changes}
    return Result(bool(calls), values, before, {each.before.uuid: each.state for each in changes}, calls)


def main() -> None:
    run(execute, argument_spec=argument_spec())


if __name__ == "__main__":
    main()
