import { paddingOf } from './token-lines.js';
import type { PieceEncoder, TextTokenizer } from './tokenizer.js';

/**
 * Encodes the lines of a text that comes in pieces, those that aren't empty: padding and the tokens of each, and padding at the end. Line
 * ends, `\n` or `\r\n`, have no tokens.
 *
 * @throws RangeError when the tokenizer has no padding
 */
export function lineEncoder(tokenizer: TextTokenizer): PieceEncoder {
  const padding = paddingOf(tokenizer, 'encodeText');
  const pieces = tokenizer.pieces(); // of a line that goes on in the next piece
  let isOpen = false;
  let held = ''; // a carriage return, of which the next piece says whether it is a line end
  let tokens = new Int32Array(0);
  let length = 0;
  function add(more: Int32Array): void {
    if (length + more.length > tokens.length) {
      const larger = new Int32Array(2 * (length + more.length));
      larger.set(tokens.subarray(0, length));
      tokens = larger;
    }
    if (more.length > SHORT) tokens.set(more, length);
    else for (let i = 0; i < more.length; i++) tokens[length + i] = more[i];
    length += more.length;
  }
  const begin = Int32Array.of(padding);
  function open(text: string): void {
    if (text === '') return;
    if (!isOpen) add(begin);
    isOpen = true;
    add(pieces.push(text));
  }
  function take(line: string): void {
    if (isOpen) {
      open(line);
      add(pieces.end());
      isOpen = false;
    } else if (line !== '') {
      add(begin);
      add(tokenizer.encode(line));
    }
  }
  function taken(): Int32Array {
    const own = tokens.slice(0, length);
    length = 0;
    return own;
  }
  return {
    push(text) {
      const all = held + text;
      held = all.endsWith('\r') ? '\r' : '';
      let from = 0;
      for (let end = all.indexOf('\n'); end !== -1; end = all.indexOf('\n', from)) {
        take(all.slice(from, end > from && all[end - 1] === '\r' ? end - 1 : end));
        from = end + 1;
      }
      open(all.slice(from, all.length - held.length));
      return taken();
    },
    end() {
      open(held);
      held = '';
      take('');
      add(begin);
      return taken();
    },
  };
}

/** Up to this many tokens, a loop copies faster than a call of `set`. */
const SHORT = 32;
