#!/usr/bin/python3
"""poolscope code: the programs that it prints give the numbers of poolscope pool.

PyTorch, Keras, ONNX and ONNX Runtime are used where they are installed. Keras's layers and ONNX's operators have stand-ins
here, written from their documentation, so that their programs run everywhere NumPy is.
"""
import contextlib
import importlib.util
import io
import itertools
import os
import sys
import types
import unittest

import support
from support import npy, read_npy, some

try:
    import numpy as np
except ImportError:
    np = None

HAS_TORCH = importlib.util.find_spec("torch") is not None


def cases():
    """Arguments of `pool`: every kind, and every dialect where dialects matter."""
    sliding = ("max", "average", "min", "l2", "lp", "log-sum-exp", "softpool", "mixed")
    for kind in sliding + ("stochastic", "stochastic-expectation"):
        yield ("--kind", kind)
        yield ("--kind", kind, "--window", "3x2", "--stride", "2x3", "--ceil")
        yield ("--kind", kind, "--window", "2", "--dilation", "2x1", "--stride", "1")
        yield ("--kind", kind, "--window", "3", "--stride", "2", "--dialect", "keras-valid")
        yield ("--kind", kind, "--window", "3", "--stride", "2", "--dialect", "keras-same")
    for kind in sliding:
        yield ("--kind", kind, "--window", "3", "--stride", "2", "--padding", "1", "--ceil")
        yield ("--kind", kind, "--window", "3", "--stride", "2", "--padding", "1", "--dialect", "caffe")
        yield ("--kind", kind, "--window", "4", "--stride", "3", "--padding", "3x1", "--dialect", "onnx")
        yield ("--kind", kind, "--window", "3", "--stride", "2", "--dialect", "onnx", "--pads", "2,0,1,1", "--ceil")
        yield ("--kind", kind, "--window", "3", "--stride", "2", "--dialect", "onnx", "--auto-pad", "same-lower")
        yield ("--kind", kind, "--window", "2", "--stride", "3", "--padding", "1", "--dilation", "3")
    for kind in ("average", "mixed"):
        yield ("--kind", kind, "--window", "3", "--stride", "2", "--padding", "1", "--exclude-padding", "--ceil")
        yield ("--kind", kind, "--window", "3", "--padding", "1", "--divisor", "5", "--mix", "0.25")
        yield ("--kind", kind, "--window", "3", "--stride", "2", "--padding", "1", "--ceil", "--dialect", "onnx", "--opset", "11",
               "--include-padding")
    for kind in ("l2", "lp"):
        yield ("--kind", kind, "--window", "3", "--stride", "2", "--padding", "1", "--normalise", "mean", "--norm", "2.5")
        yield ("--kind", kind, "--window", "3", "--stride", "2", "--norm", "3", "--ceil")
    yield ("--kind", "log-sum-exp", "--sharpness", "0", "--padding", "1", "--window", "3")
    yield ("--kind", "mixed", "--mix", "0")
    yield ("--kind", "mixed", "--mix", "1", "--window", "3", "--padding", "1")
    for stride in ("2", "3x1"):
        yield ("--kind", "none", "--stride", stride)
        for taps in ("2", "3", "4", "5"):
            yield ("--kind", "blur", "--stride", stride, "--taps", taps)
        yield ("--kind", "max-blur", "--window", "3x2", "--stride", stride, "--padding", "1x0", "--dilation", "1x2")
    yield from ((("--kind", kind) for kind in ("global-max", "global-average")))
    for kind in ("adaptive-max", "adaptive-average"):
        yield ("--kind", kind, "--output-size", "3x2")
        yield ("--kind", kind, "--output-size", "4x9")
    yield ("--kind", "fractional-max", "--window", "2", "--output-size", "3x4", "--seed", "5")
    yield ("--kind", "fractional-max", "--window", "2", "--output-size", "1x5")
    yield ("--kind", "stochastic", "--window", "3", "--stride", "1", "--seed", "18446744073709551615")
    yield ("--kind", "aps", "--stride", "3x7")


def pooled(x, window, stride, pads, dilation, value, reduce):
    """Windows of x (n, c, h, w), padded by hand, as reduce(values, inside) makes them. pads: top, left, bottom, right."""
    sides = ((0, 0), (0, 0), (pads[0], pads[2]), (pads[1], pads[3]))
    values = np.pad(x, sides, constant_values=value)
    inside = np.pad(np.ones(x.shape, bool), sides)
    extent = [dilation[k] * (window[k] - 1) + 1 for k in (0, 1)]
    out = [(values.shape[2 + k] - extent[k]) // stride[k] + 1 for k in (0, 1)]
    y = np.empty((*x.shape[:2], *out), x.dtype)
    for i, j in itertools.product(range(out[0]), range(out[1])):
        part = np.s_[:, :, i * stride[0]:i * stride[0] + extent[0]:dilation[0], j * stride[1]:j * stride[1] + extent[1]:dilation[1]]
        y[:, :, i, j] = reduce(values[part], inside[part])
    return y


def keras_stand_in():
    """Keras 3's pooling layers: channels last; "same" pads as TensorFlow, and averages leave padding out."""
    def layer(reduce):
        def make(pool_size, strides, padding="valid"):
            def call(x):
                x = np.asarray(x).transpose(0, 3, 1, 2)
                pads = [0, 0, 0, 0]
                for k in (0, 1) if padding == "same" else ():
                    size = x.shape[2 + k]
                    total = max((-(-size // strides[k]) - 1) * strides[k] + pool_size[k] - size, 0)
                    pads[k], pads[2 + k] = total // 2, total - total // 2
                return pooled(x, pool_size, strides, pads, (1, 1), 0, reduce).transpose(0, 2, 3, 1)
            return call
        return make

    def largest(values, inside):
        return np.where(inside, values, -np.inf).max((2, 3))

    def mean(values, inside):
        return np.where(inside, values, 0).sum((2, 3), dtype=np.float64) / inside.sum((2, 3))

    layers = types.SimpleNamespace(
        MaxPooling2D=lambda pool_size, strides, padding="valid": layer(largest)(pool_size, strides, padding),
        AveragePooling2D=lambda pool_size, strides, padding="valid": layer(mean)(pool_size, strides, padding),
        GlobalMaxPooling2D=lambda keepdims: lambda x: x.max((1, 2), keepdims=keepdims),
        GlobalAveragePooling2D=lambda keepdims: lambda x: x.mean((1, 2), keepdims=keepdims, dtype=np.float64))
    module = types.ModuleType("keras")
    module.layers = layers
    return module


class OnnxStandIn:
    """ONNX's operators that the programs use, from the standard's text (opset 13)."""
    def run(self, nodes, known):
        for op, inputs, output, attributes in nodes:
            known[output] = np.asarray(getattr(self, op)(*(known[name] for name in inputs), **attributes), np.float32)
        return known["y"]

    def pool(self, x, reduce, value, kernel_shape, strides, pads=(0, 0, 0, 0), dilations=(1, 1)):
        for k in (0, 1):  # ONNX Runtime's check
            assert max(pads[k], pads[2 + k]) < kernel_shape[k], (pads, kernel_shape)
        return pooled(x, kernel_shape, strides, pads, dilations, value, reduce)

    def MaxPool(self, x, **attributes):
        return self.pool(x, lambda v, inside: v.max((2, 3)), -np.inf, **attributes)

    def AveragePool(self, x, count_include_pad, **attributes):
        assert "dilations" not in attributes  # since opset 19
        return self.pool(x, lambda v, inside: v.sum((2, 3), dtype=np.float64) /
                         (inside.sum((2, 3)) if not count_include_pad else inside[0, 0].size), 0, **attributes)

    def LpPool(self, x, p, **attributes):
        assert isinstance(p, int)
        return self.pool(x, lambda v, inside: (abs(v.astype(np.float64)) ** p).sum((2, 3)) ** (1 / p), 0, **attributes)

    def Pad(self, x, pads, value=0, mode="constant"):
        sides = list(zip(pads[:4].astype(int), pads[4:].astype(int)))
        return np.pad(x, sides, mode) if mode == "reflect" else np.pad(x, sides, constant_values=value)

    def Conv(self, x, kernel, strides, group):
        assert kernel.shape[:2] == (group, 1) and group == x.shape[1]
        return pooled(x, kernel.shape[2:], strides, (0, 0, 0, 0), (1, 1), 0, lambda v, _: (v * kernel[None, :, 0]).sum((2, 3)))

    Neg, Abs, Relu = (staticmethod(f) for f in (lambda x: -x, lambda x: abs(x), lambda x: x.clip(0)))
    Mul, Div, Add, Pow, Max = (staticmethod(f) for f in (
        lambda a, b: a * b, lambda a, b: a / b, lambda a, b: a + b, lambda a, b: a ** b, lambda a, b: np.maximum(a, b)))
    GlobalMaxPool = staticmethod(lambda x: x.max((2, 3), keepdims=True))
    GlobalAveragePool = staticmethod(lambda x: x.mean((2, 3), keepdims=True, dtype=np.float64))


def onnx_stand_ins():
    """The modules onnx and onnxruntime, as far as the programs use them."""
    helper = types.SimpleNamespace(
        make_node=lambda op, inputs, outputs, **attributes: (op, inputs, outputs[0], attributes),
        make_tensor_value_info=lambda name, kind, shape: (name, shape),
        make_opsetid=lambda domain, version: version,
        make_graph=lambda nodes, name, inputs, outputs, initializer: (nodes, dict(initializer), outputs[0][1]),
        make_model=lambda graph, **_: types.SimpleNamespace(SerializeToString=lambda: graph))
    onnx = types.ModuleType("onnx")
    onnx.helper, onnx.TensorProto = helper, types.SimpleNamespace(FLOAT=1)
    onnx.numpy_helper = types.SimpleNamespace(from_array=lambda array, name: (name, np.asarray(array)))
    onnx.checker = types.SimpleNamespace(check_model=lambda model: None)

    class Session:
        def __init__(self, graph, providers):
            self.graph = graph

        def run(self, _, inputs):
            nodes, constants, shape = self.graph
            y = OnnxStandIn().run(nodes, {**constants, **inputs})
            assert list(y.shape) == shape, (y.shape, shape)
            return [y]

    runtime = types.ModuleType("onnxruntime")
    runtime.InferenceSession = Session
    return onnx, runtime


@unittest.skipIf(np is None, "NumPy is not installed")
class Code(support.Case):
    def setUp(self):
        super().setUp()
        stand_ins = {}
        if importlib.util.find_spec("keras") is None:
            stand_ins["keras"] = keras_stand_in()
        if importlib.util.find_spec("onnxruntime") is None or importlib.util.find_spec("onnx") is None:
            stand_ins["onnx"], stand_ins["onnxruntime"] = onnx_stand_ins()
        sys.modules.update(stand_ins)
        self.addCleanup(lambda: [sys.modules.pop(name) for name in stand_ins])
        here = os.getcwd()
        self.addCleanup(os.chdir, here)
        values = np.random.default_rng(3).normal(size=(2, 3, 6, 7)).astype(np.float32)
        self.put("x.npy", npy(list(values.ravel().tolist()), values.shape))
        self.put("positive.npy", npy([abs(value) + 0.25 for value in values.ravel().tolist()], values.shape))
        os.chdir(self.folder)

    def names_after(self, framework, *arguments):
        """The program's variables after it has run."""
        program = self.good("code", *arguments, "--framework", framework)
        names = {}
        with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
            exec(compile(program, framework, "exec"), names)  # the program under test
        return names, program

    results = {}  # of all tests: their inputs are the same

    def result(self, *arguments):
        if arguments not in self.results:
            self.good("pool", *arguments, "-o", "y.npy")
            values, shape, _ = read_npy(self.read("y.npy"))
            self.results[arguments] = np.array(values, np.float32).reshape(shape)
        return self.results[arguments]

    def check_all(self, framework):
        for case in some(cases()):
            # Powers of negative values may be no number, and draws want values that can be drawn.
            for source in ("x.npy", "positive.npy") if case[1] in ("lp", "stochastic") else ("x.npy",):
                with self.subTest(framework=framework, case=case, source=source):
                    names, program = self.names_after(framework, source, *case)
                    y = names["y"]
                    y = y.detach().numpy() if hasattr(y, "detach") else np.asarray(y)
                    np.testing.assert_allclose(y, self.result(source, *case), rtol=2e-5, atol=2e-6, err_msg=program)

    @unittest.skipUnless(HAS_TORCH, "PyTorch is not installed")
    def test_pytorch(self):
        self.check_all("pytorch")

    def test_keras(self):
        self.check_all("keras")

    def test_onnx(self):
        self.check_all("onnx")

    @unittest.skipUnless(HAS_TORCH, "PyTorch is not installed")
    def test_gradients_of_pytorch(self):
        for case in some(cases()):
            if case[1] == "fractional-max" or "3" == case[-1] and "--dilation" in case:
                continue  # by NumPy, and a comment says so
            with self.subTest(case=case):
                shape = self.result("positive.npy", *case).shape
                self.put("gy.npy", npy([1.0] * int(np.prod(shape)), shape))
                self.good("pool", "positive.npy", *case, "-o", "y.npy", "--grad", "gy.npy", "--grad-out", "gx.npy")
                gradient = np.array(read_npy(self.read("gx.npy"))[0], np.float32).reshape(2, 3, 6, 7)
                names, program = self.names_after("pytorch", "positive.npy", *case, "--direction", "backward")
                np.testing.assert_allclose(names["x"].grad.numpy(), gradient, rtol=1e-4, atol=1e-5, err_msg=program)

    def test_larger_inputs_are_loaded(self):
        program = self.good("code", "digit", "--framework", "keras")
        command = program.split("made by: poolscope ")[1].split("\n")[0]
        self.good(*command.split())
        names, _ = self.names_after("keras", "digit")
        np.testing.assert_array_equal(names["y"][0], self.result("digit"))

    def test_wild_values_and_names(self):
        self.put("wild \"name\".csv", "1,nan,-inf\n3e20,1e-7,-0.1\n")
        names, program = self.names_after("keras", "wild \"name\".csv", "--window", "1")
        np.testing.assert_array_equal(names["x"].ravel(), np.array([1, np.nan, -np.inf, 3e20, 1e-7, -0.1], np.float32))
        self.assertIn("# Poolscope: Max", program)

    def test_comments_in_chinese(self):
        program = self.good("code", "--framework", "onnx", "--kind", "softpool", "--lang", "zh")
        self.assertIn("# ONNX 没有对应的算子", program)

    def test_refusals(self):
        self.refused(2, "code", says=("--framework", "pytorch, keras, onnx"))
        self.refused(2, "code", "--framework", "caffe", says=("--framework", "caffe"))
        self.refused(2, "code", "--framework", "onnx", "--padding", "9", says="padding 9")
        self.refused(2, "code", "--framework", "onnx", "--direction", "up", says="--direction")
        self.refused(1, "code", "absent.npy", "--framework", "onnx", says="absent.npy")


if __name__ == "__main__":
    support.main()
