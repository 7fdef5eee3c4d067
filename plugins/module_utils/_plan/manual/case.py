# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a manual runbook is made of: a workload as its inventory describes it, and sections with commands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import Mode


@dataclass(frozen=True)
class Case:
    """A move of ``workload`` from ``source`` to ``target``. ``layers`` are the inventory's ``aws_dr_*``, unprefixed."""

    workload: str
    home: str
    standby: str
    mode: Mode
    target: str
    layers: Mapping[str, Any]

    @property
    def source(self) -> str:
        return self.home if self.target == self.standby else self.standby

    @property
    def planned(self) -> bool:
        return self.mode is Mode.PLANNED

    @property
    def name(self) -> str:
        """Of its file."""
        return f"{'failover' if self.target == self.standby else 'way-back'}-{self.mode.value}"


@dataclass(frozen=True)
class Section:
    """A step: what it is for, its commands, and what must be seen before the next one is begun."""

    title: str
    why: str
    commands: tuple[str, ...] = ()
    then: str = ""
    no_return: bool = False


def aws(*words: str, region: str, **options: Any) -> str:
    """An aws CLI command. An option that is ``True`` is a flag; a value that is ``$NAME`` is a shell's variable."""
    found = ["aws", *words, "--region", region]
    for name, value in options.items():
        found.append(f"--{name.replace('_', '-')}")
        if value is not True:
            found.append(_quoted(str(value)))
    return " ".join(found)


def _quoted(value: str) -> str:
    variable = re.fullmatch(r"(Name=[\w.-]+,Values=)?\$[A-Z_]+", value)
    # What has quotes of its own reads better in the others, where nothing in it means something to the shell there.
    legible = "'" in value and not set(value) & set('"$`\\!')
    return f'"{value}"' if variable or legible else shlex.quote(value)


def ask(*words: str, region: str, query: str, **options: Any) -> str:
    """A command that prints what ``query`` finds, as plain text."""
    return aws(*words, region=region, **options, query=query, output="text")


def or_say(command: str, told: str) -> str:
    """The command; if it fails, a line in its stead, and the runbook goes on."""
    return f"{command} || echo {shlex.quote(told)}"


def wait(command: str, wanted: str) -> str:
    """Ask every five seconds until that is the answer."""
    return f'until [ "$({command})" = {_quoted(wanted)} ]; do echo "not yet"; sleep 5; done'


def each(name: str, command: str, body: Sequence[str]) -> str:
    """The ``body`` for each word that the command prints."""
    lines = "\n".join(f"  {line}" for line in body)
    return f"for {name} in $({command}); do\n{lines}\ndone"
