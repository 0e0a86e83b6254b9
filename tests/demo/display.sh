#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The demo with the lane's display beside it, and a picture of every sign.
# Usage: display.sh BIN_DIR OUT_DIR BROWSER_DIR. Exit code: the demo's; 77 when there is no browser.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$(cd "$1" && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
browser=$3
site=$out/site/stile.toml
port=$((20000 + RANDOM % 20000))
rm -rf "$site" "$out/display"
mkdir -p "$out/display"
pids=()
finish() {
  local pid
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
}
trap finish EXIT

"$here/demo.sh" "$bin" "$out" &
demo=$!
pids+=($demo)
# The demo's own site file, and the display in it, as soon as the gate runs.
until [ -s "$site" ] && runtime=$(sed -n 's/^runtime = "\(.*\)"/\1/p' "$site") && [ -S "$runtime/display.sock" ]; do
  kill -0 $demo 2>/dev/null || { wait $demo; exit 1; }
  sleep 0.1 # between two looks
done
{ cat "$site"; printf '\n[display]\nlisten = "127.0.0.1:%s"\n' $port; } >"$out/site/display.toml"
"$bin/stile-display" --config "$out/site/display.toml" >"$out/log/stile-display.log" 2>&1 &
pids+=($!)
printf '\033[1m-- %s\033[0m\n' "the lane's display: http://127.0.0.1:$port/lane/lane-1"
node "$here/display.mjs" film "http://127.0.0.1:$port/lane/lane-1" "$browser" "$out/display" &
film=$!
code=0
wait $demo || code=$?
wait $film || code=$?
node "$here/display.mjs" signs "$bin" "$browser" "$out/display" || code=$?
echo "pictures of the display: $out/display"
exit $code
