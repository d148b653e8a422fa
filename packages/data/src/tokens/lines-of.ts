import type { TextStage } from './characters.js';

/** Hands each line of a text that comes in pieces on as a text of its own, without its end (`\n` or `\r\n`); a long line comes in pieces, too. */
export function linesOf(sink: TextStage<void>): TextStage<void> {
  let held = ''; // a carriage return, of which the next piece says whether it is a line end
  return {
    push(text) {
      const lines = (held + text).split('\n');
      const rest = lines.pop() ?? '';
      for (const line of lines) {
        sink.push(line.endsWith('\r') ? line.slice(0, -1) : line);
        sink.end();
      }
      held = rest.endsWith('\r') ? '\r' : '';
      sink.push(rest.slice(0, rest.length - held.length));
    },
    end() {
      sink.push(held);
      held = '';
      sink.end();
    },
  };
}
