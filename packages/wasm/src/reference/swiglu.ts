/** `gate σ(gate) x`, in double precision. */
export const swigluReference = (gate: number, x: number): number => gate * sigmoid(gate) * x;

/** The gradients for gate and x, given that of the result. */
export function swigluGradientReference(
  gate: number,
  x: number,
  dy: number,
): { readonly dGate: number; readonly dX: number } {
  const s = sigmoid(gate);
  return { dGate: dy * x * s * (1 + gate * (1 - s)), dX: dy * gate * s };
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
