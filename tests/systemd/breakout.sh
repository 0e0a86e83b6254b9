#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs stile-breakout under the very units that are installed, on a machine whose gate runs: in the container of boot.sh,
# and with "vm" in a virtual machine, where the kernel enforces the rest. Usage: breakout.sh [vm], as root, with
# /usr/libexec/stile/stile-breakout in place. Prints a line a try; exit code 1: something went that must not.
set -euo pipefail

where=${1:-}
folder=/usr/share/stile-breakout
units=/run/systemd/system

# What could be had: a folder that everybody may write, a home, a device of everybody's with another number.
install -d -m 0777 $folder $folder/open
install -d -m 0755 /home/stile-breakout
echo "Dear stile" >/home/stile-breakout/letter
systemctl show --value -p MainPID stiled.service >$folder/stiled.pid
[ "$where" != vm ] || modprobe fuse || true
[ -e /dev/stile-breakout ] || mknod -m 0666 /dev/stile-breakout c 10 229 2>/dev/null || true # that of fuse

# The same tries by a user without a unit: what is forbidden below must be there to be had.
# shellcheck disable=SC2086
systemd-run -q --pipe --wait -p User=stile-reader -p Group=stile-reader /usr/libexec/stile/stile-breakout nobody $where \
  >/run/stile-breakout.nobody || true
for can in "open a network socket" "execute a shell" "execute a shell that it copied to /tmp" "make code while it runs" \
  "make a file in memory that could be executed" "write where everybody may" "trace a process" \
  "read a file of somebody's home" "see the gate's process" "leave its memory in a file when it dies"; do
  grep -q "^BREAKOUT: nobody can $can" /run/stile-breakout.nobody || { echo "BREAKOUT is tried in vain: nobody can $can"; exit 1; }
done
# What depends on the machine: whether it has such a device, such a network, such a limit of its own.
for can in "send to another machine" "open a device of everybody's" "start a thousand processes"; do
  [ "$where" != vm ] || grep -q "^BREAKOUT: nobody can $can" /run/stile-breakout.nobody ||
    echo "note: tried in vain, nobody can $can here"
done

declare -A programs=([stiled]=stiled [reader]=stile-reader@ [sync]=stile-sync [display]=stile-display [backup]=stile-backup)
[ ! -e /etc/stile/collector.toml ] || programs[collector]=stile-collector # on a server only

# A copy of each unit's file, with another program.
started=()
for word in "${!programs[@]}"; do
  unit=${programs[$word]} name=stile-breakout-$word instance=
  [[ $unit == *@ ]] && name+=@ && instance=probe
  cp "$(systemctl show --value -p FragmentPath "$unit$instance.service")" "$units/$name.service"
  mkdir -p "$units/$name.service.d"
  cat >"$units/$name.service.d/breakout.conf" <<END
[Unit]
PartOf=
[Service]
Type=oneshot
Restart=no
WatchdogSec=0
ExecStart=
ExecStart=/usr/libexec/stile/stile-breakout $word $where
ExecPaths=/usr/libexec/stile/stile-breakout
RuntimeDirectoryPreserve=yes
OOMPolicy=continue
StandardOutput=truncate:/run/stile-breakout.$word
END
  started+=("$name$instance.service")
done
systemctl daemon-reload
code=0
for unit in "${started[@]}"; do # one by one: each takes what memory it gets
  systemctl start "$unit" || code=1
done
for word in "${!programs[@]}"; do
  cat "/run/stile-breakout.$word" || code=1 # it did not even start
done
rm -r $units/stile-breakout-*
systemctl daemon-reload
exit $code
