#!/usr/bin/python3
"""poolscope pool: what it computes, and the files that it writes."""
import json
import math
import os
import random

import support
from support import answers, Pooling, npy, read_npy, read_png, same, single, some

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../shared/golden")


def close(a, b, relative=1e-6, absolute=1e-6):
    return same(a, b) or abs(a - b) <= absolute + relative * abs(b)


class Arrays(support.Case):
    def check(self, values, shape, pooling):
        """Runs the program on an array and compares values, indices and gradient with the definition."""
        four = (1,) * (4 - len(shape)) + tuple(shape)
        out_shape = pooling.forward(values, four)[3]
        gradient = [single(random.uniform(-2, 2)) for _ in range(math.prod(out_shape))]
        outputs, indices, back, _ = pooling.forward(values, four, gradient)
        short = tuple(out_shape[4 - len(shape):])
        self.put("x.npy", npy(values, shape))
        self.put("gy.npy", npy(gradient, short))
        selects = pooling.kind != "average"
        self.good("pool", "x.npy", *pooling.arguments(), "-o", "y.npy", "--grad", "gy.npy", "--grad-out", "gx.npy",
                  *(["--indices", "i.npy"] if selects else []))
        got, got_shape, kind = read_npy(self.read("y.npy"))
        self.assertEqual((got_shape, kind), (short, "<f4"))
        for a, b in zip(got, outputs, strict=True):
            self.assertTrue(same(a, b) if selects else close(a, b), (pooling.arguments(), a, b))
        if selects:
            self.assertEqual(read_npy(self.read("i.npy")), (indices, short, "<i8"))
        got, got_shape, kind = read_npy(self.read("gx.npy"))
        self.assertEqual((got_shape, kind), (tuple(shape), "<f4"))
        for a, b in zip(got, back, strict=True):
            self.assertTrue(close(a, b, 1e-5, 1e-5), (pooling.arguments(), a, b))

    def test_arrays_of_two_three_and_four_dimensions_keep_them(self):
        random.seed(1)
        for shape in [(5, 7), (3, 6, 5), (2, 3, 4, 6), (1, 1, 4, 4), (1, 5, 5)]:
            values = [single(random.uniform(-3, 3)) for _ in range(math.prod(shape))]
            for kind in some(("max", "average", "min", "none"), 4):
                self.check(values, shape, Pooling(kind))

    @answers
    def test_every_setting_means_what_it_says(self):
        random.seed(2)
        values = [float(random.randint(-4, 4)) for _ in range(9 * 8)]  # with many ties
        for pooling in [Pooling("max", (3, 2), (2, 3)), Pooling("max", (3, 3), (1, 1), (1, 1)),
                        Pooling("min", (2, 2), (2, 2), (1, 0), (2, 3)), Pooling("max", (3, 3), (2, 2), (1, 1), ceil=True),
                        Pooling("max", (4, 2), (3, 5), ceil=True), Pooling("average", (3, 3), (2, 2), (1, 1)),
                        Pooling("average", (3, 3), (2, 2), (1, 1), ceil=True),
                        Pooling("average", (3, 3), (2, 2), (1, 1), ceil=True, count_padding=False),
                        Pooling("average", (3, 2), (1, 2), divisor=5), Pooling("average", (2, 2), divisor=-3),
                        Pooling("none", (3, 3)), Pooling("none", (2, 2), (3, 1))]:
            self.check(values, (9, 8), pooling)

    def test_not_a_number_and_infinities(self):
        values = [1.0, math.nan, 2.0, -math.inf, math.inf, 0.0, -math.inf, -math.inf, 3.0, math.nan, math.nan, 4.0] * 2
        for kind in ("max", "min"):
            self.check(values, (4, 6), Pooling(kind))

    @answers
    def test_defaults_are_two_by_two_and_the_stride_of_the_window(self):
        values = [float(i) for i in range(36)]
        self.put("x.npy", npy(values, (6, 6)))
        self.good("pool", "x.npy", "-o", "a.npy")
        self.good("pool", "x.npy", "--kind", "max", "--window", "2", "--stride", "2x2", "-o", "b.npy")
        self.assertEqual(self.read("a.npy"), self.read("b.npy"))
        self.good("pool", "x.npy", "--window", "3x2", "-o", "c.npy")
        self.assertEqual(read_npy(self.read("c.npy"))[0], Pooling("max", (3, 2), (3, 2)).forward(values, (1, 1, 6, 6))[0])
        # 0x2 is no rows and two columns, not a hexadecimal 2.
        self.good("pool", "x.npy", "--window", "4", "--padding", "0x2", "-o", "d.npy")
        self.assertEqual(read_npy(self.read("d.npy"))[1], (1, 2))

    def test_doubles_and_bytes_are_read_too(self):
        for kind, values in (("<f8", [0.1, -0.2, 0.30000000001, 7.0]), ("|u1", [0, 255, 7, 3])):
            self.put("x.npy", npy(values, (2, 2), kind))
            self.good("pool", "x.npy", "-o", "y.npy")
            self.assertEqual(read_npy(self.read("y.npy"))[0], [single(max(values))])

    @answers
    def test_stochastic_pooling_draws_from_the_window_and_repeats_with_its_seed(self):
        random.seed(3)
        values = [single(random.uniform(0, 3)) for _ in range(400)]
        self.put("x.npy", npy(values, (20, 20)))
        seen = set()
        for seed in ("0", "1", "18446744073709551615"):
            for name in ("a.npy", "b.npy"):
                self.good("pool", "x.npy", "--kind", "stochastic", "--seed", seed, "-o", name, "--indices", "i.npy")
            self.assertEqual(self.read("a.npy"), self.read("b.npy"))
            drawn, indices = read_npy(self.read("a.npy"))[0], read_npy(self.read("i.npy"))[0]
            for i, (value, index) in enumerate(zip(drawn, indices, strict=True)):
                y, x = divmod(index, 20)
                self.assertEqual((y // 2, x // 2, values[index]), (*divmod(i, 10), value))
            seen.add(self.read("a.npy"))
        self.assertEqual(len(seen), 3)

    @answers
    def test_expectation_and_l2(self):
        values = [3.0, 4.0, 0.0, 1.0]
        self.put("x.npy", npy(values, (2, 2)))
        for kind, expected in (("stochastic-expectation", 26 / 8), ("l2", math.sqrt(26))):
            self.good("pool", "x.npy", "--kind", kind, "-o", "y.npy")
            self.assertTrue(close(read_npy(self.read("y.npy"))[0][0], expected), kind)

    def test_an_output_may_take_the_place_of_its_input(self):
        self.put("x.npy", npy([1.0, 2.0, 3.0, 4.0], (2, 2)))
        self.good("pool", "x.npy", "-o", "x.npy")
        self.assertEqual(read_npy(self.read("x.npy")), ([4.0], (1, 1), "<f4"))
        self.assertEqual(self.files(), ["x.npy"])


class OtherFormats(support.Case):
    def test_csv_keeps_every_float(self):
        random.seed(4)
        values = [single(random.uniform(-1, 1) * 10.0 ** random.randint(-30, 30)) for _ in range(24)]
        values[3], values[7], values[9] = math.nan, math.inf, -math.inf
        self.put("x.npy", npy(values, (4, 6)))
        self.good("pool", "x.npy", "--window", "1", "-o", "y.csv")
        rows = [[single(float(cell)) for cell in line.split(",")] for line in self.read("y.csv").decode().splitlines()]
        self.assertEqual([len(row) for row in rows], [6] * 4)
        for a, b in zip(sum(rows, []), values, strict=True):
            self.assertTrue(same(a, b), (a, b))
        self.good("pool", "y.csv", "--window", "1", "-o", "z.csv")
        self.assertEqual(self.read("z.csv"), self.read("y.csv"))

    def test_csv_in_is_a_matrix(self):
        self.put("x.csv", "1,2\n3,4\n")
        self.good("pool", "x.csv", "-o", "y.npy")
        self.assertEqual(read_npy(self.read("y.npy")), ([4.0], (1, 1), "<f4"))

    def test_channels_in_csv_are_apart(self):
        self.put("x.npy", npy([float(i) for i in range(8)], (2, 2, 2)))
        self.good("pool", "x.npy", "--window", "1", "-o", "y.csv")
        self.assertEqual(self.read("y.csv").decode().strip().split("\n\n"), ["0,1\n2,3", "4,5\n6,7"])

    def test_a_matrix_as_png_spans_black_to_white(self):
        self.put("x.npy", npy([-1.0, 0.0, 1.0, 3.0, math.inf, math.nan, -math.inf, 1.01], (2, 4)))
        self.good("pool", "x.npy", "--window", "1", "-o", "y.png")
        self.assertEqual(read_png(self.read("y.png")), (4, 2, 1, bytes([0, 64, 128, 255, 255, 0, 0, 128])))
        self.put("x.npy", npy([5.0, 5.0], (1, 2)))
        self.good("pool", "x.npy", "--window", "1", "-o", "y.PNG")
        self.assertEqual(read_png(self.read("y.PNG")), (2, 1, 1, bytes([0, 0])))
        self.put("x.npy", npy([0.0, 1.0, 2.0] * 2, (3, 1, 2)))
        self.good("pool", "x.npy", "--window", "1", "-o", "y.png")
        self.assertEqual(read_png(self.read("y.png"))[2:], (3, bytes([0, 255, 128, 128, 0, 255])))

    def test_pictures_stay_pictures(self):
        for name in ("scene", "digit"):
            self.good("pool", name, "--window", "1", "-o", "a.npy")
            values, shape, _ = read_npy(self.read("a.npy"))
            self.assertEqual(len(shape), 3)
            self.good("pool", name, "--kind", "average", "--window", "2", "-o", "b.png")
            self.good("pool", name, "--kind", "average", "--window", "2", "-o", "b.npy")
            pooled, out_shape, _ = read_npy(self.read("b.npy"))
            width, height, channels, pixels = read_png(self.read("b.png"))
            self.assertEqual((channels, height, width), out_shape)
            planes = [pixels[c::channels] for c in range(channels)]
            self.assertEqual(b"".join(planes), bytes(min(255, math.floor(v + 0.5)) for v in pooled))
            self.assertLessEqual(max(values), 255)

    def test_more_than_white_is_white(self):
        self.good("pool", "scene", "--kind", "l2", "--window", "4", "-o", "y.png")
        self.assertIn(255, read_png(self.read("y.png"))[3])

    def test_a_picture_file_can_be_pooled_again(self):
        self.good("pool", "scene", "--window", "1", "-o", "a.png")
        self.good("pool", "a.png", "--window", "1", "-o", "b.png")
        self.assertEqual(self.read("a.png"), self.read("b.png"))
        self.good("pool", "a.png", "-o", "a.npy")
        self.good("pool", "b.png", "-o", "b.npy")
        self.assertEqual(read_npy(self.read("a.npy"))[1][0], 3)

    def test_shapes_that_a_png_cannot_hold(self):
        self.put("two.npy", npy([0.0] * 8, (2, 2, 2)))
        self.put("batch.npy", npy([0.0] * 8, (2, 1, 2, 2)))
        for name in ("two.npy", "batch.npy"):
            self.refused(2, "pool", name, "-o", "y.png", says=("y.png", "PNG", "1 × 1"))
        self.assertEqual(self.files(), ["batch.npy", "two.npy"])

    def test_built_in_inputs_and_files_of_the_same_name(self):
        self.good("pool", "textbook", "-o", "y.csv")
        self.assertEqual(self.read("y.csv"), b"2,3\n4,2\n")
        os.mkdir(self.path("textbook"))
        self.refused(1, "pool", "textbook", "-o", "z.csv", says="textbook")
        os.rmdir(self.path("textbook"))
        os.symlink("nowhere", self.path("textbook"))
        self.refused(1, "pool", "textbook", "-o", "z.csv", says="textbook")


class Golden(support.Case):
    """PyTorch's answers, through the command line."""

    def test_golden_cases(self):
        if not os.path.isdir(GOLDEN):
            self.skipTest("../shared/golden is not there")
        tried = 0
        for name in sorted(os.listdir(GOLDEN)):
            folder = os.path.join(GOLDEN, name)
            if not os.path.exists(os.path.join(folder, "meta.json")):
                continue
            with open(os.path.join(folder, "meta.json"), encoding="utf-8") as file:
                meta = json.load(file)
            # A few of each are enough here: the engine's own tests take them all.
            if meta["op"] not in ("max", "avg") or int(name[-3:]) % 4 != 0:
                continue
            tried += 1
            given = meta["params"]
            pooling = Pooling("max" if meta["op"] == "max" else "average", given["kernel"], given["stride"], given["padding"],
                              given.get("dilation", (1, 1)), given["ceil_mode"], given.get("count_include_pad", True),
                              given.get("divisor_override"))
            files = {stem: os.path.join(folder, stem + ".npy") for stem in ("x", "y", "gy", "gx", "idx")}
            has_indices = os.path.exists(files["idx"])
            self.good("pool", files["x"], *pooling.arguments(), "-o", "y.npy", "--grad", files["gy"], "--grad-out", "gx.npy",
                      *(["--indices", "idx.npy"] if has_indices else []))
            for stem, relative, absolute in (("y", meta["rtol"], meta["atol"]),
                                             ("gx", meta["grad_rtol"], meta["grad_atol"])):
                with open(files[stem], "rb") as file:
                    expected, shape, _ = read_npy(file.read())
                got, got_shape, _ = read_npy(self.read(stem + ".npy"))
                self.assertEqual(got_shape, shape, name)
                bad = [(a, b) for a, b in zip(got, expected, strict=True) if not close(a, b, relative, absolute)]
                self.assertFalse(bad[:3], (name, stem))
            if has_indices:
                with open(files["idx"], "rb") as file:
                    self.assertEqual(read_npy(self.read("idx.npy")), read_npy(file.read()), name)
        self.assertGreater(tried, 10)


class Dialects(support.Case):
    """The same words in every framework's rules: 1 to 16 in 4 x 4, from ../shared/reference/pooling.md, section 4."""

    def pooled(self, *arguments):
        self.put("x.csv", "\n".join(",".join(str(4 * row + column + 1) for column in range(4)) for row in range(4)))
        self.good("pool", "x.csv", *arguments, "-o", "y.csv")
        return [[float(cell) for cell in line.split(",")] for line in self.read("y.csv").decode().split()]

    def expect(self, arguments, rows):
        got = self.pooled(*arguments)
        self.assertEqual([len(row) for row in got], [len(row) for row in rows], arguments)
        for a, b in zip(sum(got, []), sum(rows, []), strict=True):
            self.assertAlmostEqual(a, b, 4, arguments)

    @answers
    def test_averages(self):
        base = ["--kind", "average", "--window", "3", "--stride", "2", "--padding", "1", "--ceil"]
        framed = [[1.5556, 3.3333, 2], [6.3333, 11, 6], [4.5, 7.5, 4]]
        whole = [[1.5556, 3.3333, 1.3333], [6.3333, 11, 4], [3, 5, 1.7778]]
        valid = [[3.5, 5, 6], [9.5, 11, 12], [13.5, 15, 16]]
        self.expect(base, framed)
        self.expect(base + ["--exclude-padding"], valid)
        self.expect(base + ["--dialect", "onnx"], valid)
        self.expect(base + ["--dialect", "onnx", "--include-padding"], framed)
        self.expect(base + ["--dialect", "onnx", "--include-padding", "--opset", "18"], whole)
        self.expect(base + ["--dialect", "caffe"], framed)

    @answers
    def test_sizes(self):
        self.expect(["--window", "3", "--stride", "2", "--dialect", "keras-valid"], [[11]])
        self.expect(["--window", "3", "--stride", "2", "--dialect", "keras-same"], [[11, 12], [15, 16]])
        self.expect(["--window", "3", "--stride", "2", "--dialect", "onnx", "--auto-pad", "same-lower"],
                    [[6, 8], [14, 16]])
        self.expect(["--window", "2", "--dialect", "onnx", "--pads", "1,0,0,1"], [[2, 4], [10, 12]])

    def test_kinds_with_parameters(self):
        self.expect(["--kind", "lp", "--norm", "1"], [[14, 22], [46, 54]])
        self.expect(["--kind", "lp", "--norm", "1", "--normalise", "mean"], [[3.5, 5.5], [11.5, 13.5]])
        self.expect(["--kind", "log-sum-exp", "--sharpness", "0"], [[3.5, 5.5], [11.5, 13.5]])
        self.expect(["--kind", "mixed", "--mix", "0.5"], [[4.75, 6.75], [12.75, 14.75]])
        self.expect(["--kind", "adaptive-max", "--output-size", "3x2"], [[6, 8], [10, 12], [14, 16]])
        self.expect(["--kind", "global-average"], [[8.5]])
        self.expect(["--kind", "none"], [[1, 3], [9, 11]])

    def test_refusals(self):
        self.put("x.csv", "1,2\n3,4\n")
        for option, value in (("--norm", "0"), ("--norm", "x"), ("--sharpness", "-1"), ("--mix", "1.01"), ("--mix", "nan"),
                              ("--taps", "8"), ("--taps", "2.5"), ("--normalise", "max"), ("--dialect", "torch"),
                              ("--output-size", "0"), ("--pads", "1,1,1,1"), ("--opset", "12"), ("--auto-pad", "valid")):
            self.refused(2, "pool", "x.csv", option, value, "-o", "y.csv", says=option)
        for value in ("1,2,3", "1,2,3,4,5", "1,2,,4", "-1,0,0,0", "a,b,c,d", ""):
            self.refused(2, "pool", "x.csv", "--dialect", "onnx", f"--pads={value}", "-o", "y.csv", says="--pads")
        self.refused(2, "pool", "x.csv", "--include-padding", "--exclude-padding", "-o", "y.csv", says="--include-padding")
        self.assertEqual(self.files(), ["x.csv"])


if __name__ == "__main__":
    support.main()
