// Constants of the transcendental functions, in memory that the host lends: one load each, where constants in the code are three
// instructions of V8's, in every round of a loop that has more of them than there are registers.

/** Where each lies; those of a function one after the other, as it uses them; float64 at multiples of 8. `src/kernels/kernel-module.ts` has the size of all. */
export const ONE: usize = 0, HALF: usize = 4, BIAS: usize = 8;
export const EXP: usize = 16, TANH: usize = 56, ERF: usize = 152, GELU_SLOPE: usize = 264, GELU_BY_TANH_SLOPE: usize = 332;

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
  store<f32>(at, 9.1, TANH);
  store<f32>(at, -9.1, TANH + 4);
  store<f64>(at, 3.6382958839742374e-11, TANH + 8);
  store<f64>(at, 2.929761633272682e-09, TANH + 16);
  store<f64>(at, 1.1059967694217033e-07, TANH + 24);
  store<f64>(at, 2.594546183511208e-06, TANH + 32);
  store<f64>(at, 4.217371807236479e-05, TANH + 40);
  store<f64>(at, 0.0005000885612363463, TANH + 48);
  store<f64>(at, 0.004422076362301479, TANH + 56);
  store<f64>(at, 0.029187540230944668, TANH + 64);
  store<f64>(at, 0.14096305630026276, TANH + 72);
  store<f64>(at, 0.4742963891890691, TANH + 80);
  store<f64>(at, 0.9999999999594821, TANH + 88);
  // erf4, in the order of its use
  store<f32>(at, 3.95, ERF);
  store<f32>(at, -3.95, ERF + 4);
  store<f64>(at, -5.033637258367476e-08, ERF + 8);
  store<f64>(at, -7.252737496557573e-07, ERF + 16);
  store<f64>(at, -1.107823412865172e-06, ERF + 24);
  store<f64>(at, 3.7480708489230676e-05, ERF + 32);
  store<f64>(at, 0.0002941565538668278, ERF + 40);
  store<f64>(at, 0.0009963835632229396, ERF + 48);
  store<f64>(at, 0.002807833272682249, ERF + 56);
  store<f64>(at, 0.013167162746737859, ERF + 64);
  store<f64>(at, 0.05038854511531702, ERF + 72);
  store<f64>(at, 0.10415946043272244, ERF + 80);
  store<f64>(at, 0.16381658375376726, ERF + 88);
  store<f64>(at, 0.4785120348701737, ERF + 96);
  store<f64>(at, 1.1283791680042876, ERF + 104);
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
