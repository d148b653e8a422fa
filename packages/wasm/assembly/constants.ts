// Constants of the transcendental functions, in memory that the host lends: one load each, where constants in the code are three
// instructions of V8's, in every round of a loop that has more of them than there are registers.

/** Where each lies; those of a function one after the other, as it uses them. `src/kernels/kernel-module.ts` has the size of all. */
export const ONE: usize = 0, MINUS_ONE: usize = 4, HALF: usize = 8, BIAS: usize = 12;
export const EXP: usize = 16, TANH: usize = 56, ERF: usize = 96, GELU_SLOPE: usize = 148, GELU_BY_TANH_SLOPE: usize = 216;

let place: usize = 0;

/** Where they are, to be asked for once in a call. */
// @ts-ignore: decorator
@inline
export function constants(): usize {
  return place;
}

/** Writes them, before anything else is called. */
export function placeConstants(at: usize): void {
  place = at;
  store<f32>(at, 1, ONE);
  store<f32>(at, -1, MINUS_ONE);
  store<f32>(at, 0.5, HALF);
  store<i32>(at, 127, BIAS);
  // exp4, in the order of its use
  store<f32>(at, 89, EXP);
  store<f32>(at, -104, EXP + 4);
  store<f32>(at, 1.44269504088896341, EXP + 8);
  store<f32>(at, 12582912, EXP + 12);
  store<f32>(at, 0.693359375, EXP + 16);
  store<f32>(at, 2.12194440e-4, EXP + 20);
  store<f32>(at, 0.0013863766, EXP + 24);
  store<f32>(at, 0.0083675, EXP + 28);
  store<f32>(at, 0.041667238, EXP + 32);
  store<f32>(at, 0.16666535, EXP + 36);
  // tanh4, in the order of its use
  store<f32>(at, 9.01, TANH);
  store<f32>(at, -9.01, TANH + 4);
  store<f32>(at, 1.3336846e-8, TANH + 8);
  store<f32>(at, 7.7692823e-7, TANH + 12);
  store<f32>(at, 2.0596271e-5, TANH + 16);
  store<f32>(at, 0.0003284363, TANH + 20);
  store<f32>(at, 0.003494811, TANH + 24);
  store<f32>(at, 0.025874026, TANH + 28);
  store<f32>(at, 0.13380371, TANH + 32);
  store<f32>(at, 0.46713686, TANH + 36);
  // erf4, in the order of its use
  store<f32>(at, 3.93, ERF);
  store<f32>(at, -3.93, ERF + 4);
  store<f32>(at, 2.041988e-6, ERF + 8);
  store<f32>(at, 3.800422e-5, ERF + 12);
  store<f32>(at, 0.0002848079, ERF + 16);
  store<f32>(at, 0.0011652001, ERF + 20);
  store<f32>(at, 0.0037795526, ERF + 24);
  store<f32>(at, 0.014997323, ERF + 28);
  store<f32>(at, 0.05279011, ERF + 32);
  store<f32>(at, 0.114256956, ERF + 36);
  store<f32>(at, 0.19078243, ERF + 40);
  store<f32>(at, 0.5024092, ERF + 44);
  store<f32>(at, 1.1283791, ERF + 48);
  // slope4 of gelu
  store<f32>(at, 6.4, GELU_SLOPE);
  store<f32>(at, -6.4, GELU_SLOPE + 4);
  store<f32>(at, 2.10103028e-8, GELU_SLOPE + 8);
  store<f32>(at, 1.36906829e-6, GELU_SLOPE + 12);
  store<f32>(at, 3.4275341e-5, GELU_SLOPE + 16);
  store<f32>(at, 0.00036521905, GELU_SLOPE + 20);
  store<f32>(at, 0.0135174161, GELU_SLOPE + 24);
  store<f32>(at, -0.0134165809, GELU_SLOPE + 28);
  store<f32>(at, 0.797884464, GELU_SLOPE + 32);
  store<f32>(at, 1.47695189e-9, GELU_SLOPE + 36);
  store<f32>(at, 4.68105554e-7, GELU_SLOPE + 40);
  store<f32>(at, 1.24696917e-5, GELU_SLOPE + 44);
  store<f32>(at, 0.000286918163, GELU_SLOPE + 48);
  store<f32>(at, 0.00443706941, GELU_SLOPE + 52);
  store<f32>(at, 0.0474498235, GELU_SLOPE + 56);
  store<f32>(at, 0.316517264, GELU_SLOPE + 60);
  store<f32>(at, 1, GELU_SLOPE + 64);
  // slope4 of gelu, by tanh
  store<f32>(at, 5.92, GELU_BY_TANH_SLOPE);
  store<f32>(at, -5.92, GELU_BY_TANH_SLOPE + 4);
  store<f32>(at, 1.57949653e-8, GELU_BY_TANH_SLOPE + 8);
  store<f32>(at, 1.95202034e-7, GELU_BY_TANH_SLOPE + 12);
  store<f32>(at, 3.02887456e-5, GELU_BY_TANH_SLOPE + 16);
  store<f32>(at, -0.00023549702, GELU_BY_TANH_SLOPE + 20);
  store<f32>(at, 0.0134189287, GELU_BY_TANH_SLOPE + 24);
  store<f32>(at, -0.0463452823, GELU_BY_TANH_SLOPE + 28);
  store<f32>(at, 0.797884524, GELU_BY_TANH_SLOPE + 32);
  store<f32>(at, 1.49527002e-9, GELU_BY_TANH_SLOPE + 36);
  store<f32>(at, 2.02556279e-7, GELU_BY_TANH_SLOPE + 40);
  store<f32>(at, 4.87021043e-6, GELU_BY_TANH_SLOPE + 44);
  store<f32>(at, 0.000139791082, GELU_BY_TANH_SLOPE + 48);
  store<f32>(at, 0.00193268131, GELU_BY_TANH_SLOPE + 52);
  store<f32>(at, 0.0328608565, GELU_BY_TANH_SLOPE + 56);
  store<f32>(at, 0.276897401, GELU_BY_TANH_SLOPE + 60);
  store<f32>(at, 1, GELU_BY_TANH_SLOPE + 64);
}
