#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A simulated evening with the dashboard beside it. Until Ctrl-C; without a terminal, or with --for, that many seconds,
# and then pictures of it.
# Usage: dashboard.sh BIN_DIR OUT_DIR PAGE BROWSER_DIR [--for SECONDS] [OPTIONS of stile-simulate]
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$(cd "$1" && pwd)
mkdir -p "$2/dashboard/page"
out=$(cd "$2/dashboard" && pwd)
cp "$3" "$out/page/index.html"
browser=$4
shift 4
seconds=0
[ -t 1 ] || seconds=90
[ "${1:-}" != --for ] || { seconds=$2; shift 2; }
rm -f "$out"/*.png "$out/simulation/addresses"
pids=()
finish() {
  local pid
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
}
trap finish EXIT

# until_true WHAT COMMAND...: looks again and again, up to half a minute.
until_true() {
  local end=$((SECONDS + 30)) what=$1
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || { echo "dashboard: $what did not come up; see $out" >&2; exit 1; }
    sleep 0.1 # between two looks
  done
}

"$bin/stile-simulate" --out "$out/simulation" --stay "$@" &
simulation=$!
pids+=($simulation)
python3 -u -m http.server 0 --bind 127.0.0.1 --directory "$out/page" >"$out/page.log" 2>"$out/requests.log" &
pids+=($!)
until_true "the simulation" test -s "$out/simulation/addresses"
until_true "the page" grep -q 'port [0-9]' "$out/page.log"
port=$(sed -n 's/.* port \([0-9]*\).*/\1/p' "$out/page.log")
broker=$(sed -n 's/^pages=//p' "$out/simulation/addresses")
address="http://127.0.0.1:$port/?broker=$broker&venue=arena&guest"
printf '\033[1m-- the dashboard: %s\033[0m\n' "$address"
if [ "$seconds" = 0 ]; then
  echo "-- Ctrl-C ends everything"
  wait $simulation
else
  node "$here/dashboard.mjs" "$address" "$browser" "$out" "$seconds"
  echo "pictures of the dashboard: $out"
fi
