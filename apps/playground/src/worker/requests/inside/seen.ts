import type { Handler } from '../handler.js';
import { seenLine, started } from './line.js';

export const seen: Handler<'seen'> = ({ line }, run) => ({ output: seenLine(started(run), line) });
