#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Puts beside the packages in DIR all that a bare Debian 12 lacks to install them, with an index for apt.
# Bare is what debootstrap --variant=minbase makes: the packages of priority "required", and apt.
# Usage: dependencies.sh DIR [PACKAGE...], with more packages of Debian to take along, such as mosquitto.
# STILE_MIRROR: where Debian's packages come from. Needs no root, and nothing of this machine's own packages counts.
# Exit code 77: Debian is not in reach.
set -euo pipefail

dir=$(cd "$1" && pwd)
shift
mirror=${STILE_MIRROR:-http://deb.debian.org}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work"/{lists/partial,archives/partial,etc}
: >"$work/status"
signed='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
cat >"$work/sources.list" <<TEXT
deb $signed $mirror/debian bookworm main
deb $signed $mirror/debian bookworm-updates main
deb $signed $mirror/debian-security bookworm-security main
TEXT
options=(-qq -o "Dir::State=$work" -o "Dir::State::Lists=$work/lists" -o "Dir::State::status=$work/status"
  -o "Dir::Cache=$work" -o "Dir::Cache::Archives=$work/archives" -o "Dir::Etc::SourceList=$work/sources.list"
  -o Dir::Etc::SourceParts=/dev/null -o Dir::Etc::PreferencesParts=/dev/null -o Debug::NoLocking=1
  -o APT::Sandbox::User= -o APT::Install-Recommends=false -o Acquire::Languages=none)
away() { echo "$mirror is not in reach" >&2; exit 77; }
apt-get "${options[@]}" -o APT::Update::Error-Mode=any update || away

# What is to be there is written down as installed; then apt finds by itself what is missing.
required=$(apt-cache "${options[@]}" dumpavail | awk '/^Package: / { name = $2 } /^Priority: required$/ { print name }' | sort -u)
bare=$(apt-get "${options[@]}" --simulate install $required apt | sed -n 's/^Inst \([^ :]*\) (\([^ ]*\) .*/\1=\2/p')
apt-cache "${options[@]}" show $bare | awk '{ print } /^Package: / { print "Status: install ok installed" }' >"$work/installed"
mv "$work/installed" "$work/status"

apt-get "${options[@]}" -o Acquire::ForceHash=SHA256 --print-uris --yes install "$dir"/stile*.deb "$@" >"$work/plan" ||
  { cat "$work/plan" >&2; exit 1; }
cd "$dir"
# What is there from the last time is not fetched again.
sed -n "s/^'http.*' \(.*\) .* SHA256:\(.*\)$/\2  \1/p" "$work/plan" | LC_ALL=C sha256sum --check --ignore-missing 2>/dev/null |
  sed -n 's/: OK$//p' | xargs -r -d '\n' cp -t "$work/archives" -- || true
apt-get "${options[@]}" --yes --download-only install ./stile*.deb "$@" >/dev/null || away
# Those of the last time, which may be older.
if [ -f Packages ]; then
  sed -n '/^Filename: \.\/stile/d; s,^Filename: \./\([^/]*\.deb\)$,\1,p' Packages | xargs -r -d '\n' rm -f --
fi
find "$work/archives" -maxdepth 1 -name '*.deb' -exec mv -t . {} +
dpkg-scanpackages --multiversion . >Packages 2>/dev/null
sha256sum -- *.deb >SHA256SUMS
