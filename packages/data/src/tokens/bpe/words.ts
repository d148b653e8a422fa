import { type Normalization, normalizing, type TextStage } from '../characters.js';

/** UTF-16 code units of a word at most: a longer one, such as a line of bases, is cut there, in a whole text as in pieces. */
const MOST_OF_A_WORD = 2 ** 14;

/** Gets each word once it is decided: a text, and where the word begins and ends in it. */
export type TakeWord = (text: string, start: number, end: number) => void;

/**
 * Cuts a text that comes in pieces into words, as GPT-2's tokenizer does before it merges bytes within each: English endings such as
 * `'s`; letters, digits or other signs in a row, with the space before them; other white space, of whose run the last goes with what
 * follows. Nothing is lost: the words together are the text, with U+FFFD for half a surrogate pair.
 *
 * Source: Radford et al., Language Models are Unsupervised Multitask Learners (2019); the regular expression is in its published code:
 * `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
 */
export function wordStream(normalize: Normalization, take: TakeWord): TextStage<void> {
  const composed = normalizing(normalize);
  let held = '';
  function cut(text: string, isEnd: boolean): void {
    const all = held + (HALF.test(text) ? text.replaceAll(HALVES, '\uFFFD') : text);
    let start = 0;
    while (start < all.length) {
      const end = wordEnd(all, start, isEnd);
      if (end < 0) break;
      take(all, start, end);
      start = end;
    }
    held = all.slice(start);
  }
  return {
    push: (text) => cut(composed.push(text), false),
    end: () => cut(composed.end(), true),
  };
}

const HALF = /\p{Surrogate}/u;
const HALVES = /\p{Surrogate}/gu;

const [OTHER, LETTER, NUMBER, SPACE] = [0, 1, 2, 3];

/** Where the word ends that begins at `start`; -1 where text that is still to come may decide it. */
function wordEnd(text: string, start: number, isEnd: boolean): number {
  const first = text.charCodeAt(start);
  if (first === APOSTROPHE) {
    if (!isEnd && start + 3 > text.length) return -1;
    const length = endingLength(text, start + 1);
    if (length > 0) return start + 1 + length;
  }
  let at = start;
  if (first === BLANK) {
    if (start + 1 === text.length) return isEnd ? text.length : -1;
    if (classAt(text, start + 1) !== SPACE) at++;
  }
  const kind = classAt(text, at);
  const most = start + MOST_OF_A_WORD;
  const classes = planes[0] ?? planeOf(0);
  const end = Math.min(text.length, most);
  while (at < end) {
    const unit = text.charCodeAt(at);
    const isPair = (unit & 0xfc00) === 0xd800; // there is no half pair
    if ((isPair ? classAt(text, at) : classes[unit]) !== kind) break;
    at += isPair ? 2 : 1;
  }
  if (at >= most) return at;
  if (at === text.length) return isEnd ? at : -1;
  return kind === SPACE && at - start > 1 ? at - 1 : at;
}

const APOSTROPHE = 0x27;
const BLANK = 0x20;

/** How many letters of `s`, `t`, `m`, `d`, `re`, `ve` or `ll` are at `at`. */
function endingLength(text: string, at: number): number {
  switch (text[at]) {
    case 's':
    case 't':
    case 'm':
    case 'd':
      return 1;
    case 'r':
    case 'v':
      return text[at + 1] === 'e' ? 2 : 0;
    case 'l':
      return text[at + 1] === 'l' ? 2 : 0;
    default:
      return 0;
  }
}

function classAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  const code = (unit & 0xfc00) === 0xd800 ? (text.codePointAt(at) ?? 0) : unit;
  return (planes[code >> 16] ?? planeOf(code >> 16))[code & 0xffff];
}

/** The class of each code point, for each 65,536 of them; made when the first of them is met. */
const planes: Uint8Array[] = [];

function planeOf(plane: number): Uint8Array {
  const classes = new Uint8Array(0x10000);
  for (let i = 0; i < classes.length; i++) {
    const character = String.fromCodePoint(plane * 0x10000 + i);
    if (/\p{L}/u.test(character)) classes[i] = LETTER;
    else if (/\p{N}/u.test(character)) classes[i] = NUMBER;
    else classes[i] = /\p{White_Space}/u.test(character) ? SPACE : OTHER;
  }
  planes[plane] = classes;
  return classes;
}
