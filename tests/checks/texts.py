#!/usr/bin/python3
"""Checks the words of the program against its sources and against each other.

Usage: texts.py ROOT, or texts.py --self-test. Reads ROOT/assets/languages/<code>/*.toml, the C++ sources below core
and app, and the exceptions in tests/checks/texts.toml. Reports, one line each:

- keys that one language has and the other has not, or in another file; keys that are there twice; empty texts;
- placeholders ({name}, {@name}) that differ between the languages, and braces without their partner;
- keys that the sources use and no language has; keys that nothing uses;
- Chinese texts without Chinese where the English has words, and English texts with Chinese.
"""
import fnmatch
import os
import re
import sys
import tempfile
import tomllib

# Comments, raw strings, strings, characters: matched in one go, so that none is taken for a part of another.
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|R"(?P<d>[^(\s]*)\((?P<raw>.*?)\)(?P=d)"|"(?P<text>(?:[^"\\\n]|\\.)*)"'
                   r"|(?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)+'", re.S)
KEY = re.compile(r"^[a-z][a-z0-9_-]*(\.[A-Za-z0-9_-]+)+$")
FILE_NAME = re.compile(r"\.(toml|npy|png|csv|json|so|frag|vert|glsl|ttf|ttc|otf|gif|webp|txt|jpe?g|idx|h|cpp|md|ini|desktop"
                       r"|svg|safetensors)$")
PLACEHOLDER = re.compile(r"\{(@?[A-Za-z0-9_-]+)\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What may stand in Latin letters in a Chinese text: names of options, files, formats and projects, formulas.
LATIN = re.compile(r"\{[^}]*\}|--?[a-z-]+|\.[a-z]+|\b(?:PyTorch|Keras|ONNX|TensorFlow|Caffe|NumPy|MNIST|Poolscope|OpenGL"
                   r"|PNG|JPEG|GIF|CSV|JSON|NaN|inf|max|min|avg|exp|log|px|fps|ms)\b")
# A widget's key (its id and its name in the probe) looks like a text's, and follows the Ui that it is drawn in.
WIDGET = re.compile(r"\bui,\s*$")
WORD = re.compile(r"[A-Za-z]{3,}")


def literals(source):
    """The string literals of a C++ source, without its comments."""
    for match in TOKEN.finditer(source):
        text = match.group("text") if match.group("text") is not None else match.group("raw")
        if text is not None:
            yield match.start(), text


def flatten(tree, prefix=""):
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from flatten(value, prefix + name + ".")
        else:
            yield prefix + name, value


def read_language(folder, findings):
    """key -> (file, text)"""
    texts = {}
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if not name.endswith(".toml"):
            findings.append(f"{path}: not a .toml file")
            continue
        with open(path, "rb") as file:
            try:
                tree = tomllib.load(file)
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
                findings.append(f"{path}: {problem}")
                continue
        for key, text in flatten(tree):
            if key in texts:
                findings.append(f"{path}: {key} is also in {texts[key][0]}")
            if not isinstance(text, str) or not text.strip():
                findings.append(f"{path}: {key} is not a text, or empty")
                text = str(text)
            texts[key] = (name, text)
    return texts


def placeholders(path, key, text, findings):
    plain = text.replace("{{", "").replace("}}", "")
    if re.search(r"[{}]", PLACEHOLDER.sub("", plain)):
        findings.append(f"{path}: {key} has a brace without its partner (write {{{{ or }}}} for a brace)")
    return set(PLACEHOLDER.findall(plain))


def matches(key, patterns):
    return any(fnmatch.fnmatchcase(key, pattern) for pattern in patterns)


def compare(english, chinese, allowed, findings):
    for key in sorted(english.keys() | chinese.keys()):
        if key not in english or key not in chinese:
            findings.append(f"{key}: only in {'English' if key in english else 'Chinese'}")
            continue
        (en_file, en), (zh_file, zh) = english[key], chinese[key]
        if en_file != zh_file:
            findings.append(f"{key}: in {en_file} in English, in {zh_file} in Chinese")
        in_en = placeholders(f"en/{en_file}", key, en, findings)
        in_zh = placeholders(f"zh/{zh_file}", key, zh, findings)
        if in_en != in_zh:
            findings.append(f"{key}: placeholders differ: {sorted(in_en)} in English, {sorted(in_zh)} in Chinese")
        if CHINESE.search(en):
            findings.append(f"{key}: Chinese in the English text")
        if WORD.search(LATIN.sub("", en)) and not CHINESE.search(zh) and not matches(key, allowed):
            findings.append(f"{key}: no Chinese in the Chinese text “{zh}”")


def asks_for_a_text(source, start):
    """Whether the literal at `start` stands directly in the brackets of a call that takes the key of a text."""
    depth = 0
    for at in range(start - 1, max(start - 400, 0), -1):
        letter = source[at]
        if letter in ";{}":
            return False
        if letter == ")":
            depth += 1
        elif letter == "(" and depth > 0:
            depth -= 1
        elif letter == "(":
            return re.search(r"\b(Message|Error|text|get)$", source[:at]) is not None
    return False


def used_keys(root, keys, not_keys, findings):
    """Every literal of the sources that looks like a key; reports those that no language has."""
    used, count = set(), 0
    for top in ("core", "app"):
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(names):
                if not re.search(r"\.(cpp|h)$", name):
                    continue
                count += 1
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as file:
                    source = file.read()
                for start, text in literals(source):
                    used.add(text)
                    if not KEY.match(text) or FILE_NAME.search(text) or text in keys or matches(text, not_keys):
                        continue
                    # Panels and widgets have names in the same style: only what asks for a text counts there.
                    if "/app/labs/" in path or "/app/ui/" in path:
                        if not asks_for_a_text(source, start):
                            continue
                    if source.rfind("#include", source.rfind("\n", 0, start) + 1, start) >= 0:
                        continue
                    if WIDGET.search(source, max(0, start - 80), start):
                        continue
                    line = source.count("\n", 0, start) + 1
                    findings.append(f"{os.path.relpath(path, root)}:{line}: no text has the key \"{text}\"")
    return used, count


def check(root):
    findings = []
    with open(os.path.join(root, "tests/checks/texts.toml"), "rb") as file:
        known = tomllib.load(file)
    base = os.path.join(root, "assets/languages")
    languages = {code: read_language(os.path.join(base, code), findings) for code in sorted(os.listdir(base))}
    if sorted(languages) != ["en", "zh"]:
        findings.append(f"{base}: expected en and zh, found {sorted(languages)}")
        return findings, 0, 0
    english, chinese = languages["en"], languages["zh"]
    compare(english, chinese, known["same_in_chinese"] + ["language.name"], findings)
    used, count = used_keys(root, english.keys() | chinese.keys(), known["not_keys"], findings)
    for key in sorted(english):
        if key not in used and not matches(key, known["composed"]):
            findings.append(f"en/{english[key][0]}: nothing uses {key}")
    for pattern in known["composed"]:
        start = pattern.split("*")[0]
        if not any(text.startswith(start) or text == start.rstrip(".") for text in used):
            findings.append(f"tests/checks/texts.toml: no source puts keys together from \"{start}\"")
    return findings, len(english), count


GOOD = {
    "tests/checks/texts.toml": 'composed = ["kind.*"]\nnot_keys = ["texts.*"]\nsame_in_chinese = ["b.same"]\n',
    "assets/languages/en/a.toml": '[language]\nname = "English"\n[a]\nx = "Open {file}"\n"x.y" = "Close"\n[kind]\nmax = "Max"\n'
                                  '[b]\nsame = "word"\nnumber = "{a} × {b}"\nbraces = "a {{b}} c"\n',
    "assets/languages/zh/a.toml": '[language]\nname = "中文"\n[a]\nx = "打开 {file}"\n"x.y" = "关闭"\n[kind]\nmax = "最大"\n'
                                  '[b]\nsame = "word"\nnumber = "{a} × {b}"\nbraces = "甲 {{b}} 丙"\n',
    "core/a.cpp": '#include "core/a.h"\n// "no.key"\nconst char* a[] = {"a.x", "a.x.y", "b.same", "language.name", "b.number",\n'
                  '"file.npy", "texts.q", "b.braces"}; char c = \'"\'; auto k = "kind." + name; auto n = 1\'000; /* "no.key2" */\n'
                  'bool b = button(context.ui,\n  "no.key3", text("a.x"));\n',
}
# What is changed in the good tree -> what must be said about it.
BAD = [
    ("core/a.cpp", '"a.x",', '"a.x", "a.z",', 'core/a.cpp:3: no text has the key "a.z"'),
    ("core/a.cpp", '"a.x.y",', "", "nothing uses a.x.y"),
    ("core/a.cpp", 'text("a.x")', 'text("a.w")', 'core/a.cpp:6: no text has the key "a.w"'),
    ("core/a.cpp", '"kind."', '"kin"', 'no source puts keys together from "kind."'),
    ("assets/languages/zh/a.toml", 'x = "打开 {file}"\n', "", "a.x: only in English"),
    ("assets/languages/zh/a.toml", "打开 {file}", "打开 {path}", "a.x: placeholders differ"),
    ("assets/languages/zh/a.toml", "打开 {file}", "打开 {@file}", "a.x: placeholders differ"),
    ("assets/languages/zh/a.toml", "关闭", "Close", "a.x.y: no Chinese"),
    ("assets/languages/zh/a.toml", "关闭", " ", "a.x.y is not a text, or empty"),
    ("assets/languages/en/a.toml", "Close", "关闭", "a.x.y: Chinese in the English"),
    ("assets/languages/en/a.toml", "Close", "Close {", "a brace without its partner"),
    ("assets/languages/en/a.toml", 'name = "English"', "name = 3", "language.name is not a text"),
    ("assets/languages/en/a.toml", "[b]\n", "[b]\nsame = 'x'\n", "Cannot overwrite a value"),
]


def self_test():
    failures = 0
    for path, old, new, expected in [(None, "", "", None)] + BAD:
        with tempfile.TemporaryDirectory() as root:
            for name, text in GOOD.items():
                if name == path:
                    assert old in text, (path, old)
                    text = text.replace(old, new, 1)
                os.makedirs(os.path.dirname(os.path.join(root, name)), exist_ok=True)
                with open(os.path.join(root, name), "w", encoding="utf-8") as file:
                    file.write(text)
            findings, _, _ = check(root)
        found = any(expected in finding for finding in findings) if expected else not findings
        if not found:
            failures += 1
            print(f"{path}: {old!r} -> {new!r}: expected {expected!r}, found {findings}")
    print(f"texts: {len(BAD)} planted mistakes, {failures} failures")
    return 1 if failures else 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    findings, keys, files = check(sys.argv[1])
    for finding in findings:
        print(finding)
    print(f"texts: {keys} keys, {files} sources, {len(findings)} findings")
    return 1 if findings or keys == 0 or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
