#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs in a bare Debian 12 without a network: installs the packages, runs a gate, updates, removes and purges them.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8

. /host/words.sh
running() { systemctl list-units --all --no-legend --plain --state=active,activating 'stile*' | grep -v '^stile-package-test' || true; }
quietly() { "$@" >/tmp/output 2>&1 || { cat /tmp/output; fail "$1 $2"; }; }

ours=(stile stile-sync stile-issuer stile-collector)
[ ! -e /packages/stile-dashboard_* ] || ours+=(stile-dashboard)

cd /packages
installed_mib() { dpkg-query -W -f '${Installed-Size}\n' | awk '{ sum += $1 } END { printf "%d", sum / 1024 }'; }
before=$(installed_mib)
# The other way of INSTALL.md, for a venue's server: the folder as a source of apt.
echo 'deb [trusted=yes] file:/packages ./' >/etc/apt/sources.list
quietly apt-get update
quietly apt-get install -y stile-collector
[ -d /etc/stile ] && [ "$(stat -c %a /etc/credstore)" = 700 ] || fail "a collector alone has no folders for its file and its secrets"
: >/etc/apt/sources.list
quietly apt-get update
quietly apt-get install -y ./*.deb
apt-get clean
ok "one folder is enough: $(ls ./*.deb | wc -l) packages, $(($(installed_mib) - before)) MiB installed"

[ "$(dpkg-query -W -f '${db:Status-Abbrev}${Version}\n' "${ours[@]}" | sort -u)" = "ii $VERSION" ] || fail "not all of them are installed"
for program in stilectl stile-issue stile-collector /usr/libexec/stile/*; do
  [[ $($program --version) == *"$VERSION"* ]] || fail "$program --version is not $VERSION"
done
ok "the packages and their programs are version $VERSION"
for user in stile stile-reader stile-sync stile-display stile-kiosk stile-collector; do
  getent passwd $user >/dev/null || fail "there is no user $user"
done
for group in viewer operator supervisor security maintainer; do
  getent group stile-$group >/dev/null || fail "there is no group stile-$group"
done
[ -d /etc/stile ] || fail "there is no /etc/stile"
[ ! -e /etc/stile/stile.toml ] || fail "there is a site file that nobody wrote"
[ "$(dpkg-query -W -f '${Conffiles}\n' "${ours[@]}" | awk 'NF { print $1 }')" = /etc/modprobe.d/stile.conf ] || fail "conffiles"
[[ $(journalctl --list-catalog 2>/dev/null) == *stile* ]] || fail "the journal does not have the catalog"
[ -f /usr/share/doc/stile/README.md ] && [ -f /usr/share/doc/stile/examples/stile.toml ] || fail "no handbook or no samples"
ok "users, groups, catalog, handbook and samples are there"

systemctl is-enabled --quiet stile.target || fail "stile.target is not enabled"
for unit in stile-display stile-collector; do
  ! systemctl is-enabled --quiet $unit || fail "$unit is enabled"
done
[ -z "$(running)" ] || fail "without a site file this runs: $(running)"
[ -z "$(systemctl list-units --failed --no-legend 'stile*')" ] || fail "a unit has failed"
ok "stile.target is enabled, and nothing runs"

# A gate with a folder of pictures for a camera.
stile-issue keygen --issuer demo --event 1 --no-passphrase --out /host/demo >/dev/null
mkdir /var/lib/stile-pictures
stile-issue ticket --key /host/demo.key --event 1 --serial 1 --until +2h --png /var/lib/stile-pictures/1.png
cp /host/demo.toml /etc/stile/keys.toml
sed -e 's,^source = .*,source = "/var/lib/stile-pictures",' -e 's,:1883,:1,' /usr/share/doc/stile/examples/stile.toml >/etc/stile/stile.toml
# A collector beside it.
sed -e 's,:1883,:1,' -e 's,"event.secret","collector.secret",' /usr/share/doc/stile-collector/examples/collector.toml >/etc/stile/collector.toml
printf '%064d\n' 7 | install -o stile-collector -m 600 /dev/stdin /etc/stile/collector.secret
echo '# our own' >>/etc/modprobe.d/stile.conf
sha256sum /etc/stile/* /etc/modprobe.d/stile.conf >/host/own

systemctl daemon-reload
systemctl start stile.target stile-reader@camera-1.service
systemctl enable -q --now stile-display.service stile-collector.service
becomes 40 "1 admitted" stilectl status
ok "a ticket before the camera opens the lane"

# An update, from one folder again.
is_sound() {
  sha256sum --check --quiet /host/own || fail "$1 changed a file of the site"
  becomes 40 "1 admitted" stilectl status
}
since=$(date '+%F %T')
declare -A pids
for unit in stiled stile-sync stile-reader@camera-1 stile-display stile-collector; do
  becomes 40 running of $unit SubState
  pids[$unit]=$(of $unit MainPID)
done
quietly apt-get install -y /next/*.deb
[ "$(dpkg-query -W -f '${db:Status-Abbrev}${Version}\n' "${ours[@]}" | sort -u)" = "ii $NEXT" ] || fail "not all of them are updated"
for unit in "${!pids[@]}"; do
  becomes 40 running of "$unit" SubState
  [ "$(of "$unit" MainPID)" != "${pids[$unit]}" ] || fail "an update left the old $unit running"
done
[ "$(journalctl -o cat -u stiled.service --since "$since" | grep -c '^Started ')" = 1 ] || fail "an update restarts stiled more than once"
[ "$(of stiled NRestarts)" = 0 ] || fail "stiled ended by itself"
is_sound "an update"
ok "an update restarts every program, the gate once, and keeps ledger, site file and an edited conffile"

# Again, while one program was stopped by hand and another had given up.
systemctl stop stile-sync.service
cp /etc/stile/stile.toml /tmp/good.toml
echo 'typo = 1' >>/etc/stile/stile.toml
! systemctl restart stiled.service || fail "stiled starts with a wrong site file"
becomes 40 failed of stiled ActiveState
cp /tmp/good.toml /etc/stile/stile.toml
quietly apt-get install -y --reinstall /next/*.deb
becomes 40 running of stiled SubState
becomes 40 running of stile-reader@camera-1 SubState
[ "$(of stile-sync ActiveState)" = inactive ] || fail "an update started stile-sync, which was stopped by hand"
is_sound "a second update"
ok "an update starts what had given up, and not what was stopped by hand"

systemctl stop stile.target stile-collector.service
end=$((SECONDS + 40))
until [ -z "$(running)" ]; do
  [ $SECONDS -lt $end ] || fail "without the target this runs: $(running)"
  sleep 0.1 # between two looks
done
quietly apt-get install -y --reinstall /next/*.deb
[ -z "$(running)" ] || fail "an update started a gate that was stopped: $(running)"
ok "a gate that was stopped by hand stays so"

systemctl start stile.target stile-reader@camera-1.service
becomes 40 running of stiled SubState
quietly apt-get remove -y "${ours[@]}"
[ -z "$(running)" ] || fail "after the removal this runs: $(running)"
[ -d /var/lib/stile ] || fail "a removal took the ledger away"
sha256sum --check --quiet /host/own || fail "a removal changed a file of the site"
for package in stile stile-collector; do
  [[ $(debconf-show $package) == *$package/purge-state* ]] || fail "debconf does not know what a purge of $package asks"
done
quietly apt-get install -y ./stile*.deb
becomes 40 running of stiled SubState
becomes 40 running of stile-collector SubState
is_sound "a removal"
ok "a removal stops all and keeps all; installed again, the gate runs on"

install -D -m 600 /dev/null /etc/credstore/stile.mqtt.password
apt-get purge -y "${ours[@]}" >/tmp/output 2>&1 || fail "purge"
for kept in /var/lib/stile /etc/credstore/stile.mqtt.password; do
  grep -q "$kept was kept" /tmp/output || fail "purge does not say that $kept is still there"
done
[ -n "$(ls /var/lib/stile)" ] && [ -f /etc/stile/stile.toml ] || fail "purge took the ledger away"
[ ! -e /etc/modprobe.d/stile.conf ] || fail "purge left the conffile"
quietly apt-get install -y ./stile*.deb
becomes 40 "1 admitted" stilectl status
ok "purge keeps the ledger and says where it is"

for package in stile stile-collector; do
  echo "$package $package/purge-state boolean true" | debconf-set-selections
done
# A collector on the same machine keeps its file, and what it may share with the gate, whose state has its own disk.
touch /etc/credstore/stile.collector.postgresql /etc/credstore/stile.cards.ev2
mount --bind /var/lib/stile /var/lib/stile
quietly apt-get purge -y stile
umount /var/lib/stile
rmdir /var/lib/stile || fail "purge left the ledger"
[ ! -e /etc/stile/stile.toml ] && [ ! -e /etc/credstore/stile.cards.ev2 ] || fail "purge left files of the gate, because of a collector"
[ -e /etc/stile/collector.toml ] && [ -e /etc/stile/keys.toml ] && [ -e /etc/credstore/stile.mqtt.password ] ||
  fail "purge of the gate took files of the collector"
quietly apt-get purge -y "${ours[@]:2}" # the gate took stile-sync along
rm -r /var/lib/stile-pictures
left=$(find / -xdev \( -path /proc -o -path /sys -o -path /host -o -path /packages -o -path /next -o -path /var/log \) -prune \
  -o -name '*stile*' ! -name 'stile-package-test*' ! -path '/var/cache/apt/*' -print)
[ -z "$left" ] || fail "purge left: $left"
ok "purge with the answer leaves no file"
