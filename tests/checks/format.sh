#!/bin/bash
# Every C++ file is formatted as .clang-format says. clang-format 14 (Debian 12) is the measure: other versions
# format a little differently, so without it the check is skipped (exit status 77), and says so.
# To format everything: tests/checks/format.sh --fix
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

formatter=$(command -v clang-format-14 || command -v clang-format || true)
if [ -z "$formatter" ] || ! "$formatter" --version | grep -q 'version 14\.'; then
  echo "format: skipped, because clang-format 14 is not installed"
  exit 77
fi
mode=(--dry-run -Werror)
[ "${1:-}" != "--fix" ] || mode=(-i)
find core app tests -name '*.cpp' -o -name '*.h' -o -name '*.c' | sort | xargs "$formatter" "${mode[@]}"
echo "format: done with $("$formatter" --version)"
