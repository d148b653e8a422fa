import { optimizerKinds } from '../optimizers.js';
import { warmupOf } from '../schedules.js';
import type { Settings } from '../settings/settings.js';
import { python } from './python.js';

/** What changes the parameters, in Python. */
export interface PytorchOptimizer {
  /** Its class, where PyTorch has none. */
  readonly definition?: string;
  /** What makes `optimizers`, or one `optimizer`. */
  readonly make: string;
  /** Whether there are two. */
  readonly isTwo: boolean;
}

export function pytorchOptimizer(settings: Settings): PytorchOptimizer {
  const { optimizer, lr, momentum, nesterov, beta1, beta2, epsilon, decayMatrices } = settings;
  const kind: { readonly weightDecay?: number } = optimizerKinds[optimizer];
  const { weightDecay = kind.weightDecay ?? 0 } = settings;
  const betas = beta1 === 0.9 && beta2 === 0.999 ? [] : [`betas=(${beta1}, ${beta2})`];
  const eps = epsilon === 1e-8 ? [] : [`eps=${epsilon}`];
  const decay = [`weight_decay=${weightDecay}`];
  if (optimizer === 'muon' && hasHidden(settings))
    return twoOptimizers(settings, [...betas, ...eps], weightDecay);
  const groups = decayMatrices
    ? python(
        'groups = [',
        `    {"params": [p for p in model.parameters() if p.ndim >= 2], "weight_decay": ${weightDecay}},`,
        '    {"params": [p for p in model.parameters() if p.ndim < 2], "weight_decay": 0.0},',
        ']',
      )
    : undefined;
  const parameters = decayMatrices ? 'groups' : 'model.parameters()';
  const own = {
    sgd: [
      ...(momentum === 0 ? [] : [`momentum=${momentum}`]),
      ...(nesterov ? ['nesterov=True'] : []),
    ],
    adam: [...betas, ...eps],
    adamw: [...betas, ...eps],
    muon: [...betas, ...eps],
    'schedule-free': [...betas, ...eps],
  }[optimizer];
  const name = {
    sgd: 'torch.optim.SGD',
    adam: 'torch.optim.Adam',
    adamw: 'torch.optim.AdamW',
    muon: 'torch.optim.AdamW',
    'schedule-free': 'ScheduleFree',
  }[optimizer];
  const last = decayMatrices || (weightDecay === 0 && !name.endsWith('AdamW')) ? [] : decay;
  const options = [parameters, `lr=${lr}`, ...own, ...last];
  return {
    ...(optimizer === 'schedule-free' && { definition: SCHEDULE_FREE }),
    make: python(groups, `optimizer = ${name}(${options.join(', ')})`),
    isTwo: false,
  };
}

/** Whether a network has hidden matrices; convolutions and tables aren't. */
const hasHidden = ({ model }: Settings): boolean => model !== 'cnn' && model !== 'bigram';

function twoOptimizers(
  settings: Settings,
  ofAdamW: readonly string[],
  weightDecay: number,
): PytorchOptimizer {
  const { model, lr, muonMomentum, muonRate, decayMatrices, residual } = settings;
  const isSequential = model === 'mlp' && !residual;
  const hidden = isSequential
    ? '[layer.weight for layer in model if isinstance(layer, nn.Linear)][:-1]'
    : '[p for name, p in model.named_parameters() if p.ndim == 2 and not re.search("embed|head", name)]';
  const muon = [
    'hidden',
    `lr=${lr}`,
    `weight_decay=${weightDecay}`,
    ...(muonMomentum === 0.95 ? [] : [`momentum=${muonMomentum}`]),
    ...(muonRate === 'original' ? [] : ['adjust_lr_fn="match_rms_adamw"']),
  ];
  const rest = '[p for p in model.parameters() if all(p is not matrix for matrix in hidden)]';
  return {
    make: python(
      `hidden = ${hidden}`,
      `rest = ${rest}`,
      decayMatrices &&
        python(
          'rest = [',
          `    {"params": [p for p in rest if p.ndim >= 2], "weight_decay": ${weightDecay}},`,
          '    {"params": [p for p in rest if p.ndim < 2], "weight_decay": 0.0},',
          ']',
        ),
      'optimizers = [',
      `    torch.optim.Muon(${muon.join(', ')}),`,
      `    torch.optim.AdamW(${['rest', `lr=${lr}`, ...ofAdamW, ...(decayMatrices ? [] : [`weight_decay=${weightDecay}`])].join(', ')}),`,
      ']',
    ),
    isTwo: true,
  };
}

const SCHEDULE_FREE = `class ScheduleFree(torch.optim.Optimizer):
    """AdamW that takes the mean of its weights instead of a falling rate (Defazio et al., 2024)."""

    def __init__(self, parameters, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        super().__init__(parameters, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, steps=0, highest=0.0, total=0.0))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, (beta1, beta2) = group["lr"], group["betas"]
            group["steps"] += 1
            group["highest"] = max(group["highest"], lr)
            group["total"] += group["highest"] ** 2
            share = group["highest"] ** 2 / group["total"]
            for y in group["params"]:
                state = self.state[y]
                if not state:
                    state["z"], state["square"] = y.clone(), torch.zeros_like(y)
                z, square = state["z"], state["square"]
                square.mul_(beta2).addcmul_(y.grad, y.grad, value=1 - beta2)
                root = (square / (1 - beta2 ** group["steps"])).sqrt() + group["eps"]
                change = y.grad / root + group["weight_decay"] * y
                y.lerp_(z, share).add_(change, alpha=lr * (beta1 * (1 - share) - 1))
                z.sub_(change, alpha=lr)

    @torch.no_grad()
    def take_mean(self, back=False):
        """Gives the model the mean of its weights, or those that it trains on again."""
        for group in self.param_groups:
            beta1 = group["betas"][0]
            for y in group["params"]:
                if self.state[y]:
                    y.lerp_(self.state[y]["z"], 1 - beta1 if back else 1 - 1 / beta1)`;

/**
 * The learning rate of step n, from 0 on, as a function; nothing where it stays.
 *
 * @param maxSteps - a number, or what the program calls it
 */
export function pytorchRate(settings: Settings, maxSteps: number | string): string | undefined {
  const { schedule, lr, warmupSteps, decaySteps, finalLr, stepSize, gamma } = settings;
  const warmup =
    typeof warmupSteps === 'number'
      ? warmupSteps
      : typeof maxSteps === 'number'
        ? warmupOf({ warmupSteps, maxSteps })
        : `math.floor(${Number.parseFloat(warmupSteps)} / 100 * ${maxSteps} + 0.5)`;
  if (schedule === 'constant' && warmup === 0) return undefined;
  if (schedule === 'one-cycle') {
    return python(
      'def rate(n):',
      '    """Rises by half a cosine for three tenths of the steps, then falls by another."""',
      `    top, end = 0.3 * ${maxSteps} - 1, ${maxSteps} - 1`,
      '    if n <= top:',
      `        first, last, share = ${lr} / 25, ${lr}, n / top if top else 1`,
      '    else:',
      `        first, last, share = ${lr}, ${lr} / 25 / 1e4, min((n - top) / (end - top), 1)`,
      '    return last + (first - last) * (1 + math.cos(math.pi * share)) / 2',
    );
  }
  const end = decaySteps ?? maxSteps;
  const steps =
    typeof end === 'number' && typeof warmup === 'number'
      ? Math.max(end - warmup, 1)
      : `max(${end} - warmup, 1)`;
  const falling = finalLr === 0 ? `${lr}` : `${finalLr} + (${lr} - ${finalLr})`;
  const after = {
    constant: `${lr}`,
    step: `${lr} * ${gamma} ** (n // ${stepSize})`,
    cosine: `${falling} * (1 + math.cos(math.pi * min(n / ${steps}, 1))) / 2`,
    linear: `${falling} * (1 - min(n / ${steps}, 1))`,
  }[schedule];
  const isNamed = typeof warmup === 'string';
  return python(
    isNamed && `warmup = ${warmup}`,
    isNamed && '',
    isNamed && '',
    'def rate(n):',
    warmup !== 0 &&
      python(
        `    if n < ${isNamed ? 'warmup' : warmup}:`,
        `        return ${lr} * (n + 1) / ${isNamed ? '(warmup + 1)' : warmup + 1}`,
        `    n -= ${isNamed ? 'warmup' : warmup}`,
      ),
    `    return ${after}`,
  );
}
