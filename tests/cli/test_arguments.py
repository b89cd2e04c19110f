#!/usr/bin/python3
"""The arguments of the program: help, versions, and every way to get one wrong."""
import itertools
import re

import support
from support import instrumented, npy, some

COMMANDS = ("pool", "trace", "shot", "render", "code", "sheet", "shift", "evidence", "bench", "train", "evaluate", "predict")
POOLING = ("pool", "trace", "shot", "render", "code")
LANGUAGES = ("en", "zh")
SIZES = ("--window", "--stride", "--padding", "--dilation")
BAD_SIZES = ("", "x", "x2", "2x", "2x3x4", "2x2x", "-1", "-1x2", "2x-1", "+2", " 2", "2 ", "2.0", "2,3", "1e3", "0x1F", "two",
             "2147483648", "9223372036854775808", "99999999999999999999999999", "2x99999999999999999999", "２", "2\n", "0b1")


class Help(support.Case):
    def test_version(self):
        self.assertRegex(self.good("--version"), r"^Poolscope \d+\.\d+\.\d+\n$")

    def test_help_of_every_command_in_both_languages(self):
        seen = set()
        ways = itertools.product((("--help", "-h") if not instrumented() else ("-h",)), ((),) + tuple((c,) for c in COMMANDS), ("en", "zh"))
        for flag, command, language in ways:
            text = self.good(*command, flag, "--lang", language)
            self.assertEqual(text, self.good("--lang", language, *command, flag))
            # A key without its text, a placeholder without its value.
            self.assertNotRegex(text, r"cli\.[a-z]|[{}]")
            self.assertEqual(language == "zh", bool(re.search("[\u4e00-\u9fff]", text)))
            self.assertNotIn("\n\n\n", text)
            self.assertTrue(all(len(line) <= 110 for line in text.splitlines()), text)
            pools = not command or command[0] in POOLING
            for option in (("--kind", "--window", "--padding", "--ceil") if pools else ()) + ("--lang", "--help"):
                self.assertRegex(text, rf"(?m)^ .*{option}\b.*\S", command)
            seen.add(text)
        self.assertEqual(len(seen), 2 * (1 + len(COMMANDS)))

    def test_help_wins_over_what_is_missing(self):
        self.good("pool", "--help", "x", "y")
        self.good("trace", "x", "-h")

    def test_the_environment_chooses_the_language(self):
        for variables, chinese in (({"LANG": "zh_CN.UTF-8"}, True), ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, False),
                                   ({"LC_MESSAGES": "zh_TW"}, True), ({"LANG": "de_DE.UTF-8"}, False), ({}, False)):
            line = self.refused(2, "pool", env=variables)
            self.assertEqual(bool(re.search("[\u4e00-\u9fff]", line)), chinese, variables)
        self.assertNotRegex(self.refused(2, "pool", "--lang", "en", env={"LANG": "zh_CN.UTF-8"}), "[\u4e00-\u9fff]")
        self.refused(2, "pool", "--lang", "fr", says=("--lang", "fr", "en", "zh"))
        self.refused(2, "pool", "textbook", "-o", "x.npy", "--lang", says="--lang")


class Refusals(support.Case):
    """Status 2, one line that names the argument and what is allowed, and no file."""

    def pool(self, *arguments, says=()):
        for language in LANGUAGES[instrumented():]:
            line = self.refused(2, "pool", "textbook", "-o", "y.npy", *arguments, "--lang", language, says=says)
        self.assertEqual(self.files(), [])
        return line

    def test_sizes(self):
        for option, value in some(itertools.product(SIZES, BAD_SIZES)):
            self.pool(f"{option}={value}", says=option)
        for option in ("--window", "--stride", "--dilation"):
            for value in ("0", "0x2", "2x0"):
                self.pool(option, value, says=(option, "1", "2147483647"))
        self.pool("--window", "-3", says=("--window", "-3"))
        self.pool("--window", says="--window")
        self.pool("--padding=", says=("--padding", "H[xW]"))

    def test_numbers(self):
        for value in ("", "-1", "1.5", "x", "0x10", "18446744073709551616", "1 "):
            self.pool(f"--seed={value}", says="--seed")
        for value in ("", "0", "-0", "1.5", "x", "9223372036854775808", "-9223372036854775809"):
            self.pool("--kind=average", f"--divisor={value}", says="--divisor")

    def test_names(self):
        for value in ("", "Max", "maximum", "max ", "max,min"):
            self.pool(f"--kind={value}", says="--kind")
        self.assertIn("stochastic-expectation", self.pool("--kind", "avg"))

    def test_unknown_and_repeated(self):
        self.pool("--windows", "2", says=("--windows", "--window", "--exclude-padding"))
        self.pool("-w", "2", says="-w")
        self.pool("-q", says="-q")
        self.pool("textbook", says="textbook")
        self.pool("a\nb\x1b[31m", says="a\\x0ab\\x1b[31m")
        self.pool("--window", "2", "--window", "3", says="--window")
        self.pool("-o", "z.npy", says="--output")
        self.pool("--ceil=yes", says="--ceil")
        self.pool("--ceil=", says="--ceil")
        self.pool("--", "textbook", says="textbook")
        for command in POOLING:
            self.refused(2, command, "--step=0", "textbook", "more", "--nonsense", "-o", "y.png")
        self.refused(2, "pol", "textbook", says=("textbook", "pool|trace|shot"))
        self.refused(2, "--nonsense", says="--nonsense")

    def test_missing(self):
        self.refused(2, "pool", says=("INPUT", "textbook"))
        self.refused(2, "pool", "", "-o", "y.npy", says="INPUT")
        self.refused(2, "pool", "textbook", says=("-o", ".npy", ".png", ".csv"))
        self.refused(2, "pool", "textbook", "-o", says="--output")

    def test_outputs(self):
        for value in ("y", "y.jpg", "npy", ".npy", "y.npy.gz", "", "folder/"):
            self.refused(2, "pool", "textbook", f"--output={value}", says="--output")
        self.pool("--indices", "i.csv", says=("--indices", ".npy"))
        for kind in ("average", "l2", "stochastic-expectation"):
            self.pool("--kind", kind, "--indices", "i.npy", says=("--indices", kind, "max, stochastic, min, none"))
        self.pool("--indices", "./y.npy", says=("--output", "--indices"))
        self.pool("--indices", self.path("y.npy"), says=("--output", "--indices"))
        self.pool("--grad", "g.npy", says=("--grad", "--grad-out"))
        self.pool("--grad-out", "g.npy", says=("--grad-out", "--grad"))
        self.pool("--grad", "g.csv", "--grad-out", "h.npy", says=("--grad", ".npy"))
        self.pool("--grad", "g.npy", "--grad-out", "h.png", says=("--grad-out", ".npy"))
        self.pool("--grad", "g.npy", "--grad-out", "y.npy", says=("--output", "--grad-out"))

    def test_settings_that_do_not_fit_the_input(self):
        self.pool("--padding", "2", says="2")
        self.pool("--window", "5", says=("5", "4"))
        self.pool("--window", "4x5", says=("5", "4"))
        self.pool("--kind", "stochastic", "--padding", "1", "--window", "2", says="1")
        self.pool("--window", "2147483647", says="2147483647")
        self.pool("--dilation", "2147483647", says="2147483648")

    def test_large_settings_that_fit(self):
        self.good("pool", "textbook", "--window", "2147483647", "--padding", "1073741823", "-o", "y.csv")
        self.assertEqual(self.read("y.csv"), b"4\n")
        self.good("pool", "textbook", "--stride", "2147483647", "-o", "y.csv")
        self.assertEqual(self.read("y.csv"), b"2\n")

    def test_views(self):
        for value in ("", "100", "100x100", "1440x", "x900", "1440x900x3", "99999x900", "-5x900"):
            self.refused(2, "shot", "-o", "y.png", f"--size={value}", says="--size")
        for value in ("", "0.5", "3", "74%", "251%", "x", "1e0", "nan", "inf", "-1", "%"):
            self.refused(2, "shot", "-o", "y.png", f"--scale={value}", says="--scale")
        self.refused(2, "shot", "-o", "y.png", "--theme", "dark", says=("--theme", "paper", "night"))
        self.refused(2, "shot", "-o", "y.png", "--lab", "kitchen", says=("--lab", "window"))
        self.refused(2, "shot", "-o", "y.png", "--step", "-1", says="--step")
        self.refused(2, "shot", "-o", "y.jpg", says=".png")
        self.refused(2, "--window", "0", says="--window")
        self.refused(2, "a.png", "b.png", says="b.png")


class BrokenInputs(support.Case):
    """Status 1, one line that names the file, and no output."""

    def pool(self, name, *arguments, says=None):
        before = self.files()
        for language in LANGUAGES[instrumented():]:
            self.refused(1, "pool", name, "-o", "y.npy", *arguments, "--lang", language, says=says or name)
        self.assertEqual(self.files(), before)

    def test_inputs(self):
        good = npy([1.0, 2.0, 3.0, 4.0], (2, 2))
        for name, content in (("empty.npy", b""), ("short.npy", good[:-1]), ("long.npy", good + b"x"), ("head.npy", good[:50]),
                              ("text.npy", b"words, not numbers\n"), ("words.csv", b"a,b\n"), ("ragged.csv", b"1,2\n3\n"), ("empty.csv", b""),
                              ("broken.png", b"\x89PNG\r\n\x1a\n123"), ("long.npy", npy([1], (2, 2), "<i8")),
                              ("one.npy", npy([1.0], (1,))), ("five.npy", npy([1.0], (1, 1, 1, 1, 1))),
                              ("none.npy", npy([], (0, 2)))):
            self.put(name, content)
            self.pool(name)
        self.pool("missing.npy")
        self.pool(self.folder, says=self.folder.split("/")[-1])
        self.pool("/dev/null/x", says="x")

    def test_gradients(self):
        self.put("x.npy", npy([float(i) for i in range(16)], (4, 4)))
        self.put("wrong.npy", npy([1.0] * 6, (2, 3)))
        self.put("flat.npy", npy([1.0] * 4, (4, 1)))
        self.put("text.npy", b"no gradient")
        for name, words in (("wrong.npy", "1 × 1 × 2 × 3"), ("flat.npy", "1 × 1 × 4 × 1"), ("text.npy", "text.npy"),
                            ("missing.npy", "missing.npy")):
            self.pool("x.npy", "--grad", name, "--grad-out", "gx.npy", says=words)

    def test_without_its_texts(self):
        self.refused(1, "pool", "textbook", "-o", "y.npy", env={"POOLSCOPE_DATA": self.folder}, says=self.folder)
        self.assertEqual(self.files(), [])


if __name__ == "__main__":
    support.main()
