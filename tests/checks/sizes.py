#!/usr/bin/python3
"""Names files and functions that have grown too long. Usage: sizes.py ROOT

From 600 lines a file and from 80 a function is worth a look (which second thing has it begun to do?); they are
listed. Above 800 and 120 the check fails. A function is what begins in the first column and ends with a brace there,
which .clang-format guarantees for everything but members written inside their class.
"""
import os
import re
import sys

LOOK, FAIL = {"file": 600, "function": 80}, {"file": 800, "function": 120}
NOT_A_FUNCTION = re.compile(r"^(namespace|class|struct|enum|union|extern|constexpr|const|static const|inline const|template|#|})")


def functions(lines):
    """(line number, length, first line) of each function."""
    begun = None
    for number, line in enumerate(lines, 1):
        if begun is None and re.match(r"^\S.*\{$", line) and not NOT_A_FUNCTION.match(line) and "(" in line:
            begun = (number, line)
        elif begun and line.startswith("}"):
            yield begun[0], number - begun[0] + 1, begun[1]
            begun = None


def main():
    root, long_ones, failed, count = sys.argv[1], [], False, 0
    for top in ("core", "app", "tests", "shaders"):
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(names):
                if not re.search(r"\.(cpp|h|c|py|sh|glsl|frag|vert)$", name):
                    continue
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as file:
                    lines = file.read().splitlines()
                count += 1
                sizes = [("file", 1, len(lines), "")]
                if re.search(r"\.(cpp|h|c)$", name):
                    sizes += [("function", *found) for found in functions(lines)]
                for what, number, length, text in sizes:
                    if length > LOOK[what]:
                        too_long = length > FAIL[what]
                        failed = failed or too_long
                        verdict = "too long" if too_long else "long"
                        long_ones.append(f"{os.path.relpath(path, root)}:{number}: {what} of {length} lines, {verdict}  {text}")
    for line in long_ones:
        print(line)
    print(f"sizes: {count} files, {len(long_ones)} long files or functions")
    return 1 if failed or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
