import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBackend } from '@llm101/wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextTokenBatches, streamBatches } from '../src/workload-batches.mjs';
import { makeBatches, shapeOf, workloads, writeStart } from '../src/workloads.mjs';
import { makeTask } from '../src/contestants/tfjs-task.mjs';
import { readWorkload } from '../src/workload-file.mjs';

const folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
beforeAll(() => startBackend());
afterAll(() => rmSync(folder, { recursive: true }));

describe('batches', () => {
  it('of a stream have the next token as target', async () => {
    const { inputs, targets } = await streamBatches({ count: 2, batchSize: 3, length: 4 });
    expect(inputs.length).toBe(24);
    expect(targets.slice(0, -1)).toEqual(inputs.slice(1));
  });
  it('of windows hold other rows each', async () => {
    const { inputs, targets } = await nextTokenBatches({ count: 2, batchSize: 3, length: 4 });
    expect([inputs.length, targets.length]).toEqual([24, 6]);
    expect(inputs.slice(0, 12)).not.toEqual(inputs.slice(12));
  });
});

describe.each(workloads)('$name', (workload) => {
  it('starts for a contestant as it was written', async () => {
    const file = join(folder, workload.name);
    const { model: spec, optimizer } = workload;
    const batches = await makeBatches(workload, 2);
    await writeStart(file, workload, 2);
    const start = readWorkload(file);
    const { model } = makeTask(start);
    expect(start).toMatchObject({ model: spec, optimizer });
    expect(start.batches).toEqual({ ...shapeOf(workload), ...batches });
    for (const [name, parameter] of model.namedParameters()) {
      expect([...parameter.dataSync()]).toEqual([...start.parameters[name].data]);
    }
    model.dispose();
  });
});
