"""poolscope shift: its files against a plain loop, its textbook example, its refusals."""
import json
import math
import random

import support

HEIGHT, WIDTH = 12, 14


def pooled(x, kind, k, s):
    """(values, winners) of a list of rows; winners as (row, column)."""
    values, winners = [], []
    k = 1 if kind == "none" else k  # every s-th cell, whatever the window
    for i in range(0, len(x) - k + 1, s):
        values.append([])
        winners.append([])
        for j in range(0, len(x[0]) - k + 1, s):
            cells = [(x[i + a][j + b], (i + a, j + b)) for a in range(k) for b in range(k)]
            if kind == "average":
                values[-1].append(support.single(sum(v for v, _ in cells) / k / k))
                winners[-1].append(None)
            else:
                best = max(v for v, _ in cells)
                values[-1].append(best)
                winners[-1].append(next(at for v, at in cells if v == best))
    return values, winners


def moved(x, edges, margin, dy, dx):
    top = margin if edges == "reveal" else 0
    height, width = len(x) - 2 * top, len(x[0]) - 2 * top

    def at(i, j):
        if edges == "reveal":
            return x[i + top][j + top]
        if edges == "wrap":
            return x[i % height][j % width]
        if edges == "zero":
            return x[i][j] if 0 <= i < height and 0 <= j < width else 0
        return x[min(max(i, 0), height - 1)][min(max(j, 0), width - 1)]
    return [[at(i - dy, j - dx) for j in range(width)] for i in range(height)]


def measured(x, edges, margin, dy, dx, kind, k, s):
    still, after = moved(x, edges, margin, 0, 0), moved(x, edges, margin, dy, dx)
    a, b = pooled(still, kind, k, s), pooled(after, kind, k, s)
    cells = [(i, j) for i in range(len(a[0])) for j in range(len(a[0][0]))]
    norm = sum(a[0][i][j] ** 2 for i, j in cells)
    expected = {"unchanged": sum(a[0][i][j] == b[0][i][j] for i, j in cells) / len(cells),
                "relative_change": math.sqrt(sum((a[0][i][j] - b[0][i][j]) ** 2 for i, j in cells) / norm)}
    if kind != "average":
        kept = 0
        for i, j in cells:
            (p, q), (r, t) = a[1][i][j], b[1][i][j]
            r, t = r - dy, t - dx
            if edges == "wrap":
                r, t = r % len(still), t % len(still[0])
            kept += (p, q) == (r, t)
        expected["winners_kept"] = kept / len(cells)
    return expected


class Shift(support.Case):
    def matrix(self, seed=1, height=HEIGHT, width=WIDTH):
        chance = random.Random(seed)
        return [[chance.randrange(6) for _ in range(width)] for _ in range(height)]

    def put_npy(self, name, x):
        return self.put(name, support.npy([v for row in x for v in row], (len(x), len(x[0]))))

    def test_json_is_what_a_plain_loop_measures(self):
        x = self.matrix()
        self.put_npy("x.npy", x)
        for edges in ("reveal", "wrap", "zero", "replicate"):
            for k, s in ((2, 2), (3, 3), (3, 2)):
                self.assertEqual(self.good("shift", "x.npy", "--range", "3", "--kinds", "max,average,none", "--window", str(k),
                                           "--stride", str(s), "--edges", edges, "-o", "s.json"), "")
                got = json.loads(self.read("s.json"))
                self.assertEqual(list(got), ["max", "average", "none"])
                self.assertNotIn("winners_kept", got["average"])
                for kind, measures in got.items():
                    for name, rows in measures.items():
                        self.assertEqual([len(row) for row in rows], [7] * 7, (kind, name))
                    for dy in range(-3, 4):
                        for dx in range(-3, 4):
                            for name, value in measured(x, edges, 3, dy, dx, kind, k, s).items():
                                self.assertAlmostEqual(measures[name][dy + 3][dx + 3], value, 6, (edges, k, s, kind, name, dy, dx))
                            error = measures["equivariance_error"][dy + 3][dx + 3]
                            self.assertEqual(error is None, dy % s != 0 or dx % s != 0)

    def test_textbook(self):
        self.good("shift", "shift6", "--window", "3", "--range", "2", "--edges", "reveal", "--kinds", "max", "-o", "s.json")
        got = json.loads(self.read("s.json"))["max"]
        self.assertEqual(got["unchanged"][2][2:4], [1, 1])
        self.assertEqual(got["winners_kept"][2][3], 1)
        self.assertLess(got["unchanged"][2][4], 1)
        self.good("shift", "line8", "--window", "1x2", "--range", "1", "--kind", "max", "-o", "line.json")
        got = json.loads(self.read("line.json"))
        self.assertEqual(list(got), ["max"])
        self.assertEqual(got["max"]["unchanged"][1], [0.5, 1, 0.5])

    def test_defaults_reveal_where_there_is_room_and_wrap_where_there_is_not(self):
        large, small = self.matrix(2, 30, 30), self.matrix(3, 6, 6)
        self.put_npy("large.npy", large)
        self.put_npy("small.npy", small)
        for name, edges in (("large", "reveal"), ("small", "wrap")):
            self.good("shift", name + ".npy", "-o", "a.csv")
            self.good("shift", name + ".npy", "--edges", edges, "--range", "8", "--kinds", "max,average,none", "-o", "b.csv")
            self.assertEqual(self.read("a.csv"), self.read("b.csv"))
        self.assertEqual(len(self.read("a.csv").splitlines()), 1 + 3 * 17 * 17)

    def test_csv_and_png_hold_the_same_numbers(self):
        self.put_npy("x.npy", self.matrix(4))
        arguments = ("shift", "x.npy", "--range", "2", "--kinds", "max,average", "--edges", "wrap")
        for ending in ("json", "csv", "png"):
            self.good(*arguments, "-o", "s." + ending)
        got = json.loads(self.read("s.json"))
        lines = self.read("s.csv").decode().splitlines()
        self.assertEqual(lines[0], "kind,dy,dx,unchanged,relative_change,winners_kept,equivariance_error")
        for line in lines[1:]:
            kind, dy, dx, *values = line.split(",")
            for name, value in zip(lines[0].split(",")[3:], values):
                number = got[kind].get(name, [[None] * 5] * 5)[int(dy) + 2][int(dx) + 2]
                self.assertEqual(number, float(value) if value else None)
        width, height, channels, pixels = support.read_png(self.read("s.png"))
        cell = 272 // 5
        self.assertEqual((width, height, channels), (16 + 2 * (5 * cell + 16), 16 + 3 * (5 * cell + 16), 3))

        def pixel(x, y):
            return tuple(pixels[3 * (y * width + x):][:3])
        middle = 16 + 2 * cell + cell // 2
        self.assertEqual(pixel(middle, middle), (253, 231, 37), "all unchanged: the bright end of the colours")
        self.assertEqual(pixel(middle + 5 * cell + 16, middle + 2 * (5 * cell + 16)), (224, 224, 224), "averages have no winners")

    def test_refusals(self):
        self.put_npy("x.npy", self.matrix())
        self.refused(2, "shift", "x.npy", says=("-o OUT", ".json"))
        self.refused(2, "shift", "x.npy", "-o", "s.npy", says=("--output", "s.npy", ".csv"))
        self.refused(2, "shift", "-o", "s.json", says=("INPUT",))
        for value in ("-1", "65", "x", ""):
            self.refused(2, "shift", "x.npy", "--range", value, "-o", "s.json", says=("--range", "64"))
        self.refused(2, "shift", "x.npy", "--kinds", "max,best", "-o", "s.json", says=("--kinds", "best", "average"))
        self.refused(2, "shift", "x.npy", "--edges", "mirror", "-o", "s.json", says=("--edges", "mirror", "replicate"))
        self.refused(2, "shift", "x.npy", "--edges", "reveal", "--range", "6", "-o", "s.json", says=("reveal", "12", "14", "5"))
        self.refused(2, "shift", "x.npy", "--kinds", "stochastic", "--padding", "1", "-o", "s.json", says=("Stochastic", "padding 1"))
        self.refused(2, "shift", "x.npy", "--window", "20", "-o", "s.json")
        self.refused(1, "shift", "none.npy", "-o", "s.json", says=("none.npy",))
        self.refused(1, "shift", "x.npy", "-o", "nowhere/s.json", says=("nowhere",))
        self.assertEqual(self.files(), ["x.npy"])


if __name__ == "__main__":
    support.main()
