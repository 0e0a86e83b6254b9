#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Puts the pages into DIR as they lie in the source, and the files that they link to: what is installed leads nowhere
# else. Usage: handbook.sh DIR, in the source's top folder.
set -eu

find * -name '*.md' -not -path 'build*/*' -not -path 'debian/*' | while read -r page; do
  install -D -m 644 "$page" "$1/$page"
  grep -oP '\]\(\K[^):#]+(?=[)#])' "$page" | while read -r link; do
    file=$(realpath --relative-to=. "$(dirname "$page")/$link")
    install -D -m 644 "$file" "$1/$file"
  done
done
