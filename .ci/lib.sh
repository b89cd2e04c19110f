# Shared by ./run and ./test (bash, sourced): say, install, configure and build, with progress on long steps
# and the reason in the last lines of a failure. Everything here talks on stderr, so that the output of
# the program stays clean: `./run trace photo.png --step 3 | jq`.

say() { printf '%s\n' "$*" >&2; }

# Copies stdin to the file $1. On a terminal a line "[12/80] ..." overwrites the one before; elsewhere about
# twenty of them are shown, so that a log stays readable.
show_progress() {
  local log=$1 line done_count total shown=-1 columns=${COLUMNS:-}
  [ -t 2 ] && columns=${columns:-$(stty size 2>/dev/null <&2 | cut -d' ' -f2)}
  [ "${columns:-0}" -gt 20 ] 2>/dev/null || columns=80
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$log"
    if [[ $line =~ ^\[([0-9]+)/([0-9]+)\]\  ]]; then
      done_count=${BASH_REMATCH[1]} total=${BASH_REMATCH[2]}
      if [ -t 2 ]; then
        printf '\r\033[K%s' "${line:0:columns-1}" >&2
      elif [ "$done_count" -eq "$total" ] || [ $((done_count * 20 / total)) -ne "$shown" ]; then
        shown=$((done_count * 20 / total))
        say "$line"
      fi
    fi
  done
  [ ! -t 2 ] || printf '\r\033[K' >&2
}

# As many compilers at once as there are processors, but no more than the memory holds (1.2 GB each).
build_jobs() {
  local processors kilobytes
  processors=$(nproc 2>/dev/null || echo 2)
  kilobytes=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB$/\1/p' /proc/meminfo 2>/dev/null || true)
  local fitting=$((${kilobytes:-4000000} / 1200000))
  [ "$fitting" -ge 1 ] || fitting=1
  echo $((fitting < processors ? fitting : processors))
}

# The lines of a build log that say why it failed: the first failed command's output, without the command.
explain_build_failure() {
  local log=$1
  if grep -q -m1 'CMake Error' "$log"; then
    grep -m1 -A 12 'CMake Error' "$log" >&2
  else
    # The first message with an error in it, and what follows it.
    grep -m1 -A 11 -E '(error|Error|fatal error|undefined reference|multiple definition|Killed)' \
      <(grep -v -E '^\[[0-9]+/[0-9]+\]|^FAILED:|^(/usr/bin/)?(ccache |c\+\+|g\+\+|clang\+\+)|^: && ' "$log") >&2 ||
      tail -n 12 "$log" >&2
  fi
}

# Where ccache is installed, the same sources are not compiled twice, in whatever folder they lie. Not required.
if command -v ccache >/dev/null 2>&1; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
fi

# configure_and_build PRESET [TARGET ...]: builds build/PRESET, all of it where no target is named. Silent and
# quick when nothing changed. Returns 1 after saying why.
configure_and_build() {
  local preset=$1 tree=build/$1 log=build/$1.log
  shift
  mkdir -p build
  # Two builds of one tree at once would spoil each other; the second waits.
  exec 8>"build/.$preset.lock"
  if ! flock -n 8; then
    say "Waiting for another build of $tree to end."
    flock 8
  fi
  if [ -f "$tree/CMakeCache.txt" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" "$tree/CMakeCache.txt"; then
    say "$tree was made in another folder; starting it anew."
    rm -rf "$tree"
  fi
  if [ ! -f "$tree/.configured" ] || [ CMakePresets.json -nt "$tree/.configured" ] ||
    [ build/.installed -nt "$tree/.configured" ]; then
    say "Configuring $tree."
    if ! cmake --preset "$preset" >"$log" 2>&1; then
      explain_build_failure "$log"
      say "Configuring failed: see the error above; the full output is in $log."
      return 1
    fi
    touch "$tree/.configured"
  fi
  local waiting
  waiting=$(ninja -C "$tree" -n "$@" 2>&1 | tail -n 1 || true)
  if [ "$waiting" != "ninja: no work to do." ]; then
    say "Building $tree."
    : >"$log"
    # || keeps a failing pipe from ending the script before it is explained (set -e, pipefail).
    NINJA_STATUS='[%f/%t] ' ninja -C "$tree" -j "$(build_jobs)" "$@" 2>&1 | show_progress "$log" || {
      explain_build_failure "$log"
      say "The build failed: the first error is above; the full output is in $log."
      return 1
    }
  fi
  exec 8>&-
}
