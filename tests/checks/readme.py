#!/usr/bin/python3
"""What the READMEs promise and a machine can check: every key of the program is in the README's table, every command is
named there and known to ./run, every link leads somewhere. Usage: readme.py ROOT
"""
import glob
import os
import re
import sys


def anchors(path):
    """The anchors that GitHub makes of a file's headings."""
    with open(path, encoding="utf-8") as file:
        headings = re.findall(r"^#+ +(.+)$", file.read(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(root):
    for path in sorted(glob.glob(f"{root}/*.md") + glob.glob(f"{root}/[!b.]*/**/*.md", recursive=True)):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            goal = os.path.normpath(os.path.join(os.path.dirname(path), name)) if name else path
            here = os.path.relpath(path, root)
            if not os.path.exists(goal):
                yield f"{here}: {target} does not exist"
            elif anchor and anchor not in anchors(goal):
                yield f"{here}: {target} has no such heading"


# Signs that a table of keys spells out.
SPELLED = {"plus": "+", "minus": "-", "comma": ",", "period": "."}


def keys_of_table(readme):
    """The keys in the table below the heading "Keys": its first and third column, separated by commas."""
    section = readme.split("\n## Keys\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")][2:]
    for row in rows:
        for key in (row[0] + "," + row[2]).split(","):
            *modifiers, last = key.strip().split("+")
            if last:
                yield "+".join([*modifiers, SPELLED.get(last, last)])


def missing_keys(root, readme):
    with open(f"{root}/app/model/actions.cpp", encoding="utf-8") as file:
        actions = re.findall(r'\{"(\w+)", "\w+", "([^"]+)"', file.read())
    if not actions:
        yield "app/model/actions.cpp: no actions were found; has the table changed its form?"
    shown = set(keys_of_table(readme))
    known = {key for _, shortcuts in actions for key in shortcuts.split(" ")}
    for action, shortcuts in actions:
        if shortcuts.split(" ")[0] not in shown:
            yield f"README.md: the key {shortcuts.split(' ')[0]} of the action {action} is not in the table of keys"
    for key in sorted(shown - known):
        yield f"README.md: the key {key} belongs to no action"


def missing_commands(root, readme):
    with open(f"{root}/app/cli/run.cpp", encoding="utf-8") as file:
        commands = re.findall(r"\b(\w+)_command\(\)", file.read())
    with open(f"{root}/run", encoding="utf-8") as file:
        run = file.read()
    for command in sorted(set(commands) - {"window"}):
        if not re.search(rf"^ .*\b{command}\b.*\) return 1", run, re.MULTILINE):
            yield f"run: takes the command {command} for a window's argument"
        if f"poolscope {command}" not in readme:
            yield f"README.md: the command {command} is not named"
    if not commands:
        yield "app/cli/run.cpp: no commands were found; has the table changed its form?"


def main():
    root = sys.argv[1]
    with open(f"{root}/README.md", encoding="utf-8") as file:
        readme = file.read()
    findings = [*broken_links(root), *missing_keys(root, readme), *missing_commands(root, readme)]
    print("\n".join(findings) if findings else "readme: every key, command and link is right")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
