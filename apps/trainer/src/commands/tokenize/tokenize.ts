import { BpeTokenizer, BytesTokenizer, CharTokenizer, type TextTokenizer } from '@llm101/data';
import { fitTokenizer, type SplitSettings, tokenizerKinds, UserError } from '@llm101/runs';
import { writeFileWholeSync } from '@llm101/training/node';
import type { HeldOutOptions } from '../../run-folder/data.js';
import { openModelOfRun } from '../../run-folder/model-file.js';
import { runFolder } from '../../run-folder/paths.js';
import { readSettings } from '../../run-folder/settings.js';
import { loadData } from '../../run-folder/load-data.js';
import { loadTextOfRun } from '../../run-folder/text-of-run.js';
import { readTokenizer } from '../../run-folder/tokenizer-file.js';
import { describeFileError } from '../../terminal/errors.js';
import { count } from '../../terminal/output.js';
import { openText, type OpenText } from './open-text.js';
import { type Counts, countTokens } from './count-tokens.js';

/** What {@link tokenizeCommand} needs besides settings. */
export interface TokenizeCommandOptions extends HeldOutOptions {
  /** Shown instead of the text's beginning. */
  readonly texts?: readonly string[] | undefined;
  /** Where the tokenizer is written. */
  readonly outputPath?: string | undefined;
}

/** `llm101 tokenize`: a text's tokens and how many they are, by a tokenizer that is made of it, or of a run or a file. */
export async function tokenizeCommand(
  settings: SplitSettings,
  options: TokenizeCommandOptions,
): Promise<void> {
  const { texts, outputPath, output } = options;
  const { tokenizer, examples, text } = await openTokenizerAndText(settings, options);
  try {
    if (outputPath !== undefined) writeTokenizer(outputPath, tokenizer);
    const counts =
      texts === undefined && text !== undefined
        ? await countTokens(text, { tokenizer, examples })
        : undefined;
    const shown = (texts ?? counts?.beginning ?? []).map((written) => ({
      text: written,
      tokens: tokensOf(written, tokenizer),
    }));
    const kind = kindOf(tokenizer);
    output.answerParts(
      [
        `tokenizer  ${kind}, ${count(tokenizer.vocabSize)} tokens${tokenizer.padding === undefined ? '' : `, ${tokenizer.padding} is ${tokenizer.paddingIndex}`}`,
        ...(counts === undefined ? [] : describeCounts(counts, text?.name ?? '')),
        ...(outputPath === undefined ? [] : [`written to ${outputPath}`]),
      ],
      {
        tokenizer: kind,
        vocabSize: tokenizer.vocabSize,
        padding: tokenizer.padding ?? null,
        paddingIndex: tokenizer.paddingIndex ?? null,
        output: outputPath ?? null,
        counts: counts === undefined ? null : numbersOf(counts, text?.name ?? ''),
        shown,
      },
      shown.map(({ tokens }) => ({
        parts: tokens.map((one) => one.text),
        line: texts === undefined ? '' : tokens.map(({ token }) => token).join(' '),
      })),
    );
  } finally {
    await text?.close();
  }
}

/** A tokenizer, and a text for it where one is needed. */
interface TokenizerAndText {
  readonly tokenizer: TextTokenizer;
  readonly examples: SplitSettings['examples'];
  readonly text: OpenText | undefined;
}

async function openTokenizerAndText(
  settings: SplitSettings,
  { model, data, texts, output }: TokenizeCommandOptions,
): Promise<TokenizerAndText> {
  if (model !== undefined) {
    const saved = await openModelOfRun(model);
    saved.model.dispose();
    const { tokenizer, examples } = saved;
    if (texts !== undefined) return { tokenizer, examples, text: undefined };
    if (data !== undefined) return { tokenizer, examples, text: openText(data, output) };
    const run = runFolder(model);
    const own = readSettings(run.config, 'name a text by --data, or show some by --text');
    const { loaded } = await loadTextOfRun(run, own, async (place, expected) => ({
      loaded: await loadData(place, { output, ...expected }),
    }));
    const { name, text } = loaded;
    return { tokenizer, examples, text: { name, pieces: () => [text], close: async () => {} } };
  }
  const { examples, tokenizerFile } = settings;
  if (tokenizerFile !== undefined) {
    const tokenizer = readTokenizer(tokenizerFile, settings, { pipes: true });
    const text = texts === undefined ? openText(settings.data, output) : undefined;
    return { tokenizer, examples, text };
  }
  const text = openText(settings.data, output);
  const fit = fitTokenizer(settings);
  for await (const piece of text.pieces('reading')) fit.push(piece);
  return { tokenizer: fit.end(), examples, text };
}

/** A token and how it is written. */
interface ShownToken {
  readonly token: number;
  readonly text: string;
}

function tokensOf(text: string, tokenizer: TextTokenizer): ShownToken[] {
  const written = tokenizer.split(text);
  return Array.from(tokenizer.encode(text), (token, i) => ({ token, text: written[i] }));
}

function describeCounts(counts: Counts, name: string): string[] {
  const { characters, bytes, tokens } = counts;
  return [
    `text       ${name}: ${count(characters)} characters, ${count(bytes)} bytes`,
    `tokens     ${count(tokens)}: ${(characters / tokens).toFixed(2)} characters and ${(bytes / tokens).toFixed(2)} bytes each`,
    ...(counts.used < counts.vocabSize
      ? [`used       ${count(counts.used)} of ${count(counts.vocabSize)}`]
      : []),
  ];
}

function numbersOf({ characters, bytes, tokens, used }: Counts, name: string): object {
  const [charactersPerToken, bytesPerToken] = [characters / tokens, bytes / tokens];
  return { data: name, characters, bytes, tokens, charactersPerToken, bytesPerToken, used };
}

/** As `--tokenizer` names it. */
function kindOf(tokenizer: TextTokenizer): string {
  if (tokenizer instanceof CharTokenizer) {
    return tokenizer.characters === 'graphemes' ? 'graphemes' : 'characters';
  }
  const { type } = tokenizer.toJSON();
  const kinds: readonly (readonly [string, { readonly type: string }])[] =
    Object.entries(tokenizerKinds);
  return kinds.find(([, kind]) => kind.type === type)?.[0] ?? type;
}

/** @throws UserError when the file can't be written, or the tokenizer has no such form */
function writeTokenizer(path: string, tokenizer: TextTokenizer): void {
  try {
    writeFileWholeSync(path, contentOf(tokenizer));
  } catch (cause) {
    throw new UserError(
      `${path} can't be written: ${describeFileError(cause)}; choose another path with --output`,
      { cause },
    );
  }
}

function contentOf(tokenizer: TextTokenizer): string {
  if (tokenizer instanceof CharTokenizer) return tokenizer.vocabText();
  if (tokenizer instanceof BpeTokenizer || tokenizer instanceof BytesTokenizer) {
    return `${JSON.stringify(tokenizer.toTokenizerFile(), undefined, 2)}\n`;
  }
  return JSON.stringify(tokenizer);
}
