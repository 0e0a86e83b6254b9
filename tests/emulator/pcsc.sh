#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Unmodified pcscd and its CCID driver on an emulated reader: reads a card's number and its NDEF file.
# Usage: stile-emulator TRANSCRIPT -- pcsc.sh FOLDER. Prints the card's answers.
set -eu
folder=$1
mkdir -p /run/pcscd
/usr/sbin/pcscd --foreground --info >"$folder/pcscd.log" 2>&1 &
daemon=$!
finish() {
  kill $daemon 2>/dev/null || true
  wait $daemon || true
}
trap finish EXIT
cat >"$folder/commands" <<'COMMANDS'
FF CA 00 00 00
00 A4 04 00 07 D2 76 00 00 85 01 01 00
00 A4 00 0C 02 E1 04
00 B0 00 00 10
COMMANDS
tries=0
until scriptor -p T=1 "$folder/commands" >"$folder/answers" 2>&1 && grep -q '^< ' "$folder/answers"; do
  tries=$((tries + 1))
  [ $tries -lt 50 ] || { cat "$folder/answers" "$folder/pcscd.log"; exit 1; }
  sleep 0.1 # between two looks
done
cat "$folder/answers"
