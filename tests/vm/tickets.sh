#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# An organiser's key and 120 tickets, each as a QR code and as a tag, kept for half of their month.
# Usage: tickets.sh STILE_ISSUE CACHE TOOLS_DIR
set -euo pipefail

issue=$1 cache=$2 tools=$3
if [ -z "$(find "$cache/keys.toml" -mtime -15 2>/dev/null)" ]; then
  rm -rf "$cache"
  mkdir -p "$cache"
  "$issue" keygen --issuer vm --event 2026 --dense-serials 0-9999 --no-passphrase --out "$cache/vm" >/dev/null
  for number in $(seq 120); do
    "$issue" ticket --key "$cache/vm.key" --event 2026 --serial "$number" --product 1 --from -1d --until +30d \
      --png "$cache/$number.png" --ndef "$cache/$number.ndef" >/dev/null
  done
  mv "$cache/vm.toml" "$cache/keys.toml"
fi
mkdir -p "$tools/tickets"
cp "$cache"/*.png "$cache"/*.ndef "$cache/keys.toml" "$tools/tickets/"
