#!/usr/bin/python3
"""Checks that every folder includes only what the architecture allows.

All headers are reachable from everywhere (includes are relative to the root of the repository), so the compiler
does not keep the layers apart; this does. Usage: layers.py ROOT, or layers.py --self-test.
"""
import os
import re
import sys
import tempfile

# Folder -> the folders whose headers it may include besides its own. A file belongs to the longest folder that
# matches. The rule in one line: core <- model <- scene <- gl, model <- ui <- labs, and app joins them.
ALLOWED = {
    # Numbers. Each part of the engine rests on the ones before it.
    "core/base": [],
    "core/tensor": ["core/base"],
    "core/pooling": ["core/base", "core/tensor"],
    "core/data": ["core/base", "core/tensor"],
    # Training reads labelled pictures.
    "core/nn": ["core/base", "core/tensor", "core/pooling", "core/data"],
    "core/study": ["core/base", "core/tensor", "core/pooling", "core/nn", "core/data"],
    # The operating system: windows with what draws in them, processes, paths, the clock. Knows no document.
    "app/platform": ["core"],
    # What is true in the program: document, commands, texts. Neither ImGui nor OpenGL.
    "app/model": ["core"],
    # What there is to see, as plain data; then the same as pixels.
    "app/scene": ["core", "app/model"],
    "app/gl": ["core", "app/model", "app/scene"],
    # Widgets, and the panels made of them. A panel shows a scene as plain data; only app turns it into pixels.
    "app/ui": ["core", "app/model"],
    # What is taken out of the program: films from pictures, code from settings. No widget and no OpenGL.
    "app/export": ["core", "app/model"],
    # The export dialog shows the code and counts the pictures of a film.
    "app/labs": ["core", "app/model", "app/scene", "app/ui", "app/export"],
    # The command line writes heat maps as pictures: the colours are the scene's.
    "app/cli": ["core", "app/model", "app/scene", "app/platform", "app/export"],
    # main and app join everything.
    "app": ["core", "app"],
    # Tests use what they test, and below.
    "tests/common": [],
    "tests/core": ["core", "tests/common"],
    "tests/nn": ["core"],
    "tests/golden": ["core"],
    "tests/bench": ["core"],
    "tests/bench/fluent": ["core", "app"],
    "tests/model": ["core", "app/model"],
    "tests/labs": ["core", "app/model", "app/scene", "app/ui", "app/export", "app/labs", "tests/common", "tests/ui",
                   "tests/model"],
    "tests/export": ["core", "app/model", "app/export", "tests/model"],
    "tests/scene": ["core", "app/model", "app/scene"],
    "tests/ui": ["core", "app/model", "app/scene", "app/ui", "app/labs"],
    "tests": ["core", "app", "tests"],
}

# Outside headers that say what a folder is about, and the only folders where they have a place.
OUTSIDE = [
    (r"imgui|implot", "Dear ImGui", ["app/ui", "app/labs", "app/gl", "app/platform", "app", "tests/ui", "tests"]),
    (r"GLFW/|glad/|GL/|GLES|EGL/|X11/", "OpenGL and windows", ["app/platform", "app/gl", "app", "tests", "tests/bench/fluent"]),
    (r"chrono$|ctime$|time\.h$", "a clock", ["app/platform", "app/model", "app/cli", "app", "tests", "tests/nn", "tests/bench", "tests/bench/fluent"]),
]

SOURCE = re.compile(r"\.(cpp|cc|c|h|hpp|inl)$")
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


def home_of(path):
    """The folder of the table that a file belongs to, or None."""
    fitting = [folder for folder in ALLOWED if path.startswith(folder + "/")]
    return max(fitting, key=len) if fitting else None


def inside(path, folder):
    """Whether the header `path` lies in `folder`; "app" alone means its whole tree."""
    return path.startswith(folder + "/")


def check_line(root, path, home, quote, header):
    """What is wrong with one include, as a sentence, or None."""
    if quote == '"' and os.path.exists(os.path.join(root, os.path.dirname(path), header)):
        return f'"{header}" is not written relative to the root of the repository'
    if quote == '"' and header.split("/")[0] in ("core", "app", "tests"):
        if not os.path.exists(os.path.join(root, header)):
            return f'"{header}" does not exist'
        if inside(header, home) or any(inside(header, folder) for folder in ALLOWED[home]):
            return None
        return f'{home} must not know "{header}" (it may use: {", ".join(ALLOWED[home]) or "nothing else"})'
    for pattern, what, folders in OUTSIDE:
        # "app" as a home of its own means the files directly in app/, so homes are compared exactly.
        if re.match(pattern, header) and home not in folders:
            return f"{home} must not use <{header}>: {what} belongs to {', '.join(folders)}"
    return None


def check(root):
    """Every forbidden include below root as "file:line: sentence", and the number of files read."""
    findings, count = [], 0
    for top in ("core", "app", "tests"):
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(names):
                if not SOURCE.search(name):
                    continue
                path = os.path.relpath(os.path.join(folder, name), root)
                home = home_of(path)
                count += 1
                if home is None:
                    findings.append(f"{path}:1: this folder is not in the table of tests/checks/layers.py")
                    continue
                with open(os.path.join(root, path), encoding="utf-8") as file:
                    for number, line in enumerate(file, 1):
                        match = INCLUDE.match(line)
                        problem = match and check_line(root, path, home, *match.groups())
                        if problem:
                            findings.append(f"{path}:{number}: {problem}")
    return findings, count


def self_test():
    """Plants good and forbidden includes in a small tree: the forbidden ones, and only they, must be found."""
    good = {
        "core/base/a.h": "#include <vector>\n",
        "core/tensor/t.h": '#include "core/base/a.h"\n#include "core/tensor/t2.h"\n',
        "core/tensor/t2.h": "",
        "app/model/m.h": '#include "core/tensor/t.h"\n',
        "app/ui/u.cpp": '#include <imgui.h>\n#include "app/model/m.h"\n',
        "app/main.cpp": '#include "app/ui/u.h"\n#include "core/base/a.h"\n#include <GLFW/glfw3.h>\n',
        "app/ui/u.h": "",
        "tests/core/t.cpp": '#include "core/base/a.h"\n#include <doctest/doctest.h>\n',
    }
    bad = {
        "core/base/up.h": '#include "core/tensor/t.h"\n',
        "core/tensor/gui.h": "#include <imgui.h>\n",
        "core/tensor/clock.h": "  #  include <chrono>\n",
        "app/model/up.h": '#include "app/ui/u.h"\n',
        "app/scene/gl.cpp": "#include <glad/gl.h>\n",
        "app/platform/doc.h": '#include "app/model/m.h"\n',
        "app/cli/ui.h": '#include "app/ui/u.h"\n',
        "app/ui/lab.h": '#include "app/main.h"\n',
        "app/ui/near.h": '#include "u.h"\n',
        "app/ui/gone.h": '#include "app/ui/gone2.h"\n',
        "tests/core/ui.cpp": '#include "app/ui/u.h"\n',
        "core/newcomer/x.h": "\n",
    }
    with tempfile.TemporaryDirectory() as root:
        for path, text in {**good, **bad}.items():
            os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                file.write(text)
        findings, _ = check(root)
    found = {finding.split(":")[0] for finding in findings}
    if found != set(bad):
        print(f"missed: {sorted(set(bad) - found)}, wrongly found: {sorted(found - set(bad))}")
        return 1
    print(f"all {len(bad)} planted includes were found, and none of the {len(good)} good files was blamed")
    return 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    findings, count = check(sys.argv[1])
    for finding in findings:
        print(finding)
    print(f"layers: {count} files, {len(findings)} forbidden includes")
    return 1 if findings or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
