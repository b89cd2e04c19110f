#!/bin/bash
# The engine compiles for the browser: every source of core/ with em++ (Debian's emscripten, 3.1.6: libc++ 13 has no
# ranges algorithms, coroutines, jthread, from_chars for double). Skipped, exit status 77, where em++ is not installed;
# it is 800 MB, so it is not in .ci/packages: apt-get install --no-install-recommends emscripten
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

if ! command -v em++ >/dev/null; then
  echo "emscripten: skipped, because em++ is not installed"
  exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# Debian's Python, not one that comes first on the PATH.
export EMSDK_PYTHON=/usr/bin/python3

compile() {
  em++ -std=c++20 -Wall -Wextra -Werror -fno-math-errno -I . -isystem /usr/include/stb \
    -c "$2" -o "$1/$(tr / _ <<<"$2").o" || { echo "em++ refuses $2"; return 1; }
}
export -f compile
mapfile -t sources < <(find core -name '*.cpp' | sort)
printf '%s\n' "${sources[@]}" | xargs -P "$(nproc)" -I {} bash -c 'compile "$@"' - "$scratch" {}
echo "emscripten: ${#sources[@]} files compile with $(em++ --version | head -n 1)"
