#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the scripts in a container say, and how they wait: to be sourced by them.

fail() { echo "FAILED: $*"; journalctl -o short-monotonic --no-pager -n 400 2>/dev/null || true; exit 1; }
ok() { echo "ok: $*"; }
# becomes SECONDS WANTED COMMAND...: looks until the command prints that.
becomes() {
  local end=$((SECONDS + $1)) wanted=$2 got=
  shift 2
  until got=$("$@" 2>&1 || true) && [[ $got == *"$wanted"* ]]; do
    [ $SECONDS -lt $end ] || fail "$* says \"$got\", not \"$wanted\""
    sleep 0.1 # between two looks
  done
}
of() { systemctl show --value -p "$2" "$1"; }
