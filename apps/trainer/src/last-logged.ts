import type { Settings } from './settings.js';

/**
 * The last step whose line an unbroken run would have by now. A run that was stopped logs its last step whatever the
 * intervals say; that line is dropped when the run goes on.
 */
export function lastLogged(step: number, settings: Settings): number {
  const { valInterval, logInterval, maxSteps } = settings;
  const isDue = step % logInterval === 0 || (valInterval > 0 && step % valInterval === 0);
  return isDue || step === maxSteps ? step : step - 1;
}
