# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Why a playbook can't do what its extra variables ask for."""

from __future__ import annotations

DOCUMENTATION = r"""
name: request_refusals
author: multiregion.aws_dr contributors (@multiregion)
version_added: 0.1.0
short_description: Say what is wrong with a playbook's extra variables
description:
  - An extra variable that nothing reads is a misspelling, which Ansible passes over in silence.
  - Names that begin with C(ansible_), C(awx_) or C(tower_) are left alone. Those that begin with C(aws_dr_) or C(dr_)
    may be an inventory's own, unless one is nearly an option of a role. The same is refused of an inventory's variable
    where that option isn't given.
  - Values are checked as the roles' argument specs say, under the names that the user gave.
  - An inventory without any workload is refused, too, and parts of a play that are picked by tags.
options:
  _terms:
    description: The roles of this collection that the playbook runs.
    type: list
    elements: str
    required: true
  names:
    description: The variables that the playbook itself reads, each with the role's option that it becomes.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Refuse what can't be understood
  multiregion.aws_dr.refuse:
    findings: "{{ query('multiregion.aws_dr.request_refusals', 'dr_failover', names={'mode': 'dr_failover_mode'}) }}"
"""

RETURN = r"""
_list:
  description: The findings that stop the play, each with C(code), C(observed) and C(remedy). Empty when it may start.
  type: list
  elements: dict
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.lookup import LookupBase
from ansible.utils.vars import load_extra_vars

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.variables import (
    WATCH,
    inventory_findings,
    misspelt,
    name_findings,
    play_findings,
    tag_findings,
    value_finding,
)

ROLES = Path(__file__).resolve().parents[2] / "roles"
VALIDATED = ("type", "choices", "elements")


class LookupModule(LookupBase):
    """One look at all that was asked for, before anything is done."""

    def run(self, terms: list[str], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[dict[str, str]]:
        self.set_options(var_options=variables, direct=kwargs)
        names: dict[str, str] = self.get_option("names")
        found, options = variables or {}, self._spec_of(terms)
        given = load_extra_vars(self._loader)
        findings = [
            *play_findings(found.get("groups", {}).get("all", ())),
            *tag_findings(list(found.get("ansible_run_tags", ())), list(found.get("ansible_skip_tags", ()))),
            *name_findings(given, list(names), options),
            *self._misspelt(found, given, options),
            *self._values(terms, names, options, found, given),
        ]
        return [finding.as_dict() for finding in findings]

    def _misspelt(
        self, found: Mapping[str, Any], given: Mapping[str, Any], options: Mapping[str, Any]
    ) -> tuple[Finding, ...]:
        """Of the inventory's. All roles' specs take a while to read: only where there is something to be told."""
        near = {name: meant for name, meant in misspelt(found, options).items() if name not in given}
        if not near:
            return ()
        roles = [self._loader.load_from_file(str(path)) for path in ROLES.glob("*/meta/argument_specs.yml")]
        points = [point for role in roles for point in role["argument_specs"].values()]
        return inventory_findings(near, {WATCH, *(name for point in points for name in point.get("options", {}))})

    def _spec_of(self, roles: Iterable[str]) -> dict[str, Any]:
        """The options of these roles' argument specs."""
        options: dict[str, Any] = {}
        for role in roles:
            spec = self._loader.load_from_file(str(ROLES / role / "meta" / "argument_specs.yml"))
            options |= spec["argument_specs"]["main"]["options"]
        return options

    def _values(
        self,
        roles: Iterable[str],
        names: Mapping[str, str],
        options: Mapping[str, Any],
        found: Mapping[str, Any],
        given: Mapping[str, Any],
    ) -> Iterator[Finding]:
        """Of the playbook's own variables, wherever they come from, and of the roles' own where given as such."""
        prefixes = tuple(f"{role}_" for role in roles)
        read = dict(names) | {name: name for name in given if name in options and name.startswith(prefixes)}
        for name, option in read.items():
            if name not in found:
                continue
            spec = options[option]
            value = self._templar.template(found[name])
            validator = ArgumentSpecValidator({name: {key: spec[key] for key in VALIDATED if key in spec}})
            if validator.validate({name: value}).error_messages:
                shown = "not shown" if spec.get("no_log") else repr(str(value))
                yield value_finding(name, shown, spec.get("type", "str"), spec.get("choices", ()))
