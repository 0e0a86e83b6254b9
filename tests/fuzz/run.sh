#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs each fuzz target for a while, from its seeds. What it finds stays in BUILD_DIR/found.
# Usage: run.sh BUILD_DIR SECONDS_EACH
set -euo pipefail
build=$(cd "$1" && pwd)
seconds=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for target in "$build"/tests/fuzz/fuzz_*; do
  [ -x "$target" ] || continue
  name=$(basename "$target")
  seeds=$here/corpus/${name#fuzz_}
  mkdir -p "$build/found/$name"
  echo "== $name, $seconds s"
  "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$build/found/$name-" "$build/found/$name" $([ -d "$seeds" ] && echo "$seeds") 2>&1 |
    grep -E 'stat::(number_of_executed_units|average_exec)|ERROR|SUMMARY' || { echo "$name failed"; exit 1; }
done
