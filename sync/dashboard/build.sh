#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the dashboard, one HTML file, with the modules of package-lock.json.
# Usage: build.sh [FOLDER]. The page is FOLDER/index.html (build/dashboard).
# Exit code 77: the modules cannot be fetched, and there is no page; 1: the page does not build.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "${1:-$here/../../build/dashboard}"
out=$(cd "${1:-$here/../../build/dashboard}" && pwd)

# An older page would be taken for this one.
no_modules() {
  rm -f "$out/package-lock.json" "$out/index.html"
  echo "dashboard: not built, $*" >&2
  exit 77
}

command -v node >/dev/null || no_modules "node is not installed"
if ! cmp -s "$here/package-lock.json" "$out/package-lock.json" || [ ! -d "$out/node_modules/vite" ]; then
  command -v npm >/dev/null || no_modules "npm is not installed"
  rm -f "$out/package-lock.json"
  cp "$here/package.json" "$out/"
  cp "$here/package-lock.json" "$out/lock.tmp"
  (cd "$out" && mv lock.tmp package-lock.json && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) ||
    no_modules "npm ci did not fetch its modules; it needs the npm registry or a cache of it"
fi
node "$here/build.mjs" "$out"
