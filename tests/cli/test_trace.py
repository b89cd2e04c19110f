#!/usr/bin/python3
"""poolscope trace: one step, as JSON and as a sentence."""
import json
import math
import random

import support
from support import answers, Pooling, npy, read_npy, same, single, some

FIELDS = ["input", "pooling", "output_shape", "step", "steps", "batch", "channel", "output_cell", "tap_count", "valid", "taps",
          "winner", "winner_index", "divisor", "divisor_reason", "draw", "total", "result", "narration"]
TAP_FIELDS = ["row", "column", "inside", "overhang", "value", "weight", "gradient", "winner"]


def strict_json(text):
    """JSON as the standard has it: Python would take NaN for a number."""
    def refuse(word):
        raise ValueError(word)
    return json.loads(text, parse_constant=refuse)


def number(value):
    return float(value)  # "NaN", "inf" and "-inf" are what float() reads


class Trace(support.Case):
    def trace(self, *arguments):
        step = strict_json(self.good("trace", *arguments))
        self.assertEqual(list(step), FIELDS)
        for tap in step["taps"]:
            self.assertEqual(list(tap), TAP_FIELDS)
            self.assertEqual(tap["inside"], tap["value"] is not None)
        self.assertEqual(step["valid"], sum(tap["inside"] for tap in step["taps"]))
        return step

    def test_the_textbook_example(self):
        step = self.trace("textbook", "--step", "1")
        self.assertEqual(step["input"], {"name": "textbook", "shape": [1, 1, 4, 4]})
        self.assertEqual(step["pooling"], {"kind": "max", "window": [2, 2], "stride": [2, 2], "padding": [0, 0],
                                           "dilation": [1, 1], "rounding": "floor", "count_padding": True,
                                           "divisor": None, "seed": 1})
        self.assertEqual((step["output_shape"], step["step"], step["steps"]), ([1, 1, 2, 2], 1, 4))
        self.assertEqual((step["batch"], step["channel"], step["output_cell"]), (0, 0, {"row": 0, "column": 1}))
        self.assertEqual([(t["row"], t["column"], t["value"], t["winner"]) for t in step["taps"]],
                         [(0, 2, 1, False), (0, 3, 0, False), (1, 2, 2, False), (1, 3, 3, True)])
        self.assertEqual((step["winner"], step["winner_index"], step["result"]), (3, 7, 3))
        self.assertEqual((step["divisor"], step["divisor_reason"], step["draw"]), (None, None, None))
        self.assertIn("3", step["narration"])

    def test_every_step_agrees_with_what_pool_writes(self):
        random.seed(5)
        shape = (2, 2, 5, 6)
        values = [single(random.uniform(0, 3)) for _ in range(math.prod(shape))]
        self.put("x.npy", npy(values, shape))
        for kind in some(("max", "average", "stochastic", "stochastic-expectation", "min", "l2", "none"), 2):
            options = ["--kind", kind, "--window", "3x2", "--stride", "2", "--ceil", "--seed", "9"]
            self.good("pool", "x.npy", *options, "-o", "y.npy")
            outputs, out_shape, _ = read_npy(self.read("y.npy"))
            per_plane = out_shape[2] * out_shape[3]
            for index in some((0, 1, per_plane - 1, per_plane + 2, 3 * per_plane + 4), 4):
                plane, number_in_plane = divmod(index, per_plane)
                n, c = divmod(plane, shape[1])
                step = self.trace("x.npy", *options, "--step", str(number_in_plane), "--batch", str(n), "--channel", str(c))
                self.assertEqual(step["result"], outputs[index], (kind, index))
                self.assertEqual((step["batch"], step["channel"], step["steps"]), (n, c, per_plane))
                inside = [tap for tap in step["taps"] if tap["inside"]]
                for tap in inside:
                    self.assertEqual(tap["value"], values[(plane * 5 + tap["row"]) * 6 + tap["column"]])
                if kind in ("max", "min", "none", "stochastic"):
                    winner = step["taps"][step["winner"]]
                    self.assertTrue(winner["winner"])
                    self.assertEqual(winner["value"], step["result"])
                    self.assertEqual(step["winner_index"], winner["row"] * 6 + winner["column"])
                else:
                    self.assertIsNone(step["winner"])
                    self.assertIsNone(step["winner_index"])
                if kind in ("average", "stochastic-expectation"):
                    weighted = sum(tap["weight"] * tap["value"] for tap in inside)
                    self.assertAlmostEqual(weighted, step["result"], places=5)
                self.assertEqual(step["draw"] is not None, kind == "stochastic", kind)

    def test_the_divisor_and_its_reason(self):
        self.put("x.npy", npy([float(i + 1) for i in range(16)], (4, 4)))
        base = ["x.npy", "--kind", "average", "--window", "3", "--stride", "2", "--padding", "1", "--ceil"]
        for extra, step, divisor, reason in (([], "0", 9, "whole_window"), ([], "2", 6, "clipped_window"),
                                             (["--exclude-padding"], "0", 4, "valid_cells"),
                                             (["--divisor", "7"], "0", 7, "given")):
            record = self.trace(*base, *extra, "--step", step)
            self.assertEqual((record["divisor"], record["divisor_reason"]), (divisor, reason))
            expected = Pooling("average", (3, 3), (2, 2), (1, 1), ceil=True, count_padding="--exclude-padding" not in extra,
                               divisor=divisor if reason == "given" else None).forward([float(i + 1) for i in range(16)],
                                                                                     (1, 1, 4, 4))[0]
            self.assertAlmostEqual(record["result"], expected[int(step)], places=5)

    def test_cells_of_the_padding_and_past_it(self):
        step = self.trace("textbook", "--window", "3", "--stride", "2", "--padding", "1", "--ceil", "--step", "2")
        self.assertEqual(step["tap_count"], 9)
        self.assertEqual([tap["inside"] for tap in step["taps"]], [False] * 3 + [True, False, False] * 2)
        self.assertEqual([tap["overhang"] for tap in step["taps"]], [False, False, True] * 3)
        self.assertEqual((step["taps"][0]["row"], step["taps"][0]["column"]), (-1, 3))

    def test_not_a_number_and_infinities_are_words(self):
        self.put("x.npy", npy([math.nan, 1.0, math.inf, 2.0, -math.inf, -math.inf, -math.inf, -math.inf], (2, 4)))
        self.assertEqual(self.trace("x.npy", "--step", "0")["result"], "NaN")
        step = self.trace("x.npy", "--step", "1")
        self.assertEqual([tap["value"] for tap in step["taps"]], ["inf", 2, "-inf", "-inf"])
        self.assertEqual(step["result"], "inf")
        self.put("y.npy", npy([-math.inf] * 4, (2, 2)))
        step = self.trace("y.npy", "--step", "0")
        self.assertEqual((step["result"], step["winner_index"]), ("-inf", 0))

    def test_a_window_without_any_cell(self):
        self.put("x.npy", npy([5.0, 5.0], (1, 2)))
        step = self.trace("x.npy", "--window", "2x1", "--stride", "1", "--padding", "1x0", "--dilation", "2x1", "--step", "0")
        self.assertEqual((step["valid"], step["winner"], step["winner_index"], step["result"]), (0, None, None, "-inf"))

    def test_floats_are_exact(self):
        value = single(0.1)
        self.put("x.npy", npy([value], (1, 1)))
        self.assertTrue(same(self.trace("x.npy", "--window", "1", "--step", "0")["result"], value))

    @answers
    def test_a_window_too_large_to_list(self):
        step = strict_json(self.good("trace", "scene", "--window", "200", "--step", "0"))
        self.assertEqual(step["tap_count"], 40000)
        self.assertLess(len(step["taps"]), 40000)
        self.assertTrue(step["taps"][step["winner"]]["winner"])
        self.assertEqual(number(step["taps"][step["winner"]]["value"]), number(step["result"]))
        huge = strict_json(self.good("trace", "textbook", "--window", "2147483647", "--padding", "1073741823", "--step", "0"))
        self.assertEqual(huge["valid"], 16)

    @answers
    def test_one_sentence_in_both_languages(self):
        for kind in ("max", "average", "stochastic", "stochastic-expectation", "min", "l2", "none"):
            english = self.good("trace", "textbook", "--kind", kind, "--step", "3", "--text")
            chinese = self.good("trace", "textbook", "--kind", kind, "--step", "3", "--text", "--lang", "zh")
            for text in (english, chinese):
                self.assertEqual(text.count("\n"), 1)
                self.assertNotRegex(text, r"[{}]|^[a-z]+\.[a-z]")
            self.assertNotRegex(english, "[\u4e00-\u9fff]")
            self.assertRegex(chinese, "[\u4e00-\u9fff]")
            in_json = strict_json(self.good("trace", "textbook", "--kind", kind, "--step", "3", "--lang=zh"))["narration"]
            self.assertEqual(in_json + "\n", chinese)

    def test_names_that_are_no_utf8(self):
        name = b"x\xff\n\x1b.npy"
        with open(self.folder.encode() + b"/" + name, "wb") as file:
            file.write(npy([1.0], (1, 1)))
        step = strict_json(self.good("trace", name, "--window", "1", "--step", "0"))
        self.assertEqual(step["result"], 1)
        self.assertNotIn("\n", step["input"]["name"])

    def test_places_that_are_not_there(self):
        self.put("x.npy", npy([0.0] * 24, (2, 3, 2, 2)))
        self.refused(2, "trace", "x.npy", "--step", "1", says=("--step", "1", "0 to 0"))
        self.refused(2, "trace", "x.npy", "--step", "0", "--channel", "3", says=("--channel", "0 to 2"))
        self.refused(2, "trace", "x.npy", "--step", "0", "--batch", "2", says=("--batch", "0 to 1"))
        self.refused(2, "trace", "x.npy", "--step", "-1", says="--step")
        self.refused(2, "trace", "x.npy", "--step", "9223372036854775808", says="--step")
        self.refused(2, "trace", "x.npy", "--step", "9223372036854775807", says="--step")
        self.refused(2, "trace", "x.npy", says="--step")
        self.refused(2, "trace", "--step", "0", says="INPUT")
        self.refused(1, "trace", "missing.npy", "--step", "0", says="missing.npy")

    def test_a_full_disk_behind_standard_output(self):
        with open("/dev/full", "wb") as full:
            self.refused(1, "trace", "textbook", "--step", "0", stdout=full)
            self.refused(1, "--help", stdout=full)
            self.refused(1, "--version", stdout=full)


if __name__ == "__main__":
    support.main()
