import type { Pointwise } from '../wgsl/kernel.js';
import { byFloats } from './operands.js';

/** Functions of one number, and the angle of two, by the names of tfjs' kernels. */
export const functionsOfNumbers: Readonly<Record<string, Pointwise>> = {
  Exp: byFloats((x) => `exp_(${x})`, 'exp_'),
  Expm1: byFloats((x) => `expm1_(${x})`, 'expm1_'),
  Log: byFloats((x) => `log_(${x})`, 'log_'),
  Log1p: byFloats((x) => `log1p_(${x})`, 'log1p_'),
  Sigmoid: byFloats((x) => `sigmoid(${x})`, 'sigmoid'),
  Softplus: byFloats((x) => `softplus(${x})`, 'softplus'),
  Erf: byFloats((x) => `erf_(${x})`, 'erf_'),
  Sin: byFloats((x) => `sin_(${x})`, 'sin_'),
  Cos: byFloats((x) => `cos_(${x})`, 'cos_'),
  Tan: byFloats((x) => `tan_(${x})`, 'tan_'),
  Asin: byFloats((x) => `asin_(${x})`, 'asin_'),
  Acos: byFloats((x) => `acos_(${x})`, 'acos_'),
  Atan: byFloats((x) => `atan_(${x})`, 'atan_'),
  Atan2: byFloats((y, x) => `atan2_(${y}, ${x})`, 'atan2_'),
  Sinh: byFloats((x) => `sinh_(${x})`, 'sinh_'),
  Cosh: byFloats((x) => `cosh_(${x})`, 'cosh_'),
  Tanh: byFloats((x) => `tanh_(${x})`, 'tanh_'),
  Asinh: byFloats((x) => `asinh_(${x})`, 'asinh_'),
  Acosh: byFloats((x) => `acosh_(${x})`, 'acosh_'),
  Atanh: byFloats((x) => `atanh_(${x})`, 'atanh_'),
};
