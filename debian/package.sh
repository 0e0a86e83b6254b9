#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the packages from a copy of the source, so that nothing is left in it.
# Usage: package.sh DIR. The packages, their SBOM and their hashes come to DIR, debug symbols to DIR/debug.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
copy=$out/source/stile
cd "$top"

umask 022
rm -rf "$out/source"
debian/sources.sh "$copy"
if [ -f build/dashboard/index.html ]; then
  install -D -m 644 build/dashboard/index.html "$copy/build/dashboard/index.html"
else
  echo "no dashboard (./stile dashboard builds it): its package is left out" >&2
  export DEB_BUILD_PROFILES="${DEB_BUILD_PROFILES:-} pkg.stile.nodashboard"
fi

# debhelper gives the build a home of its own, where the cache of compiled files is not.
if command -v ccache >/dev/null; then
  CCACHE_DIR=${CCACHE_DIR:-$(ccache --get-config cache_dir)}
  export CCACHE_DIR CCACHE_BASEDIR=$copy CCACHE_NOHASHDIR=1
fi
export DEB_BUILD_OPTIONS=${DEB_BUILD_OPTIONS:-parallel=$(nproc)}
(cd "$copy" && dpkg-buildpackage --build=binary --unsigned-changes --unsigned-buildinfo --no-pre-clean) >"$out/build.log" 2>&1 || {
  tail -n 40 "$out/build.log" >&2
  echo "the packages do not build; all of it: $out/build.log" >&2
  exit 1
}

mkdir -p "$out/debug"
rm -f "$out"/stile*_*.{deb,buildinfo,spdx.json} "$out"/debug/*.deb
mv "$out"/source/stile*-dbgsym_*.deb "$out/debug/" 2>/dev/null || true
mv "$out"/source/stile*_*.{deb,buildinfo} "$out/"
python3 "$top/debian/sbom.py" "$out"
rm -rf "$out/source"
cd "$out"
# The index that dependencies.sh left there names the packages of the last time.
[ ! -f Packages ] || dpkg-scanpackages --multiversion . >Packages 2>/dev/null
sha256sum -- *.deb >SHA256SUMS
