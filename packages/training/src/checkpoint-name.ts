/** The name of a step's checkpoint: `step-00000100.safetensors`. */
export function checkpointName(step: number): string {
  return `step-${String(step).padStart(8, '0')}.safetensors`;
}

/** The step of a checkpoint by its name, or nothing if it is no such name. */
export function stepOfName(name: string): number | undefined {
  const digits = /^step-(\d{8,15})\.safetensors$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
