// The plot of --plot: what it draws, and what a terminal shows of it after many redraws.
import type { Metrics, TrainingEvent } from '@llm101/training';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { drawPlot } from '../src/commands/train/live-plot.js';
import { livePlot, type PlotStream } from '../src/commands/train/live-plot.js';

const metrics = (step: number, valLoss?: number): Metrics => ({
  step,
  trainLoss: 4 - step / 1000,
  batchLoss: 3,
  ...(valLoss !== undefined && { valLoss }),
  stepsPerSecond: 1,
  learningRate: 0.1,
});
const rows = Array.from({ length: 10 }, (_, i) => metrics((i + 1) * 100, 3 - i / 10));

describe('drawPlot', () => {
  const options = { columns: 60, height: 8, colour: false };
  it('draws both losses, with first, middle and last step', () => {
    const lines = drawPlot(rows, options);
    expect(lines[0]).toBe('  loss: ━ training, mean so far   ━ validation');
    expect(lines.at(-1)).toMatch(/^ +100 +550 +1,000 *$/);
    expect(lines.join('\n')).toMatch(/3\.90┤[\s\S]*3\.00┤[\s\S]*2\.10┤/);
    expect(lines.every((line) => line.length <= 60)).toBe(true);
    expect(lines.filter((line) => /[┤│]/.test(line))).toHaveLength(8);
  });
  it('falls where the loss falls', () => {
    const lines = drawPlot(
      rows.map(({ step }) => metrics(step)),
      options,
    );
    expect(lines[0]).not.toContain('validation');
    const columns = lines.flatMap((line) => {
      const at = line.search(/[━┓┗]/);
      return at > 0 && /[┤│]/.test(line) ? [at] : [];
    });
    expect(columns.length).toBeGreaterThan(5);
    expect(columns).toEqual([...columns].sort((a, b) => a - b));
  });
  it('fits into every width, the legend too', () => {
    for (let columns = 34; columns <= 120; columns++) {
      const lines = drawPlot(rows, { ...options, columns });
      expect(lines.length).toBeGreaterThan(8);
      expect(lines.filter((line) => line.length > columns)).toEqual([]);
      expect(lines[0]).toMatch(/━ training.* ━ validation$/);
    }
  });
  it('draws nothing of one point, and nothing where there is no room', () => {
    expect(drawPlot(rows.slice(0, 1), options)).toEqual([]);
    expect(drawPlot(rows, { ...options, columns: 30 })).toEqual([]);
  });
});

describe('livePlot', () => {
  const ESCAPE = '\u001B';
  /** Commands such as "up", line ends, and text. */
  const PARTS = new RegExp(`${ESCAPE}\\[\\d*[A-Za-z]|[\r\n]|[^${ESCAPE}\r\n]+`, 'g');
  beforeEach(() => void vi.stubEnv('NO_COLOR', '1'));
  afterEach(() => void vi.unstubAllEnvs());

  /** A terminal as far as a plot uses one. */
  class Screen implements PlotStream {
    readonly isTTY: boolean = true;
    readonly columns = 60;
    readonly rows: number = 40;
    lines: string[] = [''];
    #row = 0;

    constructor(settings: { isTTY?: boolean; rows?: number } = {}) {
      Object.assign(this, settings);
    }

    write(text: string): void {
      for (const [part] of text.matchAll(PARTS)) {
        if (part.endsWith('A') && part.startsWith(ESCAPE))
          this.#row -= Number.parseInt(part.slice(2), 10);
        else if (part === `${ESCAPE}[J`) this.lines.length = this.#row + 1;
        else if (part === '\n') this.lines[++this.#row] ??= '';
        else if (part !== '\r' && !part.startsWith(ESCAPE)) this.lines[this.#row] = part;
      }
    }
  }
  const play = (screen: Screen, between: (step: number) => void = () => {}): string[] => {
    let nowMs = 0;
    const { listener } = livePlot({ stream: screen, now: () => nowMs });
    const events: TrainingEvent[] = rows.map((row) => ({ type: 'log', metrics: row }));
    for (const event of events) {
      nowMs += 300;
      listener(event);
      screen.write('\rprogress');
      between(nowMs / 300);
    }
    listener({ type: 'end', step: 1000, reason: 'finished' });
    screen.write('\rprogress\n');
    return screen.lines;
  };

  it('is one plot above the progress bar, however often it is drawn', () => {
    const lines = play(new Screen());
    expect(lines.filter((line) => line.includes('loss:'))).toHaveLength(1);
    expect(lines.filter((line) => line === 'progress')).toHaveLength(1);
    expect(lines.join('\n')).toMatch(/ 1,000 *\nprogress\n$/); // the last step is drawn
  });
  it('continues below a line that came between', () => {
    const screen = new Screen();
    let nowMs = 0;
    const plot = livePlot({ stream: screen, now: () => (nowMs += 600) });
    for (const row of rows.slice(0, 4)) plot.listener({ type: 'log', metrics: row });
    plot.release();
    screen.write('\rllm101: the disk is full\n');
    for (const row of rows.slice(4)) plot.listener({ type: 'log', metrics: row });
    expect(screen.lines.filter((line) => line.includes('disk is full'))).toHaveLength(1);
    expect(screen.lines.filter((line) => line.includes('loss:'))).toHaveLength(2);
  });
  it.each([{ isTTY: false }, { rows: 12 }])('writes nothing into %o', (settings) => {
    expect(play(new Screen(settings)).join('')).toBe('progress');
  });
});
