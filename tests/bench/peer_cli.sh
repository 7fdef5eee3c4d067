#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The same failover as a careful engineer would script it with the aws CLI. Usage: peer_cli.sh STABLE_SECONDS
# Needs in the environment: PYTHON (for dig.py), PATH with aws, psql and curl, AWS_DR_LAB_INSTANCE.
set -euo pipefail

stable_for=$1
here=$(dirname "$0")
network=127.$AWS_DR_LAB_INSTANCE
region=eu-west-1
arn=arn:aws:rds:$region:123456789012:cluster:shop-$region
proof="INSERT INTO aws_dr_writer_proof (workload, nonce, written_at) VALUES ('peer', md5(random()::text), now())
  ON CONFLICT (workload) DO UPDATE SET nonce = excluded.nonce, written_at = excluded.written_at"

writer() {
    aws rds describe-global-clusters --region "$region" --global-cluster-identifier shop --output text --query \
        'GlobalClusters[0].[FailoverState.Status, GlobalClusterMembers[?IsWriter].DBClusterArn | [0]]'
}
if command -v dig >/dev/null; then
    resolve() { dig +short +timeout=2 "@$network.60.53" -p 25353 "$1" A; }
else
    resolve() { "$PYTHON" "$here/dig.py" "$1"; }
fi

# The secret and the endpoint are fetched while nothing waits for them.
aws secretsmanager get-secret-value --region "$region" --secret-id shop/db --query SecretString --output text >"$TMPDIR/secret" &
aws rds describe-db-clusters --region "$region" --db-cluster-identifier "shop-$region" --output text \
    --query 'DBClusters[0].[Endpoint, Port]' >"$TMPDIR/endpoint" &

if [ "$(writer)" != "None	$arn" ]; then
    aws rds failover-global-cluster --region "$region" --global-cluster-identifier shop \
        --target-db-cluster-identifier "$arn" --allow-data-loss >/dev/null
fi
until [ "$(writer)" = "None	$arn" ]; do sleep 0.2; done
wait

read -r endpoint port <"$TMPDIR/endpoint"
PGUSER=$(sed 's/.*"username": *"\([^"]*\)".*/\1/' "$TMPDIR/secret")
PGPASSWORD=$(sed 's/.*"password": *"\([^"]*\)".*/\1/' "$TMPDIR/secret")
export PGUSER PGPASSWORD PGCONNECT_TIMEOUT=2
psql -q -v ON_ERROR_STOP=1 -c "$proof" "host=$endpoint hostaddr=$(resolve "$endpoint") port=$port dbname=shop"

printf 'aws-dr-latch:shop' >"$TMPDIR/token"
aws s3api put-object --region eu-west-1 --bucket shop-latch-eu-west-1 --key latch/shop --body "$TMPDIR/token" >/dev/null &
aws s3api put-object --region eu-west-3 --bucket shop-latch-eu-west-3 --key latch/shop --body "$TMPDIR/token" >/dev/null &
wait

until [ "$(resolve api.shop.example)" = "$network.62.1" ]; do sleep 0.2; done

good_since=
while :; do
    began=$(date +%s%N)
    if curl -sf -m 2 --noproxy '*' -o /dev/null -X POST -H 'Host: api.shop.example' -H 'Content-Type: application/json' \
        -d "{\"id\": $began}" "http://$(resolve api.shop.example):28080/orders"; then
        good_since=${good_since:-$began}
        [ $((began - good_since)) -lt "$((stable_for * 1000000000))" ] || break
    else
        good_since=
    fi
    sleep 0.2
done
