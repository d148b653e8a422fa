/**
 * What is read of the file that `npm run bench -- --json` writes.
 *
 * @typedef {object} Bench
 * @property {string} date
 * @property {string} machine - processor, cores, Node
 * @property {number} cores
 * @property {number} rounds
 * @property {readonly BenchContestant[]} contestants
 * @property {readonly BenchTable[]} tables - a workload each
 * @property {readonly BenchCurve[]} curves
 * @property {readonly BenchProduct[]} products
 */

/**
 * @typedef {object} BenchContestant
 * @property {string} name
 * @property {string} what - versions; empty where it ran nowhere
 * @property {boolean} isPeer
 * @property {string} threads - one, or all
 * @property {boolean} isForQuick - shows what calls, copies and reading losses cost
 */

/** @typedef {{ title: string, rows: readonly BenchRow[] }} BenchTable - the title `MLP (T 16, C 8, H 64), batch 32, SGD` */

/**
 * What a contestant reached, or why it reached nothing.
 *
 * @typedef {object} BenchRow
 * @property {string} contestant
 * @property {number} [stepsPerSecond] - the median of the rounds
 * @property {number} [spread] - of the rounds, (max - min) / median
 * @property {number | undefined} [oursIs] - how many times as fast our fastest of as many threads is
 * @property {string} [problem]
 */

/**
 * @typedef {object} BenchPoint
 * @property {string} label
 * @property {number} tokens - of a step
 * @property {number} flops - of a step
 * @property {number} plain - steps a second
 * @property {number | undefined} [relaxed]
 */

/** @typedef {{ name: string, title: string, points: readonly BenchPoint[] }} BenchCurve */

/**
 * A product `[m, k] · [k, n]` and the parts of the peak that it reaches.
 *
 * @typedef {object} BenchProduct
 * @property {number} m
 * @property {number} n
 * @property {number} k
 * @property {number} batch - how many of them in one call
 * @property {string} where - whose it is
 * @property {number} plain
 * @property {number | undefined} [relaxed] - of the fused peak
 */

const OURS = 'llm101';

/**
 * Tables of speeds as Markdown, and below them where they were measured.
 *
 * @param {Bench} bench
 * @returns {string}
 */
export function benchSection(bench) {
  const { date, machine, cores, rounds, contestants, tables, curves, products } = bench;
  const forQuick = new Set(
    contestants.filter(({ isForQuick }) => isForQuick).map(({ name }) => name),
  );
  const quick = tables.filter(({ rows }) =>
    rows.some(({ contestant }) => forQuick.has(contestant)),
  );
  /** @param {(contestant: BenchContestant) => boolean} takesPart */
  const those = (takesPart) => contestants.filter((contestant) => takesPart(contestant));
  const parts = [
    '**One thread**, steps a second:',
    speedTable(tables, those(isIn('one'))),
    ...(cores > 1
      ? [`**All ${cores} cores**, steps a second:`, speedTable(tables, those(isIn('all')))]
      : []),
    '**As a training loop has it**, each batch from the host, each loss read (ours is measured so everywhere); eager is ours without `compile`:',
    speedTable(quick, those(isLoop)),
    ...curves.flatMap((curve) => [
      `**${curve.title}**, one thread, tokens a second and GFLOP/s:`,
      curveTable(curve),
    ]),
    ...(products.length > 0
      ? [
          '**Matrix products**, forward and backward, of the peak that the core reaches in WebAssembly in the same run:',
          productTable(products),
        ]
      : []),
    `${machine}; medians of ${rounds} interleaved rounds, ${date}.`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/**
 * How many times as fast the lecture's model trains by `compile`.
 *
 * @param {Bench} bench
 * @returns {number}
 * @throws {RangeError} when the run hasn't measured both
 */
export function compileGain({ tables }) {
  const rows = tables[0]?.rows ?? [];
  const [compiled, eager] = [OURS, `${OURS} eager`].map(
    (name) => rows.find(({ contestant }) => contestant === name)?.stepsPerSecond,
  );
  if (compiled === undefined || eager === undefined) {
    throw new RangeError(
      'readme: the first workload of bench.json must have llm101 and llm101 eager',
    );
  }
  return compiled / eager;
}

/**
 * Workloads down, contestants across; below, why one is missing.
 *
 * @param {readonly BenchTable[]} tables
 * @param {readonly BenchContestant[]} contestants
 * @returns {string}
 */
function speedTable(tables, contestants) {
  const head = contestants.map(({ name, what, isPeer }) => {
    const [version] = what.split(/[ +]/); // `4.22.0 wasm, Node 20.20.2`, `2.13.0+cpu`
    return isPeer ? `${shortName(name)} ${version}`.trim() : `**${shortName(name)}**`;
  });
  const lines = tables.map(({ title, rows }) => {
    const cells = contestants.map(({ name, isPeer }) => cell(rowOf(rows, name), isPeer));
    return [shortTitle(title), ...cells];
  });
  const missing = tables.flatMap(({ title, rows }) =>
    contestants.flatMap(({ name }) => {
      const problem = rowOf(rows, name)?.problem;
      return problem === undefined ? [] : [{ name: shortName(name), problem, title }];
    }),
  );
  return [table(['', ...head], lines), remarks(missing, tables.length)]
    .filter((part) => part !== '')
    .join('\n\n');
}

/**
 * @param {readonly { name: string, problem: string, title: string }[]} missing
 * @param {number} workloads - how many there are
 * @returns {string} a list of whom a dash stands for, those together that lack the same for the same reason
 */
function remarks(missing, workloads) {
  /** @type {Map<string, string[]>} */
  const byReason = new Map();
  for (const { name, problem } of missing) {
    const places = missing.filter((one) => one.name === name && one.problem === problem);
    const where = places.map(({ title }) => shortTitle(title)).join('; ');
    const reason = places.length === workloads ? problem : `${problem} (${where})`;
    byReason.set(reason, [...new Set([...(byReason.get(reason) ?? []), name])]);
  }
  const lines = [...byReason].map(([reason, names]) => `- ${names.join(', ')}: ${reason}.`);
  return lines.length === 0 ? '' : ['Where there is no figure:', '', ...lines].join('\n');
}

/** @type {(rows: readonly BenchRow[], name: string) => BenchRow | undefined} */
const rowOf = (rows, name) => rows.find(({ contestant }) => contestant === name);

/**
 * @param {string} threads
 * @returns {(contestant: BenchContestant) => boolean}
 */
const isIn = (threads) => (contestant) => contestant.threads === threads && !contestant.isForQuick;

/** @param {BenchContestant} contestant */
const isLoop = ({ isPeer, threads, isForQuick }) => threads === 'one' && (isForQuick || !isPeer);

const shortName = (/** @type {string} */ name) => name.replace(', all threads', '');

/** Without sizes and optimizer. */
const shortTitle = (/** @type {string} */ title) =>
  title.replace(/ \(.*?\)/, '').replace(/, (SGD|AdamW|Muon).*/, '');

/**
 * @param {BenchRow | undefined} row
 * @param {boolean} isPeer
 */
function cell(row, isPeer) {
  if (row?.stepsPerSecond === undefined) return '–';
  const { stepsPerSecond, oursIs } = row;
  const rate = formatRate(stepsPerSecond);
  if (!isPeer || oursIs === undefined) return rate;
  return `${rate} (${oursIs.toFixed(oursIs < 10 ? 2 : 0)}×)`;
}

/** @param {number} rate */
const formatRate = (rate) =>
  rate < 100 ? rate.toPrecision(3) : Math.round(rate).toLocaleString('en-US');

/** @param {BenchCurve} curve */
function curveTable({ name, points }) {
  const row = (
    /** @type {string} */ label,
    /** @type {(point: BenchPoint) => number | undefined} */ rate,
  ) => [
    label,
    ...points.map((point) => {
      const steps = rate(point);
      if (steps === undefined) return '–';
      const tokens = Math.round(steps * point.tokens).toLocaleString('en-US');
      return `${tokens} (${((steps * point.flops) / 1e9).toFixed(0)})`;
    }),
  ];
  const hasRelaxed = points.some(({ relaxed }) => relaxed !== undefined);
  const rows = [row(OURS, ({ plain }) => plain)];
  if (hasRelaxed) rows.push(row(`${OURS} relaxed`, ({ relaxed }) => relaxed));
  return table([name === 'widths' ? 'width' : 'batch', ...points.map(({ label }) => label)], rows);
}

/** Operations of a product that is over before its call counts little, about a microsecond. */
const TINY = 50_000;

/** A side below is narrow: a tile of a product doesn't fill. */
const NARROW = 32;

/**
 * @param {string} name
 * @returns {(product: BenchProduct) => boolean}
 */
const isOf =
  (name) =>
  ({ where }) =>
    where.startsWith(name);

/** @param {BenchProduct} product */
const isOfModel = ({ where }) => !/^(batched|[\d,]+ rows) /.test(where);

/** @param {BenchProduct} product */
const isTiny = ({ m, n, k }) => 2 * m * n * k < TINY;

/** @param {BenchProduct} product */
const isNarrow = ({ m, n, k }) => Math.min(m, n, k) < NARROW;

/** @param {readonly BenchProduct[]} products */
function productTable(products) {
  /** @type {{ name: string, isIn: (product: BenchProduct) => boolean }[]} */
  const groups = [
    { name: '4,096 rows', isIn: isOf('4,096 rows') },
    { name: '16,384 rows', isIn: isOf('16,384 rows') },
    { name: 'batched', isIn: isOf('batched') },
    {
      name: `the models', sides of ${NARROW} or more`,
      isIn: (product) => isOfModel(product) && !isNarrow(product),
    },
    {
      name: `the models', a side below ${NARROW}`,
      isIn: (product) => isOfModel(product) && isNarrow(product) && !isTiny(product),
    },
    {
      name: `the models', of less than ${TINY.toLocaleString('en-US')} operations`,
      isIn: (product) => isOfModel(product) && isNarrow(product) && isTiny(product),
    },
  ];
  const lines = groups.flatMap(({ name, isIn }) => {
    const chosen = products.filter((product) => isIn(product));
    if (chosen.length === 0) return [];
    const plain = chosen.map((product) => product.plain);
    const relaxed = chosen.flatMap((product) => product.relaxed ?? []);
    return [[name, String(chosen.length), ...shares(plain), ...shares(relaxed)]];
  });
  return table(['', 'products', 'plain, median', 'least', 'relaxed, median', 'least'], lines);
}

/**
 * @param {readonly number[]} parts - of the peak
 * @returns {string[]} the median and the least
 */
function shares(parts) {
  if (parts.length === 0) return ['–', '–'];
  const sorted = parts.toSorted((a, b) => a - b);
  return [sorted[sorted.length >> 1], sorted[0]].map((part) => `${Math.round(100 * part)} %`);
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
function table(head, rows) {
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
