import {
  constantRate,
  cosineDecay,
  oneCycle,
  type Schedule,
  stepDecay,
  warmUp,
} from '@llm101/training';
import type { Settings } from '../settings/settings.js';

/** The learning rate of each step, by the settings. */
export function makeSchedule(settings: Settings): Schedule {
  const { schedule, lr: learningRate, maxSteps, warmupSteps, finalLr, stepSize, gamma } = settings;
  const steps = Math.max(maxSteps - warmupSteps, 1);
  switch (schedule) {
    case 'constant':
      return warmUp(warmupSteps, constantRate(learningRate));
    case 'step':
      return warmUp(warmupSteps, stepDecay({ learningRate, stepSize, gamma }));
    case 'cosine':
      return warmUp(warmupSteps, cosineDecay({ learningRate, steps, finalLearningRate: finalLr }));
    case 'one-cycle':
      return oneCycle({ learningRate, steps: maxSteps });
    default:
      return schedule satisfies never;
  }
}
