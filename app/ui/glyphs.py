#!/usr/bin/python3
"""Writes the 3,755 characters of GB 2312 level 1 (what a Chinese reader meets every day) as ranges of code points.

Usage: glyphs.py OUT.inc. The standard's rows 16 to 55 are walked through Python's own codec, so that no table has
to be kept here.
"""
import sys


def level_one():
    points = []
    for row in range(16, 56):
        for cell in range(1, 95):
            try:
                points.append(ord(bytes([0xA0 + row, 0xA0 + cell]).decode("gb2312")))
            except UnicodeDecodeError:
                pass  # row 55 ends at cell 89
    return sorted(points)


def main():
    points = level_one()
    assert len(points) == 3755, len(points)
    with open(sys.argv[1], "w", encoding="ascii") as out:
        for start in range(0, len(points), 12):
            out.write(", ".join(f"0x{point:04x}" for point in points[start:start + 12]) + ",\n")


if __name__ == "__main__":
    main()
