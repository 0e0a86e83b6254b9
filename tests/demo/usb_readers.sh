#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The demo's readers on USB, until they are told to end. Usage: usb_readers.sh STILE_READER SITE_FILE
"$1" --config "$2" --name scanner-1 &
scanner=$!
"$1" --config "$2" --name nfc-1 &
nfc=$!
trap 'kill $scanner $nfc' TERM
wait
wait # the first one ends with the signal
exit 0
