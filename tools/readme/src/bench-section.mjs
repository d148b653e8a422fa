/**
 * What is read of the file that `npm run bench -- --json` writes.
 *
 * @typedef {object} Bench
 * @property {string} date
 * @property {string} machine - processor, cores, Node
 * @property {number} cores
 * @property {number} rounds
 * @property {readonly BenchTable[]} tables - a workload each
 * @property {readonly BenchCurve[]} curves
 * @property {readonly BenchProduct[]} products
 */

/**
 * @typedef {object} BenchTable
 * @property {string} title - `MLP (T 16, C 8, H 64), batch 32, SGD`
 * @property {readonly BenchResult[]} results - of all contestants
 * @property {readonly BenchRow[]} rows - of those that ran
 */

/**
 * @typedef {object} BenchResult
 * @property {string} contestant
 * @property {string} what - versions
 * @property {boolean} isPeer
 * @property {string} threads - one, or all
 * @property {boolean} isForQuick - shows what calls, copies and reading losses cost
 * @property {string} [problem] - why it didn't run
 */

/**
 * @typedef {object} BenchRow
 * @property {number} stepsPerSecond
 * @property {number} [oursIs] - how many times as fast our fastest of as many threads is
 * @property {BenchResult} result
 */

/**
 * @typedef {object} BenchPoint
 * @property {string} label
 * @property {number} tokens - of a step
 * @property {number} flops - of a step
 * @property {number} plain - steps a second
 * @property {number} [relaxed]
 */

/** @typedef {{ name: string, title: string, points: readonly BenchPoint[] }} BenchCurve */
/** @typedef {{ gflops: number, peakGflops: number }} BenchRate */

/**
 * @typedef {object} BenchProduct
 * @property {number} m
 * @property {number} n
 * @property {number} k
 * @property {string} where - whose it is
 * @property {BenchRate} plain
 * @property {BenchRate} [relaxed]
 */

const OURS = 'llm101';

/**
 * Tables of speeds as Markdown, and below them where they were measured.
 *
 * @param {Bench} bench
 * @returns {string}
 */
export function benchSection(bench) {
  const { date, machine, cores, rounds, tables, curves, products } = bench;
  const quick = tables.filter(({ results }) => results.some(({ isForQuick }) => isForQuick));
  const parts = [
    '**One thread**, steps a second:',
    speedTable(tables, isIn('one')),
    ...(cores > 1
      ? [`**All ${cores} cores**, steps a second:`, speedTable(tables, isIn('all'))]
      : []),
    '**As a training loop has it**, each batch from the host, each loss read (ours is measured so everywhere); eager is ours without `compile`:',
    speedTable(quick, isLoop),
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
    (name) => rows.find(({ result }) => result.contestant === name)?.stepsPerSecond,
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
 * @param {(result: BenchResult) => boolean} takesPart
 * @returns {string}
 */
function speedTable(tables, takesPart) {
  const all = tables.flatMap(({ results }) => results).filter(takesPart);
  const names = [...new Set(all.map(({ contestant }) => contestant))];
  const head = names.map((name) => {
    const named = all.filter(({ contestant }) => contestant === name);
    const { what, isPeer } = named.find((result) => result.what !== '') ?? named[0];
    const [version] = what.split(/[ +]/); // `4.22.0 wasm, Node 20.20.2`, `2.13.0+cpu`
    const short = name.replace(', all threads', '');
    return isPeer ? `${short} ${version}`.trim() : `**${short}**`;
  });
  const lines = tables.map(({ title, rows }) => {
    const cells = names.map((name) => cell(rows.find(({ result }) => result.contestant === name)));
    return [shortTitle(title), ...cells];
  });
  const missing = tables.flatMap(({ title, results }) =>
    results
      .filter((result) => takesPart(result) && result.problem !== undefined)
      .map(({ contestant, problem = '' }) => ({ contestant, problem, where: shortTitle(title) })),
  );
  return [table(['', ...head], lines), remarks(missing, tables.length)]
    .filter(Boolean)
    .join('\n\n');
}

/**
 * @param {readonly { contestant: string, problem: string, where: string }[]} missing
 * @param {number} workloads - how many there are
 * @returns {string} a sentence for each reason
 */
function remarks(missing, workloads) {
  const reasons = [
    ...new Set(missing.map(({ contestant, problem }) => `${contestant}: ${problem}`)),
  ];
  return reasons
    .map((reason) => {
      const places = missing.filter((one) => `${one.contestant}: ${one.problem}` === reason);
      const where =
        places.length === workloads ? '' : ` (${places.map((one) => one.where).join('; ')})`;
      return `–: ${reason}${where}.`;
    })
    .join(' ');
}

/**
 * @param {string} threads
 * @returns {(result: BenchResult) => boolean}
 */
const isIn = (threads) => (result) => result.threads === threads && !result.isForQuick;

/** @param {BenchResult} result */
const isLoop = ({ contestant, isForQuick }) => isForQuick || contestant === OURS;

/** Without sizes and optimizer. */
const shortTitle = (/** @type {string} */ title) =>
  title.replace(/ \(.*?\)/, '').replace(/, (SGD|AdamW).*/, '');

/** @param {BenchRow | undefined} row */
function cell(row) {
  if (row === undefined) return '–';
  const { stepsPerSecond, oursIs, result } = row;
  const rate = formatRate(stepsPerSecond);
  if (!result.isPeer || oursIs === undefined) return rate;
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
 * @param {readonly BenchRate[]} rates
 * @returns {string[]} the median and the least share of the peak
 */
function shares(rates) {
  if (rates.length === 0) return ['–', '–'];
  const sorted = rates
    .map(({ gflops, peakGflops }) => gflops / peakGflops)
    .toSorted((a, b) => a - b);
  return [sorted[sorted.length >> 1], sorted[0]].map((share) => `${Math.round(100 * share)} %`);
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
function table(head, rows) {
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
