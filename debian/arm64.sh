#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the packages for arm64 on another machine, with Debian's cross compiler, and tries the programs in an emulator.
# Usage: arm64.sh [DIR]   as root; DIR (build/arm64) gets the packages; the Debian that they are built in stays there.
# Exit code 77: not possible here, with the reason. Needs mmdebstrap, and qemu-user-static for the try.
set -euo pipefail
cd "$(dirname "$0")/.."
dir=$(realpath -m "${1:-build/arm64}")
root=$dir/debian
skip() { echo "skipped: $*"; exit 77; }
[ "$(id -u)" = 0 ] || skip "a Debian of its own is made as root"
command -v mmdebstrap >/dev/null || skip "mmdebstrap is not installed"

# Compiler and tools of this machine, libraries of the other one.
if [ ! -f "$root/ready" ]; then
  rm -rf "$root"
  mkdir -p "$dir"
  mmdebstrap --quiet --variant=buildd --architectures="$(dpkg --print-architecture),arm64" \
    --include=crossbuild-essential-arm64,debhelper,cmake,ninja-build,pkg-config,scdoc \
    --aptopt='APT::Install-Recommends "0"' bookworm "$root" || skip "Debian cannot be fetched"
  touch "$root/ready"
fi
# Folders of the machine that builds, in namespaces of their own, so that nothing stays mounted.
inside() {
  unshare --mount --propagation private sh -c 'mount -t proc proc "$1/proc"; root=$1; shift; exec chroot "$root" "$@"' - \
    "$root" env LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}
rm -rf "$root/build"
debian/sources.sh "$root/build/stile"
inside sh -ec 'cd /build/stile && apt-get update -qq && apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 \
  build-dep --host-architecture arm64 --build-profiles cross,nocheck,pkg.stile.nodashboard . >/build/depends.log 2>&1' ||
  { tail -n 20 "$root/build/depends.log"; skip "the libraries for arm64 cannot be installed"; }
inside sh -ec 'cd /build/stile && dpkg-buildpackage --host-arch arm64 -b -us -uc \
  --build-profiles=cross,nocheck,pkg.stile.nodashboard >/build/log 2>&1' || { tail -n 40 "$root/build/log"; exit 1; }
rm -f "$dir"/*_arm64.deb
cp "$root"/build/*_arm64.deb "$dir/"
(cd "$dir" && for package in stile*_arm64.deb; do echo "$package $(stat -c %s "$package")"; done)

# Do they run? A processor is emulated, the kernel is this one's.
emulator=$(command -v qemu-aarch64-static) || { echo "not tried: qemu-user-static is not installed"; exit 0; }
for package in "$dir"/stile*_arm64.deb; do
  # dpkg-deb -x would put a folder in the place of the link lib, and no program of this Debian would start again.
  case $package in *dbgsym*) ;; *) dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink -C "$root" ;; esac
done
cp "$emulator" "$root/usr/bin/"
arm64() { inside /usr/bin/qemu-aarch64-static "$@"; }
for program in /usr/libexec/stile/{stiled,stile-reader,stile-sync,stile-display} /usr/bin/{stilectl,stile-issue,stile-collector}; do
  printf '%s: ' "$program"
  arm64 "$program" --version
done
key=/build/try
arm64 /usr/bin/stile-issue keygen --issuer try --event 1 --no-passphrase --out "$key" >/dev/null
arm64 /usr/bin/stile-issue ticket --key "$key.key" --event 1 --serial 1 --until +2h --text >"$root/build/ticket"
arm64 /usr/bin/stilectl ticket inspect --keys "$key.toml" <"$root/build/ticket" | tee "$root/build/verdict"
grep -q '"valid": *true\|VALID' "$root/build/verdict"
