#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Boots Debian's kernel with gpio-sim (which Debian does not build) in QEMU, and runs devices_gpio_tests there: the
# guest is that program, its libraries and busybox, in memory. Takes a minute, the first time two.
# Usage: gpio.sh TEST_PROGRAM CACHE_DIR. Exit code 77: not possible here, with the reason. Needs the packages
# qemu-system-x86 busybox-static cpio kmod linux-source-6.1, and linux-headers of the newest 6.1 kernel.
set -euo pipefail

program=$(realpath "$1")
mkdir -p "$2"
cache=$(realpath "$2")
skip() { echo "skipped: $*"; exit 77; }
for tool in qemu-system-x86_64 busybox cpio modinfo dpkg-deb make strip; do
  command -v "$tool" >/dev/null || skip "$tool is not installed"
done
[ "$(uname -m)" = x86_64 ] || skip "the guest is made for x86_64"
headers=$(ls -d /usr/src/linux-headers-6.1.*-amd64 2>/dev/null | sort -V | tail -n 1)
[ -n "$headers" ] || skip "no linux-headers of a 6.1 kernel are installed"
source=/usr/src/linux-source-6.1.tar.xz
[ -f "$source" ] || skip "linux-source-6.1 is not installed"
version=${headers#/usr/src/linux-headers-}

# The kernel's image, and the module on which the simulator stands, from Debian's package.
if [ ! -f "$cache/$version/vmlinuz" ]; then
  work=$(mktemp -d -p "$cache")
  (cd "$work" && apt-get download "linux-image-$version" >/dev/null 2>&1) || { rm -rf "$work"; skip "linux-image-$version cannot be downloaded"; }
  dpkg-deb -x "$work"/linux-image-*.deb "$work/image"
  mkdir -p "$cache/$version"
  find "$work/image" -name configfs.ko -exec cp {} "$cache/$version/" \;
  cp "$work/image/boot/vmlinuz-$version" "$cache/$version/vmlinuz"
  rm -rf "$work"
fi

# The simulator: its interrupts need a file of the kernel that Debian leaves out, and which is built into the module.
if [ ! -f "$cache/$version/gpio-sim.ko" ]; then
  work=$(mktemp -d -p "$cache")
  tar -C "$work" --strip-components=1 -xf "$source" linux-source-6.1/drivers/gpio/gpio-sim.c \
    linux-source-6.1/drivers/gpio/gpiolib.h linux-source-6.1/kernel/irq/irq_sim.c
  mv "$work/drivers/gpio/gpio-sim.c" "$work/simulator.c"
  mv "$work/drivers/gpio/gpiolib.h" "$work/kernel/irq/irq_sim.c" "$work/"
  # Modules may not use irq_to_desc().
  sed -i 's/handle_simple_irq(irq_to_desc(irqnum));/generic_handle_irq(irqnum);/' "$work/irq_sim.c"
  printf 'obj-m := gpio-sim.o\ngpio-sim-y := simulator.o irq_sim.o\n' >"$work/Makefile"
  make -s -C "$headers" M="$work" modules || { rm -rf "$work"; skip "gpio-sim cannot be built"; }
  cp "$work/gpio-sim.ko" "$cache/$version/"
  rm -rf "$work"
fi

guest=$(mktemp -d "$cache/guest.XXXXXX")
trap 'rm -rf "$guest"' EXIT
mkdir -p "$guest"/{bin,dev,proc,sys,tmp,test}
cp "$(command -v busybox)" "$guest/bin/"
[ ! -f "$cache/$version/configfs.ko" ] || cp "$cache/$version/configfs.ko" "$guest/test/"
cp "$cache/$version/gpio-sim.ko" "$guest/test/"
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
  -no-reboot -serial stdio -kernel "$cache/$version/vmlinuz" -initrd "$cache/guest.cpio" \
  -append "console=ttyS0 quiet loglevel=3 panic=-1 mitigations=off nokaslr" </dev/null >"$log" 2>&1 || true
tr -d '\r' <"$log"
grep -q "the guest's tests ended with 0" "$log"
