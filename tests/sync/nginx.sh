#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The sample for nginx in a real one: the page, its headers, TLS, and the way to a real mosquitto.
# Usage: nginx.sh SOURCE_DIR. Ports and paths are substituted, nothing else.
set -euo pipefail

sample=$(cd "$1/sync/dashboard" && pwd)/nginx.conf
export PATH=$PATH:/usr/sbin
for program in nginx curl mosquitto; do
  command -v $program >/dev/null || { echo "$program is not installed"; exit 77; }
done
work=$(mktemp -d /tmp/stile-nginx.XXXXXX)
programs=()
finish() {
  for program in "${programs[@]}"; do { kill "$program" && wait "$program"; } 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT
fail() { echo "nginx: $*" >&2; tail -n 20 "$work"/*.log >&2; exit 1; }

free_ports() { # NUMBER: all different
  python3 -c 'import socket, sys
ones = [socket.socket() for _ in range(int(sys.argv[1]))]
for one in ones: one.bind(("127.0.0.1", 0))
print(*(one.getsockname()[1] for one in ones))' "$1"
}
# says LOG WORDS PROCESS: waits until the log has the words; not when the process ends before.
says() { grep -q -m 1 "$2" < <(timeout 40 tail --pid="$3" -n +1 -F "$1" 2>/dev/null); }

# A port may be taken between the question and the start: then it is tried again with others.
start_broker() {
  read -r plain web < <(free_ports 2)
  printf '%s\n' 'allow_anonymous true' "listener $plain 127.0.0.1" "listener $web 127.0.0.1" 'protocol websockets' \
    'socket_domain ipv4' "user $(id -un)" >"$work/mosquitto.conf"
  mosquitto -v -c "$work/mosquitto.conf" 2>"$work/broker.log" &
  programs+=($!)
  says "$work/broker.log" ' running$' $!
}
start_nginx() {
  read -r http https < <(free_ports 2)
  sed -e '/listen \[::\]/d' -e "s|listen 80;|listen 127.0.0.1:$http;|; s|listen 443 ssl;|listen 127.0.0.1:$https ssl;|" \
    -e "s|/etc/nginx/stile/|$work/|; s|/usr/share/stile-dashboard|$work/page|; s|127.0.0.1:9001|127.0.0.1:$web|" "$sample" >"$work/stile.conf"
  nginx -p "$work" -c "$work/nginx.conf" -e "$work/error.log" 2>>"$work/error.log" &
  programs+=($!)
  says "$work/error.log" 'start worker process ' $!
}
try() { "$1" || "$1" || "$1" || fail "$1: it does not start"; }

mkdir "$work/page" "$work/temp"
python3 -c 'print("<!doctype html><title>stile</title>" + "<p>The page.</p>" * 500)' >"$work/page/index.html"
echo secret >"$work/page/package.json"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=ops.arena.example \
  -addext subjectAltName=DNS:ops.arena.example -keyout "$work/ops.key" -out "$work/ops.crt" 2>/dev/null
cat >"$work/nginx.conf" <<CONF
daemon off;
pid $work/nginx.pid;
error_log $work/error.log notice;
worker_processes 1;
$([ "$(id -u)" != 0 ] || echo "user $(id -un) $(id -gn);")
events {}
http {
  include /etc/nginx/mime.types;
  access_log off;
  client_body_temp_path $work/temp; proxy_temp_path $work/temp; fastcgi_temp_path $work/temp;
  uwsgi_temp_path $work/temp; scgi_temp_path $work/temp;
  include $work/stile.conf;
}
CONF
try start_broker
try start_nginx

site=https://ops.arena.example:$https
ask() { # ARGUMENTS...: status and headers, without the carriage returns; nothing when there is no answer
  curl -sS -m 40 --noproxy '*' --cacert "$work/ops.crt" --resolve "ops.arena.example:$https:127.0.0.1" \
    --resolve "ops.arena.example:$http:127.0.0.1" -o "$work/body" -D - "$@" 2>>"$work/curl.log" | tr -d '\r' || true
}
has() { grep -q -i -x -F "$2" <<<"$1" || fail "no '$2' in: $1"; }
has_not() { ! grep -q -i "$2" <<<"$1" || fail "'$2' in: $1"; }

page=$(ask "$site/?venue=arena")
has "$page" 'HTTP/1.1 200 OK'
has "$page" 'Content-Type: text/html; charset=utf-8'
cmp -s "$work/body" "$work/page/index.html" || fail "another page came"
for header in "Content-Security-Policy: frame-ancestors 'none'" 'X-Content-Type-Options: nosniff' \
  'Referrer-Policy: no-referrer' 'Cache-Control: no-cache' 'Server: nginx'; do
  has "$page" "$header"
done
has_not "$page" '^Strict-Transport-Security'
etag=$(sed -n 's/^ETag: //p' <<<"$page")
has "$(ask -H "If-None-Match: $etag" "$site/")" 'HTTP/1.1 304 Not Modified'
has "$(ask --compressed "$site/")" 'Content-Encoding: gzip'
cmp -s "$work/body" "$work/page/index.html" || fail "another page came compressed"

for path in /package.json /node_modules/ /mqtt/x; do
  missing=$(ask "$site$path")
  has "$missing" 'HTTP/1.1 404 Not Found'
  has "$missing" "Content-Security-Policy: frame-ancestors 'none'"
done
plain=$(ask "http://ops.arena.example:$http/?venue=arena")
has "$plain" 'HTTP/1.1 301 Moved Permanently'
has "$plain" 'Location: https://ops.arena.example/?venue=arena'
[[ "$(ask "$site/mqtt")" == "HTTP/1.1 426 "* ]] || fail "something but a WebSocket reaches the broker"
[ -n "$(ask --tls-max 1.2 "$site/")" ] || fail "no TLS 1.2"
[ -z "$(ask --tlsv1.0 --tls-max 1.1 --ciphers DEFAULT@SECLEVEL=0 "$site/")" ] || fail "it agrees to TLS 1.1"
[ -z "$(ask --tls-max 1.2 --ciphers ECDHE-ECDSA-AES128-SHA "$site/")" ] || fail "it agrees to a cipher without authentication"

# The upgrade, then MQTT: a CONNECT in a masked frame is answered by a CONNACK that says welcome.
exec {back}< <({
  printf '%s\r\n' 'GET /mqtt HTTP/1.1' 'Host: ops.arena.example' 'Connection: Upgrade' 'Upgrade: websocket' \
    'Sec-WebSocket-Version: 13' 'Sec-WebSocket-Key: c3RpbGUgc3RpbGUgc3RpbA==' 'Sec-WebSocket-Protocol: mqtt' ''
  printf '\x82\x8e\0\0\0\0\x10\x0c\0\4MQTT\4\2\0\x3c\0\0'
} | exec openssl s_client -quiet -verify_return_error -verify_quiet -CAfile "$work/ops.crt" -servername ops.arena.example \
  -connect "127.0.0.1:$https" 2>>"$work/tls.log")
programs+=($!)
upgrade=
while IFS= read -r -t 40 line <&$back && line=${line%$'\r'} && [ -n "$line" ]; do upgrade+=$line$'\n'; done
has "$upgrade" 'HTTP/1.1 101 Switching Protocols'
has "$upgrade" 'Sec-WebSocket-Protocol: mqtt'
welcome=$(timeout 40 head -c 6 <&$back | od -An -tx1)
[ "$welcome" = " 82 04 20 02 00 00" ] || fail "mosquitto says $welcome"
echo "nginx gives out the page, and passes MQTT on"
