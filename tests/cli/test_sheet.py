#!/usr/bin/python3
"""poolscope sheet: a page to print, the same from the same seed."""
import os

import support
from support import answers, some


class Sheet(support.Case):
    def page(self, name, *arguments):
        path = self.path(name)
        self.good("sheet", *arguments, "-o", path)
        with open(path, "rb") as file:
            return file.read()

    @answers
    def test_the_same_seed_gives_the_same_bytes_and_another_one_others(self):
        first = self.page("a.png", "--seed", "7")
        self.assertEqual(first[:8], b"\x89PNG\r\n\x1a\n")
        self.assertEqual((int.from_bytes(first[16:20], "big"), int.from_bytes(first[20:24], "big")), (1654, 2339))
        self.assertEqual(first, self.page("b.png", "--seed", "7"))
        self.assertNotEqual(first, self.page("c.png", "--seed", "8"))
        self.assertNotEqual(first, self.page("d.png", "--seed", "7", "--answers"))
        self.assertNotEqual(first, self.page("e.png", "--seed", "7", "--lang", "zh"))

    def test_every_kind_and_number_of_exercises(self):
        for kind in some(("max", "average", "stochastic", "global-average", "adaptive-max", "none", "blur"), 3):
            self.page(f"{kind}.png", "--kind", kind, "--answers")
        for count in some(("1", "8"), 2):
            self.page(f"count{count}.png", "--count", count)

    def test_what_is_wrong_is_one_line(self):
        for arguments in (["--seed", "7"], ["-o", "x.jpg"], ["--count", "0", "-o", "x.png"], ["--count", "9", "-o", "x.png"],
                          ["--window", "9", "-o", "x.png"], ["--kind", "most", "-o", "x.png"]):
            self.refused(2, "sheet", *arguments)
        self.assertFalse(os.path.exists(self.path("x.png")))


if __name__ == "__main__":
    support.main()
