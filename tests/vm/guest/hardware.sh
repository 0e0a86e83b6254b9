#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The hardware of the guest's gate, there before its programs: a USB controller, a GPIO chip "stile-lane" (line 0
# releases the turnstile, line 1 is its sensor, line 2 the fire panel), and a camera that shows what vm-camera writes.
set -eu

camera() { modprobe v4l2loopback video_nr=0 card_label=vm-camera exclusive_caps=1; }
if [ "${1:-}" = camera ]; then
  camera
  exit
fi
modprobe vhci_hcd
modprobe gpio_sim
mountpoint -q /sys/kernel/config || mount -t configfs configfs /sys/kernel/config
chip=/sys/kernel/config/gpio-sim/lane
mkdir -p "$chip/bank"
echo 8 >"$chip/bank/num_lines"
echo stile-lane >"$chip/bank/label"
echo 1 >"$chip/live"
mkdir -p /run/vm
ln -sfn "$(echo /sys/devices/platform/gpio-sim.*/gpiochip*/sim_gpio0 | xargs dirname)" /run/vm/lane
camera
