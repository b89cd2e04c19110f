"""What the tests of the command line share: running the program, NumPy files, PNG files, and a second opinion.

Everything here is written from the formats' descriptions and pooling's definition with Python's standard library alone,
so that it cannot repeat a mistake of the program.
"""
import ast
import functools
import math
import os
import shutil
import struct
import subprocess
import tempfile
import unittest
import zlib

PROGRAM = os.environ.get("POOLSCOPE", "build/release/poolscope")


class Case(unittest.TestCase):
    """A test with an empty folder of its own, which is where the program runs."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="poolscope-cli-")
        self.addCleanup(shutil.rmtree, self.folder, True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def put(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return self.path(name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def files(self):
        return sorted(os.listdir(self.folder))

    def run_program(self, *arguments, env=None, program=None, **more):
        """The finished process; output as bytes. A hang ends the test."""
        environment = {k: v for k, v in os.environ.items() if k not in ("LC_ALL", "LC_MESSAGES", "LANG")}
        environment.update(env or {})
        more.setdefault("stdout", subprocess.PIPE)
        return subprocess.run([os.path.abspath(program or PROGRAM), *arguments], cwd=self.folder, env=environment,
                              stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=120, check=False, **more)

    def good(self, *arguments, **more):
        """Runs; nothing may be complained about. Returns standard output as text."""
        done = self.run_program(*arguments, **more)
        self.assertEqual((done.returncode, done.stderr.decode()), (0, ""), arguments)
        return done.stdout.decode() if done.stdout is not None else None

    def refused(self, status, *arguments, says=(), **more):
        """Runs; the exit status must be `status`, with one line on standard error that holds all of `says`."""
        done = self.run_program(*arguments, **more)
        line = done.stderr.decode()
        self.assertEqual(done.returncode, status, (arguments, line))
        self.assertFalse(done.stdout, arguments)
        self.assertTrue(line.startswith("poolscope: "), line)
        self.assertEqual(line.count("\n"), 1, line)
        self.assertTrue(line.endswith("\n"), line)
        # A key without its text, and a placeholder without its value.
        self.assertNotRegex(line, r"poolscope: [a-z]+\.[a-z_.-]+\n|\{@?[a-z_-]+\}")
        for word in [says] if isinstance(says, str) else says:
            self.assertIn(word, line, arguments)
        return line


@functools.cache
def instrumented():
    """Whether the program is a sanitizer's build, which takes ten times as long for everything."""
    with open(PROGRAM, "rb") as file:
        return b"__asan_init" in file.read()


def some(cases, every=8):
    """All cases; for an instrumented program every eighth: it is asked for errors of memory, not once more for answers."""
    return list(cases)[::every if instrumented() else 1]


def answers(test):
    """A test of what is computed and not of how: not asked of an instrumented program, which takes ten times as long."""
    @functools.wraps(test)
    def run(case):
        if instrumented():
            case.skipTest("asked of the release build")
        test(case)
    return run


def strace(case, inject, *arguments):
    """Runs the program under strace with a fault planted in every thread; skips the test where strace cannot."""
    if not shutil.which("strace"):
        case.skipTest("strace is not installed")
    if instrumented():
        case.skipTest("AddressSanitizer makes system calls of its own")
    done = subprocess.run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"inject={inject}", PROGRAM, *arguments],
                          cwd=case.folder, capture_output=True, timeout=120, check=False)
    if b"PTRACE" in done.stderr or b"ptrace" in done.stderr:
        case.skipTest("strace may not trace here")
    return done


def main(program_of=None):
    """For each test file: `test_x.py PROGRAM [unittest's arguments]`."""
    import sys
    global PROGRAM
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        PROGRAM = sys.argv.pop(1)
    PROGRAM = os.path.abspath(PROGRAM)
    unittest.main(module="__main__")


# float32

def single(value):
    """The nearest float32, as a Python number."""
    try:
        return struct.unpack("<f", struct.pack("<f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


def same(a, b):
    return a == b or (math.isnan(a) and math.isnan(b))


# NumPy's format, version 1.0

def npy(values, shape, kind="<f4"):
    letter = {"<f4": "f", "<f8": "d", "|u1": "B", "<i8": "q"}[kind]
    header = str({"descr": kind, "fortran_order": False, "shape": tuple(shape)})
    header += " " * (-(10 + len(header) + 1) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack(f"<{len(values)}{letter}", *values)


def read_npy(content):
    """(values, shape, kind)"""
    assert content[:8] == b"\x93NUMPY\x01\x00", content[:8]
    size = struct.unpack("<H", content[8:10])[0]
    assert (10 + size) % 64 == 0
    header = ast.literal_eval(content[10:10 + size].decode())
    assert header["fortran_order"] is False
    count = math.prod(header["shape"])
    letter = {"<f4": "f", "<i8": "q"}[header["descr"]]
    return list(struct.unpack(f"<{count}{letter}", content[10 + size:])), header["shape"], header["descr"]


# PNG

def read_png(content):
    """(width, height, channels, bytes) of an 8-bit grey, RGB or RGBA picture that is not interlaced."""
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    at, packed, kinds = 8, b"", []
    while at < len(content):
        size, kind = struct.unpack(">I4s", content[at:at + 8])
        data = content[at + 8:at + 8 + size]
        assert struct.unpack(">I", content[at + 8 + size:at + 12 + size])[0] == zlib.crc32(kind + data)
        kinds.append(kind)
        if kind == b"IHDR":
            width, height, depth, colour, compression, filters, interlaced = struct.unpack(">IIBBBBB", data)
        if kind == b"IDAT":
            packed += data
        at += 12 + size
    assert kinds[0] == b"IHDR" and kinds[-1] == b"IEND" and (depth, compression, filters, interlaced) == (8, 0, 0, 0)
    channels = {0: 1, 2: 3, 6: 4}[colour]
    raw, row = zlib.decompress(packed), width * channels
    assert len(raw) == (row + 1) * height
    out, above = bytearray(), bytearray(row)
    for y in range(height):
        kind, line = raw[y * (row + 1)], bytearray(raw[y * (row + 1) + 1:(y + 1) * (row + 1)])
        for i in range(row):
            left, up = line[i - channels] if i >= channels else 0, above[i]
            corner = above[i - channels] if i >= channels else 0
            if kind == 4:
                guess = left + up - corner
                distance = [abs(guess - left), abs(guess - up), abs(guess - corner)]
                predicted = (left, up, corner)[distance.index(min(distance))]
            else:
                predicted = (0, left, up, (left + up) // 2)[kind]
            line[i] = (line[i] + predicted) & 255
        out += line
        above = line
    return width, height, channels, bytes(out)


# Pooling, straight from its definition

class Pooling:
    """Settings as on the command line; pairs are (height, width)."""

    def __init__(self, kind="max", window=(2, 2), stride=None, padding=(0, 0), dilation=(1, 1), ceil=False,
                 count_padding=True, divisor=None):
        self.kind, self.window, self.stride = kind, window, stride or window
        self.padding, self.dilation, self.ceil = padding, dilation, ceil
        self.count_padding, self.divisor = count_padding, divisor

    def arguments(self):
        pairs = {"--window": self.window, "--stride": self.stride, "--padding": self.padding, "--dilation": self.dilation}
        out = ["--kind", self.kind] + [word for name, (h, w) in pairs.items() for word in (name, f"{h}x{w}")]
        out += ["--ceil"] if self.ceil else []
        out += [] if self.count_padding else ["--exclude-padding"]
        return out + (["--divisor", str(self.divisor)] if self.divisor is not None else [])

    def output_side(self, side, axis):
        window, stride, padding, dilation = self.window[axis], self.stride[axis], self.padding[axis], self.dilation[axis]
        if self.kind == "none":
            window = dilation = 1
        room = side + 2 * padding - dilation * (window - 1) - 1
        if not self.ceil:
            return room // stride + 1
        count = -(-room // stride) + 1
        return count - 1 if (count - 1) * stride >= side + padding else count

    def cells(self, o, p, height, width):
        """The cells of a window inside the input, in row order."""
        wh, ww = (1, 1) if self.kind == "none" else self.window
        rows = [o * self.stride[0] - self.padding[0] + a * self.dilation[0] for a in range(wh)]
        columns = [p * self.stride[1] - self.padding[1] + b * self.dilation[1] for b in range(ww)]
        return [(y, x) for y in rows for x in columns if 0 <= y < height and 0 <= x < width]

    def divisor_of(self, o, p, height, width, valid):
        if self.divisor is not None:
            return self.divisor
        if not self.count_padding:
            return valid
        y, x = o * self.stride[0] - self.padding[0], p * self.stride[1] - self.padding[1]
        return ((min(y + self.window[0], height + self.padding[0]) - y)
                * (min(x + self.window[1], width + self.padding[1]) - x))

    def plane(self, values, height, width, gradient=None):
        """(outputs, indices, gradient of the input) of one plane, which is a list in row order."""
        outputs, indices, back = [], [], [0.0] * (height * width)
        for o in range(self.output_side(height, 0)):
            for p in range(self.output_side(width, 1)):
                cells = self.cells(o, p, height, width)
                g = gradient[len(outputs)] if gradient else 0.0
                if self.kind == "average":
                    divisor = self.divisor_of(o, p, height, width, len(cells))
                    outputs.append(sum(values[y * width + x] for y, x in cells) / divisor)
                    for y, x in cells:
                        back[y * width + x] += g / divisor
                    continue
                best = -1
                for y, x in cells:
                    value = values[y * width + x]
                    better = best < 0 or (value > values[best] if self.kind == "max" else value < values[best])
                    if best < 0 or better or math.isnan(value):
                        best = y * width + x
                outputs.append(values[best])
                indices.append(best)
                back[best] += g
        return outputs, indices, back

    def forward(self, values, shape, gradient=None):
        """The same for every plane of (n, c, h, w): (outputs, indices, gradient, shape of the output)."""
        n, c, h, w = shape
        out_shape = (n, c, self.output_side(h, 0), self.output_side(w, 1))
        size, out_size = h * w, out_shape[2] * out_shape[3]
        all_outputs, all_indices, all_back = [], [], []
        for plane in range(n * c):
            part = gradient[plane * out_size:(plane + 1) * out_size] if gradient else None
            outputs, indices, back = self.plane(values[plane * size:(plane + 1) * size], h, w, part)
            all_outputs += outputs
            all_indices += indices
            all_back += back
        return all_outputs, all_indices, all_back, out_shape
