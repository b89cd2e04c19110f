#!/usr/bin/python3
"""Made the numbers in adam_pytorch.h: 20 steps of PyTorch's Adam and SGD from fixed weights, on gradients of a fixed rule.

Needs PyTorch (Debian's python3-torch); the tests do not. Usage: adam_pytorch.py > adam_pytorch.h
"""
import torch

WEIGHTS = [0.5, -0.25, 0.125, 0.0, 1.0]


def gradient(step, i):
    """Exact in float32, so that both sides start from the same numbers."""
    return ((step * 7 + i * 5) % 11 - 5) / 8 + (0.5 if i == 4 else 0)


def run(optimizer, **more):
    weights = torch.tensor(WEIGHTS, requires_grad=True)
    steps = optimizer([weights], **more)
    rows = []
    for step in range(20):
        weights.grad = torch.tensor([gradient(step, i) for i in range(len(WEIGHTS))])
        steps.step()
        rows.append([float(w) for w in weights])
    return rows


def write(name, rows):
    print(f"inline constexpr double {name}[20][{len(WEIGHTS)}] = {{")
    for row in rows:
        print("    {" + ", ".join(f"{w:.9g}" for w in row) + "},")
    print("};")


print("// Made by adam_pytorch.py with PyTorch " + torch.__version__ + ".\n#pragma once\n\n// clang-format off")
write("kAdamWeights", run(torch.optim.Adam, lr=0.01))
write("kAdamWWeights", run(torch.optim.AdamW, lr=0.01, weight_decay=0.1))
write("kSgdWeights", run(torch.optim.SGD, lr=0.01, momentum=0.9))
