import { rowsOf, type Piece } from '../step/pieces.js';
import type { Replica } from '../step/replica.js';
import type { Batch } from '@llm101/data';
import type { Exchange, StepJob } from './exchange.js';
import type { Remote } from './remote.js';
import type { ShardsOfBatch } from './requests.js';

/** Products in messages: this thread sums them, and sends the sum. */
export class CopiedExchange implements Exchange {
  readonly #replica: Replica;
  readonly #remotes: readonly Remote[];
  #updates: readonly Promise<void>[] = [];
  /** Of shards. Those of the others come and go. */
  readonly #products: Float32Array[] = [];
  readonly #sum: Float32Array;

  constructor(replica: Replica, remotes: readonly Remote[]) {
    this.#replica = replica;
    this.#remotes = remotes;
    this.#sum = new Float32Array(replica.length);
  }

  async compute({ batch, shards, total }: StepJob): Promise<readonly Float32Array[]> {
    const threads = this.#remotes.length + 1;
    const ofThread = (thread: number): number[] =>
      shards.flatMap((_, s) => (s % threads === thread ? [s] : []));
    const asked = this.#remotes.map(async (remote, i) => {
      const own = ofThread(i + 1);
      if (own.length === 0) return;
      const spare = own.flatMap((s) => bufferOf(this.#products.at(s)) ?? []);
      const parts = own.map((s) => partOf(batch, shards[s]));
      const request: ShardsOfBatch = { shards: parts, total, spare };
      const { products } = await remote.ask('compute', request, spare);
      for (const [k, s] of own.entries()) this.#products[s] = new Float32Array(products[k]);
    });
    for (const promise of asked) promise.catch(() => {}); // heard below
    for (const s of ofThread(0)) {
      this.#products[s] ??= new Float32Array(this.#replica.length);
      this.#replica.compute(batch, shards[s], total, this.#products[s]);
    }
    await Promise.all([...this.#updates, ...asked]);
    return this.#products.slice(0, shards.length);
  }

  share(
    products: readonly Float32Array[],
    { shards, learningRate }: StepJob,
  ): readonly Float32Array[] {
    const sum = this.#sum;
    sum.set(products[0]);
    for (const product of products.slice(1)) this.#replica.add(sum, product);
    const reached = this.#replica.reached ?? [];
    const update = { sum, pieces: shards.flat().length, learningRate, reached };
    this.#updates = this.#remotes.map((remote) => remote.ask('update', update));
    return [sum];
  }

  async pause(): Promise<void> {
    await Promise.all(this.#updates);
  }

  end(): void {}
}

function bufferOf(product: Float32Array | undefined): ArrayBuffer | undefined {
  return product?.buffer instanceof ArrayBuffer ? product.buffer : undefined;
}

/** The rows of a shard alone, with its pieces among them. */
function partOf(batch: Batch, pieces: readonly Piece[]): ShardsOfBatch['shards'][number] {
  const first = pieces[0].first;
  const rows = rowsOf(batch, { first, end: pieces[pieces.length - 1].end });
  return {
    // A view would be copied with all of its buffer.
    batch: {
      ...rows,
      inputs: rows.inputs.slice(),
      targets: rows.targets.slice(),
      ...(rows.weights && { weights: rows.weights.slice() }),
    },
    pieces: pieces.map((piece) => ({
      index: piece.index,
      first: piece.first - first,
      end: piece.end - first,
    })),
  };
}
