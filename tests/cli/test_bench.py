"""poolscope bench: what it prints, in what units, and what it refuses. How fast it is, is not tested."""
import json

import support


class Bench(support.Case):
    SMALL = ("--shape", "1x2x28x30", "--threads", "1")

    def test_json_has_all_fields_and_they_agree(self):
        for op, expected in (("max-fwd", 4), ("max-idx", 12), ("avg-fwd", 4), ("avg-bwd", 4), ("max-bwd", 12)):
            got = json.loads(self.good("bench", "--op", op, *self.SMALL, "--json"))
            self.assertEqual(got["op"], op)
            self.assertEqual(got["shape"], [1, 2, 28, 30])
            self.assertEqual(got["output_shape"], [1, 2, 14, 15])
            self.assertEqual(got["threads"], 1)
            inputs = 2 * 28 * 30 * 4
            self.assertEqual(got["bytes"], inputs + 2 * 14 * 15 * expected)
            self.assertGreaterEqual(got["repetitions"], 5)
            self.assertGreater(got["minimum_us"], 0)
            self.assertLessEqual(got["minimum_us"], got["median_us"])
            self.assertLessEqual(got["copy_minimum_us"], got["copy_median_us"])
            self.assertAlmostEqual(got["gb_per_s"], got["bytes"] / got["minimum_us"] / 1000, places=6)

    def test_text_in_both_languages(self):
        self.assertIn("GB/s", self.good("bench", *self.SMALL))
        self.assertIn("中位数", self.good("bench", *self.SMALL, "--lang", "zh"))

    def test_pool_options_shape_the_output(self):
        got = json.loads(self.good("bench", *self.SMALL, "--window", "3", "--stride", "1", "--padding", "1", "--json"))
        self.assertEqual(got["output_shape"], [1, 2, 28, 30])

    def test_refusals(self):
        self.refused(2, "bench", "--op", "min-fwd", says=("--op", "min-fwd", "max-fwd"))
        for shape in ("28x28", "1x1x0x4", "1x1x1x", "1x1x1x1x1", "ax1x1x1", "", "1x1x1x-1", "65536x65536x65536x1"):
            self.refused(2, "bench", "--shape", shape, says=("--shape", "1x3x2160x3840"))
        self.refused(2, "bench", "--threads", "0", says=("--threads", "0"))
        self.refused(2, "bench", "--kind", "max", says=("--kind",))
        self.refused(2, "bench", "--shape", "1x1x2x2", "--window", "3", says=("3", "2"))


if __name__ == "__main__":
    support.main()
