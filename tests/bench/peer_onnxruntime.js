// ONNX Runtime, asked through its Node.js package: the shortest call of one pooling, in microseconds.
// node peer_onnxruntime.js FOLDER '{"shape": [1,3,8,8], "operation": "max-fwd", "window": [k, s, p], "threads": 1,
// "seconds": 0.05}', FOLDER being where `npm install onnxruntime-node` was run. peers.py calls this.
'use strict';
const path = require('path');

// Protocol buffers: as much as a model of one node needs.
const varint = (n) => (n < 128 ? [n] : [(n % 128) | 128, ...varint(Math.floor(n / 128))]);
const field = (number, bytes) => [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes];
const number = (at, value) => [...varint(at * 8), ...varint(value)];
const text = (at, value) => field(at, [...Buffer.from(value)]);
const ints = (name, values) =>
  field(5, [...text(1, name), ...values.flatMap((v) => number(8, v)), ...number(20, 7)]);
const one = (name, value) => field(5, [...text(1, name), ...number(3, value), ...number(20, 2)]);
const value = (at, name, shape) => {
  const sides = shape.flatMap((side) => field(1, number(1, side)));
  return field(at, [...text(1, name), ...field(2, field(1, [...number(1, 1), ...field(2, sides)]))]);
};

function model(asked, outShape) {
  const [k, s, p] = asked.window;
  const average = asked.operation === 'avg-fwd', indices = asked.operation === 'max-idx';
  const node = [...text(1, 'x'), ...text(2, 'y'), ...(indices ? text(2, 'i') : []),
    ...text(4, average ? 'AveragePool' : 'MaxPool'), ...ints('kernel_shape', [k, k]), ...ints('strides', [s, s]),
    ...ints('pads', [p, p, p, p]), ...(average ? one('count_include_pad', 1) : [])];
  const where = field(2, field(1, [...number(1, 7), ...field(2, outShape.flatMap((side) => field(1, number(1, side))))]));
  const graph = [...field(1, node), ...text(2, 'pooling'), ...value(11, 'x', asked.shape), ...value(12, 'y', outShape),
    ...(indices ? field(12, [...text(1, 'i'), ...where]) : [])];
  return Uint8Array.from([...number(1, 8), ...field(7, graph), ...field(8, number(2, 17))]);
}

function main() {
  const [folder, json] = process.argv.slice(2);
  const asked = JSON.parse(json);
  const modules = path.resolve(folder, 'node_modules');
  const { Tensor } = require(path.join(modules, 'onnxruntime-common'));
  // Below the package's asynchronous face, which would be measured too.
  const { binding } = require(path.join(modules, 'onnxruntime-node/dist/binding.js'));
  const [k, s, p] = asked.window;
  const [n, c, h, w] = asked.shape;
  const side = (length) => Math.floor((length + 2 * p - k) / s) + 1;
  const outShape = [n, c, side(h), side(w)];
  const count = (shape) => shape.reduce((a, b) => a * b);
  const session = new binding.InferenceSession();
  const bytes = model(asked, outShape);
  session.loadModel(bytes.buffer, 0, bytes.length,
    { intraOpNumThreads: asked.threads, interOpNumThreads: 1, executionMode: 'sequential' });
  const x = new Tensor('float32', Float32Array.from({ length: count(asked.shape) }, Math.random), asked.shape);
  const outputs = { y: new Tensor('float32', new Float32Array(count(outShape)), outShape) };
  if (asked.operation === 'max-idx')
    outputs.i = new Tensor('int64', new BigInt64Array(count(outShape)), outShape);
  const call = () => session.run({ x }, outputs, {});
  const microseconds = () => Number(process.hrtime.bigint()) / 1e3;
  let begin = microseconds();
  call();
  const calls = microseconds() - begin > 200 ? 1 : 100;
  let best = Infinity;
  const end = microseconds() + asked.seconds * 1e6;
  do {
    begin = microseconds();
    for (let i = 0; i < calls; ++i) call();
    best = Math.min(best, (microseconds() - begin) / calls);
  } while (microseconds() < end);
  // What it computed is what was asked for: the largest of the first window, or its mean.
  const cells = [];
  for (let y = Math.max(-p, 0); y < k - p; ++y)
    for (let z = Math.max(-p, 0); z < k - p; ++z) cells.push(x.data[y * w + z]);
  const expected = asked.operation === 'avg-fwd' ? cells.reduce((a, b) => a + b) / (k * k) : Math.max(...cells);
  if (Math.abs(outputs.y.data[0] - expected) > 1e-6)
    throw new Error(`ONNX Runtime answers ${outputs.y.data[0]} where ${expected} was expected`);
  console.log(best);
}

main();
