#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One package of what a build folder installs, instead of those of ./stile package: for who works on the machine test.
# It starts nothing, as they do. Usage: stage.sh BUILD_DIR PACKAGES_DIR.
set -euo pipefail

build=$(realpath "$1")
rm -rf "$2"
mkdir -p "$2"
packages=$(realpath "$2")
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
DESTDIR=$tree cmake --install "$build" --prefix /usr --strip >/dev/null
# A build for developers has another idea of where /etc is.
[ ! -d "$tree/usr/local/etc" ] || mv "$tree/usr/local/etc" "$tree/etc"
mkdir -p "$tree/DEBIAN"

# The packages whose libraries the programs are linked to: the guest's builder fetches them.
{
  find "$tree/usr/bin" "$tree/usr/libexec" "$build/bin/stile-vm-camera" "$build/bin/stile-usbip" -type f -exec ldd {} + 2>/dev/null |
    awk '$3 ~ /^\// { print $3 }' | sort -u | xargs realpath | sed -E 's,^(/usr)?(.*),\2\n/usr\2,' |
    xargs dpkg-query -S 2>/dev/null || true # each is known by one of its two names
} | sed 's/:.*//' | sort -u >"$packages/wants"

cat >"$tree/DEBIAN/control" <<EOF
Package: stile
Version: 0~staged
Architecture: $(dpkg --print-architecture)
Maintainer: nobody <nobody@localhost>
Depends: $(paste -sd, "$packages/wants")
Description: what $(basename "$build") installs
EOF
cat >"$tree/DEBIAN/postinst" <<'EOF'
#!/bin/sh
set -e
systemd-sysusers
systemd-tmpfiles --create stile.conf || true
journalctl --update-catalog
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  systemctl enable stile.target
  udevadm control --reload
  udevadm trigger --action=change --subsystem-match=usb --subsystem-match=gpio
fi
EOF
chmod 755 "$tree/DEBIAN/postinst"
dpkg-deb --root-owner-group -b -Zgzip -z1 "$tree" "$packages/stile_staged.deb" >/dev/null
