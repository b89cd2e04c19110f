#!/usr/bin/python3
"""Poolscope beside PyTorch, oneDNN, OpenCV and ONNX Runtime: the same work, in turns, in one run.

Usage: peers.py BENCH_POOLING [--threads N] [--rounds R] [--only TEXT] [--onnxruntime FOLDER]

BENCH_POOLING is the program that CMake's target bench_pooling builds (Poolscope, a copy, and oneDNN and OpenCV where
their Debian packages are installed). PyTorch is Debian's python3-torch. FOLDER is where `npm install onnxruntime-node`
was run: Debian has no ONNX Runtime. Whoever is missing is left out. Every round measures all of them once; the shortest call of all rounds counts, because the mean on a shared machine measures the
others. Prints a Markdown table in microseconds, with the ratio of the best peer to Poolscope: above 1 we are quicker.
"""
import argparse
import datetime
import json
import os
import subprocess
import sys
import time

SIZES = {"4K": (1, 3, 2160, 3840), "tiny": (1, 1, 28, 28), "mid": (64, 32, 28, 28), "vgg": (1, 64, 224, 224)}
OPERATIONS = ("max-fwd", "max-idx", "avg-fwd", "max-bwd", "avg-bwd")
WINDOWS = {"2x2/2": (2, 2, 0), "3x3/2": (3, 2, 0), "3x3/1": (3, 1, 1), "8x8/8": (8, 8, 0)}
PEERS = ("torch", "onednn", "opencv", "onnxruntime")
FORWARD = ("max-fwd", "max-idx", "avg-fwd")  # what ONNX Runtime can do: its package has no gradients


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=0.05, help="for one measurement")
    parser.add_argument("--only", default="", help="rows whose name contains this: 4K, max-fwd, 2x2/2 ...")
    parser.add_argument("--onnxruntime", default="", help="the folder with node_modules/onnxruntime-node")
    return parser.parse_args()


def load_torch(threads):
    try:
        import torch
    except ImportError:
        print("peers: PyTorch is left out, because python3-torch is not installed", file=sys.stderr)
        return None
    torch.set_num_threads(threads)
    return torch


def torch_call(torch, size, operation, window):
    """A call without arguments; NCHW, as the others."""
    k, s, p = WINDOWS[window]
    x = torch.rand(SIZES[size])
    aten = torch.ops.aten
    if operation == "max-fwd":
        # Without gradients PyTorch still finds the indices and drops them; there is no other maximum.
        return lambda: torch.max_pool2d(x, k, s, p)
    if operation == "max-idx":
        return lambda: aten.max_pool2d_with_indices(x, [k, k], [s, s], [p, p])
    if operation == "avg-fwd":
        return lambda: aten.avg_pool2d(x, [k, k], [s, s], [p, p])
    if operation == "max-bwd":
        y, at = aten.max_pool2d_with_indices(x, [k, k], [s, s], [p, p])
        return lambda: aten.max_pool2d_with_indices_backward(y, x, [k, k], [s, s], [p, p], [1, 1], False, at)
    y = aten.avg_pool2d(x, [k, k], [s, s], [p, p])
    return lambda: aten.avg_pool2d_backward(y, x, [k, k], [s, s], [p, p], False, True, None)


def shortest(call, seconds):
    """The shortest call in microseconds; short calls are measured a hundred at a time."""
    begin = time.perf_counter()
    call()
    calls = 1 if time.perf_counter() - begin > 2e-4 else 100
    best, end = 1e30, time.perf_counter() + seconds
    while True:
        begin = time.perf_counter()
        for _ in range(calls):
            call()
        best = min(best, (time.perf_counter() - begin) / calls * 1e6)
        if time.perf_counter() > end:
            return best


def run_program(asked, row):
    """who -> microseconds"""
    environment = dict(os.environ, BENCH_THREADS=str(asked.threads), OMP_NUM_THREADS=str(asked.threads))
    done = subprocess.run([asked.program, f"--benchmark_filter=/{row}$", "--benchmark_format=json",
                           f"--benchmark_min_time={asked.seconds}"], env=environment, capture_output=True, check=True)
    found = json.loads(done.stdout)["benchmarks"]
    return {one["name"].split("/")[0]: one["min_us"] for one in found if not one.get("error_occurred")}


def run_onnxruntime(asked, size, operation, window):
    """microseconds"""
    work = {"shape": SIZES[size], "operation": operation, "window": WINDOWS[window], "threads": asked.threads,
            "seconds": asked.seconds}
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peer_onnxruntime.js")
    done = subprocess.run(["node", script, asked.onnxruntime, json.dumps(work)], capture_output=True, check=True)
    return float(done.stdout)


def measure(asked, torch, size, operation, window):
    row, best = f"{size}/{operation}/{window}", {}
    with_torch = torch and torch_call(torch, size, operation, window)
    for _ in range(asked.rounds):
        times = run_program(asked, row)
        if with_torch:
            times["torch"] = shortest(with_torch, asked.seconds)
        if asked.onnxruntime and operation in FORWARD:
            times["onnxruntime"] = run_onnxruntime(asked, size, operation, window)
        for who, us in times.items():
            best[who] = min(us, best.get(who, 1e30))
    return best


def text(us):
    return "–" if us is None else f"{us:,.0f}" if us >= 100 else f"{us:.1f}" if us >= 10 else f"{us:.2f}"


def main():
    asked = arguments()
    torch = load_torch(asked.threads)
    begun = datetime.datetime.now().strftime("%Y-%m-%d %H:%M")
    print(f"{begun}, {asked.threads} thread(s), load {os.getloadavg()[0]:.1f} at the beginning\n")
    print("| work | ours | copy | " + " | ".join(PEERS) + " | best peer / ours | ours / copy |")
    print("| --- |" + " --- |" * (len(PEERS) + 4))
    behind = []
    for size in SIZES:
        for operation in OPERATIONS:
            for window in WINDOWS:
                row = f"{size} {operation} {window}"
                if asked.only not in row:
                    continue
                best = measure(asked, torch, size, operation, window)
                ours, peers = best["ours"], [best[who] for who in PEERS if who in best]
                ratio = min(peers) / ours if peers else None
                if ratio and ratio < 1:
                    behind.append(row)
                cells = [text(best.get(who)) for who in ("ours", "copy", *PEERS)]
                print("| " + " | ".join([row, *cells, f"{ratio:.2f}x" if ratio else "–", f"{ours / best['copy']:.2f}x"])
                      + " |", flush=True)
    print(f"\nload {os.getloadavg()[0]:.1f} at the end; slower than a peer: {', '.join(behind) or 'nowhere'}")


if __name__ == "__main__":
    main()
