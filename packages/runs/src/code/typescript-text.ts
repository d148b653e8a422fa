import { UserError } from '../errors.js';
import type { Settings } from '../settings/settings.js';
import { lineEndsOf } from '../text/examples-name.js';
import { after, call, type Code, number, object, statement, string } from './layout.js';
import { isOfWindows } from './rows.js';
import { isPublic } from './text-names.js';

/** Whether a path is of one file that is plain text. */
const isPlainFile = (path: string): boolean => /\.\w+$/.test(path) && !path.endsWith('.gz');

/** How a text becomes tokens and two parts. */
export interface TextCode {
  /** Statements that make `vocabSize` and `data`: `data.train` to learn from, `data.test` held out. */
  readonly statements: readonly string[];
  /** What the program calls the tokenizer. */
  readonly tokenizer: string;
}

const made = (statements: readonly string[]): TextCode => ({ statements, tokenizer: 'tokenizer' });

/** From the text's name to what is learned and what is held out. */
export function textCode(settings: Settings): TextCode {
  const { data, examples, valSize, seed, distinct } = settings;
  const trainShare = settings.trainShare === 1 ? undefined : number(settings.trainShare);
  const { code, isOfText } = tokenizerCode(settings);
  const generator = `Generator.seeded(${seed})`;
  const testSize = valSize === 0.1 ? undefined : number(valSize);
  const isWindows = isOfWindows(settings);
  const contextSize = isWindows ? true : undefined;
  if (isOfNames(settings)) {
    const loading = call(
      'await loadWindows',
      string(data),
      object({ contextSize, testSize, trainShare, generator }),
    );
    const statements = [
      statement(after('const data = ', loading)),
      'const { vocabSize } = data.tokenizer;',
    ];
    return { statements, tokenizer: 'data.tokenizer' };
  }
  const tokenizer = [
    ...(code === 'tokenizer' ? [] : [statement(after('const tokenizer = ', code))]),
    'const { vocabSize } = tokenizer;',
  ];
  const answerAfter = settings.answerAfter === 'none' ? undefined : string(settings.answerAfter);
  const options = object({
    contextSize,
    tokenizer: true,
    testSize,
    trainShare,
    answerAfter,
    generator,
  });
  const lines = { testSize: number(valSize), generator };
  if (examples === 'blocks') {
    const halves =
      settings.split === 'lines'
        ? call('splitTextByLine', 'tokens', 'tokenizer', object(lines))
        : call('splitText', 'tokens', object({ testSize }));
    const encode = 'const { tokens } = await encodeText(text, tokenizer);';
    return made([
      ...loadingCode(data),
      ...tokenizer,
      encode,
      ...(trainShare === undefined
        ? [statement(after('const data = ', halves))]
        : [
            statement(after('const halves = ', halves)),
            `const end = Math.floor(halves.train.length * ${trainShare});`,
            'const data = { ...halves, train: halves.train.slice(0, end) };',
          ]),
    ]);
  }
  if (distinct) {
    const halves = call(
      'trainTestSplit',
      'splitLines(text)',
      object({ ...lines, distinct: 'true' }),
    );
    const some = (side: string): string =>
      side === 'train' && trainShare !== undefined
        ? `lines.train.slice(0, Math.floor(lines.train.length * ${trainShare}))`
        : `lines.${side}`;
    const linesOf = (side: string): string =>
      answerAfter === undefined
        ? some(side)
        : `answersAfter(encodeLines(${some(side)}, tokenizer), tokenizer, ${answerAfter})`;
    const setOf = (side: string): string =>
      isWindows
        ? `new NextTokenDataset(${linesOf(side)}, tokenizer, contextSize)`
        : `new SequenceDataset(${linesOf(side)}, tokenizer)`;
    return made([
      ...loadingCode(data),
      ...tokenizer,
      statement(after('const lines = ', halves)),
      `const data = {\n  train: ${setOf('train')},\n  test: ${setOf('test')},\n};`,
    ]);
  }
  if (isWindows && isPublic(data) && !isOfText) {
    const loading = call('await loadWindows', string(data), options);
    return made([...tokenizer, statement(after('const data = ', loading))]);
  }
  const halves = call(isWindows ? 'splitWindows' : 'splitSequences', 'text', options);
  return made([...loadingCode(data), ...tokenizer, statement(after('const data = ', halves))]);
}

/** Whether `loadWindows` does all by itself: names that have each letter, which is the alphabet that it makes. */
const isOfNames = (settings: Settings): boolean =>
  /^(makemore-)?names$/.test(settings.data) &&
  isOfWindows(settings) &&
  settings.alphabet === 'abcdefghijklmnopqrstuvwxyz' &&
  (settings.tokenizer ?? 'characters') === 'characters' &&
  settings.normalize === 'none' &&
  !settings.distinct &&
  settings.answerAfter === 'none' &&
  !(Number(settings.valBatches) > 0) &&
  settings.tokenizerFile === undefined &&
  settings.initFrom === undefined;

function loadingCode(data: string): string[] {
  if (isPublic(data) || isPlainFile(data)) {
    return [`const { text } = await loadText(${string(data)});`];
  }
  return [
    "let text = '';",
    `for await (const piece of textPieces(${string(data)})) text += piece;`,
  ];
}

/** The tokenizer, and whether it is made from the text. */
function tokenizerCode(settings: Settings): { readonly code: Code; readonly isOfText: boolean } {
  const { tokenizer = 'characters', tokenizerFile, initFrom, alphabet, vocabSize } = settings;
  const lineEnds = lineEndsOf(settings.examples);
  const isStream = lineEnds === 'characters';
  const normalize = settings.normalize === 'none' ? undefined : string(settings.normalize);
  const shared = {
    characters: tokenizer === 'graphemes' ? string(tokenizer) : undefined,
    normalize,
  };
  const fitted = { ...shared, lineEnds: isStream ? string(lineEnds) : undefined };
  const padding = isStream ? 'false' : undefined;
  if (initFrom !== undefined) return { code: 'tokenizer', isOfText: false };
  if (tokenizerFile !== undefined) {
    const json = `JSON.parse(readFileSync(${string(tokenizerFile)}, 'utf8'))`;
    const options = object({ lineEnds: string(lineEnds), normalize });
    return { code: call('openTokenizer', json, options), isOfText: false };
  }
  if (tokenizer === 'bytes') {
    return { code: call('new BytesTokenizer', object({ normalize, padding })), isOfText: false };
  }
  if (tokenizer === 'bpe') {
    const options = object({ vocabSize: number(vocabSize), ...fitted });
    return { code: call('BpeTokenizer.fromText', 'text', options), isOfText: true };
  }
  const isOfText = alphabet === 'auto';
  const code = isOfText
    ? call('CharTokenizer.fromText', 'text', object(fitted))
    : call('CharTokenizer.fromAlphabet', string(alphabet), object({ ...shared, padding }));
  return { code, isOfText };
}

/** The weights that a run begins with, in `tensors`, and their `tokenizer`. */
export function initialCode({ initFrom, growVocabulary }: Settings): string[] {
  if (initFrom === undefined) return [];
  if (growVocabulary) {
    throw new UserError(
      'there is no short program for --grow-vocabulary, whose new tokens are made from those that the model has; leave it out',
    );
  }
  const path = initFrom.endsWith('.safetensors') ? initFrom : `${initFrom}/model.safetensors`;
  return [`const { tensors, tokenizer } = readModel(readFileSync(${string(path)}));`];
}
