import {
  add,
  backend_util,
  reshape,
  tensor,
  unsortedSegmentSum,
  util,
  zerosLike,
  type GradConfig,
  type Rank,
  type Tensor,
} from '@tensorflow/tfjs-core';

/**
 * The gradient of `tf.gather`, `batchDims` included: each slice of the output's goes to where it came from. tfjs' own splits x by a
 * method that `tfjs-core` alone doesn't have, and takes no notice of a second batch dimension; without any it stays.
 */
export const batchedGather = (usual: GradConfig): GradConfig => ({
  ...usual,
  gradFunc(dys, saved, attrs) {
    const batchDims = Number(attrs['batchDims'] ?? 0);
    if (batchDims === 0) return usual.gradFunc(dys, saved, attrs);
    const [dy] = [dys].flat();
    const [x, indices] = saved;
    const [axis] = util.parseAxisParam(Number(attrs['axis']), x.shape);
    const { batchSize, outerSize, dimSize, sliceSize } =
      backend_util.segment_util.collectGatherOpShapeInfo(x, indices, axis, batchDims);
    const derivative = (): Tensor => {
      // The first slice of each table, in x as rows of slices.
      const first = Int32Array.from({ length: batchSize * outerSize }, (_, i) => i * dimSize);
      const n = batchSize === 0 ? 0 : indices.size / batchSize;
      const places = add(
        tensor(first, [batchSize, outerSize, 1], 'int32'),
        reshape(indices, [batchSize, 1, n]),
      );
      const rows = reshape(dy, [batchSize * outerSize * n, sliceSize]);
      const ids = reshape<Rank.R1>(places, [rows.shape[0]]);
      const sums = unsortedSegmentSum(rows, ids, batchSize * outerSize * dimSize);
      return reshape(sums, x.shape);
    };
    return { x: derivative, indices: () => zerosLike(indices) };
  },
});
