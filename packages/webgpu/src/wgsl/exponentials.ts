/** Functions that are made of e^x and ln x, near 0 by series, where differences would lose digits. */
export const exponentials = {
  /** e^x - 1. */
  expm1_: {
    calls: ['exp_'],
    code: `fn expm1_(x: f32) -> f32 {
  if (abs(x) > 0.5f) { return exp_(x) - 1.0f; }
  var sum = 1.0f;
  for (var n = 9.0f; n > 1.0f; n -= 1.0f) { sum = 1.0f + sum * x / n; }
  return x * sum;
}`,
  },
  /** ln (1 + x): near 0 by 2 artanh (x / (2 + x)). */
  log1p_: {
    calls: ['log_'],
    code: `fn log1p_(x: f32) -> f32 {
  if (x == 0.0f) { return x; }
  if (abs(x) > 0.4f) { return log_(1.0f + x); }
  let s = x / (2.0f + x);
  let z = s * s;
  return 2.0f * s * (1.0f + z * (0.33333333f + z * (0.2f + z * (0.142857143f + z * (0.11111111f + z * 0.09090909f)))));
}`,
  },
  /** ln (1 + e^x). */
  softplus: {
    calls: ['exp_', 'log1p_'],
    code: 'fn softplus(x: f32) -> f32 { return select(max(x, 0.0f) + log1p_(exp_(-abs(x))), x, is_nan(x)); }',
  },
  /** e^|x| / 2 beyond what it may be halved from. */
  half_exp: {
    calls: ['exp_'],
    code: `fn half_exp(x: f32) -> f32 {
  let root = exp_(0.5f * abs(x));
  return 0.5f * root * root;
}`,
  },
  sinh_: {
    calls: ['expm1_', 'half_exp'],
    code: `fn sinh_(x: f32) -> f32 {
  let e = expm1_(abs(x));
  let size = select(half_exp(x), 0.5f * (e + e / (e + 1.0f)), abs(x) < 9.0f);
  return select(select(size, -size, x < 0.0f), x, is_nan(x) || x == 0.0f);
}`,
  },
  cosh_: {
    calls: ['half_exp'],
    code: `fn cosh_(x: f32) -> f32 {
  let half = half_exp(x);
  return half + 0.25f / half;
}`,
  },
  asinh_: {
    calls: ['log_', 'log1p_'],
    code: `fn asinh_(x: f32) -> f32 {
  let a = abs(x);
  let near = log1p_(a + a * a / (1.0f + sqrt(a * a + 1.0f)));
  let size = select(near, log_(a) + 0.69314718f, a > 1e4f);
  return select(select(size, -size, x < 0.0f), x, is_nan(x) || x == 0.0f);
}`,
  },
  acosh_: {
    calls: ['log_', 'log1p_'],
    code: `fn acosh_(x: f32) -> f32 {
  if (is_nan(x) || x < 1.0f) { return nan(); }
  let t = x - 1.0f;
  return select(log1p_(t + sqrt(t * (t + 2.0f))), log_(x) + 0.69314718f, x > 1e4f);
}`,
  },
  atanh_: {
    calls: ['log1p_'],
    code: `fn atanh_(x: f32) -> f32 {
  let a = abs(x);
  if (is_nan(x) || a > 1.0f) { return nan(); }
  if (x == 0.0f) { return x; }
  let size = select(0.5f * log1p_(2.0f * a / (1.0f - a)), infinity(), a == 1.0f);
  return select(size, -size, x < 0.0f);
}`,
  },
} as const;
