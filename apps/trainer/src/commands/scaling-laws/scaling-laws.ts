import { join } from 'node:path';
import { Generator } from '@llm101/random';
import { renderScalingReport } from '@llm101/report';
import { UsageError, UserError } from '@llm101/runs';
import type { ScalingColumns } from '@llm101/sweeps';
import { writeFileWholeSync } from '@llm101/training/node';
import { describeFileError } from '../../terminal/errors.js';
import type { Output } from '../../terminal/output.js';
import { documentOf, linesOf, reportOf } from './answer.js';
import { fitLaws } from './fit-laws.js';
import { readPoints } from './read-points.js';

/** The flags of `llm101 scaling-laws`. */
export interface ScalingLawsFlags extends ScalingColumns {
  readonly nonEmbedding?: boolean;
  readonly leaveOutHighest?: number | string;
  readonly bootstrap?: number | string;
  readonly seed?: number | string;
  readonly budget?: readonly number[];
  readonly output?: string;
}

/** What {@link scalingLawsCommand} needs. */
export interface ScalingLawsOptions extends Omit<ScalingLawsFlags, 'output'> {
  readonly sources: readonly string[];
  /** The page. */
  readonly page?: string | undefined;
  readonly output: Output;
}

/** `llm101 scaling-laws`: laws fitted to runs, and a page of them. */
export async function scalingLawsCommand(options: ScalingLawsOptions): Promise<void> {
  const { sources, nonEmbedding, parameters, tokens, flop, loss, budget, output } = options;
  const leftOut = wholeOf('--leave-out-highest', options.leaveOutHighest ?? 0, [0, 100_000]);
  const resamples = wholeOf('--bootstrap', options.bootstrap ?? 1000, [0, 100_000]);
  if (resamples > 0 && resamples < 20)
    throw new UsageError(`--bootstrap must be 0, or a whole number from 20 on; got ${resamples}`);
  const generator = Generator.seeded(wholeOf('--seed', options.seed ?? 101, [0, 0xffff_ffff]));
  const columns = { parameters, tokens, flop, loss };
  const read = readPoints(sources, { nonEmbedding, output, ...columns });
  const points = withoutHighest(read.points, leftOut);
  const progress = output.progress('fitting');
  progress.update(0, undefined);
  const laws = fitLaws(points, {
    isCounted: read.isCounted,
    budgets: budget,
    bootstrap: resamples === 0 ? undefined : { generator, resamples },
  });
  progress.end();
  const answer = { ...read, points, leftOut, laws };
  const path = options.page ?? join(read.folder ?? '.', 'scaling-laws.html');
  const page = await renderScalingReport(reportOf(answer));
  try {
    writeFileWholeSync(path, page);
  } catch (cause) {
    throw new UserError(
      `the page ${path} can't be written: ${describeFileError(cause)}; choose another path with --output`,
      { cause },
    );
  }
  output.answer([...linesOf(answer), '', path], { ...documentOf(answer), report: path });
}

/** The points in their order, without some of the highest losses. */
function withoutHighest<P extends { readonly loss: number }>(
  points: readonly P[],
  count: number,
): P[] {
  if (count >= points.length) {
    throw new UserError(
      `--leave-out-highest must leave runs; got ${count} of ${points.length} runs`,
    );
  }
  const out = new Set(
    [...points.keys()].sort((a, b) => points[b].loss - points[a].loss || a - b).slice(0, count),
  );
  return points.filter((_, i) => !out.has(i));
}

function wholeOf(
  flag: string,
  value: number | string,
  [least, most]: readonly [number, number],
): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most)
    return value;
  throw new UsageError(
    `${flag} must be a whole number from ${least.toLocaleString('en-US')} to ${most.toLocaleString('en-US')}; got ${value}`,
  );
}
