#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a gate costs while nobody comes: CPU and memory of its programs with one emulated camera that shows a picture,
# and how long it takes from the start of its programs to the first ticket that is accepted.
# Usage: idle.sh PICTURE.jpg WIDTH HEIGHT [BIN]. The picture without a code, of that size; BIN: build/release/bin.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
picture=$(realpath "$1") width=$2 height=$3 bin=$(realpath "${4:-$top/build/release/bin}")
seconds=30
work=$(mktemp -d /tmp/stile-idle.XXXXXX)
pids=()
finish() {
  kill "${pids[@]}" 2>/dev/null || true
  wait
  rm -rf "$work"
}
trap finish EXIT
# until_true COMMAND...: looks again and again, up to 20 s.
until_true() {
  local end=$((SECONDS + 20))
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || { echo "not so: $*" >&2; cat "$work"/*.log >&2; exit 1; }
    sleep 0.02 # between two looks
  done
}

"$bin/stile-issue" keygen --issuer idle --event 1 --no-passphrase --out "$work/idle" >/dev/null
mkdir "$work/pictures"
"$bin/stile-issue" ticket --key "$work/idle.key" --event 1 --serial 1 --until +1h --png "$work/pictures/1.png"
port=$((20000 + RANDOM % 20000))
mosquitto -p $port >"$work/mosquitto.log" 2>&1 &
pids+=($!)
cat >"$work/stile.toml" <<END
[site]
venue = "idle"
gate = "north-1"
[paths]
state = "$work/state"
runtime = "$work/run"
keys = "$work/idle.toml"
[mqtt]
brokers = ["tcp://127.0.0.1:$port"]
[[lane]]
name = "lane-1"
[[reader]]
name = "camera-1"
lane = "lane-1"
source = "/dev/video0"
width = $width
height = $height
rate = 30
[[reader]]
name = "pictures-1"
lane = "lane-1"
source = "$work/pictures"
END
admitted() { "$bin/stilectl" --json --socket "$work/run/control.sock" tail --no-follow | grep -q '"verdict":"admit"'; }

began=$(date +%s%N)
"$bin/stiled" --config "$work/stile.toml" >"$work/stiled.log" 2>&1 &
stiled=$!
"$bin/stile-reader" --config "$work/stile.toml" --name pictures-1 >"$work/pictures.log" 2>&1 &
pids+=("$stiled" $!)
until_true admitted
echo "from the start of the programs to the first accepted ticket: $((($(date +%s%N) - began) / 1000000)) ms"
kill "${pids[-1]}"

"$bin/stile-sync" --config "$work/stile.toml" >"$work/sync.log" 2>&1 &
sync=$!
umockdev-wrapper "$bin/stile-emulated-camera" "$picture" MJPG "$width" "$height@30" $((40 * seconds)) \
  "$bin/stile-reader" --config "$work/stile.toml" --name camera-1 >"$work/camera.log" 2>&1 &
pids+=("$sync" $!)
camera_works() { "$bin/stilectl" --json --socket "$work/run/control.sock" status | grep -q '"name":"camera-1"[^}]*"state":"working"'; }
until_true camera_works
reader=$(pgrep -f "^$bin/stile-reader .*camera-1")

ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
declare -A before
for pid in "$stiled" "$reader" "$sync"; do before[$pid]=$(ticks "$pid"); done
sleep $seconds # the time that is measured
for pid in "$stiled" "$reader" "$sync"; do
  awk -v ticks=$(($(ticks "$pid") - before[$pid])) -v hz="$(getconf CLK_TCK)" -v seconds=$seconds -v name="$(cat "/proc/$pid/comm")" '
    /^Rss:/ { rss = $2 } /^Pss:/ { pss = $2 }
    END { printf "%-13s %5.1f %% of a core, %.0f MiB resident, %.0f MiB its own share\n", name, 100 * ticks / hz / seconds, rss / 1024, pss / 1024 }
  ' "/proc/$pid/smaps_rollup"
done
"$bin/stilectl" --json --socket "$work/run/control.sock" status | grep -o '"decode_us[^,]*,"frames_per_s[^,}]*' | head -n 1
