import {
  parseMetrics,
  parseOrigin,
  parseStatistics,
  renderReport,
  RunFileError,
} from '@llm101/report';
import { below, mutateText, pick } from './mutate.mjs';

const ORIGIN =
  '{"version":1,"sessions":[{"startedAt":"2026-01-02T03:04:05.678Z","endedAt":"2026-01-02T03:05:05.678Z","durationMs":60000,"reason":"finished",' +
  '"command":["llm101","train"],"versions":{"node":"20.1.0"},"machine":{"os":"Linux 6","cpu":"a","cores":2,"memoryBytes":8000000000},' +
  '"git":{"commit":"abc","branch":"main","isDirty":true,"remote":"https://a/b"}}]}';
const CONFIGS = [
  '{"model":"mlp","lr":0.1,"optimizer":"sgd","momentum":0.9,"versions":{"node":"20"}}',
  '{"model":"cnn","lr":1,"optimizer":"adam","layers":[1,2],"data":"<script>"}',
];
const METRICS = [
  '{"step":50,"trainLoss":3.3,"batchLoss":3.1,"valLoss":3,"stepsPerSecond":9000,"learningRate":0.1}',
  '{"step":100,"trainLoss":3,"batchLoss":2.9,"valLoss":2.5,"stepsPerSecond":9000,"learningRate":0.1}',
];
const distribution = '{"norm":1,"minimum":-1,"maximum":1,"counts":[1,2]}';
const STATISTICS = [1, 100].map(
  (step) =>
    `{"step":${step},"parameterNorm":4,"gradientNorm":1,"parameters":{"w":{"values":${distribution},"gradient":${distribution}}}}`,
);

const utf8 = (/** @type {string} */ text) => new TextEncoder().encode(text);

/** What of a stranger's runs stands in a page. @returns {import('./targets.mjs').Target[]} */
export function reportTargets() {
  return [
    {
      name: 'origin of a run',
      input: (random) => utf8(mutateText(ORIGIN, random)),
      read(file) {
        const { sessions = [] } = parseOrigin(new TextDecoder().decode(file)) ?? {};
        const isOdd = sessions.some(({ durationMs = 0 }) => !(durationMs >= 0));
        if (isOdd) throw new Error('a session has an odd duration');
      },
      refuses: [],
    },
    {
      name: 'runs in a report',
      input(random) {
        const some = (/** @type {readonly string[]} */ lines) =>
          lines.map((line) => (below(random, 2) ? line : mutateText(line, random))).join('\n');
        const runs = Array.from({ length: 5 }, () =>
          [mutateText(pick(random, CONFIGS), random), some(METRICS), some(STATISTICS)].join('\n\n'),
        );
        return utf8([mutateText(ORIGIN, random), ...runs].join('\n\n\n'));
      },
      async read(file) {
        const [origin, ...runs] = new TextDecoder().decode(file).split('\n\n\n');
        const read = runs.map((run, i) => {
          const [config, metrics = '', statistics = ''] = run.split('\n\n');
          return {
            name: `<script>${i}`,
            config: configOf(config),
            metrics: parseMetrics(metrics),
            samples: [],
            statistics: parseStatistics(statistics),
            model: undefined,
            origin: parseOrigin(origin),
          };
        });
        for (const page of [await renderReport(read), await renderReport(read.slice(0, 1))]) {
          const scripts = page.match(/<script[ >]/g)?.length ?? 0;
          const plots = page.match(/<script type="application\/json">/g)?.length ?? 0;
          if (scripts !== plots + 1) throw new Error('a text has become a script');
          if (/ d="[^"]*(?:NaN|Infinity)/.test(page)) throw new Error('a line has no place');
        }
      },
      refuses: [RunFileError],
    },
  ];
}

/** @param {string} text @returns {Record<string, unknown>} */
function configOf(text) {
  try {
    const config = JSON.parse(text);
    return typeof config === 'object' && config !== null && !Array.isArray(config) ? config : {};
  } catch {
    return {};
  }
}
