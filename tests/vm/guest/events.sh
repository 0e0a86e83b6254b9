#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Tells the host, at the moment when it happens, what the lane's hardware sees and what arrives over MQTT: the host
# stands outside the machine that is reset. A GPIO output of gpio-sim can only be looked at, so it is, 50 times a second.
set -u

mkfifo -m 600 /run/vm/never /run/vm/told
exec 8<>/run/vm/never 9<>/run/vm/told
cat <&9 >/dev/virtio-ports/stile.events &
echo >&9 # what the last run did not finish ends here
(
  while true; do # until the broker is up
    mosquitto_sub -h 127.0.0.1 -i vm-witness -c -v -q 1 -t 'stile/v1/#' 2>/dev/null |
      while read -r line; do echo "mqtt $line" >&9; done
    read -rt 0.2 -u 8
  done
) &

was=0
while true; do
  read -r now </run/vm/lane/sim_gpio0/value
  if [ "$now" != "$was" ]; then
    read -r up _ </proc/uptime
    echo "release $now $up" >&9
  fi
  was=$now
  read -rt 0.02 -u 8
done
