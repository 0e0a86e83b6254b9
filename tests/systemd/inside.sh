#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs in the container: installs the units, starts the gate, and breaks it in several ways.
set -euo pipefail

fail() { echo "FAILED: $*"; journalctl -o short-monotonic --no-pager -n 40 2>/dev/null || true; exit 1; }
ok() { echo "ok: $*"; }
# becomes SECONDS WANTED COMMAND...: looks until the command prints that.
becomes() {
  local end=$((SECONDS + $1)) wanted=$2 got=
  shift 2
  until got=$("$@" 2>&1 || true) && [[ $got == *"$wanted"* ]]; do
    [ $SECONDS -lt $end ] || fail "$* says \"$got\", not \"$wanted\""
    sleep 0.1 # between two looks
  done
}
of() { systemctl show --value -p "$2" "$1"; }

install -D -t /usr/libexec/stile /host/bin/stiled /host/bin/stile-sync /host/bin/stile-reader /host/bin/stile-display
install -t /usr/bin /host/bin/stilectl /host/bin/stile-collector
install -m 644 -t /etc/systemd/system /host/systemd/*.service /host/systemd/*.target
install -D -m 644 /host/systemd/stile.sysusers /usr/lib/sysusers.d/stile.conf
install -D -m 644 /host/systemd/stile.tmpfiles /usr/lib/tmpfiles.d/stile.conf
systemd-sysusers
systemd-tmpfiles --create stile.conf
install -D -m 644 /host/demo.toml /etc/stile/keys.toml
cp -r /host/pictures /var/lib/stile-pictures
sed -e 's,^source = .*,source = "/var/lib/stile-pictures",' -e 's,:1883,:1,' /host/systemd/stile.toml >/etc/stile/stile.toml
# The same units, but with less patience, so that this test is short.
for unit in stiled stile-sync stile-reader@; do
  install -D -m 644 /dev/stdin "/etc/systemd/system/$unit.service.d/test.conf" <<<$'[Service]\nWatchdogSec=3s\nEnvironment=ASAN_OPTIONS=detect_leaks=0'
done
systemctl daemon-reload
systemd-analyze verify --man=no stiled.service stile-sync.service stile-collector.service stile-reader@camera-1.service stile-display.service stile.target ||
  fail "systemd-analyze verify"
ok "the units are correct"

systemctl start stile.target stiled.service stile-sync.service
[ "$(of stiled MainPID)" != 0 ] || fail "stiled does not run"
ok "the gate starts without a broker"
systemctl start stile-reader@camera-1.service
becomes 20 "1 admitted" stilectl status
ok "a ticket before the camera opens the lane; each program has its own user: $(of stiled User), $(of stile-sync User), $(of stile-reader@camera-1 User)"

systemctl start stile-display.service
becomes 20 "the daemon is here" journalctl -o cat -u stile-display.service
ok "the display finds the daemon, as $(of stile-display User)"

systemctl stop stile-reader@camera-1.service
pid=$(of stiled MainPID)
kill -9 "$(of stile-sync MainPID)"
becomes 20 1 of stile-sync NRestarts
[ "$(of stiled MainPID)" = "$pid" ] || fail "stiled did not survive the death of stile-sync"
ok "stile-sync comes back alone"

kill -STOP "$pid"
becomes 30 1 of stiled NRestarts
becomes 20 "1 admitted" stilectl status
ok "the watchdog brings a hanging stiled back, with its ledger"

echo 'typo = 1' >>/etc/stile/stile.toml
systemctl restart stiled.service && fail "stiled started with a wrong configuration"
becomes 20 failed of stiled ActiveState
[ "$(of stiled ExecMainStatus)" = 78 ] || fail "the exit code is $(of stiled ExecMainStatus), not 78"
[ "$(of stiled NRestarts)" = 0 ] || fail "systemd tries again although a restart cannot help"
ok "a wrong configuration ends stiled once, with its reason: $(journalctl -u stiled -o cat -n 20 --no-pager | grep -m1 typo)"
