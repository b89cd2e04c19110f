// The way back: part of lanes-inl.h. No include guard.
// NOLINT

void unpool(int64_t channels, int64_t h, int64_t w, const float* gradient, const float* codes, float* out) {
  const V one = set(1.0f), two = set(2.0f), three = set(3.0f);
  const int64_t row = w * kLanes;
  for (int64_t c = 0; c < channels; ++c) {
    for (int64_t y = 0; y < h / 2; ++y) {
      float* upper = out + (c * h + 2 * y) * row;
      float* lower = upper + row;
      for (int64_t x = 0; x < w / 2; ++x) {
        const V g = load(gradient), code = load(codes);
        store(select_eq(code, zero(), g, zero()), upper);
        store(select_eq(code, one, g, zero()), upper + kLanes);
        store(select_eq(code, two, g, zero()), lower);
        store(select_eq(code, three, g, zero()), lower + kLanes);
        gradient += kLanes;
        codes += kLanes;
        upper += 2 * kLanes;
        lower += 2 * kLanes;
      }
      if (w % 2 != 0) {
        store(zero(), upper);
        store(zero(), lower);
      }
    }
    if (h % 2 != 0)
      for (int64_t x = 0; x < w; ++x)
        store(zero(), out + (c * h + h - 1) * row + x * kLanes);
  }
}

/// Adds rows y0 to y1 of the products of TO outputs with input channel i and weight row a to sums[o][b].
template <int KW, int TO>
void weight_rows(const ConvShape& s, const float* in, const float* gradient, int64_t i, int64_t a, int64_t y0,
                 int64_t y1, float* sums, int64_t sums_stride, bool fresh) {
  V acc[TO][KW];
  for (int o = 0; o < TO; ++o)
    for (int b = 0; b < KW; ++b)
      acc[o][b] = fresh ? zero() : load(sums + (o * sums_stride + b) * kLanes);
  const int64_t plane = s.out_h * s.out_w * kLanes;
  for (int64_t y = y0; y < y1; ++y) {
    const float* row = in + (i * s.in_h + y + a) * s.in_w * kLanes;
    const float* g = gradient + y * s.out_w * kLanes;
    for (int64_t x = 0; x < s.out_w; ++x) {
      V values[KW];
      for (int b = 0; b < KW; ++b)
        values[b] = load(row + (x + b) * kLanes);
      for (int o = 0; o < TO; ++o) {
        const V one = load(g + o * plane + x * kLanes);
        for (int b = 0; b < KW; ++b)
          acc[o][b] = madd(one, values[b], acc[o][b]);
      }
    }
  }
  for (int o = 0; o < TO; ++o)
    for (int b = 0; b < KW; ++b)
      store(acc[o][b], sums + (o * sums_stride + b) * kLanes);
}

/// The same for any window and stride, one weight at a time.
template <int TO>
void weight_rows_any(const ConvShape& s, const float* in, const float* gradient, int64_t i, int64_t a,
                     int64_t y0, int64_t y1, float* sums, int64_t sums_stride, bool fresh) {
  const int64_t plane = s.out_h * s.out_w * kLanes;
  for (int64_t b = 0; b < s.kw; ++b) {
    V acc[TO];
    for (int o = 0; o < TO; ++o)
      acc[o] = fresh ? zero() : load(sums + (o * sums_stride + b) * kLanes);
    for (int64_t y = y0; y < y1; ++y) {
      const float* row = in + ((i * s.in_h + y * s.sh + a) * s.in_w + b) * kLanes;
      const float* g = gradient + y * s.out_w * kLanes;
      for (int64_t x = 0; x < s.out_w; ++x) {
        const V value = load(row + x * s.sw * kLanes);
        for (int o = 0; o < TO; ++o)
          acc[o] = madd(load(g + o * plane + x * kLanes), value, acc[o]);
      }
    }
    for (int o = 0; o < TO; ++o)
      store(acc[o], sums + (o * sums_stride + b) * kLanes);
  }
}

template <int KW, int TO>
void weight_outputs(const ConvShape& s, const float* in, const float* gradient, float* weight_gradient,
                    float* bias_gradient, float* sums) {
  const int64_t per_output = s.in_c * s.kh * s.kw, plane = s.out_h * s.out_w;
  // As many rows of the gradient as stay in the first cache while all weights pass over them.
  const int64_t row_bytes = TO * s.out_w * kLanes * static_cast<int64_t>(sizeof(float));
  const int64_t chunk = std::max<int64_t>(1, 20000 / row_bytes);
  for (int64_t y = 0; y < s.out_h; y += chunk) {
    const int64_t end = std::min(s.out_h, y + chunk);
    for (int64_t i = 0; i < s.in_c; ++i)
      for (int64_t a = 0; a < s.kh; ++a) {
        float* to = sums + (i * s.kh + a) * s.kw * kLanes;
        if constexpr (KW > 0)
          weight_rows<KW, TO>(s, in, gradient, i, a, y, end, to, per_output, y == 0);
        else
          weight_rows_any<TO>(s, in, gradient, i, a, y, end, to, per_output, y == 0);
      }
  }
  for (int64_t k = 0; k < TO * per_output; ++k)
    weight_gradient[k] = sum(load(sums + k * kLanes));
  if (bias_gradient == nullptr) return;
  for (int o = 0; o < TO; ++o) {
    V acc = zero();
    for (int64_t p = 0; p < plane; ++p)
      acc = add(acc, load(gradient + (o * plane + p) * kLanes));
    bias_gradient[o] = sum(acc);
  }
}

template <int KW>
void weight_gradient_of(const ConvShape& s, const float* in, const float* gradient, float* weight_gradient,
                        float* bias_gradient, float* sums) {
  const int64_t per_output = s.in_c * s.kh * s.kw, plane = s.out_h * s.out_w * kLanes;
  int64_t o = 0;
  for (; o + 4 <= s.out_c; o += 4)
    weight_outputs<KW, 4>(s, in, gradient + o * plane, weight_gradient + o * per_output,
                          bias_gradient ? bias_gradient + o : nullptr, sums);
  for (; o < s.out_c; ++o)
    weight_outputs<KW, 1>(s, in, gradient + o * plane, weight_gradient + o * per_output,
                          bias_gradient ? bias_gradient + o : nullptr, sums);
}

void conv_weight_gradient(const ConvShape& s, const float* in, const float* gradient, float* weight_gradient,
                          float* bias_gradient, float* sums) {
  const bool dense = s.sw == 1 && s.sh == 1;
  if (dense && s.kw == 5) return weight_gradient_of<5>(s, in, gradient, weight_gradient, bias_gradient, sums);
  if (dense && s.kw == 3) return weight_gradient_of<3>(s, in, gradient, weight_gradient, bias_gradient, sums);
  weight_gradient_of<0>(s, in, gradient, weight_gradient, bias_gradient, sums);
}

/// What TX columns of the gradient, from column x0 on, send to row y of TI input channels: exactly the
/// products that exist, no padding. Adds to the row.
template <int KW, int TX, int TI>
void input_tile(const ConvShape& s, const float* gradient, const float* weights, int64_t i, int64_t y,
                int64_t x0, float* const* rows) {
  V acc[TI][TX + KW - 1];
  for (int k = 0; k < TI; ++k)
    for (int t = 0; t < TX + KW - 1; ++t)
      acc[k][t] = load(rows[k] + (x0 + t) * kLanes);
  const int64_t first = std::max<int64_t>(0, y - s.out_h + 1), last = std::min(s.kh - 1, y);
  for (int64_t o = 0; o < s.out_c; ++o)
    for (int64_t a = first; a <= last; ++a) {
      const float* g = gradient + ((o * s.out_h + y - a) * s.out_w + x0) * kLanes;
      const float* w = weights + ((o * s.in_c + i) * s.kh + a) * KW;
      for (int b = 0; b < KW; ++b)
        for (int k = 0; k < TI; ++k) {
          const V weight = set(w[k * s.kh * KW + b]);
          for (int t = 0; t < TX; ++t)
            acc[k][t + b] = madd(weight, load(g + t * kLanes), acc[k][t + b]);
        }
    }
  for (int k = 0; k < TI; ++k)
    for (int t = 0; t < TX + KW - 1; ++t)
      store(acc[k][t], rows[k] + (x0 + t) * kLanes);
}

template <int KW, int TI>
void input_row(const ConvShape& s, const float* gradient, const float* weights, int64_t i, int64_t y,
               float* const* rows) {
  int64_t x = 0;
  for (; x + kColumns <= s.out_w; x += kColumns)
    input_tile<KW, kColumns, TI>(s, gradient, weights, i, y, x, rows);
  for (; x + 2 <= s.out_w; x += 2)
    input_tile<KW, 2, TI>(s, gradient, weights, i, y, x, rows);
  if (x < s.out_w) input_tile<KW, 1, TI>(s, gradient, weights, i, y, x, rows);
}

template <int KW>
void input_gradient_of(const ConvShape& s, const float* gradient, const float* weights, float* in_gradient) {
  const int64_t row = s.in_w * kLanes, plane = s.in_h * row;
  int64_t i = 0;
  for (; i + 2 <= s.in_c; i += 2)
    for (int64_t y = 0; y < s.in_h; ++y) {
      float* rows[2] = {in_gradient + i * plane + y * row, in_gradient + (i + 1) * plane + y * row};
      input_row<KW, 2>(s, gradient, weights, i, y, rows);
    }
  if (i < s.in_c)
    for (int64_t y = 0; y < s.in_h; ++y) {
      float* rows[1] = {in_gradient + i * plane + y * row};
      input_row<KW, 1>(s, gradient, weights, i, y, rows);
    }
}

/// Any window and stride: what one place of the gradient sends to TI channels, summed over the outputs first.
template <int TI>
void input_place(const ConvShape& s, const float* gradient, const float* weights, int64_t i, int64_t y,
                 int64_t x, float* in_gradient) {
  const int64_t out_plane = s.out_h * s.out_w * kLanes, window = s.kh * s.kw;
  const float* g = gradient + (y * s.out_w + x) * kLanes;
  for (int64_t a = 0; a < s.kh; ++a)
    for (int64_t b = 0; b < s.kw; ++b) {
      V acc[TI];
      for (int k = 0; k < TI; ++k)
        acc[k] = zero();
      for (int64_t o = 0; o < s.out_c; ++o) {
        const V one = load(g + o * out_plane);
        const float* w = weights + (o * s.in_c + i) * window + a * s.kw + b;
        for (int k = 0; k < TI; ++k)
          acc[k] = madd(set(w[k * window]), one, acc[k]);
      }
      for (int k = 0; k < TI; ++k) {
        float* to = in_gradient + (((i + k) * s.in_h + y * s.sh + a) * s.in_w + x * s.sw + b) * kLanes;
        store(add(load(to), acc[k]), to);
      }
    }
}

void conv_input_gradient(const ConvShape& s, const float* gradient, const float* weights,
                         float* in_gradient) {
  for (int64_t k = 0; k < s.in_c * s.in_h * s.in_w; ++k)
    store(zero(), in_gradient + k * kLanes);
  const bool dense = s.sw == 1 && s.sh == 1;
  if (dense && s.kw == 5) return input_gradient_of<5>(s, gradient, weights, in_gradient);
  if (dense && s.kw == 3) return input_gradient_of<3>(s, gradient, weights, in_gradient);
  int64_t i = 0;
  for (; i + 4 <= s.in_c; i += 4)
    for (int64_t p = 0; p < s.out_h * s.out_w; ++p)
      input_place<4>(s, gradient, weights, i, p / s.out_w, p % s.out_w, in_gradient);
  for (; i < s.in_c; ++i)
    for (int64_t p = 0; p < s.out_h * s.out_w; ++p)
      input_place<1>(s, gradient, weights, i, p / s.out_w, p % s.out_w, in_gradient);
}

template <int TI>
void dense_inputs(const DenseShape& s, const float* gradient, const float* weights, int64_t i,
                  float* in_gradient) {
  V acc[TI];
  for (int k = 0; k < TI; ++k)
    acc[k] = zero();
  for (int64_t o = 0; o < s.out; ++o) {
    const V g = load(gradient + o * kLanes);
    const float* w = weights + o * s.in + i;
    for (int k = 0; k < TI; ++k)
      acc[k] = madd(set(w[k]), g, acc[k]);
  }
  for (int k = 0; k < TI; ++k)
    store(acc[k], in_gradient + (i + k) * kLanes);
}

void dense_input_gradient(const DenseShape& s, const float* gradient, const float* weights,
                          float* in_gradient) {
  int64_t i = 0;
  for (; i + kDenseTile <= s.in; i += kDenseTile)
    dense_inputs<kDenseTile>(s, gradient, weights, i, in_gradient);
  for (; i < s.in; ++i)
    dense_inputs<1>(s, gradient, weights, i, in_gradient);
}

/// TO rows x TI vectors of columns.
template <int TO, int TI>
void dense_weight_tile(const DenseShape& s, int64_t pictures, const float* in, const float* gradient,
                       int64_t o, int64_t i, float* weight_gradient) {
  V acc[TO][TI];
  for (int k = 0; k < TO; ++k)
    for (int t = 0; t < TI; ++t)
      acc[k][t] = zero();
  for (int64_t n = 0; n < pictures; ++n) {
    V x[TI];
    for (int t = 0; t < TI; ++t)
      x[t] = load_any(in + n * s.in + i + t * kLanes);
    const float* g = gradient + n * s.out + o;
    for (int k = 0; k < TO; ++k) {
      const V one = set(g[k]);
      for (int t = 0; t < TI; ++t)
        acc[k][t] = madd(one, x[t], acc[k][t]);
    }
  }
  for (int k = 0; k < TO; ++k)
    for (int t = 0; t < TI; ++t)
      store_any(acc[k][t], weight_gradient + (o + k) * s.in + i + t * kLanes);
}

template <int TO>
void dense_weight_rows(const DenseShape& s, int64_t pictures, const float* in, const float* gradient,
                       int64_t o, float* weight_gradient) {
  int64_t i = 0;
  for (; i + 2 * kLanes <= s.in; i += 2 * kLanes)
    dense_weight_tile<TO, 2>(s, pictures, in, gradient, o, i, weight_gradient);
  for (; i + kLanes <= s.in; i += kLanes)
    dense_weight_tile<TO, 1>(s, pictures, in, gradient, o, i, weight_gradient);
  for (; i < s.in; ++i)
    for (int k = 0; k < TO; ++k) {
      float total = 0;
      for (int64_t n = 0; n < pictures; ++n)
        total += gradient[n * s.out + o + k] * in[n * s.in + i];
      weight_gradient[(o + k) * s.in + i] = total;
    }
}

void dense_weight_gradient(const DenseShape& s, int64_t pictures, const float* in, const float* gradient,
                           int64_t first, int64_t last, float* weight_gradient) {
  int64_t o = first;
  for (; o + 8 <= last; o += 8)
    dense_weight_rows<8>(s, pictures, in, gradient, o, weight_gradient);
  for (; o < last; ++o)
    dense_weight_rows<1>(s, pictures, in, gradient, o, weight_gradient);
}

void taps_backward(const TapTable& table, int64_t channels, const float* gradient, const float* winners,
                   float* in_gradient) {
  for (int64_t k = 0; k < channels * table.in; ++k)
    store(zero(), in_gradient + k * kLanes);
  for (int64_t c = 0; c < channels; ++c) {
    float* plane = in_gradient + c * table.in * kLanes;
    for (int64_t o = 0; o < table.out; ++o) {
      const int64_t at = (c * table.out + o) * kLanes;
      V g = load(gradient + at);
      if (table.weight != nullptr) g = mul(g, set(table.weight[o]));
      const V winner = table.weight != nullptr ? zero() : load(winners + at);
      for (int32_t t = table.first[o]; t < table.first[o + 1]; ++t) {
        float* to = plane + table.taps[t] * kLanes;
        const V part = table.weight != nullptr
                           ? g
                           : select_eq(winner, set(static_cast<float>(t - table.first[o])), g, zero());
        store(add(load(to), part), to);
      }
    }
  }
}

void relu_backward(int64_t count, const float* out, float* gradient) {
  for (int64_t k = 0; k < count; ++k)
    store(select_gt(load(out + k * kLanes), zero(), load(gradient + k * kLanes), zero()),
          gradient + k * kLanes);
}
