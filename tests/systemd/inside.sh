#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs in the container, where boot.sh has installed everything: starts the gate, and breaks it in several ways.
set -euo pipefail

. /host/words.sh
site=/etc/stile/stile.toml
programs="stiled.service stile-sync.service stile-collector.service stile-reader@camera-1.service stile-display.service"

systemd-sysusers
systemd-tmpfiles --create stile.conf
# shellcheck disable=SC2086
systemd-analyze verify --man=no $programs stile.target stile-backup.timer stile-scrub.timer || fail "systemd-analyze verify"
ok "the units are correct"
# score MOST UNIT...: tenths
score() {
  local most=$1 unit
  for unit in "${@:2}"; do
    systemd-analyze security --offline=true --no-pager --threshold="$most" "/lib/systemd/system/$unit" >/tmp/score || fail "$(tail -1 /tmp/score)"
    ok "$unit: exposure$(sed -n 's/.* level for [^:]*:\(.*\)/\1/p' /tmp/score | tr -cd ' 0-9.')"
  done
}
score 15 stiled.service stile-reader@.service stile-display.service stile-backup.service stile-scrub.service
score 20 stile-sync.service stile-collector.service

# LeakSanitizer traces its own program, which no unit permits.
for unit in stiled stile-sync stile-reader@ stile-display stile-backup stile-scrub; do
  install -D -m 644 /dev/stdin "/etc/systemd/system/$unit.service.d/test.conf" <<<$'[Service]\nEnvironment=ASAN_OPTIONS=detect_leaks=0'
done
systemctl daemon-reload
systemctl start stile.target stiled.service stile-backup.timer stile-collector.service
for unit in stile.target stiled.service stile-backup.timer stile-collector.service; do
  [ "$(of $unit ActiveState)" = inactive ] || fail "$unit runs without a site file"
done
[ "$(of stiled.service TimeoutStartUSec)" = 30min ] || fail "stiled has too little time for a large ledger"
ok "nothing starts before there is a site file"

# What an installer does, twice: with a secret that setup makes, then with one that is brought, as a credential.
cp -r /host/pictures /var/lib/stile-pictures
(umask 077 && echo "pass word" >/root/password && printf '%064d\n' 7 >/root/secret)
# answers LINE [KEY OF PATHS]
answers() {
  printf '[setup]\nissuer_keys = ["/host/demo.toml"]\nbroker_password = "password"\n%s\n' "$1"
  sed -e 's,^source = .*,source = "/var/lib/stile-pictures",' -e 's,:1883,:1,' -e "s,^\[paths\],[paths]\n${2:-}," \
    -e 's,^\[mqtt\],[mqtt]\nuser = "gate",' /usr/share/doc/stile/examples/stile.toml
}
is() { [ "$(stat -c '%U %a' "$1")" = "$2" ] || fail "$1 is $(stat -c '%U %a' "$1"), not $2"; }
answers "" >/root/answers.toml
stilectl setup --answers /root/answers.toml || fail "setup does not take the answers"
for file in stile.toml keys.toml enrolment.toml; do is /etc/stile/$file "root 644"; done
is /etc/stile/event.secret "stile 600"
is /etc/credstore.encrypted "root 700"
is /etc/credstore.encrypted/stile.mqtt.password "root 600"
is /var/lib/stile "stile 700"
for file in device.key device.signing.key; do is /var/lib/stile/$file "stile 600"; done
! grep -rq "pass word" /etc/stile /etc/credstore* || fail "the password lies about"
systemctl daemon-reload
systemctl start stiled.service || fail "stiled does not start with what setup wrote"
systemctl stop stiled.service
ok "stiled starts with what setup wrote; each file has its owner and mode"
keys=$(sha256sum /var/lib/stile/device*.key)
answers 'event_secret = "secret"' 'secret = "stile.event.secret"' >/root/answers.toml
stilectl setup --answers /root/answers.toml && fail "setup replaces a site file without --force"
stilectl setup --answers /root/answers.toml --force || fail "setup does not replace the site file"
[ "$(sha256sum /var/lib/stile/device*.key)" = "$keys" ] || fail "a second setup makes other device keys"
is /etc/credstore.encrypted/stile.event.secret "root 600"
ok "a second setup keeps the keys of the device"
cp $site /root/good.toml
echo 'typo = 1' >>$site
systemctl daemon-reload
[[ $(of stile.target Wants) != *stile-reader@* ]] || fail "a wrong site file has readers"
[[ $(/usr/lib/systemd/system-generators/stile-generator /tmp 2>&1) == *typo* ]] || fail "the generator does not say what is wrong"
cp /root/good.toml $site
systemctl daemon-reload
[[ $(of stile.target Wants) == *stile-reader@camera-1.service* ]] || fail "stile.target wants only: $(of stile.target Wants)"
ok "the target wants the readers of the site file, and none of a wrong one"

systemctl enable -q stile.target stile-backup.timer stile-scrub.timer
systemctl start stile.target
becomes 40 running of stiled SubState
ok "the gate starts without a broker and without a network"
grep -q 0007 /run/credentials/stiled.service/stile.event.secret || fail "stiled has no event secret"
grep -q "pass word" /run/credentials/stile-sync.service/stile.mqtt.password || fail "stile-sync has no password"
ok "secrets reach their programs, plain and encrypted"
becomes 40 "1 admitted" stilectl status
ok "a ticket before the camera opens the lane; each program has its own user: $(of stiled User), $(of stile-sync User), $(of stile-reader@camera-1 User)"
[[ $(stilectl readers --json) == *'"source":"/var/lib/stile-pictures","unit":"stile-reader@camera-1.service"'* ]] || fail "stilectl readers: $(stilectl readers --json)"
[[ $(stilectl readers) == *"stile-reader@camera-1.service"* ]] || fail "stilectl readers: $(stilectl readers)"
stilectl readers --for-udev /sys/class/tty/tty && fail "a terminal starts a reader"

systemctl start stile-display.service
becomes 40 "the daemon is here" journalctl -o cat -u stile-display.service
ok "the display finds the daemon, as $(of stile-display User)"
mkdir -p /run/systemd/system/stile-display.service.d
printf '[Service]\nExecStart=\nExecStart=/usr/libexec/stile/stile-display --config /nowhere\n' >/run/systemd/system/stile-display.service.d/wrong.conf
systemctl daemon-reload
systemctl restart stile-display.service && fail "the display starts without a site file"
[[ $(stilectl doctor --json || true) == *"stile-display.service gave up (exit-code 78)"* ]] || fail "the doctor sees no dark screen"
rm -r /run/systemd/system/stile-display.service.d
systemctl daemon-reload
systemctl restart stile-display.service
ok "the doctor sees that the screens are dark"

[[ $(systemctl list-timers --all) == *stile-backup.timer*stile-scrub.timer* || $(systemctl list-timers --all) == *stile-scrub.timer*stile-backup.timer* ]] || fail "the timers are not there"
systemctl start stile-backup.service || fail "no backup was made"
backup=$(echo /var/lib/stile/backups/ledger-*)
stilectl log verify "$backup" >/dev/null || fail "the backup is not good"
systemctl start stile-scrub.service || fail "the scrub finds fault"
ok "the timers are set; a backup is made beside the gate, and read again with the ledger"
for folder in /tmp/stick /mnt/stick; do
  told=$(stilectl backup $folder 2>&1) && fail "a backup in $folder is called good: $told"
  [[ $told == *"copy the newest of STATE/backups"* ]] || fail "no way out of $folder: $told"
done
ok "no backup is good that only the gate sees"
printf x | dd of="$backup/data.mdb" bs=1 seek=20000 conv=notrunc status=none
systemctl start stile-scrub.service && fail "the scrub does not see a damaged backup"
[ "$(of stile-scrub ExecMainStatus)" = 1 ] || fail "the scrub ends with $(of stile-scrub ExecMainStatus)"
becomes 40 "$backup" journalctl -o cat MESSAGE_ID=c7b60f8e2f0d4b71a6d2f35a5d1e9084
rm -r "$backup"
ok "a damaged backup fails the scrub, and is in the journal"

pid=$(of stiled MainPID)
echo 'typo = 1' >>$site
systemctl reload stiled.service && fail "a wrong configuration is reloaded"
[ "$(of stiled MainPID)" = "$pid" ] || fail "the gate died of a reload"
becomes 40 "1 admitted" stilectl --socket /run/stile/control.sock status
cp /root/good.toml $site
ok "a wrong configuration fails the reload, and the gate goes on"
echo 'greeting = "name"' >/root/greeting
sed '/^name = "lane-1"/r /root/greeting' /root/good.toml >$site
systemctl reload stiled.service || fail "a good configuration is not reloaded"
[ "$(of stiled MainPID)" = "$pid" ] || fail "the gate ended for a reload"
becomes 40 "lane lane-1.greeting" journalctl -o cat -u stiled.service MESSAGE_ID=5b0c7d3e91f24a6e8d17c2b64f0a93d8
becomes 40 "1 admitted" stilectl status
cp /root/good.toml $site
systemctl reload stiled.service || fail "it cannot be taken back"
ok "a good one is in force when systemctl comes back, and the gate is the same"

touch /etc/stile/collector.toml
/host/breakout.sh || fail "a program can do what it must not"

systemctl stop stile-reader@camera-1.service
kill -9 "$(of stile-sync MainPID)"
becomes 40 1 of stile-sync NRestarts
[ "$(of stiled MainPID)" = "$pid" ] || fail "stiled did not survive the death of stile-sync"
ok "stile-sync comes back alone"

# With less patience than an installed one, so that this is short; from here on only, since a busy machine has hangs too.
echo WatchdogSec=3s >>/etc/systemd/system/stiled.service.d/test.conf
systemctl daemon-reload
systemctl restart stiled.service || fail "stiled does not start again"
kill -STOP "$(of stiled MainPID)"
becomes 40 1 of stiled NRestarts
becomes 40 "1 admitted" stilectl status
ok "the watchdog brings a hanging stiled back, with its ledger"

echo 'typo = 1' >>$site
systemctl restart stiled.service && fail "stiled started with a wrong configuration"
becomes 40 failed of stiled ActiveState
[ "$(of stiled ExecMainStatus)" = 78 ] || fail "the exit code is $(of stiled ExecMainStatus), not 78"
[ "$(of stiled NRestarts)" = 0 ] || fail "systemd tries again although a restart cannot help"
becomes 40 typo journalctl -o cat "_SYSTEMD_INVOCATION_ID=$(of stiled InvocationID)"
ok "a wrong configuration ends stiled once, with its reason"
