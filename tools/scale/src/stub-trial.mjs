/**
 * What a trial gives that trains nothing: it follows from its number and its settings alone.
 *
 * @param {{ readonly trial: number, readonly settings: Readonly<Record<string, unknown>> }} job
 * @returns {import('@llm101/sweeps').JobResult}
 */
export function stubResult({ trial, settings }) {
  const { lr, maxSteps } = settings;
  return { status: 'finished', step: Number(maxSteps), value: (Number(lr) * 1e6 + trial) / 1e6 };
}
