#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the packages with all that they need, and lives with them in a bare Debian 12 without a network: inside.sh.
# Usage: test.sh CACHE_DIR [DIR_OF_PACKAGES]. The bare Debian, and packages that are built, stay in CACHE_DIR.
# DIR_OF_PACKAGES is what ./stile package --with-dependencies made. Exit code 77: not possible here, with the reason.
set -euo pipefail

source_dir=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
mkdir -p "$1"
cache=$(realpath "$1")
skip() { echo "skipped: $*"; exit 77; }
fail() { echo "FAILED: $*"; exit 1; }
[ "$(id -u)" = 0 ] || skip "booting a container needs root"
for tool in dpkg-buildpackage dh lintian scdoc mmdebstrap systemd-nspawn python3; do
  command -v $tool >/dev/null || skip "$tool is not installed"
done

if [ $# -ge 2 ]; then
  packages=$(realpath "$2")
else
  packages=$cache/packages
  "$source_dir/debian/package.sh" "$packages"
  code=0
  "$source_dir/debian/dependencies.sh" "$packages" || code=$?
  [ $code != 77 ] || skip "Debian's packages are not in reach"
  [ $code = 0 ] || fail "a bare Debian cannot install the packages"
fi
version=$(dpkg-parsechangelog -l "$source_dir/debian/changelog" -S Version)
ls "$packages/stile_$version"_*.deb >/dev/null || fail "there is no package of version $version"

lintian --allow-root --no-cfg --fail-on error "$packages"/stile*.deb || fail "lintian"
echo "ok: lintian finds no error"
python3 "$source_dir/tests/package/check_sbom.py" "$packages"
(cd "$packages" && sha256sum --check --quiet SHA256SUMS) || fail "SHA256SUMS"

bare=$cache/bookworm.tar
if [ ! -f "$bare" ]; then
  mmdebstrap --quiet --format=tar --variant=minbase --include=systemd-sysv bookworm "$bare.new" "${STILE_MIRROR:-http://deb.debian.org}/debian" ||
    skip "a bare Debian cannot be fetched"
  mv "$bare.new" "$bare"
fi

work=$(mktemp -d /tmp/stile-package.XXXXXX)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir -p "$root" "$work/host"
tar -xf "$bare" -C "$root" --exclude='./dev/*'
cp "$source_dir"/tests/{package/inside,systemd/words}.sh "$work/host/"
contained=(systemd-nspawn -q -D "$root" --private-network --register=no --keep-unit --console=pipe -M "stile-package-$$")
"${contained[@]}" true </dev/null >"$work/console" 2>&1 || { cat "$work/console"; skip "systemd-nspawn cannot work here"; }

# The same packages, as the next version of them.
next=$version.1
mkdir -p "$work/next"
for package in "$packages"/stile*.deb; do
  dpkg-deb -R "$package" "$work/unpacked"
  sed -i -e "s/^Version: .*/Version: $next/" -e "s/(= $version)/(= $next)/g" "$work/unpacked/DEBIAN/control"
  dpkg-deb --root-owner-group -Znone -b "$work/unpacked" "$work/next" >/dev/null
  rm -rf "$work/unpacked"
done

mkdir -p "$root"/{host,packages,next}
echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/test" # it is thrown away: dpkg need not wait for the disk
echo 4c0f0c9e3a5d4f6f8b7a1d2e3f405163 >"$root/etc/machine-id"
cat >"$root/etc/systemd/system/stile-package-test.service" <<TEXT
[Unit]
After=basic.target
Wants=basic.target

[Service]
Type=oneshot
StandardOutput=append:/host/log
StandardError=append:/host/log
TimeoutStartSec=20min
Environment=VERSION=$version NEXT=$next
ExecStart=/bin/bash /host/inside.sh
ExecStopPost=/bin/sh -c 'echo "\$\$SERVICE_RESULT" >/host/result'
ExecStopPost=systemctl --no-block exit
TEXT
timeout 1500 "${contained[@]}" --boot --bind="$work/host:/host" --bind-ro="$packages:/packages" --bind-ro="$work/next:/next" \
  systemd.unit=stile-package-test.service </dev/null >"$work/console" 2>&1 || true
[ -f "$work/host/log" ] || { tail -n 20 "$work/console"; fail "the container did not boot"; }
cat "$work/host/log"
grep -qx success "$work/host/result"
