#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes what the virtual machines of tests/vm boot: CACHE/VERSION with Debian's kernel (vmlinuz, modules) and the
# simulators that Debian does not build, for GPIO lines (gpio-sim) and cameras (v4l2loopback, where its source is
# installed). Prints the folder. For tests only: never ship them. Usage: kernel.sh CACHE. Exit code 77: not possible
# here, with the reason. Needs linux-source-6.1, linux-headers of the newest 6.1 kernel, v4l2loopback-source.
set -euo pipefail

mkdir -p "$1"
cache=$(realpath "$1")
skip() { echo "skipped: $*" >&2; exit 77; }
for tool in depmod dpkg-deb make; do
  command -v "$tool" >/dev/null || skip "$tool is not installed"
done
[ "$(uname -m)" = x86_64 ] || skip "the guest is made for x86_64"
headers=$(ls -d /usr/src/linux-headers-6.1.*-amd64 2>/dev/null | sort -V | tail -n 1)
[ -n "$headers" ] || skip "no linux-headers of a 6.1 kernel are installed"
source=/usr/src/linux-source-6.1.tar.xz
[ -f "$source" ] || skip "linux-source-6.1 is not installed"
version=${headers#/usr/src/linux-headers-}
exec 9>"$cache/kernel.lock"
flock 9
work=$(mktemp -d -p "$cache")
trap 'rm -rf "$work"' EXIT

# Debian's package: the image, and all of its modules.
if [ ! -f "$cache/$version/vmlinuz" ]; then
  (cd "$work" && apt-get download "linux-image-$version" >/dev/null 2>&1) || skip "linux-image-$version cannot be downloaded"
  dpkg-deb -x "$work"/linux-image-*.deb "$work/image"
  rm -rf "${cache:?}/$version"
  mkdir -p "$cache/$version"
  mv "$work/image/lib" "$cache/$version/lib"
  depmod -b "$cache/$version" "$version"
  mv "$work/image/boot/vmlinuz-$version" "$cache/$version/vmlinuz"
fi

# The simulator: its interrupts need a file of the kernel that Debian leaves out, and which is built into the module.
if [ ! -f "$cache/$version/gpio-sim.ko" ]; then
  mkdir "$work/gpio"
  tar -C "$work/gpio" --strip-components=1 -xf "$source" linux-source-6.1/drivers/gpio/gpio-sim.c \
    linux-source-6.1/drivers/gpio/gpiolib.h linux-source-6.1/kernel/irq/irq_sim.c
  mv "$work/gpio/drivers/gpio/gpio-sim.c" "$work/gpio/simulator.c"
  mv "$work/gpio/drivers/gpio/gpiolib.h" "$work/gpio/kernel/irq/irq_sim.c" "$work/gpio/"
  # Modules may not use irq_to_desc().
  sed -i 's/handle_simple_irq(irq_to_desc(irqnum));/generic_handle_irq(irqnum);/' "$work/gpio/irq_sim.c"
  printf 'obj-m := gpio-sim.o\ngpio-sim-y := simulator.o irq_sim.o\n' >"$work/gpio/Makefile"
  make -s -C "$headers" M="$work/gpio" modules >&2 || skip "gpio-sim cannot be built"
  cp "$work/gpio/gpio-sim.ko" "$cache/$version/"
fi

loopback=/usr/src/v4l2loopback.tar.bz2
if [ ! -f "$cache/$version/v4l2loopback.ko" ] && [ -f "$loopback" ]; then
  tar -C "$work" -xf "$loopback"
  if make -s -C "$headers" M="$work/modules/v4l2loopback" modules >"$work/log" 2>&1; then
    cp "$work/modules/v4l2loopback/v4l2loopback.ko" "$cache/$version/"
  else
    echo "v4l2loopback cannot be built" >&2
  fi
fi
echo "$cache/$version"
