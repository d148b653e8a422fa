/** What someone has typed. */
import { signal } from '@preact/signals';

/** The text so far: what comes next is asked of it, and texts begin with it. */
export const line = signal('');
