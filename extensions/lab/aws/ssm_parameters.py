# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""SSM parameters as AWS has them: the key must be there, a type stays, and a tier has its size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.kms.models import RESERVED_ALIASES, KmsBackend, kms_backends
from moto.ssm.models import Parameter
from moto.ssm.responses import SimpleSystemManagerResponse

from lab.aws.errors import AwsError

SIZES = {"Standard": 4096, "Advanced": 8192}
READS = ("get_parameter", "get_parameters", "get_parameters_by_path")


def install() -> None:
    """Put the actions in place of moto's."""
    original = _original("put_parameter")

    def put_parameter(self: SimpleSystemManagerResponse) -> Any:
        return _put(self, original)

    replaced: Any = SimpleSystemManagerResponse
    replaced.put_parameter = put_parameter
    for name in READS:
        setattr(SimpleSystemManagerResponse, name, _reading(_original(name)))


def _put(response: SimpleSystemManagerResponse, original: Callable[[SimpleSystemManagerResponse], Any]) -> Any:
    """PutParameter."""
    name, overwrite = response._get_param("Name"), response._get_param("Overwrite", False)
    existing: Parameter | None = response.ssm_backend.get_parameter(name)
    kind = response._get_param("Type") or (existing.parameter_type if existing else None)
    if existing is not None and overwrite and kind != existing.parameter_type:
        text = f"{name} is a {existing.parameter_type}: its type can't be changed to {kind}. Create a new parameter."
        raise AwsError("HierarchyTypeMismatchException", text)
    if kind == "SecureString":
        _demand_key(response, response._get_param("KeyId") or (existing.keyid if existing else None))
    wanted = response._get_param("Tier") or (existing.tier if existing else None) or "Standard"
    tier = _tier(wanted, str(response._get_param("Value") or ""), existing)
    answer = original(response)
    saved: Any = response.ssm_backend.get_parameter(name)
    saved.tier = tier
    answer.result["Tier"] = tier
    return answer


def _tier(wanted: str, value: str, existing: Parameter | None) -> str:
    size, had = len(value.encode()), existing.tier if existing else None
    if wanted == "Intelligent-Tiering":
        wanted = "Advanced" if had == "Advanced" or size > SIZES["Standard"] else "Standard"
    if had == "Advanced" and wanted == "Standard":
        raise AwsError("ValidationException", "An advanced parameter can't be made a standard one: delete it first.")
    if size > SIZES[wanted]:
        text = f"{wanted} tier parameters support a maximum parameter value of {SIZES[wanted]} characters."
        raise AwsError("ValidationException", text)
    return wanted


def _reading(original: Callable[[SimpleSystemManagerResponse], Any]) -> Callable[[SimpleSystemManagerResponse], Any]:
    def method(self: SimpleSystemManagerResponse) -> Any:
        answer = original(self)
        if self._get_param("WithDecryption"):
            result = answer.result
            for shown in [result["Parameter"]] if "Parameter" in result else result["Parameters"]:
                parameter = self.ssm_backend.get_parameter(shown["Name"])
                if parameter is not None and parameter.parameter_type == "SecureString":
                    _demand_key(self, parameter.keyid)
        return answer

    return method


def _demand_key(response: SimpleSystemManagerResponse, name: str | None) -> None:
    """A customer's key must be there, in this Region, and enabled; AWS's own always is."""
    if not name or name in RESERVED_ALIASES:
        return
    backend: KmsBackend = kms_backends[response.current_account][response.region]
    key = backend.keys.get(backend.any_id_to_key_id(name) if _known(backend, name) else name)
    if key is None:
        raise AwsError("InvalidKeyId", f"Alias or key {name} is not found in {response.region}.")
    if key.key_state not in ("Enabled", "Updating"):
        raise AwsError("InvalidKeyId", f"{key.arn} is {key.key_state}.")


def _known(backend: KmsBackend, name: str) -> bool:
    alias = backend.get_alias_name(name)
    return not alias.startswith("alias/") or backend.alias_exists(alias)


ORIGINALS: dict[str, Callable[[SimpleSystemManagerResponse], Any]] = {}


def _original(name: str) -> Callable[[SimpleSystemManagerResponse], Any]:
    """Moto's own action, as it was before the first installation."""
    return ORIGINALS.setdefault(name, getattr(SimpleSystemManagerResponse, name))
