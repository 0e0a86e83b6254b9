#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Boots this machine's own userland under systemd, in a container over a throw-away overlay, and runs inside.sh there.
# Usage: boot.sh SOURCE_DIR BIN_DIR, where BIN_DIR is that of a build with all programs. Exit code 77: not possible here, with the reason.
set -euo pipefail

source_dir=$(realpath "$1")
bin=$(realpath "$2")
skip() { echo "skipped: $*"; exit 77; }
[ "$(id -u)" = 0 ] || skip "booting a container needs root"
command -v systemd-nspawn >/dev/null || skip "systemd-nspawn (package systemd-container) is not installed"

work=$(mktemp -d /tmp/stile-boot.XXXXXX)
root=$work/overlay/merged
finish() {
  umount -l "$root" 2>/dev/null || true
  umount -l "$work/overlay" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

mkdir -p "$work"/{overlay,share/pictures}
mount -t tmpfs tmpfs "$work/overlay" || skip "a tmpfs cannot be mounted"
mkdir -p "$work"/overlay/{upper,scratch,merged}
mount -t overlay overlay -o "lowerdir=/,upperdir=$work/overlay/upper,workdir=$work/overlay/scratch" "$root" ||
  skip "an overlay of / cannot be mounted"

# As a package would: the container finds everything where it belongs.
DESTDIR=$root cmake --install "$(dirname "$bin")" --prefix /usr >"$work/install"
install "$bin/stile-breakout" "$root/usr/libexec/stile/"
cp "$source_dir"/tests/systemd/*.sh "$work/share/"
"$bin/stile-issue" keygen --issuer demo --event 1 --no-passphrase --out "$work/share/demo" >/dev/null
"$bin/stile-issue" ticket --key "$work/share/demo.key" --event 1 --serial 1 --until +2h --png "$work/share/pictures/1.png"

# Nothing of the machine's own services and mounts starts in there.
rm -rf "${root:?}"/run/* "$root/etc/fstab"
mkdir -p "$root"/{host,proc,sys,dev,etc/systemd/system}
echo 4c0f0c9e3a5d4f6f8b7a1d2e3f405162 >"$root/etc/machine-id"
contained=(systemd-nspawn -q -D "$root" --private-network --register=no --keep-unit --console=pipe -M "stile-$$")
"${contained[@]}" true </dev/null >"$work/console" 2>&1 || { cat "$work/console"; skip "systemd-nspawn cannot work here"; }
cat >"$root/etc/systemd/system/stile-boot-test.service" <<'EOF'
[Unit]
DefaultDependencies=no
After=basic.target
Wants=basic.target

[Service]
Type=oneshot
StandardOutput=append:/host/log
StandardError=append:/host/log
TimeoutStartSec=600
ExecStart=/bin/bash /host/inside.sh
ExecStopPost=/bin/sh -c 'echo "$$SERVICE_RESULT" >/host/result'
ExecStopPost=systemctl --no-block exit
EOF
timeout 700 "${contained[@]}" --boot --bind="$work/share:/host" systemd.unit=stile-boot-test.service </dev/null \
  >"$work/console" 2>&1 || true
[ -f "$work/share/log" ] || { tail -n 20 "$work/console"; echo "FAILED: the container did not boot"; exit 1; }
cat "$work/share/log"
grep -qx success "$work/share/result"
