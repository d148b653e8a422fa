import { UserError } from '../errors.js';
import { optimizerKinds } from '../optimizers.js';
import type { Settings } from '../settings/settings.js';
import { warmupOf } from '../schedules.js';
import { array, call, type Code, number, object, string } from './layout.js';

/** A number of steps: known, or an expression where it follows from passes over the text. */
export type Steps = number | string;

const stepsCode = (steps: Steps): string => (typeof steps === 'number' ? number(steps) : steps);

/** The optimizer of `model`, and the statements that it needs before. */
export function optimizerCode(settings: Settings): Prepared {
  const { optimizer, lr, momentum, nesterov, beta1, beta2, epsilon, clipNorm } = settings;
  const { decayMatrices, muonMomentum, muonRate, averageWeights } = settings;
  const kind: { readonly weightDecay?: number } = optimizerKinds[optimizer];
  const usual = kind.weightDecay ?? 0;
  const { weightDecay = usual } = settings;
  const isMuon = optimizer === 'muon';
  const groups = isMuon
    ? muonGroupsCode(settings, weightDecay)
    : { before: [], code: 'model.parameters()' };
  const parameters =
    decayMatrices && !isMuon
      ? `decayMatrices(model.parameters(), ${number(weightDecay)})`
      : groups.code;
  const options = object({
    learningRate: number(lr),
    ...(optimizer === 'sgd'
      ? { momentum: unless(0, momentum), nesterov: nesterov ? 'true' : undefined }
      : {
          betas: beta1 === 0.9 && beta2 === 0.999 ? undefined : array(number(beta1), number(beta2)),
          epsilon: isMuon ? undefined : unless(1e-8, epsilon),
        }),
    ...(isMuon && {
      momentum: unless(0.95, muonMomentum),
      adjustRate: muonRate === 'original' ? undefined : string(muonRate),
    }),
    // of Muon's, AdamW's parameters have another default
    weightDecay: decayMatrices
      ? undefined
      : isMuon
        ? number(weightDecay)
        : unless(usual, weightDecay),
    clipNorm: unless(0, clipNorm),
  });
  const made = call(FUNCTIONS[optimizer], parameters, options);
  const code =
    averageWeights === 0
      ? made
      : call('averageWeights', made, object({ decay: number(averageWeights) }));
  return { before: groups.before, code };
}

/** An expression, and the statements that it needs before. */
export interface Prepared {
  readonly before: readonly string[];
  readonly code: Code;
}

const FUNCTIONS = {
  sgd: 'sgd',
  adam: 'adam',
  adamw: 'adamw',
  muon: 'muon',
  'schedule-free': 'scheduleFreeAdamW',
} as const;

/** A number where it isn't the usual one. */
export const unless = (usual: number, value: number): string | undefined =>
  value === usual ? undefined : number(value);

/** Hidden matrices by Muon, all else by AdamW, whose epsilon isn't Muon's. */
function muonGroupsCode({ decayMatrices, epsilon }: Settings, weightDecay: number): Prepared {
  const groups = 'muonGroups(model, vocabSize)';
  const hasOwn = epsilon !== 1e-8;
  if (!hasOwn && !decayMatrices) return { before: [], code: groups };
  const own = hasOwn ? [`const own = { muon: {}, adamw: { epsilon: ${number(epsilon)} } };`] : [];
  const decay = number(weightDecay);
  const made = decayMatrices
    ? `${groups}.flatMap(({ rule, parameters }) =>
  decayMatrices(parameters, ${decay}).map((group) => ({ ...group, rule${hasOwn ? ', ...own[rule]' : ''} })),
)`
    : `${groups}.map((group) => ({ ...group, ...own[group.rule] }))`;
  return { before: [...own, `const groups = ${made};`], code: 'groups' };
}

/** The learning rate of each step; no code where it is the optimizer's. */
export function scheduleCode(settings: Settings, maxSteps: Steps): Partial<Prepared> {
  const { schedule, lr, decaySteps, finalLr, stepSize, gamma } = settings;
  const learningRate = number(lr);
  const { before = [], warmup } = warmupCode(settings, maxSteps);
  const warmed = (code: Code): Prepared => ({
    before,
    code: warmup === 0 ? code : call('warmUp', stepsCode(warmup), code),
  });
  if (schedule === 'constant') {
    return warmup === 0 ? {} : warmed(`constantRate(${learningRate})`);
  }
  if (schedule === 'step') {
    const options = { learningRate, stepSize: number(stepSize), gamma: unless(0.1, gamma) };
    return warmed(call('stepDecay', object(options)));
  }
  if (schedule === 'one-cycle') {
    return { code: call('oneCycle', object({ learningRate, steps: stepsCode(maxSteps) })) };
  }
  const end = decaySteps ?? maxSteps;
  const steps =
    typeof end === 'number' && typeof warmup === 'number'
      ? number(Math.max(end - warmup, 1))
      : [stepsCode(end), ...(warmup === 0 ? [] : [stepsCode(warmup)])].join(' - ');
  const finalLearningRate = unless(0, finalLr);
  return warmed(call(`${schedule}Decay`, object({ learningRate, steps, finalLearningRate })));
}

/** Steps of the warm-up: a variable where they are a share of steps that are counted. */
function warmupCode(
  settings: Settings,
  maxSteps: Steps,
): { readonly before?: readonly string[]; readonly warmup: Steps } {
  const { warmupSteps } = settings;
  if (typeof warmupSteps === 'number') return { warmup: warmupSteps };
  if (typeof maxSteps === 'number') return { warmup: warmupOf({ warmupSteps, maxSteps }) };
  const share = Number.parseFloat(warmupSteps);
  return {
    before: [`const warmup = Math.round((${share} / 100) * ${maxSteps});`],
    warmup: 'warmup',
  };
}

/** @throws UserError where settings leave to the machine what decides the weights */
export function shardsOf({ shards }: Settings): number {
  if (shards !== 'auto') return shards;
  throw new UserError(
    '--shards auto is decided by the machine, and a program for the same figures by their number; pass one, such as --shards 1',
  );
}
