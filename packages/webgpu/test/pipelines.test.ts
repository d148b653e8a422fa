// Kernels are compiled once, and those that nobody has asked for in a long time are let go.
import { expect, it } from 'vitest';
import { Pipelines } from '../src/program/pipelines.js';

it('keeps the thousand kernels that were asked for last', async () => {
  const compiled: string[] = [];
  const device: object = {
    limits: { maxStorageBuffersPerShaderStage: 8 },
    pushErrorScope() {},
    popErrorScope: () => Promise.resolve(null),
    createBindGroupLayout: () => ({}),
    createPipelineLayout: () => ({}),
    createShaderModule: ({ code }: GPUShaderModuleDescriptor) => void compiled.push(code),
    createComputePipelineAsync: () => Promise.resolve({}),
  };
  const pipelines = new Pipelines(device as GPUDevice);
  const ask = (code: string): Promise<unknown> =>
    pipelines.get({ name: 'Add', code, operands: [], groups: [1, 1, 1] });
  for (let i = 0; i < 1024; i++) await ask(`${i}`);
  await ask('0'); // which is the last now
  await ask('new');
  const before = compiled.length;
  await ask('0');
  await ask('2');
  expect(compiled).toHaveLength(before);
  await ask('1');
  expect(compiled.slice(before)).toEqual(['1']);
});
