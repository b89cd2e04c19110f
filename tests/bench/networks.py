#!/usr/bin/python3
"""Poolscope beside PyTorch: an epoch of lenet-small on MNIST (batch 64, Adam, 1e-3), in turns, in one run.

Usage: networks.py POOLSCOPE MNIST-FOLDER [--threads N] [--rounds R] [--epochs E]

Prints a Markdown table: seconds of an epoch by the clock (the shortest of all rounds) and of processor time, test
accuracy after E epochs (mean of the rounds, each with its own seed), and the ratios. OpenBLAS gets one thread: with two
pools of threads PyTorch fights itself, and the comparison would flatter us. PyTorch is Debian's python3-torch.
"""
import argparse
import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile
import time


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("mnist")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=1)
    return parser.parse_args()


def idx(folder, name, header):
    with gzip.open(os.path.join(folder, name + ".gz")) as file:
        return file.read()[header:]


class Torch:
    def __init__(self, asked):
        import torch
        self.torch = torch
        torch.set_num_threads(asked.threads)
        images = lambda name: torch.frombuffer(bytearray(idx(asked.mnist, name, 16)), dtype=torch.uint8).reshape(-1, 1, 28, 28).float() / 255
        labels = lambda name: torch.frombuffer(bytearray(idx(asked.mnist, name, 8)), dtype=torch.uint8).long()
        self.x, self.y = images("train-images-idx3-ubyte"), labels("train-labels-idx1-ubyte")
        self.test_x, self.test_y = images("t10k-images-idx3-ubyte"), labels("t10k-labels-idx1-ubyte")

    def network(self):
        """The same layers from the same weights: He's for what a ReLU follows (core/nn/optimizer.h)."""
        nn = self.torch.nn
        net = nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
                             nn.Flatten(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))
        learning = [layer for layer in net if hasattr(layer, "weight")]
        for layer in learning:
            nn.init.kaiming_normal_(layer.weight, nonlinearity="linear" if layer is learning[-1] else "relu")
            nn.init.zeros_(layer.bias)
        return net

    def run(self, seed, epochs):
        """(seconds, processor seconds) of an epoch, accuracy"""
        torch = self.torch
        torch.manual_seed(seed)
        net = self.network()
        adam, loss = torch.optim.Adam(net.parameters(), 1e-3), torch.nn.CrossEntropyLoss()
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(epochs):
            for batch in torch.randperm(len(self.x)).split(64):
                adam.zero_grad()
                loss(net(self.x[batch]), self.y[batch]).backward()
                adam.step()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        with torch.no_grad():
            right = (net(self.test_x).argmax(1) == self.test_y).float().mean().item()
        return wall / epochs, cpu / epochs, right

    def one_picture(self):
        net, x = self.network(), self.x[:1]
        with self.torch.no_grad():
            best = 1e9
            for _ in range(2000):
                begin = time.perf_counter()
                net(x)
                best = min(best, time.perf_counter() - begin)
        return best * 1e6


def ours(asked, seed):
    with tempfile.TemporaryDirectory() as folder:
        report = os.path.join(folder, "report.json")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([asked.program, "train", "--data", "mnist:" + asked.mnist, "--net", "lenet-small", "--epochs", str(asked.epochs),
                        "--batch", "64", "--lr", "0.001", "--seed", str(seed), "--threads", str(asked.threads),
                        "-o", os.path.join(folder, "m.safetensors"), "--json", report], check=True, stderr=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        with open(report, encoding="utf-8") as file:
            told = json.load(file)
    # Reading the pictures and testing are in the processor time of the whole program, not in an epoch's seconds.
    return told["epochs"], after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    asked = arguments()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ["OMP_NUM_THREADS"] = str(asked.threads)
    try:
        torch = Torch(asked)
    except ImportError:
        sys.exit("networks: python3-torch is not installed")
    best = {"ours": [1e30, 1e30], "torch": [1e30, 1e30]}
    right = {"ours": [], "torch": []}
    for seed in range(1, asked.rounds + 1):
        epochs, cpu = ours(asked, seed)
        best["ours"] = [min(best["ours"][0], *(epoch["seconds"] for epoch in epochs)), min(best["ours"][1], cpu / len(epochs))]
        right["ours"].append(epochs[-1]["test_accuracy"])
        wall, cpu, accuracy = torch.run(seed, asked.epochs)
        best["torch"] = [min(best["torch"][0], wall), min(best["torch"][1], cpu)]
        right["torch"].append(accuracy)
    print(f"{time.strftime('%Y-%m-%d %H:%M')}, {asked.threads} thread(s), {asked.rounds} round(s) of {asked.epochs} epoch(s), "
          f"load {os.getloadavg()[0]:.1f}\n")
    print("| an epoch of MNIST, lenet-small | ours | PyTorch | ratio |\n| --- | --- | --- | --- |")
    for name, at in (("seconds by the clock", 0), ("seconds of processor time", 1)):
        print(f"| {name} | {best['ours'][at]:.2f} | {best['torch'][at]:.2f} | {best['torch'][at] / best['ours'][at]:.1f}x |")
    mean = {who: 100 * sum(values) / len(values) for who, values in right.items()}
    print(f"| test accuracy | {mean['ours']:.2f} % | {mean['torch']:.2f} % | |")
    print(f"| one picture, microseconds | – | {torch.one_picture():.0f} | |")


if __name__ == "__main__":
    main()
