/** Whether something that happens every so many steps happens at this one; an interval of 0 is never. */
export function isDue(step: number, interval: number): boolean {
  return interval > 0 && step % interval === 0;
}
