#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The alerts and the sample configuration, by Prometheus' own tool. Usage: alerts.sh SOURCE_DIR.
set -euo pipefail

cd "$1/sync/monitoring"
command -v promtool >/dev/null || { echo "promtool is not installed"; exit 77; }
promtool check config --lint=all --lint-fatal prometheus.yml
promtool check rules --lint=all --lint-fatal alerts.yml
promtool test rules alerts_test.yml
