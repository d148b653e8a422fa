import type { GraphNode, Value } from '@llm101/wasm/recording';
import { given, keptBy } from '../pointwise/activations.js';
import type { Kernel } from '../wgsl/kernel.js';
import { float } from '../wgsl/types.js';

/** Invocations of a group: 16 by 16. */
export const [SIZE, SIDE] = [256, 16];

/** The score and the weight of what a query doesn't see: less than any. */
export const UNSEEN = '-3.0e38f';

/** Sizes of attention, and where its parts lie. */
export interface AttentionSizes {
  readonly B: number;
  readonly T: number;
  readonly heads: number;
  readonly kvHeads: number;
  /** Channels of a head. */
  readonly d: number;
}

/** Rows `[B, T]` of something for each head. */
export interface Part {
  readonly value: Value;
  /** Numbers of a row. */
  readonly row: number;
  /** Where those of the first head begin. */
  readonly skip: number;
}

/** Queries, keys and values. */
export interface Parts {
  readonly query: Part;
  readonly key: Part;
  readonly value: Part;
}

export function sizesOf(node: GraphNode): AttentionSizes {
  const heads = Number(node.attrs['heads']);
  const kvHeads = Number(node.attrs['kvHeads'] ?? heads);
  const [first] = node.inputs;
  const [B, T, width] = first.shape;
  return { B, T, heads, kvHeads, d: width / (isSeparate(node) ? heads : heads + 2 * kvHeads) };
}

const isSeparate = ({ kernel }: GraphNode): boolean => kernel.startsWith('Separate');

/** Where queries, keys and values are, or their gradients: side by side in one tensor, or each in its own. */
export function partsOf(node: GraphNode, values: readonly Value[]): Parts {
  const { heads, kvHeads, d } = sizesOf(node);
  const [first, key, value] = values;
  if (isSeparate(node)) {
    return {
      query: { value: first, row: heads * d, skip: 0 },
      key: { value: key, row: kvHeads * d, skip: 0 },
      value: { value, row: kvHeads * d, skip: 0 },
    };
  }
  const row = (heads + 2 * kvHeads) * d;
  return {
    query: { value: first, row, skip: 0 },
    key: { value: first, row, skip: heads * d },
    value: { value: first, row, skip: (heads + kvHeads) * d },
  };
}

/**
 * The tiles of one kernel of attention. A group has a block of `own` rows, and reads tiles of `other` rows one after another: their products
 * with its own are computed four channels at a time, each invocation `i` by `j` of them, and go as weights into the group's memory; rows that
 * are weighted by those are added up, of each row some channels an invocation. All of it takes at most 16 kB.
 */
export class Tiles {
  /** Rows of the block, and of a tile. */
  readonly own: number;
  readonly other: number;
  /** Numbers from 0 on for the rows that an invocation has, of the block and of a tile. */
  readonly is: readonly number[];
  readonly js: readonly number[];
  /** Invocations that share a row where weights are looked at by rows. */
  readonly shared: number;
  readonly #sizes: AttentionSizes;
  readonly #kernel: Kernel;
  /** Fours of channels; those of one step of a product; those that a sum has room for. */
  readonly #fours: number;
  readonly #deep: number;
  readonly #wide: number;
  /** Invocations along the channels of a sum. */
  readonly #across: number;
  /** Rows of a block that an invocation sums up, and fours of channels of each. */
  readonly #rows: readonly number[];
  readonly #columns: readonly number[];
  readonly #room: number;

  /** @param matrices - how many there are: of many, blocks are larger */
  constructor(kernel: Kernel, sizes: AttentionSizes, matrices = 0) {
    const { T, d } = sizes;
    this.#kernel = kernel;
    this.#sizes = sizes;
    this.own = T <= 16 ? 16 : T > 32 && d <= 128 && matrices * Math.ceil(T / 64) >= 128 ? 64 : 32;
    this.other = T <= 16 ? 16 : 32;
    this.is = upTo(this.own / SIDE);
    this.js = upTo(this.other / SIDE);
    this.shared = SIZE / this.own;
    this.#fours = Math.ceil(d / 4);
    this.#deep = Math.min(this.#fours, 4);
    this.#across = Math.min(SIDE, 2 ** Math.ceil(Math.log2(this.#fours)));
    this.#rows = upTo(Math.ceil((this.own * this.#across) / SIZE));
    this.#columns = upTo(Math.ceil(this.#fours / this.#across));
    this.#wide = this.#columns.length * this.#across;
    // A fifth four in each row: neighbouring rows lie in other banks.
    this.#room = Math.max((this.own + this.other) * 5 - 1, SIZE);
    kernel.declare(`var<workgroup> tile_: array<vec4<f32>, ${this.#room}>;`);
    kernel.declare(`var<workgroup> weights_: array<f32, ${this.own * (this.other + 1)}>;`);
    kernel.declare(`var<workgroup> rows_: array<f32, ${this.own}>;`);
  }

  /** How many blocks there are. */
  get blocks(): number {
    return Math.ceil(this.#sizes.T / this.own);
  }

  /** Declares how four channels of a row are read, of the head that begins at `<name>_start`. */
  reader(name: string, { value, row }: Part): void {
    const { T, d } = this.#sizes;
    const numbers = upTo(4).map((k) => {
      const element = this.#kernel.at(value, `i + ${k}u`);
      return d % 4 === 0 ? element : `select(0.0f, ${element}, c * 4u + ${k}u < ${d}u)`;
    });
    this.#kernel.declare(`var<private> ${name}_start: u32;
fn ${name}(t: u32, c: u32) -> vec4<f32> {
if (t >= ${T}u || c >= ${this.#fours}u) { return vec4(0.0f); }
let i = ${name}_start + t * ${row}u + c * 4u;
return vec4(${numbers.join(', ')});
}`);
  }

  /** Where a head's numbers of a part begin. */
  startOf({ row, skip }: Part, head: string): string {
    return `b * ${this.#sizes.T * row}u + (${head}) * ${this.#sizes.d}u + ${skip}u`;
  }

  /** Has a reader begin there. */
  start(name: string, part: Part, head: string): string {
    return `${name}_start = ${this.startOf(part, head)};`;
  }

  /** Products `<name><i>_<j>` of the block's rows with those of a tile, each row by a reader. */
  products(name: string, own: string, other: string): string {
    const pairs = this.is.flatMap((i) => this.js.map((j) => [i, j] as const));
    const deep = this.#deep;
    const fill = (rows: number, at: number, four: string): string =>
      this.#fill(rows * deep, (place) => {
        const [row, c] = [`${place} / ${deep}u`, `${place} % ${deep}u`];
        return `tile_[${at}u + (${row}) * 5u + ${c}] = ${four}${row}, c + ${c});`;
      });
    return `${pairs.map(([i, j]) => `var ${name}${i}_${j} = 0.0f;`).join('\n')}
for (var c = 0u; c < ${this.#fours}u; c += ${deep}u) {
${fill(this.own, 0, `${own}(own0 + `)}
${fill(this.other, this.own * 5, `${other}(other0 + `)}
workgroupBarrier();
for (var k = 0u; k < ${deep}u; k++) {
${this.is.map((i) => `let a${i} = tile_[(y + ${i * SIDE}u) * 5u + k];`).join('\n')}
${this.js.map((j) => `let b${j} = tile_[${this.own * 5}u + (x + ${j * SIDE}u) * 5u + k];`).join('\n')}
${pairs.map(([i, j]) => `${name}${i}_${j} += dot(a${i}, b${j});`).join('\n')}
}
workgroupBarrier();
}`;
  }

  /** Statements for each product, where \`own\` and \`other\` are its rows. */
  each(statements: (i: number, j: number) => string): string {
    return this.is
      .flatMap((i) =>
        this.js.map(
          (j) =>
            `{ let own = own0 + y + ${i * SIDE}u; let other = other0 + x + ${j * SIDE}u; ${statements(i, j)} }`,
        ),
      )
      .join('\n');
  }

  /** Where a weight of an invocation's own products lies. */
  weight(i: number, j: number): string {
    return `weights_[(y + ${i * SIDE}u) * ${this.other + 1}u + x + ${j * SIDE}u]`;
  }

  /** Declares sums of an invocation. */
  sums(name: string): string {
    return this.#eachSum((r, c) => `var ${name}${r}_${c} = vec4(0.0f);`);
  }

  /** Multiplies sums by what `rows_` has for their rows. */
  scale(name: string): string {
    return this.#eachSum((r, c) => `${name}${r}_${c} *= rows_[${this.#row(r)}];`);
  }

  /** Adds a tile's rows to sums, weighted, but for what is unseen: NaN and infinities there stay there. */
  add(name: string, other: string): string {
    const some = Math.min(this.other, 2 ** Math.floor(Math.log2(this.#room / this.#wide)));
    const wide = this.#wide;
    const fill = this.#fill(
      some * wide,
      (place) =>
        `tile_[${place}] = ${other}(other0 + begin + ${place} / ${wide}u, ${place} % ${wide}u);`,
    );
    const weights = this.#rows.map(
      (r) => `let w${r} = weights_[(${this.#row(r)}) * ${this.other + 1}u + begin + k];`,
    );
    const values = this.#columns.map(
      (c) => `let v${c} = tile_[k * ${wide}u + across + ${c * this.#across}u];`,
    );
    const sums = this.#rows.map((r) => {
      const adding = this.#columns.map((c) => `${name}${r}_${c} += w${r} * v${c};`);
      return `if (bitcast<u32>(w${r}) != bitcast<u32>(${UNSEEN})) { ${adding.join(' ')} }`; // NaN isn't unequal everywhere
    });
    return `for (var begin = 0u; begin < ${this.other}u; begin += ${some}u) {
${fill}
workgroupBarrier();
for (var k = 0u; k < ${some}u; k++) {
${[...weights, ...values].join('\n')}
${sums.join('\n')}
}
workgroupBarrier();
}`;
  }

  /** Writes sums, each number by an expression of it, to the rows of a part, of the head that begins at \`start\`. */
  store(
    name: string,
    { value, row }: Part,
    start: string,
    of: (sum: string, row: string) => string,
  ): string {
    const { T, d } = this.#sizes;
    const own = this.own * this.#across < SIZE ? `down < ${this.own}u && ` : '';
    return this.#eachSum((r, c) => {
      const channel = `(across + ${c * this.#across}u) * 4u`;
      const stores = upTo(4).map((k) => {
        const sum = of(`${name}${r}_${c}[${k}]`, this.#row(r));
        const store = this.#kernel.store(value, `${start} + t * ${row}u + ${channel} + ${k}u`, sum);
        return `if (${channel} + ${k}u < ${d}u) { ${store} }`;
      });
      return `{ let t = own0 + ${this.#row(r)}; if (${own}t < ${T}u) { ${stores.join('\n')} } }`;
    });
  }

  /** The places of an invocation: \`x\`, \`y\` of its products, \`across\`, \`down\` of its sums. */
  places(): string {
    return `let x = local % ${SIDE}u;
let y = local / ${SIDE}u;
let across = local % ${this.#across}u;
let down = local / ${this.#across}u;`;
  }

  #row(r: number): string {
    return `down + ${(r * SIZE) / this.#across}u`;
  }

  #eachSum(statement: (r: number, c: number) => string): string {
    return this.#rows.flatMap((r) => this.#columns.map((c) => statement(r, c))).join('\n');
  }

  /** Statements for as many places as there are, each by one invocation. */
  #fill(count: number, statement: (place: string) => string): string {
    return upTo(Math.ceil(count / SIZE))
      .map((n) => {
        const isWhole = (n + 1) * SIZE <= count;
        const guard = isWhole ? '' : `if (place < ${count}u) `;
        return `{ let place = local + ${n * SIZE}u; ${guard}{ ${statement('place')} } }`;
      })
      .join('\n');
  }
}

/** Declares the first position that one sees: \`first_seen(b, t)\`; none is seen by one that isn't there. */
export function declareFirstSeen(kernel: Kernel, node: GraphNode, T: number): void {
  const starts = kernel.at(given(node, 'starts'), `b * ${T}u + t`);
  kernel.declare(`fn first_seen(b: u32, t: u32) -> u32 {
if (t >= ${T}u) { return ${T}u; }
return u32(clamp(${starts}, 0i, i32(t)));
}`);
}

/** The least of what \`rows_\` has, as \`least\`, the same for all of the group. */
export function leastOfRows(kernel: Kernel, rows: number): string {
  kernel.declare('var<workgroup> least_: f32;');
  const steps: string[] = [];
  for (let half = rows / 2; half >= 1; half /= 2) {
    steps.push(
      `workgroupBarrier();\nif (local < ${half}u) { rows_[local] = min(rows_[local], rows_[local + ${half}u]); }`,
    );
  }
  return `${steps.join('\n')}
if (local == 0u) { least_ = rows_[0]; }
let least = u32(workgroupUniformLoad(&least_));`;
}

/** What probabilities are multiplied by, by their places in `[B, heads, T, T]`. */
export interface Dropping {
  /** Statements before. */
  readonly key: string;
  readonly factor: (place: string) => string;
}

/** Dropout of probabilities, if a node has that. @param key - the key of its mask, if that isn't to be made from the counter */
export function droppingOf(node: GraphNode, kernel: Kernel, key?: string): Dropping | undefined {
  if (!/Dropout(Grad)?$/.test(node.kernel)) return undefined;
  const [rate, seed] = [node.attrs['rate'], node.attrs['seed']].map(Number);
  const counter = key === undefined ? kernel.at(given(node, 'counter'), '0u') : '0i';
  const keep = keptBy(kernel, counter, { rate, seed });
  let made = '';
  const named = (expression: string): string => {
    made = key ?? expression;
    return 'dropout_key';
  };
  keep(named, '0u');
  return {
    key: `let dropout_key = ${made};`,
    factor: (place) => `select(0.0f, ${float(1 / (1 - rate))}, ${keep(named, place)})`,
  };
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
