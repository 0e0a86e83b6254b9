#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Says what of debian/tmp goes into the package whose .install file calls it. A new file needs no word here: what is
# named after one of the programs below belongs to its package, and all else to the gate.
set -eu

package=$(basename "$1" .install)
others='/stile-(sync|issue|collector|dashboard)'
cd debian/tmp
case $package in
  stile) find . ! -type d | grep -vE "$others" ;;
  stile-issuer) find . ! -type d | grep -F "/stile-issue" ;;
  *) find . ! -type d | grep -F "/$package" ;;
esac | sed 's,^\./,,' | LC_ALL=C sort
