#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: split_brain_info
version_added: 0.1.0
short_description: Say who would take a write now, and whether that is one Region only
description:
  - Asks the database of every Region to take a real write, through the Region's own cluster endpoint, and says which
    server answered. The row is undone in a savepoint and the transaction is committed, so that nothing is left. The
    table C(aws_dr_writer_proof) is used where it exists; where it does not, it is made in the same transaction and
    undone with it.
  - Asks AWS in every Region who the writer is, and the name servers where clients are sent.
  - A Region that gives no answer is V(unknown), never a no. It may take the writes of clients that do reach it.
  - In check mode no write is tried. The servers are only asked what they are.
  - Two writers do not end this task. They are a finding that refuses, with the way out, for the caller to act upon.
options:
  regions:
    description: The workload's Regions.
    type: list
    elements: str
    required: true
  required:
    description:
      - The Regions whose answers may take all of O(timeout). The others get O(patience).
      - Left out, all of them.
    type: list
    elements: str
  patience:
    description: Seconds that a Region which is not in O(required) has for its answer. It is V(unknown) after that.
    type: float
    default: 2.0
  database:
    description:
      - The database that is asked for a write. Its secret is read in each Region.
    required: true
  record:
    description: The name that clients use. Left out, no name server is asked.
    type: dict
    suboptions:
      name:
        description: The name.
        type: str
        required: true
      addresses:
        description: The addresses that it has, for each Region.
        type: dict
        required: true
  resolvers:
    description:
      - Name servers to ask, each as V(address) or V(address:port). Nothing is taken from a cache of ours.
      - Empty means those of the system, and for O(record) the servers that are authoritative for its zone.
  timeout:
    description: Seconds after which whatever has not answered is V(unknown). One deadline for everything.
    type: float
    default: 10.0
attributes:
  diff_mode:
    support: none
    details: It changes nothing.
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.database
  - multiregion.aws_dr.resolvers
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: See who takes writes
  multiregion.aws_dr.split_brain_info:
    regions: [eu-central-1, eu-west-1]
    database:
      global_cluster_id: shop
      name: shop
      secret_id: shop/db
    record:
      name: api.shop.example
      addresses:
        eu-central-1: [192.0.2.10]
        eu-west-1: [198.51.100.10]
  register: seen

- name: Fail, with the way out, if those are two Regions
  multiregion.aws_dr.refuse:
    findings: "{{ seen.findings | selectattr('severity', 'equalto', 'refuse') }}"
"""

RETURN = r"""
state:
  description:
    - V(one), V(split) or V(none).
    - V(unknown) where at most one Region took the write and not all of them answered.
  returned: success
  type: str
  sample: one
writers:
  description: The Regions whose database took the write.
  returned: success
  type: list
  elements: str
  sample: [eu-central-1]
unknown:
  description: The Regions of which it is not known.
  returned: success
  type: list
  elements: str
keep:
  description:
    - The Region whose writes count, that is the only writer, or of several the one that was promoted last.
    - Null where the answers do not say.
  returned: success
  type: str
findings:
  description: What is not as it should be. Two writers refuse, everything else warns.
  returned: success
  type: list
  elements: dict
  contains:
    code:
      description: Stable code, C(two_writers) for example.
      type: str
    severity:
      description: V(refuse) or V(warn).
      type: str
    observed:
      description: What was seen.
      type: str
    remedy:
      description: What to do.
      type: str
    runbook:
      description: Where more is said about it.
      type: str
regions:
  description: What each Region's database answered, in the order given.
  returned: success
  type: list
  elements: dict
  contains:
    region:
      description: The Region's name.
      type: str
    accepts:
      description: Whether it took the write. V(yes), V(no) or V(unknown).
      type: str
    how:
      description: What was seen.
      type: str
    tried:
      description: Whether a write was tried. Not so in check mode.
      type: bool
    endpoint:
      description: The endpoint that was asked, or the reader endpoint of a secondary.
      type: str
    address:
      description: What its name resolved to.
      type: str
    server_id:
      description: The instance that answered, or its address where it has no identifier. Empty when none did.
      type: str
    server_id_source:
      description: V(aurora_server_id) or V(address).
      type: str
    seconds:
      description: How long it took. Null without an answer.
      type: float
aws:
  description: Who the writer is as AWS says in each Region.
  returned: success
  type: list
  elements: dict
  contains:
    region:
      description: The Region that was asked.
      type: str
    writer:
      description: The writer's Region. Null where it gave no answer, empty where there is none.
      type: str
    operation:
      description: Status of the operation that moves the writer. Empty when there is none.
      type: str
    detached:
      description: Whether the Region's cluster stands alone, taken out of the global cluster.
      type: bool
    error:
      description: Why it gave no answer.
      type: str
clients:
  description: Where each name server sends clients.
  returned: success
  type: list
  elements: dict
  contains:
    server:
      description: The name server.
      type: str
    addresses:
      description: Its answer.
      type: list
      elements: str
    regions:
      description: The Regions that those addresses belong to.
      type: list
      elements: str
    strangers:
      description: Addresses that belong to no Region.
      type: list
      elements: str
    error:
      description: Why it gave no answer.
      type: str
lines:
  description: All of it, as a person reads it.
  returned: success
  type: list
  elements: str
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    DATABASE_SPEC,
    RECORD_SPEC,
    RESOLVERS_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import RecordConfig
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.split_brain import judge, lines
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import split_address
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.split_brain import Question, look


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Ask, and judge. Raises ``Refused`` for Regions that can't be right."""
    _validate(options)
    record = options["record"]
    seen = look(
        Question(
            regions=tuple(options["regions"]),
            database=Database.from_options(options["database"]),
            record=RecordConfig.from_options(record) if record else None,
            resolvers=options["resolvers"],
            required=options["regions"] if options["required"] is None else options["required"],
            patience=options["patience"],
        ),
        context,
    )
    verdict = judge(seen)
    values = {
        "state": verdict.state.value,
        "writers": list(verdict.writers),
        "unknown": list(verdict.unknown),
        "keep": verdict.keep or None,
        "findings": [finding.as_dict() for finding in verdict.findings],
        "regions": [test.as_dict() for test in seen.tests],
        "aws": [view.as_dict() for view in seen.views],
        "clients": [sent.as_dict() for sent in seen.sent],
        "lines": lines(seen, verdict),
    }
    return Result(changed=False, values=values)


def _validate(options: Mapping[str, Any]) -> None:
    regions, required = options["regions"], options["required"] or ()
    if not regions or len(set(regions)) < len(regions):
        raise Refused((refusal("regions_wrong", f"The Regions are {regions}.", "Give each Region once."),))
    if not set(required) <= set(regions):
        raise Refused(
            (refusal("regions_wrong", f"{required} aren't all of {regions}.", "Require given Regions only."),)
        )
    for resolver in options["resolvers"]:
        split_address(resolver)


def main() -> None:
    run(
        execute,
        argument_spec={
            "regions": {"type": "list", "elements": "str", "required": True},
            "required": {"type": "list", "elements": "str"},
            "patience": {"type": "float", "default": 2.0},
            "database": {**DATABASE_SPEC, "required": True},
            "record": RECORD_SPEC,
            "resolvers": RESOLVERS_SPEC,
            "timeout": timeout_spec(10),
        },
    )


if __name__ == "__main__":
    main()
