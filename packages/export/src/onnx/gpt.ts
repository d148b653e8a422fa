import { gptNames, resolveGPTConfig, type GPTNames, type ResolvedGPTConfig } from '@llm101/models';
import { transposed, type ConfigOf } from '../exported-model.js';
import type { Value } from './graph.js';
import type { OnnxLayers } from './layers.js';

/** Tokens `[B, T]` of one text a row to scores `[B, T, V]`. */
export function gpt(layers: OnnxLayers, tokens: Value, config: ConfigOf<'gpt'>): Value {
  return new GPTGraph(layers, tokens, resolveGPTConfig(config)).scores();
}

class GPTGraph {
  readonly #layers: OnnxLayers;
  readonly #tokens: Value;
  readonly #config: ResolvedGPTConfig;
  readonly #names: GPTNames;
  /** 0 … T - 1 */
  readonly #positions: Value;

  constructor(layers: OnnxLayers, tokens: Value, config: ResolvedGPTConfig) {
    const { graph } = layers;
    this.#layers = layers;
    this.#tokens = tokens;
    this.#config = config;
    this.#names = gptNames(config);
    const length = graph.node('Gather', [graph.node('Shape', [tokens]), graph.int(1)]);
    this.#positions = graph.node('Range', [graph.int(0), length, graph.int(1)]);
  }

  scores(): Value {
    const { layers: count, tiedHead } = this.#config;
    const [layers, names] = [this.#layers, this.#names];
    const { graph } = layers;
    const body = names.body === undefined ? '' : `${names.body}.`;
    let x = layers.embedding(body + names.embedding, this.#tokens);
    if (this.#config.positions === 'learned') {
      const placed = layers.embedding(body + names.positions, this.#positions);
      x = graph.node('Add', [x, placed]);
    }
    const turn = this.#rotation();
    const hides = this.#mask();
    for (let i = 0; i < count; i++) {
      const block = `${body}${names.blocks}.${i}.`;
      const read = this.#norm(block + names.block.attentionNorm, x);
      const gathered = this.#attention(block + names.block.attention, read, { turn, hides });
      x = graph.node('Add', [x, gathered]);
      const mixed = this.#norm(block + names.block.feedForwardNorm, x);
      x = graph.node('Add', [x, this.#feedForward(block + names.block.feedForward, mixed)]);
    }
    const normal = this.#norm(body + names.norm, x);
    if (!tiedHead) return layers.linear(names.head, normal);
    const weight = transposed(layers.weights.get(`${body}${names.embedding}.weight`));
    return graph.node('MatMul', [normal, graph.weight('head.T', weight)]);
  }

  #norm(name: string, x: Value): Value {
    return this.#config.norm === 'rms'
      ? this.#layers.rmsNorm(name, x)
      : this.#layers.layerNorm(name, x);
  }

  /** What no position sees: those after it. `[T, T]` */
  #mask(): Value {
    const { graph } = this.#layers;
    const [column, row] = [0, 1].map((axis) =>
      graph.node('Unsqueeze', [this.#positions, graph.ints(axis)]),
    );
    return graph.node('Greater', [column, row]);
  }

  #attention(name: string, x: Value, { turn, hides }: AttentionContext): Value {
    const { channels: C, heads, kvHeads, qkNorm } = this.#config;
    const [layers, { attention: names }] = [this.#layers, this.#names];
    const { graph } = layers;
    const d = C / heads;
    const [q, k, v] = this.#projections(name, x);
    const byHead = (y: Value, count: number): Value => {
      const parted = graph.node('Reshape', [y, graph.ints(0, 0, count, d)]);
      return graph.node('Transpose', [parted], { perm: [0, 2, 1, 3] }); // [B, heads, T, d]
    };
    const placed = (y: Value, norm: string): Value =>
      turn(qkNorm ? layers.rmsNorm(`${name}.${norm}`, y) : y);
    const shared = (y: Value): Value => {
      if (kvHeads === heads) return y;
      const of = Array.from({ length: heads }, (_, h) => Math.floor((h * kvHeads) / heads));
      return graph.node('Gather', [y, graph.ints(...of)], { axis: 1 }); // bounded: heads
    };
    const query = placed(byHead(q, heads), names.queryNorm);
    const key = shared(placed(byHead(k, kvHeads), names.keyNorm));
    const across = graph.node('Transpose', [key], { perm: [0, 1, 3, 2] });
    const products = graph.node('MatMul', [query, across]); // [B, heads, T, T]
    const scaled = graph.node('Mul', [products, graph.number(1 / Math.sqrt(d))]);
    const seen = graph.node('Where', [hides, graph.number(-1e9), scaled]);
    const shares = graph.node('Softmax', [seen], { axis: -1 });
    const mixed = graph.node('MatMul', [shares, shared(byHead(v, kvHeads))]);
    const together = graph.node('Transpose', [mixed], { perm: [0, 2, 1, 3] });
    const joined = graph.node('Reshape', [together, graph.ints(0, 0, C)]);
    return layers.linear(`${name}.${names.output}`, joined);
  }

  #projections(name: string, x: Value): Value[] {
    const { channels: C, heads, kvHeads, projections } = this.#config;
    const [layers, { attention: names }] = [this.#layers, this.#names];
    if (projections === 'separate') {
      return [names.query, names.key, names.value].map((part) =>
        layers.linear(`${name}.${part}`, x),
      );
    }
    const joint = layers.linear(`${name}.${names.joint}`, x);
    const kvChannels = (C / heads) * kvHeads;
    const sizes = layers.graph.ints(C, kvChannels, kvChannels);
    return layers.graph.nodes('Split', [joint, sizes], { axis: -1 }, 3);
  }

  #feedForward(name: string, x: Value): Value {
    const [layers, { feedForward: names }] = [this.#layers, this.#names];
    const { activation } = this.#config;
    const up = layers.linear(`${name}.${names.up}`, x);
    if (activation !== 'swiglu') {
      return layers.linear(`${name}.${names.down}`, layers.activation(activation, up));
    }
    const gate = layers.activation('silu', layers.linear(`${name}.${names.gate}`, x));
    return layers.linear(`${name}.${names.down}`, layers.graph.node('Mul', [gate, up]));
  }

  /** Turns the heads of each position, `[B, heads, T, d]`, where positions are rotations. */
  #rotation(): (x: Value) => Value {
    const { positions, contextSize: T, channels, heads } = this.#config;
    const { graph } = this.#layers;
    if (positions !== 'rotary') return (x) => x;
    const d = channels / heads;
    const table = (name: string, of: (angle: number) => number): Value => {
      const data = Float32Array.from({ length: T * d }, (_, at) => {
        const i = (at % d) % (d / 2);
        return of(Math.floor(at / d) * 10_000 ** ((-2 * i) / d));
      });
      return graph.node('Gather', [graph.weight(name, { shape: [T, d], data }), this.#positions]);
    };
    const [cosines, sines] = [table('cosines', Math.cos), table('sines', Math.sin)];
    return (x) => {
      const [low, high] = graph.nodes('Split', [x], { axis: -1 }, 2);
      const swapped = graph.node('Concat', [graph.node('Neg', [high]), low], { axis: -1 });
      return graph.node('Add', [
        graph.node('Mul', [x, cosines]),
        graph.node('Mul', [swapped, sines]),
      ]);
    };
  }
}

interface AttentionContext {
  readonly turn: (x: Value) => Value;
  readonly hides: Value;
}
