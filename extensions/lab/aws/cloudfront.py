# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudFront's distributions as AWS has them: a full replace against the current ETag, deployed some minutes later."""

from __future__ import annotations

import copy
import datetime
import itertools
import threading
from collections.abc import Callable, Mapping
from typing import Any

from moto.cloudfront.models import CloudFrontBackend
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult, EmptyResult

from lab.aws.errors import AwsError
from lab.aws.plane_protocol import Clock
from lab.aws.timing import Timing

DEFAULTS: Mapping[str, Any] = {
    "Aliases": {"Quantity": 0},
    "OriginGroups": {"Quantity": 0},
    "CacheBehaviors": {"Quantity": 0},
    "CustomErrorResponses": {"Quantity": 0},
    "Logging": {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""},
    "PriceClass": "PriceClass_All",
    "ViewerCertificate": {"CloudFrontDefaultCertificate": True, "MinimumProtocolVersion": "TLSv1"},
    "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
    "WebACLId": "",
    "HttpVersion": "http2",
    "IsIPV6Enabled": True,
    "DefaultRootObject": "",
    "Comment": "",
}
"""What is not given is this, in an update too: nothing of the former configuration is kept."""
SUMMARY = tuple(name for name in DEFAULTS if name not in ("Logging", "DefaultRootObject"))
READS = frozenset({"GET", "HEAD", "OPTIONS"})


class Kept:
    """A distribution with its whole configuration, as it was given."""

    def __init__(self, number: int, account: str, config: dict[str, Any]) -> None:
        self.id = f"ELAB{number:010d}"
        self.arn = f"arn:aws:cloudfront::{account}:distribution/{self.id}"
        self.domain_name = f"dlab{number:010d}.cloudfront.net"
        self.location = f"https://cloudfront.amazonaws.com/2020-05-31/distribution/{self.id}"
        self.config = config
        self.etag = ""
        self.changed_at = 0.0
        self.deployed_at = 0.0

    def advance(self) -> None:
        """What moto calls at a read; the state comes from the clock here."""


class Actions:
    """The API actions. Each takes moto's response object, whose parameters are the call's."""

    def __init__(self, clock: Clock, timing: Timing) -> None:
        self._clock, self._deploy = clock, timing.cloudfront_deploy
        self._numbers, self._etags = itertools.count(1), itertools.count(1)
        self._lock = threading.Lock()

    def install(self) -> None:
        """Put the actions in place of moto's."""
        for name, action in (
            ("create_distribution", self.create),
            ("create_distribution_with_tags", self.create_with_tags),
            ("get_distribution", self.get),
            ("get_distribution_config", self.get_config),
            ("update_distribution", self.update),
            ("delete_distribution", self.delete),
            ("list_distributions", self.list),
        ):
            setattr(CloudFrontResponse, name, _as_method(action))

    def create(self, response: CloudFrontResponse) -> ActionResult:
        """CreateDistribution."""
        return self._create(response, response._get_param("DistributionConfig"), [])

    def create_with_tags(self, response: CloudFrontResponse) -> ActionResult:
        """CreateDistributionWithTags."""
        given = response._get_param("DistributionConfigWithTags")
        return self._create(response, given["DistributionConfig"], given["Tags"].get("Items", []))

    def get(self, response: CloudFrontResponse) -> ActionResult:
        """GetDistribution."""
        kept = _kept(response)
        return ActionResult({"Distribution": self._shown(kept), "ETag": kept.etag})

    def get_config(self, response: CloudFrontResponse) -> ActionResult:
        """GetDistributionConfig."""
        kept = _kept(response)
        return ActionResult({"DistributionConfig": copy.deepcopy(kept.config), "ETag": kept.etag})

    def update(self, response: CloudFrontResponse) -> ActionResult:
        """UpdateDistribution: the whole configuration, for the ETag that it was read with."""
        with self._lock:
            kept = _matched(response)
            config = _checked(response._get_param("DistributionConfig"))
            if config["CallerReference"] != kept.config["CallerReference"]:
                raise AwsError("IllegalUpdate", "The caller reference can't be changed.")
            kept.config = config
            self._changed(kept)
        return ActionResult({"Distribution": self._shown(kept), "ETag": kept.etag})

    def delete(self, response: CloudFrontResponse) -> ActionResult:
        """DeleteDistribution: it must be disabled, and that deployed."""
        with self._lock:
            kept = _matched(response)
            if kept.config["Enabled"] or self._status(kept) != "Deployed":
                raise AwsError("DistributionNotDisabled", "The distribution you are trying to delete is not disabled.")
            del response.backend.distributions[kept.id]
        return EmptyResult()

    def list(self, response: CloudFrontResponse) -> ActionResult:
        """ListDistributions, all on one page."""
        items = [
            {
                **{name: value for name, value in self._shown(kept).items() if name != "DistributionConfig"},
                **{name: kept.config[name] for name in (*SUMMARY, "Origins", "DefaultCacheBehavior", "Enabled")},
            }
            for kept in _all(response.backend).values()
        ]
        page = {"Marker": "", "MaxItems": 100, "IsTruncated": False, "Quantity": len(items)}
        return ActionResult({"DistributionList": page | ({"Items": items} if items else {})})

    def _create(self, response: CloudFrontResponse, given: Mapping[str, Any], tags: Any) -> ActionResult:
        backend: CloudFrontBackend = response.backend
        distributions = _all(backend)
        config = _checked(given)
        reference = config["CallerReference"]
        with self._lock:
            if any(kept.config["CallerReference"] == reference for kept in distributions.values()):
                raise AwsError("DistributionAlreadyExists", f"{reference} is another distribution's reference.")
            kept = Kept(next(self._numbers), backend.account_id, config)
            self._changed(kept)
            distributions[kept.id] = kept
            backend.tagger.tag_resource(kept.arn, tags)
        return ActionResult({"Distribution": self._shown(kept), "ETag": kept.etag, "Location": kept.location})

    def _changed(self, kept: Kept) -> None:
        kept.etag = f"ETAG{next(self._etags):010d}"
        kept.changed_at = self._clock.wall()
        kept.deployed_at = self._clock.monotonic() + self._deploy

    def _status(self, kept: Kept) -> str:
        return "Deployed" if self._clock.monotonic() >= kept.deployed_at else "InProgress"

    def _shown(self, kept: Kept) -> dict[str, Any]:
        return {
            "Id": kept.id,
            "ARN": kept.arn,
            "Status": self._status(kept),
            "LastModifiedTime": datetime.datetime.fromtimestamp(kept.changed_at, datetime.UTC),
            "InProgressInvalidationBatches": 0,
            "DomainName": kept.domain_name,
            "DistributionConfig": copy.deepcopy(kept.config),
        }


def _all(backend: CloudFrontBackend) -> dict[str, Kept]:
    """Moto keeps them, and forgets them at a reset."""
    kept: Any = backend.distributions
    found: dict[str, Kept] = kept
    return found


def _kept(response: CloudFrontResponse) -> Kept:
    found = _all(response.backend).get(response._get_param("Id"))
    if found is None:
        raise AwsError("NoSuchDistribution", "The specified distribution does not exist.")
    return found


def _matched(response: CloudFrontResponse) -> Kept:
    kept, given = _kept(response), response._get_param("IfMatch")
    if not given:
        raise AwsError("InvalidIfMatchVersion", "The If-Match version is missing or not valid for the resource.")
    if given.strip('"') != kept.etag:
        raise AwsError("PreconditionFailed", "The request failed because it didn't meet the preconditions.")
    return kept


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration with AWS's defaults. Raises what AWS refuses it with."""
    config = {**copy.deepcopy(dict(DEFAULTS)), **_plain(given)}
    lists = [config[name] for name in ("Aliases", "Origins", "OriginGroups", "CacheBehaviors")]
    if any(each["Quantity"] != len(each.get("Items") or []) for each in lists):
        raise AwsError("InconsistentQuantities", "The value of Quantity and the size of Items don't match.")
    groups = {group["Id"] for group in config["OriginGroups"].get("Items") or []}
    origins = {origin["Id"] for origin in config["Origins"]["Items"]}
    for behavior in (config["DefaultCacheBehavior"], *(config["CacheBehaviors"].get("Items") or [])):
        target = behavior["TargetOriginId"]
        if target not in origins | groups:
            raise AwsError("NoSuchOrigin", f"No origin exists with the specified Origin Id {target}.")
        if target in groups and set(behavior.get("AllowedMethods", {}).get("Items", [])) - READS:
            raise AwsError("InvalidArgument", "An origin group serves GET, HEAD and OPTIONS only.")
    return config


def _plain(value: Any) -> Any:
    """Copy what moto's parser gave."""
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items() if item is not None}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _as_method(action: Callable[[CloudFrontResponse], Any]) -> Callable[[CloudFrontResponse], Any]:
    """Moto lists only plain functions of the class as actions."""

    def method(self: CloudFrontResponse) -> Any:
        return action(self)

    return method
