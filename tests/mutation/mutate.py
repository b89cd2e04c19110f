#!/usr/bin/python3
"""Puts faults into the engine by hand, one at a time, and sees whether the tests find them. Slow (a build for each), so
it is run by hand when the engine or its tests change; what it found is in tests/README.md.

usage: mutate.py SOURCE [NUMBER...]     with numbers: only these faults
"""
import pathlib
import re
import subprocess
import sys
import tempfile

K = "core/pooling/"

# What is wrong, in words; the file; the text; what it becomes.
FAULTS = [
    ("the last of equal maxima wins", K + "kernels/select.cpp", "return value > best; }", "return value >= best; }"),
    ("NaN does not win a maximum", K + "kernels/select.cpp", " || std::isnan(value)) {\n      best = value;",
     ") {\n      best = value;"),
    ("an all -inf window has no index", K + "kernels/select.cpp", "outcome.winner < 0 || better", "better"),
    ("the phase with the smallest norm is taken", K + "kernels/select.cpp", "squares > best", "squares < best"),
    ("the divisor counts what sticks out", K + "kernels/mean.cpp", "framed = window.rows.framed * window.columns.framed;\n  const auto divide_by",
     "framed = whole;\n  const auto divide_by"),
    ("a window of padding divides by its divisor", K + "kernels/mean.cpp",
     "window.valid() == 0 ? 0 : outcome.total / outcome.divisor", "outcome.total / outcome.divisor"),
    ("average hands back a sum's gradient", K + "kernels/mean.cpp", "return {1 / outcome.divisor, 1 / outcome.divisor}",
     "return {1 / outcome.divisor, 1}"),
    ("Lp is not scaled where it sticks out", K + "kernels/mean.cpp",
     "return static_cast<double>(window.taps()) / static_cast<double>(window.rows.framed * window.columns.framed)",
     "return 1"),
    ("Lp's slope has the wrong power", K + "kernels/mean.cpp", "std::pow(ratio, p - 1)", "std::pow(ratio, p)"),
    ("log-sum-exp forgets to divide by the count", K + "kernels/mean.cpp", "std::log(outcome.total / count)",
     "std::log(outcome.total)"),
    ("SoftPool's gradient is its weight", K + "kernels/mean.cpp", "weight * (1 + value - outcome.value)", "weight"),
    ("mixed pooling mixes the wrong way round", K + "kernels/mean.cpp", "mix * largest.value + (1 - mix)",
     "(1 - mix) * largest.value + mix"),
    ("a draw at the edge of two values takes the next", K + "kernels/stochastic.cpp", "if (sum < threshold) return true;",
     "if (sum <= threshold) return true;"),
    ("draws ignore the plane", K + "kernels/stochastic.cpp", "static_cast<uint64_t>(window.plane)", "0"),
    ("negative values have odds", K + "kernels/stochastic.cpp", "return value > 0 ? value : 0;\n}\n\ndouble probability",
     "return value;\n}\n\ndouble probability"),
    ("the expectation's gradient forgets y", K + "kernels/stochastic.cpp", "(2.0 * value - outcome.value)", "(2.0 * value)"),
    ("the filter repeats the edge cell", K + "axis.cpp", "if (q < 0) return -q;", "if (q < 0) return -q - 1;"),
    ("the filter starts one cell early", K + "axis.cpp", "o * axis.stride - (taps - 1) / 2", "o * axis.stride - taps / 2"),
    ("the filter is a box", K + "axis.cpp", "static_cast<double>(taps - 1 - k) / static_cast<double>(k + 1)", "1"),
    ("bins do not round up", K + "axis.cpp", "((o + 1) * in + out - 1) / out", "((o + 1) * in) / out"),
    ("fractional windows ignore the plane", K + "axis.cpp", "keyed_uniform(axis.draw_key, static_cast<uint64_t>(plane), 0, 0)",
     "keyed_uniform(axis.draw_key, static_cast<uint64_t>(plane * 0), 0, 0)"),
    ("windows ignore dilation at the edge", K + "window.h", "axis.dilation == 1 ? gap : (gap - 1) / axis.dilation + 1",
     "gap"),
    ("taps past the padding count as padding", K + "window.h", "taps_before(axis.in + axis.pad_after)", "axis.window"),
    ("the index counts in output columns", K + "window.h", "rows.cell(tap / columns.taps) * plan.in.w",
     "rows.cell(tap / columns.taps) * plan.out.w"),
    ("the late window is kept", K + "dialects.cpp", "? out - 1 : out", "? out : out"),
    ("negative sizes divide towards zero", K + "dialects.cpp", "a >= 0 ? a / b : -((-a + b - 1) / b)", "a / b"),
    ("SAME puts the odd cell before", K + "dialects.cpp", "AxisPads{less, more};", "AxisPads{more, less};"),
    ("ONNX 18 divides as ONNX 19", K + "dialects.cpp", "spec.opset < 19", "spec.opset < 11"),
    ("Caffe drops a late window without padding too", K + "dialects.cpp", "!= Dialect::caffe || any_padding",
     "!= Dialect::caffe || any_padding || true"),
    ("padding may be one more than half", K + "dialects.cpp", "? extent / 2 :", "? extent / 2 + 1 :"),
    ("stochastic pooling takes padding", K + "kinds.cpp", "kUnpadded | kSeed", "kSliding | kSeed"),
    ("a divisor of 0 passes the gate", K + "plan.cpp", "if (spec.divisor == 0)", "if (spec.divisor == 1000)"),
    ("sizes are multiplied before they are checked", K + "plan.cpp", "side > kLargestCount / count", "count * side < 0"),
    ("overlapping gradients overwrite", K + "reference.cpp", "row_[column] += factor_", "row_[column] = factor_"),
    ("gradient rows are written too early", K + "reference.cpp", "final_before_[i] = needed;",
     "final_before_[i] = std::min(needed + 1, height);"),
    ("a cancelled pooling goes on", K + "reference.cpp", "if (progress->cancelled) return;", ""),
    ("the record's winner is one off", K + "trace.cpp", "std::min(outcome.winner, listed - 1)",
     "std::max(outcome.winner - 1, int64_t{0})"),
    ("cells do not know their last reader", K + "trace.cpp", "offset / window.dilation < window.taps",
     "offset / window.dilation < window.taps - 1"),
    ("indices may point past the plane", K + "pool.cpp", "index >= plan.in.plane()", "index > plan.in.plane()"),
    ("rows and columns are exchanged in the words", K + "narrate.cpp", "axis_window(plan.rows, step.out_row, plane)",
     "axis_window(plan.columns, step.out_column, plane)"),
]


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, **options)


def failed_cases(build):
    """Names of the test cases that fail, of both test programs."""
    names = []
    for program in ("test_core", "test_golden"):
        try:
            done = run(f"{build}/{program}", timeout=120)
        except subprocess.TimeoutExpired:
            names.append(f"{program}: hangs")
            continue
        if done.returncode:
            found = re.findall(r"TEST CASE:  (.*)\n(?:(?!TEST CASE:)(?:.|\n))*?(?:ERROR|CRASHED)", done.stdout)
            names += dict.fromkeys(found) or [f"{program}: ends with {done.returncode}"]
    return names


def main():
    source = pathlib.Path(sys.argv[1]).resolve()
    chosen = [int(number) for number in sys.argv[2:]] or range(1, len(FAULTS) + 1)
    with tempfile.TemporaryDirectory() as scratch:
        archive = subprocess.Popen(["git", "-C", source, "archive", "HEAD"], stdout=subprocess.PIPE)
        subprocess.run(["tar", "x", "-C", scratch], stdin=archive.stdout, check=True)
        build = f"{scratch}/build"
        subprocess.run(["cmake", "-S", scratch, "-B", build, "-G", "Ninja", "-DPOOLSCOPE_APP=OFF", "-DPOOLSCOPE_SIMD=OFF",
                        "-DCMAKE_BUILD_TYPE=", "-DCMAKE_CXX_FLAGS=-O1 -Wno-error",
                        f"-DPOOLSCOPE_GOLDEN={source.parent}/shared/golden"], check=True, stdout=subprocess.DEVNULL)
        make = ["cmake", "--build", build, "--target", "test_core", "test_golden"]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
        assert not failed_cases(build), "the tests fail without any fault"
        survivors = 0
        for number in chosen:
            words, path, text, fault = FAULTS[number - 1]
            file = pathlib.Path(scratch, path)
            good = file.read_text(encoding="utf-8")
            if good.count(text) != 1:
                sys.exit(f"fault {number}: {path} holds {good.count(text)} times {text!r}")
            file.write_text(good.replace(text, fault), encoding="utf-8")
            built = run(*make)
            found = failed_cases(build) if built.returncode == 0 else ["does not compile"]
            file.write_text(good, encoding="utf-8")
            survivors += not found
            print(f"| {number} | {words} | {'; '.join(found[:2]) or '**not found**'} |", flush=True)
        print(f"{survivors} of {len(chosen)} faults were not found")


main()
