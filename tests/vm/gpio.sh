#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Boots Debian's kernel with gpio-sim (which Debian does not build) in QEMU, and runs devices_gpio_tests there: the
# guest is that program, its libraries and busybox, in memory. Takes a minute, the first time two.
# Usage: gpio.sh TEST_PROGRAM CACHE_DIR. Exit code 77: not possible here, with the reason. Needs the packages
# qemu-system-x86 busybox-static cpio, and what kernel.sh needs.
set -euo pipefail

program=$(realpath "$1")
mkdir -p "$2"
cache=$(realpath "$2")
skip() { echo "skipped: $*"; exit 77; }
for tool in qemu-system-x86_64 busybox cpio strip; do
  command -v "$tool" >/dev/null || skip "$tool is not installed"
done
kernel=$("$(dirname "$0")/kernel.sh" "$cache")

guest=$(mktemp -d "$cache/guest.XXXXXX")
trap 'rm -rf "$guest"' EXIT
mkdir -p "$guest"/{bin,dev,proc,sys,tmp,test}
cp "$(command -v busybox)" "$guest/bin/"
find "$kernel/lib" -name configfs.ko -exec cp {} "$guest/test/" \;
cp "$kernel/gpio-sim.ko" "$guest/test/"
strip -o "$guest/test/$(basename "$program")" "$program"
ldd "$program" | grep -o '/[^ ]*' | while read -r library; do
  install -D "$library" "$guest$library"
done
cat >"$guest/init" <<EOF
#!/bin/busybox sh
b=/bin/busybox
\$b mount -t proc proc /proc
\$b mount -t sysfs sysfs /sys
\$b mount -t devtmpfs devtmpfs /dev
\$b mount -t tmpfs tmpfs /tmp
[ ! -f /test/configfs.ko ] || \$b insmod /test/configfs.ko
\$b mount -t configfs configfs /sys/kernel/config
\$b insmod /test/gpio-sim.ko
/test/$(basename "$program") --gtest_color=no 2>&1
echo "the guest's tests ended with \$?"
\$b poweroff -f
EOF
chmod +x "$guest/init"
(cd "$guest" && find . | cpio -o -H newc --quiet) >"$cache/guest.cpio"

log=$cache/console
timeout 600 qemu-system-x86_64 -M q35 -accel tcg,thread=multi -cpu Nehalem -smp 2 -m 1024 -nodefaults -display none \
  -no-reboot -serial stdio -kernel "$kernel/vmlinuz" -initrd "$cache/guest.cpio" \
  -append "console=ttyS0 quiet loglevel=3 panic=-1 mitigations=off nokaslr" </dev/null >"$log" 2>&1 || true
tr -d '\r' <"$log"
grep -q "the guest's tests ended with 0" "$log"
