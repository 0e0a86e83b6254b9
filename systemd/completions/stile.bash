# SPDX-License-Identifier: Apache-2.0
# Completion in bash for stilectl, stile-issue and stile-collector. It asks the programs themselves, with --help, so it
# knows what they know; names of lanes and readers come from the site file.

# What `WORDS... --help` lists, a line each: "command NAME", "positional NAME TYPE", "option NAME TYPE" and, of an
# option that takes no value, "flag NAME".
_stile_help() {
  "$@" --help 2>/dev/null | awk '
    /^[^ ]/ { part = $0 }
    !/^  [^ ]/ { next }
    part == "Subcommands:" { print "command", $1; next }
    part == "Positionals:" { print "positional", $1, $2; next }
    part == "Options:" {
      kind = substr($0, length($1) + 3, 2) ~ /^ [A-Z]/ && $2 !~ /^(Excludes|Needs):/ ? "option" : "flag"
      count = split($1, names, ",")
      for (i = 1; i <= count; ++i) print kind, names[i], $2
    }'
}

# The names of the [[lane]] or [[reader]] sections of a site file.
_stile_names() { # SECTION FILE
  awk -v wanted="[[$1]]" '/^\[/ { here = $1 == wanted } here && /^name *=/ { split($0, part, "\""); print part[2] }' \
    "$2" 2>/dev/null
}

# What may stand in a place of that name and type; nothing: a file.
_stile_values() { # NAME TYPE SITE_FILE
  case $1 in
    lane | -l | --lane) _stile_names lane "$3" ;;
    --reader) _stile_names reader "$3" ;;
  esac
  case $2 in
    *:{*}*)
      local choices=${2#*:\{}
      tr , '\n' <<<"${choices%%\}*}"
      ;;
  esac
}

_stile() {
  local program=$1 current=$2 site=/etc/stile/stile.toml
  local path=("$program") value_of= positionals=0 word name type help
  help=$(_stile_help "$program")
  local all=$help # options of the program hold in its commands, too
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [ -n "$value_of" ]; then
      [[ $value_of != @(-c|--config) ]] || site=$word
      value_of=
    elif [[ $word == -* ]]; then
      ! grep -q -- "^option $word " <<<"$all" || value_of=$word
    elif grep -qx "command $word" <<<"$help"; then
      path+=("$word")
      help=$(_stile_help "${path[@]}")
      all+=$'\n'$help
      positionals=0
    else
      positionals=$((positionals + 1))
    fi
  done

  local offered=
  if [ -n "$value_of" ]; then
    type=$(awk -v name="$value_of" '$1 == "option" && $2 == name { print $3 }' <<<"$all")
    offered=$(_stile_values "$value_of" "$type" "$site")
  elif [[ $current == -* ]]; then
    offered=$(awk '$1 == "option" || $1 == "flag" { print $2 }' <<<"$all")
  else
    offered=$(awk '$1 == "command" { print $2 }' <<<"$help")
    read -r name type <<<"$(awk -v skip="$positionals" '$1 == "positional" && skip-- == 0 { print $2, $3 }' <<<"$help")"
    [ -z "$name" ] || offered+=$'\n'$(_stile_values "$name" "$type" "$site")
    [[ "${path[1]:-} $name" != "mode lane" ]] || offered+=$'\nall'
  fi
  mapfile -t COMPREPLY < <(compgen -W "$offered" -- "$current" | sort -u)
}

complete -o default -F _stile stilectl stile-issue stile-collector
