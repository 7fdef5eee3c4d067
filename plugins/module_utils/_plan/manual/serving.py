# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual runbook's sections on capacity, parameters, event sources and traffic."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.manual.case import (
    Case,
    Section,
    ask,
    aws,
    each,
    or_say,
)

TOKEN_FILE = "latch-token"


def capacity(case: Case) -> Section | None:
    """As many as must serve, begun early: it takes the longest."""
    targets = case.layers.get("compute") or ()
    if not targets:
        return None
    return Section(
        f"Scale {case.target} up",
        "It takes the longest, so it is begun before the promotion. Without it the target serves what it can.",
        tuple(or_say(_scale(case.target, target), "not scaled: go on, and come back to it") for target in targets),
    )


def _scale(region: str, target: Mapping[str, Any]) -> str:
    wanted = target["desired"]
    if target["kind"] == "ecs":
        service = {"cluster": target["cluster"], "service": target["service"]}
        return aws("ecs", "update-service", region=region, **service, desired_count=wanted)
    if target["kind"] == "lambda":
        function = {"function_name": target["function"], "qualifier": target["alias"]}
        words = ("lambda", "put-provisioned-concurrency-config")
        return aws(*words, region=region, **function, provisioned_concurrent_executions=wanted)
    bounds = {"min_size": target.get("minimum"), "max_size": target.get("maximum")}
    given = {name: value for name, value in bounds.items() if value is not None}
    group = {"auto_scaling_group_name": target["name"], **given, "desired_capacity": wanted}
    return aws("autoscaling", "update-auto-scaling-group", region=region, **group)


def parameters(case: Case) -> Section | None:
    """What the target must have, whatever the other Region has."""
    overrides = ((case.layers.get("parameters") or {}).get("overrides") or {}).get(case.target) or {}
    if not overrides:
        return None
    # As JSON: of a value that is a URL, version 1 of the CLI takes what is there instead.
    puts = [json.dumps({"Name": name, "Value": str(value), "Overwrite": True}) for name, value in overrides.items()]
    commands = [aws("ssm", "put-parameter", region=case.target, cli_input_json=put) for put in puts]
    return Section(
        "Set the parameters",
        f"Those that must differ in {case.target}. They are no secrets.",
        tuple(or_say(command, "not set: go on, and come back to it") for command in commands),
    )


def event_sources(case: Case, enabled: bool) -> Section | None:
    """Fed in the writer's Region only."""
    functions = [source["function"] for source in case.layers.get("event_sources") or ()]
    if not functions or not (enabled or case.planned):
        return None
    region = case.target if enabled else case.source
    return Section(
        f"Feed the functions of {region}" if enabled else f"Starve the functions of {region}",
        "Only the writer's Region takes from queues and streams.",
        tuple(_switched(region, function, enabled) for function in functions),
    )


def _switched(region: str, function: str, enabled: bool) -> str:
    listed = ask(
        "lambda",
        "list-event-source-mappings",
        region=region,
        query="EventSourceMappings[].UUID",
        function_name=function,
    )
    switch = aws("lambda", "update-event-source-mapping", region=region, uuid="$MAPPING")
    command = f"{switch} {'--enabled' if enabled else '--no-enabled'}"
    return each("MAPPING", listed, [or_say(command, "not switched: go on, and come back to it")])


def traffic(case: Case) -> Section:
    """The latch: creating an object moves clients, deleting both brings them back."""
    away = case.target == case.standby
    addresses = ", ".join(case.layers["record"]["addresses"][case.target])
    return Section(
        f"Send clients to {case.target}",
        "By the latch. One object moves clients, both hold them there."
        if away
        else "By the latch. Clients come back when no object is there any more.",
        tuple(_latch(case, away)),
        f"{case.layers['record']['name']} answers {addresses}: ask several public resolvers, and open"
        f" {case.layers['client']['url']}. Records aren't changed for it.",
    )


def _latch(case: Case, away: bool) -> Iterator[str]:
    latch = case.layers["latch"]
    if away:
        yield f"printf %s {_shell(latch['token'])} > {TOKEN_FILE}"
        if case.planned:
            yield from (_delete(each_, latch["key"]) for each_ in latch["reverse"])
    for where in latch["forward"]:
        yield _put(where, latch["key"]) if away else _delete(where, latch["key"])


def _put(where: Mapping[str, str], key: str) -> str:
    given = {"bucket": where["bucket"], "key": key, "body": TOKEN_FILE, "content_type": "text/plain"}
    command = aws("s3api", "put-object", region=where["region"], **given, server_side_encryption="AES256")
    return or_say(command, f"not written in {where['region']}: one of the two moves clients, come back to this one")


def _delete(where: Mapping[str, str], key: str) -> str:
    return aws("s3api", "delete-object", region=where["region"], bucket=where["bucket"], key=key)


def _shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def after(case: Case) -> Section:
    """What is owed then."""
    owed = (
        f"Write down when users were cut off and when they were served again. {case.source} is to be fenced when it is"
        " back, its database to become a replica in sync. Then go back by way-back-planned."
        if not case.planned
        else f"{case.source} is the standby now: see that its database is a replica in sync."
    )
    return Section("Afterwards", f"{owed} When Ansible is back, run preflight.yml before anything else.")
