# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.s3 import api, replication
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import (
    ReplicationConfig,
    Rule,
    Versioning,
)

ON = {"Status": "Enabled"}
OLD = {"ID": "old", "Status": "Enabled", "Prefix": "", "Destination": {"Bucket": "arn:aws:s3:::two"}}


@pytest.fixture
def client() -> Any:
    return boto3.client("s3", "eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")


@pytest.mark.parametrize(
    "rule",
    [
        Rule("a", "two", 1),
        Rule("a", "two", 3, enabled=False, delete_markers=False, replica_modifications=False, metrics=False),
        Rule("a", "two", 1, time_control=True, kms_key_arn="key"),
    ],
)
def test_a_rule_reads_as_it_was_written_and_is_valid_to_s3(client: Any, rule: Rule) -> None:
    raw = replication.config_to_api(ReplicationConfig("role", (rule,)))
    assert replication.config(raw) == ReplicationConfig("role", (rule,))
    with Stubber(client) as stub:
        stub.add_response("put_bucket_replication", {}, {"Bucket": "one", "ReplicationConfiguration": raw})
        api.put_bucket_replication(client, "one", raw)


def test_a_rule_that_was_read_goes_back_as_it_was() -> None:
    raw = {"Role": "role", "Rules": [{**OLD, "Destination": {**OLD["Destination"], "StorageClass": "GLACIER"}}]}  # type: ignore[dict-item]
    config = replication.config(raw)
    assert config is not None and replication.config_to_api(config) == raw


@pytest.mark.parametrize(
    ("given", "everything"),
    [
        ({"Filter": {}}, True),
        ({"Filter": {"Prefix": ""}}, True),
        ({"Prefix": ""}, True),
        ({"Filter": {"Prefix": "a/"}}, False),
        ({"Filter": {"Tag": {"Key": "a", "Value": "b"}}}, False),
        ({"Filter": {"And": {"Prefix": "", "Tags": []}}}, False),
        ({"Prefix": "a/"}, False),
    ],
)
def test_a_filter_that_narrows_is_seen(given: dict[str, Any], everything: bool) -> None:
    raw = {name: value for name, value in OLD.items() if name != "Prefix"} | given
    config = replication.config({"Role": "role", "Rules": [raw]})
    assert config is not None
    assert (config.rules[0].everything, config.rules[0].newer_schema) == (everything, "Filter" in given)


def test_rules_of_the_older_schema_replicate_delete_markers() -> None:
    config = replication.config({"Role": "role", "Rules": [OLD]})
    assert config is not None and config.rules[0].delete_markers


@pytest.mark.parametrize(
    ("status", "versioning"),
    [("Enabled", Versioning.ENABLED), ("Suspended", Versioning.SUSPENDED), (None, Versioning.OFF)],
)
def test_versioning_is_told_apart_from_never(status: str | None, versioning: Versioning) -> None:
    assert replication.versioning(status) is versioning


def test_no_configuration_is_none(client: Any) -> None:
    with Stubber(client) as stub:
        stub.add_client_error("get_bucket_replication", "ReplicationConfigurationNotFoundError", http_status_code=404)
        assert replication.config(api.get_bucket_replication(client, "one")) is None


@pytest.mark.parametrize("code", ["404", "NoSuchVersion"])
def test_a_version_that_is_not_there_is_not_an_error(client: Any, code: str) -> None:
    with Stubber(client) as stub:
        stub.add_client_error("head_object", code, http_status_code=404)
        assert api.has_version(client, "two", "key", "v1") is False
        stub.add_response("head_object", {}, {"Bucket": "two", "Key": "key", "VersionId": "v1"})
        assert api.has_version(client, "two", "key", "v1") is True
