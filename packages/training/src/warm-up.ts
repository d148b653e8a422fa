import { checkWhole } from './check-whole.js';
import type { Schedule } from './schedule.js';

/**
 * Rises to a schedule's first rate in equal parts, then follows it:
 * `SequentialLR([LinearLR(start_factor=1 / (steps + 1), total_iters=steps), …], milestones=[steps])`.
 *
 * @param steps - how many come before the schedule begins; their rates are 1, 2, … parts of `steps + 1`
 */
export function warmUp(steps: number, schedule: Schedule): Schedule {
  checkWhole('warmUp: steps', steps, 0);
  return (n) => (n < steps ? (schedule(0) * (n + 1)) / (steps + 1) : schedule(n - steps));
}
