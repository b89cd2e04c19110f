#!/usr/bin/python3
"""poolscope render: films and stills, the same every time, whole or not at all."""
import os
import signal
import struct
import subprocess
import time
import unittest

import support
from support import answers, read_png

SMALL = ("--size", "480x320", "--fps", "5", "--seconds", "1")


def read_gif(content):
    """(width, height, [(left, top, width, height, delay)], comment) of a GIF89a; the pictures themselves are decoded in
    tests/export."""
    assert content[:6] == b"GIF89a", content[:6]
    width, height, flags = struct.unpack("<HHB", content[6:11])
    at = 13 + (3 << (flags & 7) + 1 if flags & 128 else 0)
    pictures, comment, delay = [], b"", 0

    def blocks():
        nonlocal at
        data = b""
        while content[at]:
            data += content[at + 1:at + 1 + content[at]]
            at += 1 + content[at]
        at += 1
        return data

    while content[at] != 0x3B:
        kind = content[at]
        if kind == 0x21:
            label = content[at + 1]
            at += 2
            data = blocks()
            if label == 0xF9:
                delay = struct.unpack("<H", data[1:3])[0]
            if label == 0xFE:
                comment += data
        else:
            assert kind == 0x2C, hex(kind)
            box, local = struct.unpack("<HHHH", content[at + 1:at + 9]), content[at + 9]
            at += 10 + (3 << (local & 7) + 1 if local & 128 else 0) + 1
            blocks()
            pictures.append((*box, delay))
    assert at == len(content) - 1
    return width, height, pictures, comment.decode()


class Render(support.Case):
    def test_a_gif(self):
        self.good("render", "textbook", *SMALL, "-o", "a.gif")
        width, height, pictures, comment = read_gif(self.read("a.gif"))
        self.assertEqual((width, height, len(pictures)), (480, 320, 5))
        self.assertEqual([picture[4] for picture in pictures], [20, 20, 20, 20, 170])
        self.assertEqual(comment, "Max · window 2 × 2, stride 2 · Textbook 4 × 4 · 4 × 4 → 2 × 2")
        self.assertEqual(pictures[0][:4], (0, 0, 480, 320))
        self.assertLess(max(picture[3] for picture in pictures[1:]), 320)  # what does not change is not written again

    def test_a_webp(self):
        self.good("render", "shift6", "--kind", "average", *SMALL, "-o", "a.webp", "--lang", "zh", "--theme", "night")
        content = self.read("a.webp")
        self.assertEqual((content[:4], content[8:16]), (b"RIFF", b"WEBPVP8X"))
        width, height = (int.from_bytes(content[24 + i:27 + i], "little") + 1 for i in (0, 3))
        self.assertEqual((width, height), (480, 320))
        self.assertIn(b"VP8L", content)
        self.assertNotIn(b"VP8 ", content)  # nothing is lossy
        self.assertIn("窗口 2 × 2".encode(), content)

    def test_pictures_and_a_still(self):
        self.good("render", "textbook", *SMALL, "--frames", "-o", "p.png")
        self.assertEqual(self.files(), [f"p-000{i}.png" for i in range(1, 6)])
        pictures = [read_png_with_text(self.read(name)) for name in self.files()]
        self.assertEqual({picture[:3] for picture in pictures}, {(480, 320, 3)})
        self.assertEqual(len({picture[3] for picture in pictures}), 5)
        self.good("render", "textbook", "--size", "480x320", "-o", "still.png")
        self.assertEqual(read_png_with_text(self.read("still.png"))[3], pictures[-1][3])

    @answers
    def test_the_same_every_time(self):
        for name in ("a.gif", "a.webp", "a.png"):
            for kind, more in (("max", ()), ("stochastic", ("--panels", "--scale", "1.25"))):
                self.good("render", "digit", "--kind", kind, *more, *SMALL, "-o", name)
                first = self.read(name)
                self.good("render", "digit", "--kind", kind, *more, *SMALL, "-o", name)
                self.assertEqual(self.read(name), first, (name, kind))

    def test_every_lab(self):
        labs = self.refused(2, "render", "--lab", "x", "-o", "a.gif", says="--lab").split("allowed are ")[1].rstrip(".\n")
        seen = set()
        for lab in labs.split(", "):
            self.good("render", "shift6", "--lab", lab, *SMALL, "-o", "lab.gif")
            content = self.read("lab.gif")
            self.assertEqual(len(read_gif(content)[2]), 5, lab)
            seen.add(content)
        self.assertEqual(len(seen), len(labs.split(", ")))

    @answers
    def test_steps(self):
        self.good("render", "textbook", "--size", "480x320", "--to", "1", "-o", "one.png")
        self.good("render", "textbook", "--size", "480x320", "--from", "1", "--to", "1", "-o", "same.png")
        self.good("render", "textbook", "--size", "480x320", "--to", "2", "-o", "two.png")
        self.assertEqual(self.read("one.png"), self.read("same.png"))
        self.assertNotEqual(self.read("one.png"), self.read("two.png"))
        self.refused(2, "render", "textbook", "--to", "4", "-o", "a.gif", says=("--to", "0 to 3"))
        self.refused(2, "render", "textbook", "--from", "9", "-o", "a.gif", says=("--from", "0 to 3"))
        self.refused(2, "render", "textbook", "--from", "2", "--to", "1", "-o", "a.gif", says=("--to", "--from"))

    def test_refusals(self):
        self.refused(2, "render", says="-o OUT")
        for output in ("a.jpg", "a", "gif"):
            self.refused(2, "render", "-o", output, says=(output, ".webp"))
        self.refused(2, "render", "-o", "a.gif", "--frames", says=("--frames", ".png"))
        for option, value in (("--fps", "0"), ("--fps", "51"), ("--fps", "x"), ("--seconds", "0"), ("--seconds", "601"),
                              ("--size", "100x100"), ("--size", "600"), ("--from", "-1"), ("--to", "x")):
            self.refused(2, "render", "-o", "a.gif", option, value, says=(option, value))
        self.refused(2, "render", "-o", "a.gif", "--fps", "50", "--seconds", "600", says=("30000", "5000"))
        self.refused(2, "render", "-o", "a.webp", "--size", "16384x400", says=("16384", "16383"))
        self.refused(2, "render", "--padding", "9", "-o", "a.gif", says="padding")
        self.refused(1, "render", "absent.npy", "-o", "a.gif", says="absent.npy")
        self.refused(1, "render", *SMALL, "-o", "no/a.gif", says="no/a.gif")
        self.assertEqual(self.files(), [])
        chinese = self.refused(2, "render", "-o", "a.jpg", "--lang", "zh", says="a.jpg")
        self.assertIn("必须", chinese)

    def test_ctrl_c_leaves_everything_as_it_was(self):
        self.put("a.gif", b"old")
        process = subprocess.Popen([os.path.abspath(support.PROGRAM), "render", "scene", "--seconds", "100", "--fps", "50",
                                    "--size", "1280x720", "-o", "a.gif"], cwd=self.folder, stderr=subprocess.PIPE)
        time.sleep(1)  # any moment will do, before its 5000 pictures are done
        process.send_signal(signal.SIGINT)
        line = process.communicate(timeout=120)[1].decode()
        self.assertIn(process.returncode, (130, -signal.SIGINT), line)  # the latter: before it listened
        self.assertEqual(self.read("a.gif"), b"old")
        self.assertEqual(self.files(), ["a.gif"])


def read_png_with_text(content):
    """As support.read_png, which knows no text; the text must be the caption."""
    at = content.index(b"iTXt") - 4
    size = struct.unpack(">I", content[at:at + 4])[0]
    assert content[at + 8:at + 8 + size].startswith(b"Description\0\0\0\0\0"), content[at:at + 40]
    assert "window 2 × 2".encode() in content[at:at + size]
    return read_png(content)


class Writing(support.Case):
    """Full disks and kills at every step of writing: the old file or the new one, whole."""
    FILM = ("render", "textbook", "--size", "320x320", "--fps", "2", "--seconds", "1")

    def setUp(self):
        super().setUp()
        os.environ["MESA_SHADER_CACHE_DISABLE"] = "true"  # the driver writes, too

    def outputs(self):
        return {"a.gif": (), "a.webp": (), "a.png": (), "p.png": ("--frames",)}.items()

    def written(self, output, more):
        """What a good run writes, by name."""
        before = set(self.files())
        self.good(*self.FILM, *more, "-o", output)
        made = {name: self.read(name) for name in self.files() if name not in before}
        for name in made:
            os.remove(self.path(name))
        return made

    def test_an_existing_file_is_replaced(self):
        self.put("a.gif", b"old")
        self.good(*self.FILM, "-o", "a.gif")
        self.assertEqual(self.read("a.gif")[:6], b"GIF89a")
        self.assertEqual(self.files(), ["a.gif"])

    def test_killed_at_every_step_of_writing(self):
        for output, more in (("a.gif", ()), ("p.png", ("--frames",))):
            new = self.written(output, more)
            killed = 0
            for call in ("write", "fsync", "rename"):
                for when in range(1, 40):
                    for name in new:
                        self.put(name, b"old " + name.encode())
                    done = support.strace(self, f"{call}:signal=KILL:when={when}", *self.FILM, *more, "-o", output)
                    for name, content in new.items():
                        self.assertIn(self.read(name), (b"old " + name.encode(), content), (call, when, name))
                    for name in self.files():
                        if name.startswith(".poolscope-"):
                            os.remove(self.path(name))
                    self.assertEqual(sorted(self.files()), sorted(new))
                    if done.returncode == 0:
                        self.assertEqual({name: self.read(name) for name in new}, new)
                        break
                    killed += 1
                else:
                    self.fail(f"{call}: never finished")
            self.assertGreaterEqual(killed, 3 * len(new))
            for name in new:
                os.remove(self.path(name))

    def test_an_error_at_every_step_of_writing(self):
        for output, more in self.outputs():
            new = self.written(output, more)
            for name in new:
                self.put(name, b"old " + name.encode())
            for call, error in (("write", "ENOSPC"), ("fsync", "EIO"), ("rename", "EROFS")):
                done = support.strace(self, f"{call}:error={error}:when=1", *self.FILM, *more, "-o", output)
                self.assertEqual(done.returncode, 1, (call, output, done.stderr))
                if call != "write":  # strace counts for each thread, so the sentence about it fails as well
                    self.assertEqual(done.stderr.count(b"\n"), 1, (call, output, done.stderr))
                self.assertEqual({name: self.read(name) for name in self.files()},
                                 {name: b"old " + name.encode() for name in new})
            for name in new:
                os.remove(self.path(name))


if __name__ == "__main__":
    support.main()
