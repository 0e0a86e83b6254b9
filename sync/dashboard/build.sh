#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the dashboard, one HTML file, with the modules of package-lock.json.
# Usage: build.sh [FOLDER]. The page is FOLDER/index.html (build/dashboard).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "${1:-$here/../../build/dashboard}"
out=$(cd "${1:-$here/../../build/dashboard}" && pwd)

if ! cmp -s "$here/package-lock.json" "$out/package-lock.json" || [ ! -d "$out/node_modules/vite" ]; then
  rm -f "$out/package-lock.json"
  cp "$here/package.json" "$out/"
  cp "$here/package-lock.json" "$out/lock.tmp"
  (cd "$out" && mv lock.tmp package-lock.json && npm ci --ignore-scripts --no-audit --no-fund --silent) || {
    rm -f "$out/package-lock.json"
    exit 1
  }
fi
node "$here/build.mjs" "$out"
