#!/usr/bin/env bash
# Builds it.
set -euo pipefail

readonly OUT_DIR="${1:-/tmp/out}"
count=0

build() {
  local name=$1 flags=(-O2 --verbose)
  for file in src/*.c; do
    if [[ -f "$file" && $name != "" ]]; then
      echo "compiling $file in $(pwd)" >&2
      cc "${flags[@]}" -o "$OUT_DIR/${file%.c}.o" "$file" || return 1
    elif [ $# -gt 2 ]; then
      count=$((count + 1))
    fi
  done
  case "$name" in
    a|b) printf '%s\n' one ;;
    *) exit 2 ;;
  esac
}

cat <<EOF | grep -v '^#'
Hello $USER
EOF
build all 2>/dev/null &
