#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The sample configuration of the broker in a real mosquitto: who may say what, and who hears nothing.
# Usage: broker.sh SOURCE_DIR. Ports, paths and the user it runs as are substituted, nothing else.
set -euo pipefail

config=$(cd "$1/sync/broker" && pwd)
command -v mosquitto_passwd >/dev/null || { echo "mosquitto is not installed"; exit 77; }
work=$(mktemp -d /tmp/stile-broker.XXXXXX)
broker=
finish() {
  [ -z "$broker" ] || { kill "$broker" && wait "$broker"; } 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
fail() { echo "broker: $*" >&2; tail -n 20 "$work/broker.log" >&2; exit 1; }

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
tls=$(free_port) web=$(free_port)
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$work/broker.key" -out "$work/broker.crt" 2>/dev/null
cp "$work/broker.crt" "$work/ca.crt"
touch "$work/passwords"
for user in north-1 north-2 main wall; do mosquitto_passwd -b "$work/passwords" $user "of-$user" 2>/dev/null; done
cp "$config/acl" "$work/acl"
sed -e "s|/etc/mosquitto/|$work/|; s|/var/lib/mosquitto/|$work/|" \
  -e "s|^listener 8883|listener $tls 127.0.0.1|; s|^listener 9001|listener $web|" \
  "$config/mosquitto.conf" >"$work/mosquitto.conf"
echo "user $(id -un)" >>"$work/mosquitto.conf"
mosquitto -v -c "$work/mosquitto.conf" 2>"$work/broker.log" &
broker=$!
# It says so when it listens.
grep -q -m 1 ' running$' < <(timeout 40 tail -n +1 -F "$work/broker.log" 2>/dev/null) || fail "it does not start"

base=stile/v1/arena
# say USER TOPIC: whether the broker takes it; it is asked with MQTT 5, which says so.
say() {
  local code=0 words
  words=$(mosquitto_pub -V 5 -p "$tls" -h localhost --cafile "$work/ca.crt" -u "$1" -P "of-$1" -q 1 -t "$2" -m x 2>&1) || code=$?
  case "$words" in
    *[Nn]"ot authorized"*) return 1 ;;
    *) [ $code = 0 ] || fail "$1 cannot write $2: $words" ;;
  esac
}
may() { say "$1" "$2" || fail "$1 may not write $2"; }
may_not() { ! say "$1" "$2" || fail "$1 may write $2"; }

for topic in status info health count entry lane/one alarm/low-space; do
  may north-1 $base/north-1/$topic
  may_not north-1 $base/north-2/$topic
  for other in north-1 wall main; do may_not wall $base/$other/$topic; done
  may_not main $base/north-1/$topic
  may_not main $base/main/$topic
done
for user in north-1 wall; do
  for topic in north-1/ack/main north-1/replay wall/ack/main wall/replay _ops/status _ops/answer/x _ops/alarm/x; do
    may_not $user $base/$topic
  done
done
may_not north-1 $base/_ops/ask
may_not north-1 elsewhere
may_not main $base/north-1/ack/other
may_not north-1 stile/v1/other/north-1/entry
may main $base/north-1/ack/main
may main $base/north-2/replay
may main $base/_ops/occupancy
may wall $base/_ops/ask

# hears USER TOPIC: whether the broker gives it the retained message.
mosquitto_pub -p "$tls" -h localhost --cafile "$work/ca.crt" -u main -P of-main -q 1 -r -t $base/north-1/ack/main -m kept
mosquitto_pub -p "$tls" -h localhost --cafile "$work/ca.crt" -u north-1 -P of-north-1 -q 1 -r -t $base/north-1/health -m kept
hears() {
  mosquitto_sub -V 5 -p "$tls" -h localhost --cafile "$work/ca.crt" -u "$1" -P "of-$1" -t "$2" -C 1 -W "$3" 2>/dev/null |
    grep -q kept
}
hears north-1 $base/north-1/ack/main 40 || fail "a gate does not hear its watermark"
hears north-2 $base/north-1/ack/main 40 || fail "a gate does not hear another's watermark"
hears wall $base/north-1/health 40 || fail "the page does not hear a gate"
hears main $base/north-1/health 40 || fail "the collector does not hear a gate"
! hears north-2 $base/north-1/health 1 || fail "a gate hears what another one says"

refused() { # ARGUMENTS...: the broker does not let it in
  ! mosquitto_pub -p "$tls" -h localhost --cafile "$work/ca.crt" -q 1 -t x -m x "$@" 2>/dev/null
}
refused || fail "somebody without a name is let in"
refused -u north-1 -P wrong || fail "a wrong password is let in"
refused -u nobody -P nothing || fail "an unknown name is let in"
! mosquitto_pub -p "$tls" -h localhost -u main -P of-main -q 1 -t x -m x 2>/dev/null || fail "it speaks without TLS"
# The page's door is open to this machine only: it listens at 127.0.0.1 (0A: a listening socket).
doors=$(awk -v port=":$(printf %04X "$web")" '$4 == "0A" && index($2, port) { print $2 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null || true)
[ "$doors" = "0100007F:$(printf %04X "$web")" ] || fail "the WebSocket listener is at $doors"
# It answers to the upgrade.
exec 3<>"/dev/tcp/127.0.0.1/$web"
printf '%s\r\n' 'GET /mqtt HTTP/1.1' 'Host: localhost' 'Connection: Upgrade' 'Upgrade: websocket' \
  'Sec-WebSocket-Version: 13' 'Sec-WebSocket-Key: c3RpbGUgc3RpbGUgc3RpbA==' 'Sec-WebSocket-Protocol: mqtt' '' >&3
IFS= read -r -t 40 answer <&3 || true
[[ "$answer" == *" 101 "* ]] || fail "no WebSocket: $answer"
echo "the broker holds to its rules"
