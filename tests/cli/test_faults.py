#!/usr/bin/python3
"""kill -9 and a full disk at every step of every saver: the file that was there, or the new one, whole.

`test_faults.py POOLSCOPE SAVER FAULTS`: the program, its window's savers without a window (saver.cpp), and the library
that plants the faults (faults.cpp)."""
import json
import os
import signal
import subprocess
import sys

import support

SAVER, FAULTS = (os.path.abspath(path) for path in sys.argv[2:4])
del sys.argv[2:4]
SMALL = ("--size", "400x320", "--fps", "2", "--seconds", "1")
# A file: opened, written, flushed, closed, renamed; its mode is set where it takes the place of another.
CALLS = {"open", "fchmod", "write", "fsync", "close", "rename"}


class Saver:
    """The window's savers: one process for many faults, until one of them kills it."""

    def __init__(self, log):
        self.log, self.process = log, None

    def start(self):
        environment = {**os.environ, "LD_PRELOAD": FAULTS, "POOLSCOPE_FAULT_LOG": self.log}
        self.process = subprocess.Popen([SAVER], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, what, file, fault, at):
        """0 or 1 as of a command; a negative signal where it was killed."""
        if self.process is None:
            self.start()
        self.process.stdin.write(f"{what} {fault} {at} {file}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if answer:
            return {"saved": 0, "failed": 1}[answer.strip()]
        return self.end()

    def end(self):
        if self.process is None:
            return 0
        process, self.process = self.process, None
        process.stdin.close()
        process.stdout.close()
        return process.wait(timeout=60)


class Faults(support.Case):
    def setUp(self):
        super().setUp()
        self.saver = Saver(self.path("fault.log"))
        self.addCleanup(self.saver.end)

    def run_with_fault(self, command, fault, at):
        """The exit status, and the calls that were made up to the fault. `command` is the program's arguments, or
        ("saver", what, file)."""
        log = self.path("fault.log")
        if os.path.exists(log):
            os.remove(log)
        if command[0] == "saver":
            status = self.saver.ask(*command[1:], fault, at)
        else:
            done = self.run_program(*command, env={
                "LD_PRELOAD": FAULTS, "POOLSCOPE_FAULT": fault, "POOLSCOPE_FAULT_AT": str(at), "POOLSCOPE_FAULT_LOG": log})
            status = done.returncode
            self.assertEqual(status == 1, b"poolscope: " in done.stderr, done.stderr)
        calls = self.read("fault.log").decode().split() if os.path.exists(log) else []
        self.assertTrue(at == 0 or len(calls) == at, (command, fault, at, calls))
        return status, calls

    def contents(self, names):
        return {name: self.read(name) if os.path.exists(self.path(name)) else None for name in names}

    def tidy(self, names, old):
        for name in self.files():
            if name.startswith(".poolscope-"):
                os.remove(self.path(name))
        for name in names:
            self.put(name, old[name])

    def survives(self, names, *command):
        """`command` writes files of these names. With each fault at each call all are the old or the new ones, and
        where the disk was full the program said so and left nothing else behind."""
        old = {name: b"old " + name.encode() for name in names}
        self.tidy(names, old)
        status, calls = self.run_with_fault(command, "none", 0)
        self.assertEqual(status, 0, command)
        self.assertEqual(set(calls), CALLS, command)  # or the library has missed a way to the disk
        new, rest = self.contents(names), self.files()
        for name in names:
            self.assertNotIn(new[name], (old[name], None), command)
        for fault, expected in (("full", 1), ("kill", -signal.SIGKILL)):
            for at in range(1, len(calls) + 1):
                self.tidy(names, old)
                status, struck = self.run_with_fault(command, fault, at)
                case = (command, fault, at, struck)
                self.assertEqual(status, expected, case)
                now = self.contents(names)
                for name in names:
                    self.assertIn(now[name], (old[name], new[name]), (case, name))
                if "rename" not in struck[:-1]:
                    self.assertEqual(now, old, case)
                if fault == "full":
                    self.assertEqual(self.files(), rest, case)

    def saver_survives(self, what, name):
        self.survives([name], "saver", what, self.path(name))

    def test_films(self):
        for name in ("film.gif", "film.webp", "still.png"):
            self.survives([name], "render", "textbook", *SMALL, "-o", name)

    def test_numbered_pictures(self):
        self.survives(["p-0001.png", "p-0002.png"], "render", "textbook", *SMALL, "--frames", "-o", "p.png")

    def test_numbers_of_the_command_line(self):
        for name in ("y.npy", "y.csv", "y.png"):
            self.survives([name], "pool", "textbook", "-o", name)
        self.survives(["s.json"], "shift", "textbook", "--range", "1", "-o", "s.json")
        self.survives(["e.json"], "evidence", "parameters", "--json", "e.json")

    def test_pictures_of_the_command_line(self):
        self.survives(["sheet.png"], "sheet", "--seed", "7", "--count", "1", "-o", "sheet.png")
        self.survives(["shot.png"], "shot", "textbook", "--size", "400x320", "-o", "shot.png")

    def test_a_trained_network(self):
        self.survives(["m.safetensors"], "train", "--data", "digits", "--limit", "32", "--epochs", "1",
                      "--seed", "3", "--threads", "1", "-o", "m.safetensors")

    def test_a_study(self):
        self.saver_survives("study", "a.pool.json")

    def test_sentences_and_settings(self):
        status, _ = self.run_with_fault(("saver", "log", self.path("log.txt")), "none", 0)
        said = [self.good("trace", "textbook", "--step", str(step), "--text").strip() for step in range(3)]
        self.assertEqual((status, self.read("log.txt").decode().splitlines()), (0, said))
        self.saver_survives("log", "log.txt")
        self.saver_survives("settings", "settings.json")

    def test_films_and_numbers_of_the_window(self):
        self.saver_survives("film", "film.gif")
        self.saver_survives("film", "still.png")
        self.saver_survives("numbers", "y.csv")
        self.saver_survives("sheet", "sheet.png")

    def test_networks_of_the_window(self):
        done = self.run_program("train", "--data", "digits", "--limit", "32", "--epochs", "1", "-o", "given.safetensors")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.saver_survives("network", "m.safetensors")
        self.saver_survives("runs", "runs.csv")

    def test_evidence_of_the_window(self):
        self.saver_survives("evidence", "e.csv")
        self.saver_survives("evidence", "e.png")

    def test_what_is_not_saved_yet(self):
        """The program keeps two states in its own file, one after the other; a name of its own for each run."""
        folder = self.path("unsaved")

        def run(fault, at):
            self.saver.end()
            for name in os.listdir(folder) if os.path.isdir(folder) else []:
                os.remove(os.path.join(folder, name))
            status, struck = self.run_with_fault(("saver", "unsaved", folder), fault, at)
            kinds = []
            for name in os.listdir(folder):
                if name.endswith(".pool.json"):
                    with open(os.path.join(folder, name), encoding="utf-8") as file:
                        kinds.append(json.load(file)["pooling"]["kind"])
            return status, struck, kinds

        status, calls, kinds = run("none", 0)
        self.assertEqual((status, kinds, calls.count("rename")), (0, ["min"], 2))
        first = calls.index("rename") + 1
        for at in range(1, len(calls) + 1):
            kept = ["average"] if at > first else []  # once kept, never lost
            status, struck, kinds = run("kill", at)
            self.assertEqual((status, kinds), (-signal.SIGKILL, kept), struck)
        status, struck, kinds = run("full", first + 2)
        self.assertEqual((status, kinds), (1, ["average"]), struck)  # and the program says that it could not


if __name__ == "__main__":
    support.main()
