#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs what the host asks for: a line is a script in base64; back come its output and "=== exit code".
exec <>/dev/virtio-ports/stile.shell >&0
printf '\n=== up\n'
while read -r line; do
  base64 -d <<<"$line" >/run/vm/script
  timeout 300 bash /run/vm/script </dev/null 2>&1
  printf '\n=== %d\n' $?
done
