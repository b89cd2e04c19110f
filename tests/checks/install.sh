#!/bin/bash
# The installed program works away from its sources: install.sh BUILD-FOLDER installs to a scratch prefix, moves that,
# and runs the program there. That it reads the installed tables, and not those of the source folder, is shown by
# a word that is changed in the installed copy only.
set -euo pipefail
build=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
fail() {
  echo "install: $*"
  exit 1
}

cmake --install "$build" --prefix "$scratch/first" >"$scratch/log" 2>&1 || { cat "$scratch/log"; fail "cmake --install failed"; }
mv "$scratch/first" "$scratch/moved"
prefix=$scratch/moved
program=$prefix/bin/poolscope
cd "$scratch"
unset POOLSCOPE_DATA
export HOME=$scratch XDG_CONFIG_HOME=$scratch/config

for file in bin/poolscope share/poolscope/assets/languages/en share/poolscope/shaders share/applications/poolscope.desktop \
  share/icons/hicolor/scalable/apps/poolscope.svg; do
  [ -e "$prefix/$file" ] || fail "$file was not installed"
done
"$program" --version | grep -q '^Poolscope [0-9]' || fail "--version does not say Poolscope and a number"
"$program" pool textbook --window 2 -o pooled.csv || fail "pool does not work"
[ "$(cat pooled.csv)" = $'2,3\n4,2' ] || fail "pool textbook gives $(cat pooled.csv)"
"$program" shot -o shot.png --size 640x400 || fail "shot does not work"
[ "$(head -c 4 shot.png | tail -c 3)" = PNG ] || fail "shot writes no PNG"

table=$prefix/share/poolscope/assets/languages/en/cli.toml
sed -i 's/Poolscope shows what/Poolscope, as installed, shows what/' "$table"
LC_ALL=C "$program" --help | grep -q 'as installed' || fail "the program does not read the installed tables"
echo "install: the program works from $prefix"
