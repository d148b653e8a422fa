import {
  type ActivationTree,
  activationTree,
  CNN,
  MLP,
  nodeArithmetic,
  type TreeNode,
  WaveNet,
} from '@llm101/models';
import { UserError } from '@llm101/runs';
import type { Handler } from '../handler.js';
import { readLine, started } from './line.js';

/** Activations of a line by position, of a model that has a tree. */
export const tree: Handler<'tree'> = ({ line, row, at }, run) => {
  const { model, settings } = started(run);
  if (!(model instanceof CNN || model instanceof WaveNet || model instanceof MLP)) {
    throw new UserError(`a tree is of cnn, wavenet or mlp; got ${settings.model}`);
  }
  const { rows } = readLine(started(run), line);
  const found = activationTree(model, rows);
  const node = at && { ...at, row: Math.min(row, rows.length - 1) };
  const kind = model instanceof CNN ? 'cnn' : model instanceof MLP ? 'mlp' : 'wavenet';
  const activations = { cnn: 'relu', wavenet: 'tanh · σ', mlp: settings.activation ?? 'relu' };
  return {
    output: {
      kind,
      activation: activations[kind],
      levels: found.levels.map(({ nodes, channels, values, reads }) => ({
        nodes,
        channels,
        values,
        reads,
      })),
      arithmetic: node && isIn(found, node) ? nodeArithmetic(model, found, node) : undefined,
      connections: model instanceof MLP ? connectionsOf(model, found, row) : undefined,
    },
  };
};

/** Whether there is such a node whose value is computed. */
function isIn({ levels }: ActivationTree, { level, node, channel }: TreeNode): boolean {
  const own = levels.at(level);
  return level > 0 && own !== undefined && node < own.nodes && channel < own.channels;
}

/** `[T, H]`: of each unit's sum the part that comes from each position of a window. */
function connectionsOf(
  model: MLP,
  { levels: [below], rows }: ActivationTree,
  row: number,
): Float32Array {
  const { nodes: T, channels: C, values } = below;
  const weights = model.hidden[0].linear.weight.dataSync<'float32'>();
  const H = weights.length / T / C;
  const window = Math.min(row, rows - 1) * T * C;
  const parts = new Float32Array(T * H);
  for (let h = 0; h < H; h++) {
    for (let i = 0; i < T * C; i++) {
      parts[Math.floor(i / C) * H + h] += weights[h * T * C + i] * values[window + i];
    }
  }
  return parts;
}
