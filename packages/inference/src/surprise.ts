import { countCodePoints, DataError, type TextTokenizer } from '@llm101/data';
import { bitsFromNats } from '@llm101/info-theory';
import { type SampledModel, samplePrompt } from '@llm101/runs';
import { capacityOf } from './capacity.js';

/** How surprising a token was to a model. */
export interface TokenSurprise {
  /** `-log2 p` of the token; undefined where the model doesn't know it. */
  readonly bits: number | undefined;
  /** The entropy of the model's prediction: the surprise that it expected. */
  readonly entropyBits: number;
  /** How many tokens it held likelier, and one: 1 is its first guess; undefined where it doesn't know the token. */
  readonly rank: number | undefined;
}

/** A part of a text: a character, or as many as a token has; the end of a line. */
export interface TextPart {
  /** As it is in the text; empty for the end of a line that ends with the text. */
  readonly text: string;
  readonly isEnd: boolean;
  /** More than one where a character takes several; V, the number of the model's tokens, where it doesn't know the character. */
  readonly tokens: readonly number[];
}

/** A part of a text, and how surprising it was; of several tokens the sums, and the worst rank. */
export type SurprisedPart = TextPart & TokenSurprise;

/** How surprising a text is to a model. */
export interface Surprise {
  /** In their order: their texts make up the text, but for how the tokenizer composes characters. */
  readonly parts: readonly SurprisedPart[];
  /** Those of all parts that the model knows. */
  readonly bits: number;
  /** Characters that it knows, as code points; the end of a line counts as one. */
  readonly characters: number;
  /** Characters that it doesn't know. */
  readonly unknown: number;
}

/** The parts that a model reads a text in. To a model of lines each line has an end, as `llm101 evaluate` counts them. */
export function partsOf(text: string, { tokenizer, examples }: SampledModel): TextPart[] {
  if (examples === 'blocks') return partsOfLine(text, tokenizer);
  const lines = text.split('\n');
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();
  const end = { isEnd: true, tokens: [tokenizer.paddingIndex ?? 0] };
  let at = 0;
  return lines.flatMap((line) => {
    const isLast = at + line.length === text.length;
    at += line.length + 1;
    const own = line.endsWith('\r') && !isLast ? line.slice(0, -1) : line;
    const lineEnd = isLast ? '' : `${line.slice(own.length)}\n`;
    return partsOfLine(own, tokenizer).concat({ text: lineEnd, ...end });
  });
}

function partsOfLine(line: string, tokenizer: TextTokenizer): TextPart[] {
  if (tokenizer.alphabet === '') return partsOfBytes(line, tokenizer);
  const isKnown = tokenizer.firstUnknown(line) === undefined;
  const tokens = isKnown ? tokenizer.encode(line) : undefined;
  return tokenizer.split(line).map((text, i) => ({
    text,
    isEnd: false,
    tokens: [tokens?.[i] ?? tokenOf(text, tokenizer)],
  }));
}

/** The token of a character, V where there is none. */
function tokenOf(character: string, tokenizer: TextTokenizer): number {
  try {
    return tokenizer.encode(character)[0];
  } catch (error) {
    if (error instanceof DataError) return tokenizer.vocabSize;
    throw error;
  }
}

/** Tokens that stand for bytes, as many together as make whole characters. */
function partsOfBytes(line: string, tokenizer: TextTokenizer): TextPart[] {
  const decoder = tokenizer.decoder();
  const parts: TextPart[] = [];
  let tokens: number[] = [];
  for (const token of tokenizer.encode(line)) {
    tokens.push(token);
    const text = decoder.push([token]);
    if (text === '') continue;
    parts.push({ text, isEnd: false, tokens });
    tokens = [];
  }
  return parts;
}

/** Tokens that are predicted one after the other, each with those before it known. */
export interface Lane {
  /** What is known at first. */
  readonly context: readonly number[];
  readonly targets: readonly number[];
}

/** Tokens of a lane at most: short ones are read side by side. */
const LANE_LENGTH = 256;

/**
 * A text as lanes that can be read side by side. A line is one, which begins with nothing before it. One text is cut into several, each of which
 * begins with tokens that the one before it has predicted: all that the model sees, or half of what it keeps.
 */
export function lanesOf(parts: readonly TextPart[], saved: SampledModel): Lane[] {
  if (saved.examples === 'lines') {
    const lanes: { context: number[]; targets: number[] }[] = [];
    let isNew = true;
    for (const { tokens, isEnd } of parts) {
      if (isNew) lanes.push({ context: [], targets: [] });
      for (const token of tokens) lanes[lanes.length - 1].targets.push(token);
      isNew = isEnd;
    }
    return lanes;
  }
  const tokens = parts.flatMap((part) => part.tokens);
  if (tokens.length === 0) return [];
  const { model } = saved;
  const before = samplePrompt(saved).prompt;
  const capacity = capacityOf(model);
  const kept = Math.min(model.contextSize, Math.floor(capacity / 2));
  // A text begins after a line end, which isn't part of it once there is a token; a model that needs a full context sees line ends before it.
  const isFull = model.padsContexts === true;
  const all = isFull ? [...before, ...tokens] : tokens; // bounded: a context
  const lanes: Lane[] = isFull ? [] : [{ context: before, targets: [tokens[0]] }];
  for (let at = isFull ? before.length : 1; at < all.length;) {
    const context = all.slice(Math.max(0, at - kept), at);
    const end = at + Math.min(capacity - context.length, LANE_LENGTH);
    lanes.push({ context, targets: all.slice(at, end) });
    at = end;
  }
  return lanes;
}

/** @param logits - `[V]` what the model gave, not NaN */
export function surpriseOf(logits: ArrayLike<number>, token: number): TokenSurprise {
  const V = logits.length;
  let highest = -Infinity;
  for (let i = 0; i < V; i++) highest = Math.max(highest, logits[i]);
  let [sum, weighted, likelier] = [0, 0, 0];
  for (let i = 0; i < V; i++) {
    const z = logits[i] - highest;
    const weight = Math.exp(z);
    sum += weight;
    if (weight > 0) weighted += weight * z;
    if (logits[i] > logits[token]) likelier++;
  }
  const entropyBits = Math.max(0, bitsFromNats(Math.log(sum) - weighted / sum));
  if (token >= V) return { bits: undefined, entropyBits, rank: undefined };
  const bits = Math.max(0, bitsFromNats(Math.log(sum) + highest - logits[token]));
  return { bits, entropyBits, rank: likelier + 1 };
}

/** What the surprises of all tokens say of the parts and of the text. */
export function summaryOf(
  parts: readonly TextPart[],
  surprises: readonly TokenSurprise[],
): Surprise {
  let [at, bits, characters, unknown] = [0, 0, 0, 0];
  const surprised = parts.map((part): SurprisedPart => {
    const own = surprises.slice(at, (at += part.tokens.length));
    const whole = own.reduce((a, b) => ({
      bits: a.bits === undefined || b.bits === undefined ? undefined : a.bits + b.bits,
      entropyBits: a.entropyBits + b.entropyBits,
      rank: a.rank === undefined || b.rank === undefined ? undefined : Math.max(a.rank, b.rank),
    }));
    const count = part.isEnd ? 1 : countCodePoints(part.text);
    if (whole.bits === undefined) unknown += count;
    else {
      bits += whole.bits;
      characters += count;
    }
    return { ...part, ...whole };
  });
  return { parts: surprised, bits, characters, unknown };
}
