#!/usr/bin/python3
"""All shifts of a picture: Poolscope's shift_map() beside PyTorch, in turns, in one run.

Usage: shift_peers.py BENCH_SHIFT [--side N] [--range R] [--window K] [--stride S] [--rounds N]

The work: a picture of 3 x N x N floats in the middle of a larger one is pooled at every shift from -R to R and compared
with the unshifted output; the answer is the share of outputs unchanged, (2R+1) x (2R+1) numbers. Poolscope measures
the relative change and the equivariance error as well, and in the first column also the winners kept. PyTorch (Debian's
python3-torch) does it in four ways, and the quickest counts:

  shift   the crop of every shift is pooled and compared
  batch   the crops of a row of shifts are stacked and pooled as one batch
  dense   pooled once with stride 1; a shift is every stride-th cell of that, from another corner, compared
  phases  the same, split into contiguous phases first, so that a comparison reads neighbouring values

One thread each. The shares must agree. The shortest of all rounds counts, because the mean on a shared machine
measures the others. Prints a Markdown table.
"""
import argparse
import datetime
import os
import subprocess
import sys
import tempfile
import time

KINDS = ("max", "average", "none")


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--side", type=int, default=512)
    parser.add_argument("--range", type=int, default=8)
    parser.add_argument("--window", type=int, default=2)
    parser.add_argument("--stride", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def pool(torch, kind, x, window, stride):
    if kind == "max":
        return torch.max_pool2d(x, window, stride)
    if kind == "average":
        return torch.nn.functional.avg_pool2d(x, window, stride)
    return x[..., ::stride, ::stride]


def by_shift(torch, asked, kind, wide):
    r, n = asked.range, asked.side
    still = pool(torch, kind, wide[..., r:r + n, r:r + n], asked.window, asked.stride)
    return [[(pool(torch, kind, wide[..., r - dy:r - dy + n, r - dx:r - dx + n], asked.window, asked.stride) == still).sum()
             for dx in range(-r, r + 1)] for dy in range(-r, r + 1)], still.numel()


def by_batch(torch, asked, kind, wide):
    r, n, rows = asked.range, asked.side, []
    still = pool(torch, kind, wide[..., r:r + n, r:r + n], asked.window, asked.stride)
    for dy in range(-r, r + 1):
        crops = torch.cat([wide[..., r - dy:r - dy + n, r - dx:r - dx + n] for dx in range(-r, r + 1)])
        rows.append((pool(torch, kind, crops, asked.window, asked.stride) == still).sum((1, 2, 3)))
    return rows, still.numel()


def by_dense(torch, asked, kind, wide):
    r, n, s = asked.range, asked.side, asked.stride
    dense = pool(torch, kind, wide, asked.window, 1)
    out = (n - (asked.window if kind != "none" else 1)) // s + 1
    last = (out - 1) * s + 1
    still = dense[..., r:r + last:s, r:r + last:s].contiguous()
    return [[(dense[..., r - dy:r - dy + last:s, r - dx:r - dx + last:s] == still).sum()
             for dx in range(-r, r + 1)] for dy in range(-r, r + 1)], still.numel()


def by_phases(torch, asked, kind, wide):
    r, n, s = asked.range, asked.side, asked.stride
    dense = pool(torch, kind, wide, asked.window, 1)
    phases = [[dense[..., a::s, b::s].contiguous() for b in range(s)] for a in range(s)]
    out = (n - (asked.window if kind != "none" else 1)) // s + 1

    def at(dy, dx):
        y, x = r - dy, r - dx
        return phases[y % s][x % s][..., y // s:y // s + out, x // s:x // s + out]
    still = at(0, 0).contiguous()
    return [[(at(dy, dx) == still).sum() for dx in range(-r, r + 1)] for dy in range(-r, r + 1)], still.numel()


WAYS = {"shift": by_shift, "batch": by_batch, "dense": by_dense, "phases": by_phases}


def ours(asked, kind, file):
    done = subprocess.run([asked.program, file, str(asked.side), str(asked.side), kind, str(asked.window), str(asked.stride),
                           str(asked.range), "10"], capture_output=True, check=True, text=True)
    winners, plain, *shares = done.stdout.split()
    return float(winners), float(plain), [float(share) for share in shares]


def main():
    asked = arguments()
    try:
        import torch
    except ImportError:
        sys.exit("shift_peers: PyTorch (python3-torch) is not installed")
    torch.set_num_threads(1)
    torch.manual_seed(1)
    side = asked.side + 2 * asked.range
    wide = torch.randint(0, 256, (1, 3, side, side)).float()
    begun = datetime.datetime.now().strftime("%Y-%m-%d %H:%M")
    count = (2 * asked.range + 1) ** 2
    print(f"{begun}, 3 x {asked.side} x {asked.side}, {asked.window} x {asked.window} / {asked.stride}, {count} shifts, one thread, "
          f"PyTorch {torch.__version__}, load {os.getloadavg()[0]:.1f}\n")
    print("| kind | ours with winners, ms | ours, ms | " + " | ".join(f"PyTorch {way}, ms" for way in WAYS) + " | best PyTorch / ours |")
    print("| --- |" + " --- |" * (len(WAYS) + 3))
    with tempfile.NamedTemporaryFile(suffix=".f32") as file, torch.no_grad():
        file.write(wide.numpy().tobytes())
        file.flush()
        for kind in KINDS:
            best, mine, winners = dict.fromkeys(WAYS, 1e30), 1e30, 1e30
            for _ in range(asked.rounds):
                slow, fast, expected = ours(asked, kind, file.name)
                mine, winners = min(mine, fast), min(winners, slow)
                for way, call in WAYS.items():
                    begin = time.perf_counter()
                    counts, outputs = call(torch, asked, kind, wide)
                    best[way] = min(best[way], (time.perf_counter() - begin) * 1e3)
                    shares = [float(one) / outputs for row in counts for one in row]
                    if max(abs(a - b) for a, b in zip(shares, expected)) > 1e-6:
                        sys.exit(f"shift_peers: {kind}: PyTorch ({way}) finds other shares than Poolscope")
            cells = [f"{winners:.1f}", f"{mine:.1f}", *(f"{best[way]:.0f}" for way in WAYS), f"{min(best.values()) / mine:.1f}x"]
            print(f"| {kind} | " + " | ".join(cells) + " |", flush=True)
    print(f"\nload {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
