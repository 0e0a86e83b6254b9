#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A terminal that is closed, or Ctrl-C, ends the evening: nothing is compared, and no gate takes it for a fire.
# Usage: hangup.sh STILE_SIMULATE FOLDER
set -euo pipefail

pid=
trap '[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null || true' EXIT
wrong() { echo "SIG$signal: $*"; exit 1; }

for signal in HUP INT; do
  exec 3< <(exec setsid "$1" --gates 1 --people 40 --speed 60 --out "$2" 2>&1)
  pid=$!
  while read -r line <&3 && [[ $line != *"the doors open"* ]]; do :; done
  kill "-$signal" -- "-$pid" # the whole group, as a terminal does
  code=0
  wait "$pid" || code=$?
  pid=
  [ $code = 130 ] || wrong "exit code $code"
  grep -q connected "$2/gate-1/gate-1.err" || wrong "the gate was not there"
  ! grep -q fire-started "$2/gate-1/gate-1.err" || wrong "the gate took it for a fire"
done
