// What programs say, where no test runs them: those for PyTorch are run by tools/reference/code.py.
import { describe, expect, it } from 'vitest';
import { type RawSettings, resolveSettings, UserError } from '../src/index.js';
import { pytorchOf, typescriptOf } from '../src/code/index.js';
import { ALL, rawSettingsOf } from './code-cases.mjs';

const pytorch = (flags: RawSettings) => pytorchOf(resolveSettings({ flags }));
const typescript = (flags: RawSettings) => typescriptOf(resolveSettings({ flags }));

describe('a script for PyTorch', () => {
  it("has PyTorch's layers in the order in which they draw, then optimizer and batches", () => {
    expect(pytorch({ maxSteps: 50 })).toContain(`torch.manual_seed(101)
model = nn.Sequential(
    nn.Embedding(V, 8),
    nn.Flatten(),
    nn.Linear(T * 8, 64),
    nn.ReLU(),
    nn.Linear(64, V),
)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
loader = DataLoader(windows(train), batch_size=32, shuffle=True)
batches = itertools.cycle(loader)
`);
  });
  it('is there for all runs that are compared, each name in it imported', () => {
    for (const line of Object.values(ALL)) {
      const script = pytorchOf(resolveSettings({ flags: rawSettingsOf(line, 'folder') }));
      for (const [, name] of script.matchAll(/(?<![\w.])(math|itertools|re|copy|np|regex)\./g)) {
        expect(script, line).toMatch(new RegExp(String.raw`^import (\w+ as )?${name}$`, 'm'));
      }
      expect(script, line).not.toMatch(/undefined|NaN|\[object/);
    }
  });
  it('says first what PyTorch does otherwise, and how a text is written that it lacks', () => {
    expect(pytorch({ data: 'a.txt' })).toMatch(
      /^"""The same run in PyTorch: .*, but for rounding\."""\n/,
    );
    expect(pytorch({ dropout: 0.1 })).toMatch(/^"""[^"]*\n\nDropout leaves out other values here,/);
    expect(pytorch({ batchNorm: true, shards: 2 })).toMatch(
      /\nBatches are normalised as a whole here/,
    );
    expect(pytorch({ valBatches: 2 })).toMatch(
      /\nThe loss is that on all lines held out here, and in the run on some of them\.\n/,
    );
    expect(pytorch({})).toMatch(/\n\nnames\.txt is written by\n\n {4}node -e /);
  });
  it('reads a text from elsewhere as it is read here', () => {
    const script = pytorch({ data: 'a.txt' });
    expect(script).toContain('open("a.txt", encoding="utf-8-sig", newline="").read()');
    expect(script).toContain('text.replace("\\r\\n", "\\n").split("\\n")');
    expect(pytorch({ data: 'HTTPS://a.org/b' })).toContain(
      'urllib.request.urlopen("HTTPS://a.org/b").read().decode("utf-8-sig")',
    );
    expect(pytorch({})).toContain('text = open("names.txt", encoding="utf-8").read()');
    expect(pytorch({ tokenizer: 'graphemes', alphabet: 'e\u0301' })).toContain(
      'characters = regex.findall(r"\\X", "e\u0301")',
    );
  });
  it('is refused where there is none, saying why', () => {
    expect(() => pytorch({ initFrom: 'run' })).toThrow(
      /draws its initial values; leave out --init-from/,
    );
    expect(() => pytorch({ tokenizerFile: 'vocab.json' })).toThrow(/leave out --tokenizer-file/);
    expect(() => pytorch({ data: 'a.txt.gz' })).toThrow(
      /reads one file of plain text; got a\.txt\.gz/,
    );
    const lines = { data: 'a.txt', examples: 'blocks', split: 'lines', tokenizer: 'bpe' };
    expect(() => pytorch(lines)).toThrow(/splits by line before it makes tokens/);
  });
});

describe('a program in TypeScript', () => {
  it('begins with the weights and tokenizer of a run', () => {
    const program = typescript({ data: 'a.txt', initFrom: 'runs/mlp' });
    expect(program).toContain(
      "const { tensors, tokenizer } = readModel(readFileSync('runs/mlp/model.safetensors'));",
    );
    expect(program).toContain('loadStateDict(model, tensors);');
    expect(program).toContain("import { readFileSync } from 'node:fs';");
  });
  it('reads what is no file of plain text in pieces, and quotes odd names', () => {
    expect(typescript({ data: 'folder' })).toContain("of textPieces('folder')) text += piece;");
    expect(typescript({ data: "it's.txt" })).toContain(`await loadText("it's.txt");`);
    expect(typescript({ data: String.raw`a\"'.txt` })).toContain(
      String.raw`loadText('a\\"\'.txt');`,
    );
  });
  it('is refused where the machine would decide, or no short one is there', () => {
    expect(() => typescript({ shards: 'auto' })).toThrow(UserError);
    expect(() => typescript({ shards: 'auto' })).toThrow(/pass one, such as --shards 1/);
    const grown = { data: 'a.txt', initFrom: 'runs/mlp', growVocabulary: true };
    expect(() => typescript(grown)).toThrow(/no short program for --grow-vocabulary/);
  });
});
