#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copies the source into an empty folder: what is checked in, and what was changed or added since; without git all that
# is there. Usage: sources.sh DIR
set -euo pipefail

mkdir -p "$1"
copy=$(cd "$1" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
  git ls-files -z --cached --others --exclude-standard
else
  find . \( -name .git -o -name .cache -o -name node_modules -o -path './build*' \) -prune -o ! -type d -print0
fi | while IFS= read -r -d '' file; do
  [ ! -e "$file" ] || printf '%s\0' "$file" # what was deleted and is still in git's list
done | tar --null --no-recursion -cf - -T - | tar -xf - -C "$copy"
