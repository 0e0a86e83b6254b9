#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the packages twice, in two folders, with another clock, language and number of cores, and without a cache of
# compiled files; all packages and their bill of materials have to be the same bytes. It takes two release builds.
# Usage: reproducible.sh DIR1 DIR2
set -euo pipefail

source_dir=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
export CCACHE_DISABLE=1
hashes() { (cd "$1" && sha256sum -- *.deb debug/*.deb *.spdx.json); }

TZ=UTC LC_ALL=C DEB_BUILD_OPTIONS="parallel=$(nproc)" "$source_dir/debian/package.sh" "$1"
(umask 027 && TZ=Asia/Tokyo LC_ALL=C.UTF-8 DEB_BUILD_OPTIONS=parallel=1 "$source_dir/debian/package.sh" "$2")
if diff <(hashes "$1") <(hashes "$2"); then
  echo "ok: the same bytes twice: $(hashes "$1" | wc -l) files"
else
  echo "FAILED: these differ; diffoscope $1/FILE $2/FILE says in what"
  exit 1
fi
