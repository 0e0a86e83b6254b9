#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One lane at work, end to end: tickets, a video of them, the programs, a broker, and what came out.
# Then NFC tickets and a scanner at the same lane, on emulated USB, where umockdev is installed.
# Usage: demo.sh BIN_DIR OUT_DIR. Exit code 0 only if every verdict was the expected one.
set -euo pipefail

bin=$(cd "$1" && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
rm -rf "${out:?}"/{keys,tickets,state,video.avi,site,log}
mkdir -p "$out"/{keys,tickets,site,log}
runtime=$(mktemp -d /tmp/stile-demo.XXXXXX)
pids=()

finish() {
  local pid
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$runtime"
}
trap finish EXIT

step() { printf '\033[1m-- %s\033[0m\n' "$*"; }
# until_true SECONDS WHAT COMMAND...: looks again and again, up to SECONDS.
until_true() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || { echo "demo: $what did not come up; see $out/log" >&2; tail -n 3 "$out"/log/*.log >&2; exit 1; }
    sleep 0.1 # between two looks
  done
}

step "the organiser makes a key, sells tickets, refunds one and re-issues another"
event=2026
"$bin/stile-issue" keygen --issuer demo --event $event --dense-serials 0-99999 --no-passphrase --out "$out/keys/demo" >/dev/null
"$bin/stile-issue" keygen --issuer forger --event $event --no-passphrase --out "$out/keys/forger" >/dev/null
ticket() {
  local name=$1 key=$2 serial=$3 until=$4
  shift 4
  "$bin/stile-issue" ticket --key "$out/keys/$key.key" --event $event --serial "$serial" --product 1 \
    --until "$until" --png "$out/tickets/$name.png" --svg "$out/tickets/$name.svg" "$@"
}
ticket good demo 1 +6h
ticket refunded demo 2 +6h
ticket old-copy demo 3 +6h
ticket new-copy demo 3 +6h --reissue 1
ticket expired demo 4 -1h --from -8h
ticket early demo 5 +6h --from +1h
ticket forged forger 6 +6h
ticket group demo 7 +6h --admissions 2 --seat "Block C 4"
ticket scanned demo 8 +6h --text >"$out/tickets/scanned.txt"
ticket tag demo 9 +6h --ndef "$out/tickets/tag.ndef"
openssl ecparam -name prime256v1 -genkey -noout -out "$out/keys/phone.pem"
holder=$(openssl ec -in "$out/keys/phone.pem" -pubout -conv_form compressed -outform DER 2>/dev/null |
  tail -c 33 | od -An -v -tx1 | tr -d ' \n')
ticket phone demo 10 +6h --holder-key "$holder" --text >"$out/tickets/phone.txt"
printf 'demo %s 2\ndemo %s 3 <1\n' $event $event >"$out/site/revocations.txt"

# What the camera sees, in order, and what the gate must say.
cat >"$out/site/scenes.txt" <<EOF
$out/tickets/good.png 1.2 1.2
$out/tickets/refunded.png 1.2 1.2
$out/tickets/old-copy.png 1.2 1.2
$out/tickets/new-copy.png 1.2 1.2
$out/tickets/expired.png 1.2 1.2
$out/tickets/early.png 1.2 1.2
$out/tickets/forged.png 1.2 1.2
$out/tickets/good.png 1.2 1.2
$out/tickets/group.png 1.2 1.2
EOF
printf '%s\n' VALID REVOKED SUPERSEDED VALID INVALID_TIME INVALID_TIME INVALID USED VALID >"$out/site/expected.txt"

step "a camera films the people at the lane"
"$bin/stile-demo-video" --scenes "$out/site/scenes.txt" --out "$out/video.avi"

step "mosquitto, stiled and stile-sync start"
port=$((20000 + RANDOM % 20000))
mosquitto -p $port >"$out/log/mosquitto.log" 2>&1 &
pids+=($!)
cat >"$out/site/stile.toml" <<EOF
[site]
venue = "demo"
gate = "north-1"

[paths]
state = "$out/state"
runtime = "$runtime"
keys = "$out/keys/demo.toml"

[mqtt]
brokers = ["tcp://127.0.0.1:$port"]

[[lane]]
name = "lane-1"

[[reader]]
name = "camera-1"
lane = "lane-1"
source = "$out/video.avi"

[[reader]]
name = "nfc-1"
lane = "lane-1"
kind = "nfc"
source = "usb"

[[reader]]
name = "scanner-1"
lane = "lane-1"
kind = "scanner"
source = "usb:0c2e:0b67"
EOF
"$bin/stiled" --config "$out/site/stile.toml" >"$out/log/stiled.log" 2>&1 &
pids+=($!)
until_true 20 stiled "$bin/stilectl" --socket "$runtime/control.sock" status
"$bin/stile-sync" --config "$out/site/stile.toml" >"$out/log/stile-sync.log" 2>&1 &
pids+=($!)
until_true 20 "the broker" mosquitto_sub -h 127.0.0.1 -p $port -t 'stile/v1/demo/north-1/status' -C 1 -W 1
"$bin/stilectl" --socket "$runtime/control.sock" revocation import "$out/site/revocations.txt"

step "the video plays; this is what arrives over MQTT"
# Once the retained status is here, mosquitto_sub has subscribed and misses nothing.
mosquitto_sub -h 127.0.0.1 -p $port -v -t 'stile/v1/demo/+/entry' -t 'stile/v1/demo/north-1/status' >"$out/log/mqtt.log" 2>&1 &
subscriber=$!
pids+=($subscriber)
until_true 20 "the subscription" test -s "$out/log/mqtt.log"
"$bin/stile-reader" --config "$out/site/stile.toml" --name camera-1 --once >"$out/log/stile-reader.log" 2>&1 &
pids+=($!)
code=0
# watch EXPECTED LINE: shows the verdicts that this line of the log and those behind it tell of.
watch() {
  "$bin/stile-demo-watch" --expect "$1" --timeout 120 \
    < <(tail -n +"$2" -f --pid=$subscriber "$out/log/mqtt.log") || code=$?
  echo
}
watch "$out/site/expected.txt" 1

if ! command -v umockdev-wrapper >/dev/null; then
  step "no scanner and no NFC: that takes umockdev, which is not installed"
elif [ ! -x "$bin/stile-emulator" ]; then
  step "no scanner and no NFC: stile-emulator is not built"
else
  step "then a scanner, a tag, a phone that signs the gate's nonce, and a copy of its ticket without its key"
  printf '%s\n' VALID VALID VALID INVALID >"$out/site/expected-usb.txt"
  seen=$(wc -l <"$out/log/mqtt.log")
  mkfifo "$out/site/devices"
  "$bin/stile-emulator" "$out/site/devices" -- "$(dirname "$0")/usb_readers.sh" \
    "$bin/stile-reader" "$out/site/stile.toml" >"$out/log/usb.log" 2>&1 &
  pids+=($!)
  exec 3<>"$out/site/devices"
  cat >&3 <<EOF
plug pos-scanner as scanner at 1-1
plug acr122u as nfc at 1-2
start
wait scanner claimed
wait nfc claimed
EOF
  # What is shown to a reader before it is connected is dropped.
  until_true 20 "the scanner" grep -q 'scanner-1: connected' "$out/log/usb.log"
  until_true 20 "the NFC reader" grep -q 'nfc-1: connected' "$out/log/usb.log"
  cat >&3 <<EOF
scan scanner file $out/tickets/scanned.txt
wait scanner scan sent
EOF
  # Of two guests at once, the scanner's would be told to wait, and comes no second time.
  until_true 20 "the scan" grep -q '"reader":"scanner-1"' "$out/log/mqtt.log"
  cat >&3 <<EOF
card nfc ntag215 ndef:$out/tickets/tag.ndef
wait nfc led green
wait nfc buzzer
remove nfc
card nfc phone ticket:$out/tickets/phone.txt key:$out/keys/phone.pem
wait nfc led green
wait nfc buzzer
remove nfc
card nfc phone ticket:$out/tickets/phone.txt habit:other-key uid:08d4e5f6
wait nfc led red
wait nfc buzzer
EOF
  exec 3>&-
  watch "$out/site/expected-usb.txt" $((seen + 1))
  wait ${pids[-1]} || { echo "demo: the devices saw something else; see $out/log/usb.log" >&2; code=1; }
fi
"$bin/stilectl" --socket "$runtime/control.sock" status
echo
echo "tickets, video, ledger, configuration and logs: $out"
exit $code
