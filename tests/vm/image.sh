#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the guest of tests/vm/run: CACHE/guest/{disk.img,initrd}, a Debian 12 with systemd, a broker and the simulators'
# modules. Usage: image.sh CACHE KERNEL_DIR PACKAGES_DIR TOOLS_DIR. From PACKAGES_DIR all packages that are not stile's
# own are installed, without a network; stile's own lie in /opt/packages, for the guest to install when it runs.
# Exit code 77: not possible here, with the reason.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=$(realpath "$1") kernel=$(realpath "$2") packages=$(realpath "$3") tools=$(realpath "$4")
version=$(basename "$kernel")
say() { echo "== $*" >&2; }
skip() { echo "skipped: $*" >&2; exit 77; }
[ "$(id -u)" = 0 ] || skip "making a guest needs root"
for tool in mmdebstrap busybox cpio mke2fs depmod; do
  command -v "$tool" >/dev/null || skip "$tool is not installed"
done

# What the guest is made of, before anything of stile: kept for as long as this list stays.
base_packages=systemd-sysv,udev,dbus,kmod,procps,iproute2,mosquitto,mosquitto-clients
base=$cache/base-$(sha256sum <<<"$base_packages $(dpkg --print-architecture)" | cut -c1-12).tar
if [ ! -f "$base" ]; then
  say "fetching Debian's packages for the guest (some minutes, once)"
  rm -f "$cache"/base-*.tar
  mmdebstrap --quiet --format=tar --variant=minbase --mode=root --aptopt='APT::Install-Recommends "0"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --include="$base_packages" bookworm "$base.part" >&2 || { rm -f "$base.part"; skip "mmdebstrap could not fetch the guest's packages"; }
  mv "$base.part" "$base"
fi

key=$({
  echo "$base"
  sha256sum "$kernel"/*.ko "$here"/*.sh "$here"/guest/*
  (cd "$packages" && find . -maxdepth 1 \( -name '*.deb' -o -name wants \) -exec sha256sum {} + | sort)
  (cd "$tools" && find . -type f -exec sha256sum {} + | sort)
} | sha256sum | cut -c1-16)
guest=$cache/guest
[ "$(cat "$guest/key" 2>/dev/null)" != "$key" ] || { say "the guest is as it was"; exit 0; }

say "making the guest's disk"
rm -rf "$guest"
mkdir -p "$guest"
root=$(mktemp -d -p "$cache" root.XXXXXX)
trap 'rm -rf "$root" "$guest/initrd.d"' EXIT
tar -C "$root" -xf "$base"

mkdir -p "$root/opt/packages" "$root/opt/dependencies"
for package in "$packages"/*.deb; do
  case $(basename "$package") in
    stile[-_]*) cp "$package" "$root/opt/packages/" ;;
    *) cp "$package" "$root/opt/dependencies/" ;;
  esac
done
# in_guest NETWORK COMMAND: in namespaces of its own, so that nothing mounted there outlives it.
in_guest() {
  unshare --mount --propagation private $1 sh -e -c '
    mount -t proc proc "$1/proc"
    mount --bind /dev "$1/dev"
    DEBIAN_FRONTEND=noninteractive chroot "$1" sh -e -c "$2"' \
    sh "$root" "$2" >"$cache/dependencies.log" 2>&1 || { tail -n 20 "$cache/dependencies.log" >&2; return 1; }
}
if [ -f "$packages/wants" ]; then # a staged build: its libraries come over the network
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  in_guest "" "apt-get update -qq && apt-get install -y -qq --no-install-recommends $(paste -sd' ' "$packages/wants")" ||
    skip "the libraries of the staged build cannot be fetched"
elif [ -n "$(ls "$root/opt/dependencies")" ]; then
  in_guest --net "cd /opt/dependencies && apt-get install -y -qq --no-install-recommends ./*.deb" ||
    { echo "the packages in $packages are not enough" >&2; exit 1; }
fi
rm -rf "$root/opt/dependencies" "$root"/var/cache/apt/*.bin "$root"/boot/*

# Modules: those that the guest may load, and what they need.
modules="virtio_pci virtio_blk virtio_console virtio_rng ext4 crc32c_generic vhci_hcd usbhid hid_generic videodev configfs pn533_usb autofs4 af_packet"
mkdir -p "$root/usr/lib/modules/$version/extra"
modprobe -d "$kernel" -S "$version" --show-depends -a $modules 2>/dev/null | awk '$1 == "insmod" { print $2 }' | sort -u |
  while read -r file; do
    install -D -m 644 "$file" "$root/usr/lib/modules/$version/${file#"$kernel/lib/modules/$version/"}"
  done
cp "$kernel"/*.ko "$root/usr/lib/modules/$version/extra/"
cp "$kernel/lib/modules/$version"/modules.{builtin,builtin.modinfo,order} "$root/usr/lib/modules/$version/"
depmod -b "$root/usr" "$version" 2>/dev/null || depmod -b "$root" "$version"

# The hardware that is played, and the host's way in.
install -d "$root/opt/vm"
cp "$here"/guest/*.sh "$root/opt/vm/"
cp -r "$tools"/. "$root/opt/vm/"
cp "$here"/guest/*.service "$root/etc/systemd/system/"
for unit in vm-hardware vm-usb vm-camera vm-events vm-shell; do
  mkdir -p "$root/etc/systemd/system/sysinit.target.wants"
  ln -s "../$unit.service" "$root/etc/systemd/system/sysinit.target.wants/"
done
echo 'SUBSYSTEM=="virtio-ports", TAG+="systemd"' >"$root/etc/udev/rules.d/90-vm.rules"
echo gate >"$root/etc/hostname"
printf '127.0.0.1 localhost gate\n' >"$root/etc/hosts"
: >"$root/etc/fstab"
echo 6b1f0c9e3a5d4f6f8b7a1d2e3f405163 >"$root/etc/machine-id"
mkdir -p "$root/var/log/journal"
printf '[Journal]\nStorage=persistent\n' >"$root/etc/systemd/journald.conf"
printf 'listener 1883 127.0.0.1\nallow_anonymous true\n' >"$root/etc/mosquitto/conf.d/vm.conf"
for unit in getty@tty1.service serial-getty@ttyS0.service apt-daily.timer apt-daily-upgrade.timer fstrim.timer e2scrub_all.timer e2scrub_reap.service systemd-timesyncd.service systemd-networkd-wait-online.service; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done

# With a journal and barriers, as a gate's own disk is.
mke2fs -q -t ext4 -m 0 -L root -d "$root" "$guest/disk.img" 3G

# An initial disk of its own, since Debian's takes TCG ten seconds.
ird=$guest/initrd.d
mkdir -p "$ird"/{bin,dev,proc,sys,mnt,m}
cp "$(command -v busybox)" "$ird/bin/"
number=10
modprobe -d "$kernel" -S "$version" --show-depends -a virtio_pci virtio_blk ext4 crc32c_generic 2>/dev/null |
  awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r file; do
    cp "$file" "$ird/m/$((number++))-$(basename "$file")"
  done
cat >"$ird/init" <<'EOF'
#!/bin/busybox sh
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sysfs /sys
$b mount -t devtmpfs devtmpfs /dev
for file in /m/*; do $b insmod $file; done
while [ ! -b /dev/vda ]; do $b usleep 10000; done
$b mount -t ext4 -o noatime /dev/vda /mnt
$b mount --move /dev /mnt/dev
$b umount /proc
$b umount /sys
exec $b switch_root /mnt /lib/systemd/systemd
EOF
chmod +x "$ird/init"
(cd "$ird" && find . | cpio -o -H newc --quiet) >"$guest/initrd"
cp "$kernel/vmlinuz" "$guest/vmlinuz"
echo "$key" >"$guest/key"
