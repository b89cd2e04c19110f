#!/usr/bin/python3
"""Output files are written whole or not at all: full disks, closed folders, kills, links and modes."""
import os
import resource
import shutil
import signal
import stat
import subprocess
import tempfile
import unittest

import support
from support import npy, read_npy

ALL = ("-o", "y.npy", "--indices", "i.npy", "--grad", "gy.npy", "--grad-out", "gx.npy")


class Writing(support.Case):
    def setUp(self):
        super().setUp()
        self.put("x.npy", npy([float(i % 97) for i in range(64 * 64)], (64, 64)))
        self.put("gy.npy", npy([1.0] * (32 * 32), (32, 32)))

    def put_old(self):
        """Old content in place of every output; returns it by name."""
        old = {name: f"old {name}".encode() for name in ("y.npy", "i.npy", "gx.npy")}
        for name, content in old.items():
            self.put(name, content)
        return old

    def assert_unchanged(self, old, litter=False):
        for name, content in old.items():
            self.assertEqual(self.read(name), content, name)
        rest = [name for name in self.files() if name not in old and name not in ("x.npy", "gy.npy")]
        if litter:  # a killed program cannot tidy up, but what it leaves is hidden and says whose it is
            self.assertTrue(all(name.startswith(".poolscope-") for name in rest), rest)
        else:
            self.assertEqual(rest, [])

    def test_folders_that_are_not_there(self):
        old = self.put_old()
        for names in (("no/y.npy", "i.npy", "gx.npy"), ("y.npy", "no/i.npy", "gx.npy"), ("y.npy", "i.npy", "no/gx.npy")):
            self.refused(1, "pool", "x.npy", "-o", names[0], "--indices", names[1], "--grad", "gy.npy", "--grad-out", names[2],
                         says="no/")
            self.assert_unchanged(old)

    def test_nothing_is_written_when_an_input_is_broken(self):
        old = self.put_old()
        self.put("gy.npy", b"broken")
        self.refused(1, "pool", "x.npy", *ALL, says="gy.npy")
        self.assert_unchanged(old)

    def test_what_is_not_an_ordinary_file(self):
        os.mkdir(self.path("folder.npy"))
        os.symlink("/dev/full", self.path("full.npy"))
        os.symlink("/dev/null", self.path("null.csv"))
        os.mkfifo(self.path("pipe.png"))
        os.symlink("loop.npy", self.path("loop.npy"))
        before = self.files()
        for name in ("folder.npy", "full.npy", "null.csv", "pipe.png", "loop.npy"):
            for language in ("en", "zh"):
                self.refused(1, "pool", "x.npy", "-o", name, "--lang", language, says=name)
        self.assertEqual(self.files(), before)
        self.assertTrue(stat.S_ISCHR(os.stat("/dev/full").st_mode) and stat.S_ISCHR(os.stat("/dev/null").st_mode))

    def test_links_stay_and_modes_stay(self):
        os.mkdir(self.path("there"))
        self.put("there/real.npy", b"old")
        os.chmod(self.path("there/real.npy"), 0o604)
        os.symlink("there/real.npy", self.path("link.npy"))
        self.good("pool", "x.npy", "-o", "link.npy")
        self.assertTrue(os.path.islink(self.path("link.npy")))
        self.assertEqual(read_npy(self.read("there/real.npy"))[1], (32, 32))
        self.assertEqual(os.stat(self.path("there/real.npy")).st_mode & 0o777, 0o604)
        self.good("pool", "x.npy", "-o", "new.npy", preexec_fn=lambda: os.umask(0o027))
        self.assertEqual(os.stat(self.path("new.npy")).st_mode & 0o777, 0o640)
        # Two names of one file.
        self.refused(2, "pool", "x.npy", "-o", "link.npy", "--indices", "there/real.npy", says="--indices")

    @unittest.skipIf(os.geteuid() == 0 and not shutil.which("setpriv"), "root may write everywhere, and there is no setpriv")
    def test_without_permission(self):
        old = self.put_old()
        os.chmod(self.path("y.npy"), 0o444)
        closed = tempfile.mkdtemp(prefix="poolscope-cli-")
        self.addCleanup(shutil.rmtree, closed, True)
        os.chmod(closed, 0o555)
        os.chmod(self.folder, 0o755 if os.geteuid() else 0o777)
        for path in ("y.npy", os.path.join(closed, "z.npy")):
            arguments = ["pool", "x.npy", "-o", path]
            if os.geteuid() == 0:
                command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", support.PROGRAM, *arguments]
                probe = subprocess.run(command[:4] + ["test", "-x", support.PROGRAM], check=False)
                if probe.returncode != 0:
                    self.skipTest("the program cannot be run by another user from here")
                done = subprocess.run(command, cwd=self.folder, capture_output=True, timeout=60, check=False)
                self.assertEqual((done.returncode, done.stderr.count(b"\n")), (1, 1), done.stderr)
                self.assertIn(b"not allowed", done.stderr)
            else:
                self.refused(1, *arguments, says="not allowed")
        self.assertEqual(os.listdir(closed), [])
        self.assert_unchanged(old)

    def test_a_disk_that_is_full(self):
        """A limit on the size of files, at every possible place, stands for it: the write fails half-way."""
        old = self.put_old()
        sizes = [10, 128, 1000, 4096 + 127, 8192 + 127, 16384 + 127]  # of y.npy, i.npy and gx.npy; the last is too small by 1
        for size in sizes:
            def limit(size=size):
                signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
                resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            self.refused(1, "pool", "x.npy", *ALL, says=".npy", preexec_fn=limit)
            self.assert_unchanged(old)
        self.good("pool", "x.npy", *ALL,
                  preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (16384 + 128, 16384 + 128)))

    def strace(self, inject, *arguments):
        return support.strace(self, inject, *arguments)

    def test_killed_at_every_step_of_writing(self):
        """kill -9 at each system call that matters: every file is the old one or the new one, whole."""
        old = self.put_old()
        names = ("y.npy", "i.npy", "gx.npy")
        self.good("pool", "x.npy", *ALL)
        new = {name: self.read(name) for name in names}
        killed = finished = 0
        for call in ("write", "fsync", "rename"):
            for when in range(1, 9):
                for name in names:
                    self.put(name, old[name])
                done = self.strace(f"{call}:signal=KILL:when={when}", "pool", "x.npy", *ALL)
                for name in names:
                    self.assertIn(self.read(name), (old[name], new[name]), (call, when, name))
                if done.returncode == 0:
                    finished += 1
                    self.assertEqual({name: self.read(name) for name in names}, new)
                    break
                killed += 1
                for name in self.files():
                    if name.startswith(".poolscope-"):
                        os.remove(self.path(name))
            self.assertEqual(sorted(self.files()), sorted([*names, "x.npy", "gy.npy"]))
        self.assertGreaterEqual(killed, 9)  # three files, three calls each
        self.assertEqual(finished, 3)

    def test_an_error_at_every_step_of_writing(self):
        old = self.put_old()
        for call, error, count in (("write", "ENOSPC", 3), ("fsync", "EIO", 3), ("rename", "EROFS", 1)):
            for when in range(1, count + 1):
                done = self.strace(f"{call}:error={error}:when={when}", "pool", "x.npy", *ALL)
                self.assertEqual((done.returncode, done.stderr.count(b"\n")), (1, 1), (call, when, done.stderr))
                self.assert_unchanged(old)


if __name__ == "__main__":
    support.main()
