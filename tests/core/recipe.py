#!/usr/bin/python3
"""Walks the recipe of core/README.md: applies "Adding a pooling kind" to a copy of the sources, builds the engine and
its tests from it, and runs them. A recipe that forgets a place, or a table that is no longer one row per kind, fails.

usage: recipe.py SOURCE COMPILER
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

TESTS = ["main", "naive", "random_spec", "test_gradient", "test_kinds", "test_random", "test_words"]
FLAGS = ["-std=c++20", "-O0", "-Wall", "-Wextra", "-Werror", "-Wno-restrict", "-fno-math-errno",
         "-DPOOLSCOPE_RANDOM_CASES=100"]


def steps_of(readme):
    """(path, anchor or None for a new file, text) of each fenced block that the recipe introduces."""
    recipe = readme.split("## Adding a pooling kind", 1)[1]
    pattern = re.compile(r"(?:In `([^`]+)`, after `([^`]+)`|New file `([^`]+)`):\n\n```\w*\n(.*?)```\n", re.S)
    steps = [(m[1] or m[3], m[2], m[4]) for m in pattern.finditer(recipe)]
    blocks = len(re.findall(r"^```\w+$", recipe, re.M))
    assert blocks == len(steps) > 0, f"{blocks} blocks, but {len(steps)} with a place to put them"
    return steps


def apply(root, path, anchor, text):
    file = root / path
    if anchor is None:
        assert not file.exists(), f"{path} is there already"
        file.write_text(text, encoding="utf-8")
        return
    lines = file.read_text(encoding="utf-8").split("\n")
    places = [i for i, line in enumerate(lines) if line.strip() == anchor.strip() or line.endswith(anchor)]
    assert len(places) == 1, f"{path}: {len(places)} lines read {anchor!r}"
    lines[places[0] + 1:places[0] + 1] = text.rstrip("\n").split("\n")
    file.write_text("\n".join(lines), encoding="utf-8")


def sources(root):
    """Those of the engine, as its CMakeLists.txt names them, and the tests that go over the table."""
    listed = re.findall(r"^\s+((?:base|tensor|pooling)/\S+\.cpp)$", (root / "core/CMakeLists.txt").read_text(), re.M)
    return [root / "core" / name for name in listed] + [root / "tests/core" / f"{name}.cpp" for name in TESTS]


def main():
    source, compiler = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    with tempfile.TemporaryDirectory() as scratch:
        root = pathlib.Path(scratch)
        for folder in ("core", "tests/core", "assets/languages"):
            shutil.copytree(source / folder, root / folder)
        for step in steps_of((source / "core/README.md").read_text(encoding="utf-8")):
            apply(root, *step)
        flags = FLAGS + [f"-DPOOLSCOPE_LANGUAGES=\"{root}/assets/languages\"", f"-I{root}"]

        def build(file):
            target = f"{root}/{file.parent.name}_{file.stem}.o"
            done = subprocess.run([compiler, *flags, "-c", str(file), "-o", target], capture_output=True, text=True)
            return target, done.stderr if done.returncode else ""

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            built = list(pool.map(build, sources(root)))
        errors = [error for _, error in built if error]
        if errors:
            sys.exit("the recipe does not compile\n" + "\n".join(errors)[:4000])
        program = f"{root}/test"
        subprocess.run([compiler, *[target for target, _ in built], "-o", program], check=True)
        run = subprocess.run([program], capture_output=True, text=True)
        sys.stdout.write(run.stdout[-4000:])
        if run.returncode:
            sys.exit("the kind of the recipe does not pass the tests")


main()
