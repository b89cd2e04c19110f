#!/usr/bin/python3
"""poolscope train, evaluate, predict: what they write, that a seed decides it, and every refusal."""
import json
import os
import signal
import struct
import subprocess

import support
from support import answers, Case

MODEL = "m.safetensors"


def idx(magic, sizes, values):
    return bytes([0, 0, 8, magic]) + b"".join(struct.pack(">I", s) for s in sizes) + values


def pgm(width, height, pixel):
    return b"P5 %d %d 255\n" % (width, height) + bytes(pixel(y, x) for y in range(height) for x in range(width))


class Train(Case):
    def train(self, *more, output=MODEL):
        done = self.run_program("train", "--data", "digits", "--limit", "320", "--epochs", "2", "-o", output, *more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stderr.decode()

    def test_writes_a_model_and_a_report(self):
        lines = self.train("--json", "r.json").splitlines()
        self.assertEqual(len(lines), 2)
        self.assertIn("Epoch 2 of 2", lines[1])
        self.assertEqual(self.files(), [MODEL, "r.json"])
        report = json.loads(self.read("r.json"))
        self.assertEqual(report["state"], "done")
        self.assertEqual(report["parameters"], 37610)
        self.assertEqual(report["samples"], {"train": 320, "test": 2000})
        self.assertEqual(len(report["epochs"]), 2)
        for field in ("train_loss", "train_accuracy", "test_loss", "test_accuracy", "seconds", "images_per_second"):
            self.assertGreater(report["epochs"][1][field], 0, field)
        # The file is safetensors: a header in JSON, then float32.
        content = self.read(MODEL)
        length = struct.unpack("<Q", content[:8])[0]
        header = json.loads(content[8:8 + length])
        self.assertEqual(header["0.conv2d.weight"]["shape"], [8, 1, 5, 5])
        self.assertEqual(len(content) - 8 - length, 4 * 37610)

    @answers
    def test_a_seed_decides_on_any_number_of_threads(self):
        self.train("--threads", "1", output="a.safetensors")
        self.train("--threads", "3", output="b.safetensors")
        self.train("--seed", "2", output="c.safetensors")
        self.assertEqual(self.read("a.safetensors"), self.read("b.safetensors"))
        self.assertNotEqual(self.read("a.safetensors"), self.read("c.safetensors"))

    def test_evaluates_and_predicts(self):
        done = self.run_program("train", "--data", "digits", "--limit", "3000", "--epochs", "2", "-o", MODEL)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("%", self.good("evaluate", MODEL, "--data", "digits"))
        result = json.loads(self.good("evaluate", MODEL, "--data", "digits", "--shift", "2", "--json"))
        self.assertGreater(result["accuracy"], 0.8)
        self.assertEqual(sum(map(sum, result["confusion"])), 2000)
        self.assertEqual([entry["distance"] for entry in result["shifted"]], [1, 2])
        # A black one, drawn large on white paper.
        self.put("one.pgm", pgm(90, 120, lambda y, x: 0 if 40 <= x < 48 and 20 <= y < 100 else 255))
        self.assertTrue(self.good("predict", MODEL, "one.pgm").startswith("one.pgm: 1 ("))
        answer = json.loads(self.good("predict", MODEL, "one.pgm", "one.pgm", "--json"))
        self.assertEqual([p["class"] for p in answer["predictions"]], ["1", "1"])
        self.assertAlmostEqual(sum(answer["predictions"][0]["probabilities"]), 1, places=5)

    def test_reads_idx_files_and_folders(self):
        pixels = bytes((i * 7 + k) % 256 for k in range(20) for i in range(64))
        for part in ("train", "t10k"):
            self.put(f"{part}-images-idx3-ubyte", idx(3, (20, 8, 8), pixels))
            self.put(f"{part}-labels.idx1-ubyte", idx(1, (20,), bytes(k % 2 for k in range(20))))
        # Too small for two 5 x 5 windows: the sentence says where it ends.
        self.refused(2, "train", "--data", "mnist:.", "-o", MODEL, says=["5 × 5"])
        for name in ("cat", "dog"):
            os.mkdir(self.path(name))
            for i in range(5):
                self.put(f"{name}/{i}.pgm", pgm(40, 30, lambda y, x, n=name: x * 6 if n == "cat" else y * 8))
        done = self.run_program("train", "--data", "folder:.", "--epochs", "5", "-o", MODEL)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('"dog"', self.good("evaluate", MODEL, "--data", "folder:.", "--json"))
        self.put("dog/broken.png", b"\x89PNG\r\n\x1a\n")
        self.refused(1, "train", "--data", "folder:.", "-o", "n.safetensors", says=["broken.png"])
        self.put("t10k-labels.idx1-ubyte", idx(1, (19,), bytes(19)))
        self.refused(1, "train", "--data", "mnist:.", "-o", MODEL, says=["19", "20"])

    def test_ctrl_c_keeps_the_weights(self):
        process = subprocess.Popen([os.path.abspath(support.PROGRAM), "train", "--data", "digits", "--epochs", "10000",
                                    "-o", MODEL], cwd=self.folder, stderr=subprocess.PIPE)
        line = process.stderr.readline()  # the first epoch is done
        self.assertIn(b"1", line)
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=60)[1].decode()
        self.assertEqual(process.returncode, 130)
        self.assertIn("the weights so far are in " + MODEL, rest.splitlines()[-1])
        self.good("evaluate", MODEL, "--data", "digits")

    def test_refusals(self):
        good = ("train", "--data", "digits", "-o", MODEL)
        self.refused(2, "train", "-o", MODEL, says=["--data"])
        self.refused(2, "train", "--data", "cifar", "-o", MODEL, says=["cifar", "mnist:DIR"])
        self.refused(2, "train", "--data", "digits", says=["-o MODEL"])
        self.refused(2, "train", "--data", "digits", "-o", "m.bin", says=[".safetensors"])
        self.refused(2, *good, "--net", "resnet", says=["resnet", "lenet-small"])
        self.refused(2, *good, "--pool", "most", says=["most", "average"])
        self.refused(2, *good, "--net", "strided", "--pool", "average", says=["strided"])
        self.refused(2, *good, "--epochs", "0", says=["--epochs"])
        self.refused(2, *good, "--lr", "fast", says=["--lr", "fast"])
        self.refused(2, *good, "--lr", "nan", says=["--lr"])
        self.refused(2, *good, "--json", MODEL, says=["--json"])
        self.refused(1, "train", "--data", "mnist:.", "-o", MODEL, says=["train-images"])
        self.refused(1, "train", "--data", "folder:nowhere", "-o", MODEL, says=["nowhere"])
        self.refused(2, "evaluate", says=["MODEL"])
        self.refused(1, "evaluate", "nothing.safetensors", "--data", "digits", says=["nothing.safetensors"])
        self.put("bad.safetensors", b"\x05\0\0\0\0\0\0\0hello")
        self.refused(1, "evaluate", "bad.safetensors", "--data", "digits", says=["bad.safetensors"])
        self.refused(2, "predict", "bad.safetensors", says=["IMAGE"])
        self.refused(1, "predict", "bad.safetensors", "x.png", says=["bad.safetensors"])
        self.assertEqual(self.files(), ["bad.safetensors"])


if __name__ == "__main__":
    support.main()
