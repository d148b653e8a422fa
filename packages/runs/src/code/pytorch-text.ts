import { dataSets } from '@llm101/data';
import { UserError } from '../errors.js';
import type { Settings } from '../settings/settings.js';
import { python } from './python.js';
import { isAddress, isDataSet } from './text-names.js';

/** From the text's file to `encode`, `V`, and the two parts, `train` and `test`: lines, or tokens of a stream. */
export function pytorchText(settings: Settings): string {
  return python(
    loading(settings),
    settings.examples === 'blocks' ? stream(settings) : lines(settings),
  );
}

function loading({ data, normalize, initFrom, tokenizerFile }: Settings): string {
  if (initFrom !== undefined) {
    throw new UserError(
      'the PyTorch script draws its initial values; leave out --init-from, or take the program in TypeScript',
    );
  }
  if (tokenizerFile !== undefined) {
    throw new UserError(
      'the PyTorch script makes its tokenizer; leave out --tokenizer-file, or take the program in TypeScript',
    );
  }
  if (data === '-' || data.endsWith('.gz')) {
    throw new UserError(
      `the PyTorch script reads one file of plain text; got ${data}; name such a file, or take the program in TypeScript`,
    );
  }
  const url = urlOf(data);
  // a text of one's own may begin with a byte order mark, and have carriage returns
  const [encoding, ends] = isDataSet(data) ? ['utf-8', ''] : ['utf-8-sig', ', newline=""'];
  return python(
    url === undefined
      ? `text = open(${quoted(fileOf(data))}, encoding="${encoding}"${ends}).read()`
      : `text = urllib.request.urlopen(${quoted(url)}).read().decode("${encoding}")`,
    normalize === 'nfc' && 'text = unicodedata.normalize("NFC", text)',
  );
}

/** Where a text is fetched from, if it is. */
function urlOf(data: string): string | undefined {
  const set = dataSets.get(data);
  if (set !== undefined && 'url' in set) return set.url;
  return isAddress(data) ? data : undefined;
}

/** Whether a text is made by `@llm101/data`, so that Python finds it in a file alone. */
const isMade = (data: string): boolean => isDataSet(data) && urlOf(data) === undefined;

/** The file that a script reads: that of the settings, or one that `@llm101/data` writes. */
const fileOf = (data: string): string =>
  isMade(data) ? `${data.replaceAll(/\W+/g, '-')}.txt` : data;

/** How the file is written that a script reads, for its first lines; nothing where it is there already. */
export const pytorchTextHint = ({ data }: Settings): readonly string[] =>
  isMade(data)
    ? [
        `${fileOf(data)} is written by`,
        '',
        `    node -e "import('@llm101/data').then((d) => d.loadText('${data}')).then((l) => process.stdout.write(l.text))" > ${fileOf(data)}`,
      ]
    : [];

const quoted = (value: string): string => JSON.stringify(value);

/** What makes tokens: `encode` and `V`. */
function tokenizer(settings: Settings, first: 0 | 1): string {
  const { tokenizer: name = 'characters', alphabet, vocabSize, examples } = settings;
  const isStream = examples === 'blocks';
  if (name === 'bytes') {
    return python(
      `V = ${256 + first}${first === 1 ? '  # token 0 begins and ends a line' : ''}`,
      first === 1
        ? 'encode = lambda text: [byte + 1 for byte in text.encode()]'
        : 'encode = lambda text: list(text.encode())',
    );
  }
  if (name === 'bpe') {
    return python(
      'tokenizer = Tokenizer(models.BPE())',
      'tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)',
      'trainer = trainers.BpeTrainer(',
      `    vocab_size=${vocabSize},`,
      '    min_frequency=2,',
      '    initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),',
      '    special_tokens=["<|endoftext|>"],',
      '    show_progress=False,',
      ')',
      `tokenizer.train_from_iterator(${isStream ? '[text]' : 'lines'}, trainer)`,
      'V = tokenizer.get_vocab_size()',
      'encode = lambda text: tokenizer.encode(text).ids',
    );
  }
  const isJoined = name === 'graphemes'; // of several code points, which meet at the ends of lines too
  const split = (text: string): string => (isJoined ? `regex.findall(r"\\X", ${text})` : text);
  const ofLines = isJoined
    ? `{c for line in lines for c in ${split('line')}}`
    : 'set("".join(lines))';
  const found = isStream ? `set(${split('text')})` : ofLines;
  const characters = alphabet === 'auto' ? `sorted(${found})` : split(quoted(alphabet));
  return python(
    `characters = ${characters}`,
    first === 1
      ? 'ids = {c: i + 1 for i, c in enumerate(characters)}  # token 0 begins and ends a line'
      : 'ids = {c: i for i, c in enumerate(characters)}',
    `V = len(characters)${first === 1 ? ' + 1' : ''}`,
    `encode = lambda text: [ids[c] for c in ${split('text')}]`,
  );
}

/** Where the answer of a line begins, in tokens. */
function answers({ answerAfter, tokenizer: name = 'characters' }: Settings): string | false {
  if (answerAfter === 'none') return false;
  const mark = quoted(answerAfter);
  const before = `line[: line.index(${mark}) + len(${mark})]`;
  if (name === 'characters') return `answer = lambda line: len(${before})  # where it begins`;
  if (name === 'bytes') return `answer = lambda line: len(${before}.encode())  # where it begins`;
  throw new UserError(
    'the PyTorch script finds answers by characters or bytes; leave out --answer-after, or take the program in TypeScript',
  );
}

function lines(settings: Settings): string {
  const { data, seed, valSize, distinct, trainShare } = settings;
  const all = isDataSet(data) ? 'text' : 'text.replace("\\r\\n", "\\n")';
  const [what, of] = distinct ? ['names', 'list(dict.fromkeys(lines))'] : ['lines', ''];
  return python(
    `lines = [line for line in ${all}.split("\\n") if line]`,
    tokenizer(settings, 1),
    answers(settings),
    distinct && `${what} = ${of}  # all copies of a line go to one side`,
    `order = np.random.RandomState(${seed}).permutation(len(${what}))  # as train_test_split of scikit-learn`,
    `held = math.ceil(${valSize} * len(${what}))`,
    distinct
      ? python(
          'copies = collections.Counter(lines)',
          'test = [names[i] for i in order[:held] for _ in range(copies[names[i]])]',
          'train = [names[i] for i in order[held:] for _ in range(copies[names[i]])]',
        )
      : 'test, train = [lines[i] for i in order[:held]], [lines[i] for i in order[held:]]',
    firstOfTrain(trainShare),
  );
}

/** Where less than all is learned from. */
const firstOfTrain = (share: number): string | false =>
  share < 1 && `train = train[: math.floor(len(train) * ${share})]`;

function stream(settings: Settings): string {
  const { seed, valSize, split, tokenizer: name, trainShare } = settings;
  const make = tokenizer(settings, 0);
  if (split === 'position') {
    return python(
      make,
      'data = torch.tensor(encode(text))',
      `end = math.floor(len(data) * ${valSize === 0.1 ? '0.9' : `(1 - ${valSize})`})`,
      'train, test = data[:end], data[end:]',
      firstOfTrain(trainShare),
    );
  }
  if (name === 'bpe') {
    throw new UserError(
      'the PyTorch script splits by line before it makes tokens of several characters; leave out --split lines, or take the program in TypeScript',
    );
  }
  return python(
    make,
    'parts = re.findall(r"[^\\n]*\\n|[^\\n]+", text)',
    `order = np.random.RandomState(${seed}).permutation(len(parts))  # as train_test_split of scikit-learn`,
    `held = set(order[: math.ceil(${valSize} * len(parts))])`,
    'train, test = (',
    '    torch.tensor(encode("".join(part for i, part in enumerate(parts) if (i in held) == is_held)))',
    '    for is_held in (False, True)',
    ')',
    firstOfTrain(trainShare),
  );
}
