# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which parameters the target's Region lacks or has otherwise than the source's. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal, warning
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.parameter import (
    DEFAULT_KEY,
    Override,
    Parameter,
)


@dataclass(frozen=True)
class Wanted:
    """What is asked for. ``key_id`` is the target's key for SecureStrings, empty for AWS's own."""

    paths: tuple[str, ...]
    source: str
    target: str
    include: tuple[str, ...] = ("*",)
    exclude: tuple[str, ...] = ()
    overrides: tuple[Override, ...] = ()
    key_id: str = ""
    purge: bool = False

    def selects(self, name: str) -> bool:
        """Whether a parameter is one of those to copy."""
        below = any(name.startswith(path.rstrip("/") + "/") for path in self.paths)
        matches = any(fnmatchcase(name, pattern) for pattern in self.include)
        return below and matches and not any(fnmatchcase(name, pattern) for pattern in self.exclude)


@dataclass(frozen=True)
class Put:
    """A parameter to write as ``after``. ``before`` is ``None`` where there is none yet."""

    before: Parameter | None
    after: Parameter


@dataclass(frozen=True)
class Sync:
    """What to do, and what was found by name.

    ``extra`` are in the target alone and stay; ``unknown`` couldn't be compared; ``conflicts`` can't be written.
    """

    puts: tuple[Put, ...] = ()
    deletes: tuple[Parameter, ...] = ()
    unchanged: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    conflicts: tuple[Finding, ...] = ()

    @property
    def in_sync(self) -> bool | None:
        """Whether all is as wanted once the puts and deletes are made; ``None`` where something is unknown."""
        if self.conflicts:
            return False
        return None if self.unknown else True


def check_request(wanted: Wanted) -> tuple[Finding, ...]:
    """What is wrong with a request before anything is read."""
    findings = []
    if not wanted.paths:
        findings.append(refusal("no_paths", "paths is empty.", "Name at least one path, such as /shop."))
    relative = [path for path in wanted.paths if not path.startswith("/") or path.strip("/") == ""]
    if relative:
        seen = f"paths has {', '.join(map(repr, relative))}."
        findings.append(refusal("bad_path", seen, "A path begins with a slash and has a name, such as /shop."))
    if wanted.source == wanted.target:
        seen = f"source and target are both {wanted.target}."
        findings.append(refusal("same_region", seen, "Name two Regions, or leave source out to set overrides only."))
    outside = [override.name for override in wanted.overrides if not relative and not wanted.selects(override.name)]
    if outside:
        seen = f"overrides has {', '.join(outside)}, which paths, include and exclude don't select."
        findings.append(refusal("override_not_selected", seen, "Take it out, or select it."))
    empty = [override.name for override in wanted.overrides if not override.value]
    if empty:
        findings.append(
            refusal("override_empty", f"The override of {', '.join(empty)} is empty.", "SSM keeps no empty value.")
        )
    return tuple(findings)


def check_purge(source: Sequence[Parameter] | None, target: Sequence[Parameter], wanted: Wanted) -> tuple[Finding, ...]:
    """Refuse a purge that would take everything away: a source that has nothing is rather a wrong one."""
    having = [parameter for parameter in target if wanted.selects(parameter.name)]
    empty = source is not None and not any(wanted.selects(parameter.name) for parameter in source)
    if not (wanted.purge and having and empty):
        return ()
    seen = f"{wanted.source} has no parameter under {', '.join(wanted.paths)}; {wanted.target} has {len(having)}."
    remedy = "Check source and paths. To delete them all, do it by hand."
    return (refusal("purge_of_everything", seen, remedy),)


def decide(source: Sequence[Parameter] | None, target: Sequence[Parameter], wanted: Wanted) -> Sync:
    """Compare. ``source`` is ``None`` where it couldn't be read: then only what overrides say is written."""
    have = {parameter.name: parameter for parameter in target if wanted.selects(parameter.name)}
    given = {parameter.name: parameter for parameter in source or () if wanted.selects(parameter.name)}
    overrides = {override.name: override.value for override in wanted.overrides}
    found: dict[str, list[str]] = {"unchanged": [], "extra": [], "unknown": []}
    puts, deletes, conflicts = [], [], []
    for name in sorted({*have, *given, *overrides}):
        before = have.get(name)
        after = _after(name, given, before, overrides, source is not None)
        if isinstance(after, Finding):
            conflicts.append(after)
        elif after is None and before is not None and wanted.purge and source is not None:
            deletes.append(before)
        elif after is None:
            found["unknown" if source is None else "extra"].append(name)
        elif before is not None and before.type != after.type:
            conflicts.append(_type_differs(before, after, wanted))
        elif before is not None and not _differs(before, _encrypted(after, wanted)):
            found["unchanged"].append(name)
        else:
            puts.append(Put(before, replace(_encrypted(after, wanted), version=before.version + 1 if before else 1)))
    named = {kind: tuple(names) for kind, names in found.items()}
    return Sync(tuple(puts), tuple(deletes), conflicts=tuple(conflicts), **named)


def _after(
    name: str, given: Mapping[str, Parameter], before: Parameter | None, overrides: Mapping[str, str], known: bool
) -> Parameter | Finding | None:
    """What the target's parameter has to be; ``None`` where nothing says it."""
    like = given.get(name) or (before if name in overrides else None)
    if name not in overrides or (like is None and not known):
        return like  # a new parameter whose type only the source knows isn't made up
    if like is None:
        return Parameter(name, "String", overrides[name])
    if like.secure:
        seen = f"{name} is a SecureString and has an override."
        remedy = "An override isn't kept secret: exclude the parameter, and set it in the target yourself."
        return warning("override_of_secure_string", seen, remedy)
    return replace(like, value=overrides[name])


def _type_differs(before: Parameter, after: Parameter, wanted: Wanted) -> Finding:
    seen = f"{before.name} is a {before.type} in {wanted.target} and a {after.type} in {wanted.source}."
    return warning("type_differs", seen, "SSM changes no type: delete the target's parameter, then run again.")


def _encrypted(parameter: Parameter, wanted: Wanted) -> Parameter:
    """With the target's key: the source's is of the source's Region."""
    return replace(parameter, key_id=(wanted.key_id or DEFAULT_KEY) if parameter.secure else "")


def _differs(before: Parameter, after: Parameter) -> bool:
    """A description or pattern that the source doesn't have is left as it is: SSM keeps it anyway."""
    texts = [(before.description, after.description), (before.allowed_pattern, after.allowed_pattern)]
    return (
        before.value != after.value
        or before.data_type != after.data_type
        or _plain_key(before.key_id) != _plain_key(after.key_id)
        or any(new and new != old for old, new in texts)
    )


def _plain_key(key_id: str) -> str:
    return key_id.rsplit(":", 1)[-1].removeprefix("key/")


def findings(sync: Sync, target: str) -> tuple[Finding, ...]:
    """For readiness: what a look at both Regions found, by count."""
    found = []
    differ = len(sync.puts) + len(sync.deletes)
    if differ:
        seen = f"{differ} parameters of {target} are not as in the source: {_some(sync)}."
        found.append(warning("parameters_differ", seen, "Run ssm_parameter_sync, or exclude what differs by Region."))
    if sync.unknown:
        seen = f"{len(sync.unknown)} parameters of {target} could not be compared: the source was not read."
        found.append(warning("parameters_unknown", seen, "They stay as they are."))
    return (*found, *sync.conflicts)


def _some(sync: Sync) -> str:
    names = [put.after.name for put in sync.puts] + [parameter.name for parameter in sync.deletes]
    return ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
