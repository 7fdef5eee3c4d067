# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a manual runbook can be typed as it is printed: bash reads it, and AWS has each call with each option."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.manual.book import moves, sections
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.manual.case import Case

RUNBOOK = "docs/runbooks/drills.md#runbook_check"
REMEDY = (
    "Look at what the inventory says of that layer, and at the versions of botocore and bash; then write it anew"
    " (ansible-playbook multiregion.aws_dr.manual_runbook)."
)
GENERAL = frozenset({"region", "query", "output", "cli-connect-timeout", "cli-read-timeout", "cli-input-json"})
CUSTOM: Mapping[str, frozenset[str]] = {
    "ec2 create-network-acl-entry": frozenset({"ingress", "egress", "port-range"}),
}
"""Options that the CLI has of its own, in the place of the call's."""
SERVICES = {"s3api": "s3"}
PATIENCE = 10.0  # seconds that bash has to read a runbook


def manual_findings(workload: str, home: str, standby: str, layers: Mapping[str, Any]) -> list[dict[str, str]]:
    """Why the runbooks that this inventory gives can't be typed; empty where they can."""
    found: list[Finding] = []
    for mode, target in moves(home, standby):
        case = Case(workload, home, standby, mode, target, layers)
        found += [_wrong(case.name, trouble) for trouble in troubles(commands(case))]
    return [each.as_dict() for each in found]


def _wrong(name: str, trouble: str) -> Finding:
    return refusal("runbook_broken", f"The manual runbook {name} can't be typed: {trouble}.", REMEDY, RUNBOOK)


def commands(case: Case) -> list[str]:
    """What is typed, in its order."""
    return [command for section in sections(case) for command in section.commands]


def troubles(typed: Sequence[str]) -> Iterator[str]:
    """What is wrong with commands."""
    unread = _unread(typed)
    if unread:
        yield unread
        return
    for words in aws_calls(typed):
        yield from call_troubles(words)


def _unread(typed: Sequence[str]) -> str:
    """What bash says of them, without running any."""
    try:
        done = subprocess.run(
            ["bash", "-n"], input="\n".join(typed), text=True, capture_output=True, check=False, timeout=PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired) as exc:
        return f"no bash has read it ({type(exc).__name__})"
    return " ".join(done.stderr.split()) or ("" if done.returncode == 0 else f"bash ended with {done.returncode}")


def aws_calls(typed: Sequence[str]) -> Iterator[list[str]]:
    """The words of each aws command, also of one within another."""
    for command in typed:
        for found in re.findall(r"aws [a-z0-9-]+ [a-z-]+ (?:'[^']*'|\"[^\"]*\"|[^'\"|)])*", command):
            yield shlex.split(found.removesuffix("||").replace("\n", " ; ").split(" ; ")[0])


@dataclass(frozen=True)
class Call:
    """A call as AWS describes it, by the names of the CLI's options."""

    options: frozenset[str]
    booleans: frozenset[str]
    required: frozenset[str]


def call_troubles(words: Sequence[str]) -> Iterator[str]:
    """What AWS hasn't got of an aws command, or what that lacks."""
    name = f"{words[1]} {words[2]}"
    known = _known(words[1], words[2])
    if known is None:
        yield f"AWS has no {name}"
        return
    own = CUSTOM.get(name, frozenset())
    given = {word.removeprefix("--") for word in words if word.startswith("--")}
    strange = given - GENERAL - own - known.options - {f"no-{each}" for each in known.booleans}
    if strange:
        yield f"{name} has no option {', '.join(sorted(strange))}"
    lacking = set() if "cli-input-json" in given else known.required - given - own
    if lacking:
        yield f"{name} needs {', '.join(sorted(lacking))}"
    if "region" not in given:
        yield f"{name} names no Region"


def _known(service: str, action: str) -> Call | None:
    # Here, as with any filter of the collection Ansible loads all of them, and few plays check a runbook.
    import botocore.session
    from botocore import xform_name
    from botocore.exceptions import UnknownServiceError

    try:
        model = botocore.session.get_session().get_service_model(SERVICES.get(service, service))
    except UnknownServiceError:
        return None
    operation = next((each for each in model.operation_names if xform_name(each, "-") == action), None)
    if operation is None:
        return None
    shape = model.operation_model(operation).input_shape
    members = dict(shape.members) if shape else {}
    return Call(
        options=frozenset(xform_name(each, "-") for each in members),
        booleans=frozenset(xform_name(each, "-") for each, kind in members.items() if kind.type_name == "boolean"),
        required=frozenset(xform_name(each, "-") for each in (shape.required_members if shape else ())),
    )
