#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the TAB key offers, in a real bash with the real programs.
# Usage: completions.sh SOURCE_DIR BIN_DIR
set -euo pipefail

PATH=$2:$PATH
export ASAN_OPTIONS=detect_leaks=0
source "$1/systemd/completions/stile.bash"
work=$(mktemp -d /tmp/stile-completions.XXXXXX)
trap 'rm -rf "$work"' EXIT
cat >"$work/site.toml" <<'EOF'
[[lane]]
name = "north"
#[[lane]]
#name = "not-there"
[[lane]]
name = "south" # the wide one
[[reader]]
name = "camera-1"
lane = "north"
EOF

failed=0
# offers WANTED WORDS...: the last word is the one that is being typed.
offers() {
  local wanted=$1
  shift
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
  _stile "$1" "${!#}" "${@:$#-1:1}"
  [ "${COMPREPLY[*]}" = "$wanted" ] || { echo "$*: \"${COMPREPLY[*]}\", not \"$wanted\""; failed=1; }
}
# Each --help is asked once: under sanitizers a program takes its time to start.
eval "$(declare -f _stile_help | sed '1s/_stile_help/_asked/')"
_stile_help() {
  local kept="$work/${*//\//-}"
  [ -f "$kept" ] || _asked "$@" >"$kept"
  cat "$kept"
}
# What --help lists as its commands.
commands_of() { "$@" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' | sort | xargs; }

[ "$(complete -p stilectl stile-issue stile-collector | wc -l)" = 3 ]
for program in stilectl stile-issue stile-collector; do
  offers "$(commands_of $program)" $program ""
done
offers "readers reload restore revocation rules" stilectl r
offers "verify" stilectl log ""
offers "--watch" stilectl status --w
offers "--socket" stilectl status --so # of the program
offers "north south" stilectl -c "$work/site.toml" open ""
offers "all north south" stilectl --config "$work/site.toml" mode ""
offers "exit-only free locked normal out-of-order" stilectl mode north ""
offers "north" stilectl -c "$work/site.toml" tail --lane n
offers "camera-1" stilectl -c "$work/site.toml" doctor camera --reader ""
offers "" stilectl -c "$work/absent.toml" open "" # no site file, no names
offers "csv html json text" stile-collector report --format ""
offers "" stile-issue ticket --key "" # a file: bash offers those itself
exit $failed
