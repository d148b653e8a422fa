import { stridesOf, type Value } from '@llm101/wasm/recording';
import { placeOf } from '../wgsl/indices.js';
import type { Pointwise, PointwiseCall } from '../wgsl/kernel.js';
import { literal } from '../wgsl/types.js';

/** Operations that move the parts of images, by the names of tfjs' kernels. */
export const imageMoves: Readonly<Record<string, Pointwise>> = {
  FlipLeftRight({ node, kernel, index, line }) {
    const [image] = node.inputs;
    const [, , width, channels] = image.shape;
    const column = line(`(${index} / ${channels}u) % ${width}u`);
    return kernel.at(image, line(`${index} + (${width - 1}u - 2u * ${column}) * ${channels}u`));
  },
  DepthToSpace({ node, kernel, index }) {
    const [x] = node.inputs;
    if (node.attrs['dataFormat'] === 'NCHW')
      throw new Error(
        `compile: WebGPU has no kernel for ${node.kernel} of [B, C, H, W]; transpose to [B, H, W, C]`,
      );
    const [B, H, W, C] = x.shape;
    const block = Number(node.attrs['blockSize']);
    const depth = C / (block * block);
    const axes = [
      { size: B, stride: H * W * C },
      { size: H, stride: W * C },
      { size: block, stride: block * depth },
      { size: W, stride: C },
      { size: block, stride: depth },
      { size: depth, stride: 1 },
    ];
    return kernel.at(x, placeOf(index, axes));
  },
  SpaceToBatchND(call) {
    const { node, kernel, line } = call;
    const [x] = node.inputs;
    const [out] = node.outputs;
    const { blocks, edges } = blocksOf(call, 'paddings');
    const at = placesOf(call, out);
    const batch = x.shape[0];
    const which = digitsOf(line(`${at[0]} / ${batch}u`), blocks, line);
    const within: string[] = [];
    const places = at.map((place, axis) => {
      if (axis === 0) return `${place} % ${batch}u`;
      if (axis > blocks.length) return place;
      const [block, before] = [blocks[axis - 1], edges[axis - 1][0]];
      const from = line(`${place} * ${block}u + ${which[axis - 1]} - ${before}u`); // wraps round below 0
      within.push(`${from} < ${x.shape[axis]}u`);
      return from;
    });
    const isWithin = line(within.length === 0 ? 'true' : within.join(' && '));
    const place = line(`select(0u, ${dot(places, stridesOf(x.shape))}, ${isWithin})`);
    return `select(${literal(0, x)}, ${kernel.at(x, place)}, ${isWithin})`;
  },
  BatchToSpaceND(call) {
    const { node, kernel, line } = call;
    const [x] = node.inputs;
    const [out] = node.outputs;
    const { blocks, edges } = blocksOf(call, 'crops');
    const at = placesOf(call, out);
    let which = '0u';
    const places = at.map((place, axis) => {
      if (axis === 0 || axis > blocks.length) return place;
      const block = blocks[axis - 1];
      const from = line(`${place} + ${edges[axis - 1][0]}u`);
      which = `(${which} * ${block}u + ${from} % ${block}u)`;
      return `${from} / ${block}u`;
    });
    places[0] = `${which} * ${out.shape[0]}u + ${at[0]}`;
    return kernel.at(x, line(dot(places, stridesOf(x.shape))));
  },
};

/** Sizes of blocks, and what is added or cut off before and after, along axes from the second on. */
function blocksOf(
  { node: { attrs } }: PointwiseCall,
  name: 'paddings' | 'crops',
): { readonly blocks: readonly number[]; readonly edges: readonly (readonly number[])[] } {
  return {
    blocks: attrs['blockShape'] as readonly number[],
    edges: attrs[name] as readonly (readonly number[])[],
  };
}

/** The place of an element along each axis. */
function placesOf({ index, line }: PointwiseCall, { shape }: Value): string[] {
  const strides = stridesOf(shape);
  return shape.map((size, axis) => line(`(${index} / ${strides[axis]}u) % ${size}u`));
}

/** The digits of a number in a system of so many digits each, the last first to change. */
function digitsOf(number: string, sizes: readonly number[], line: PointwiseCall['line']): string[] {
  const strides = stridesOf(sizes);
  return sizes.map((size, i) => line(`(${number} / ${strides[i]}u) % ${size}u`));
}

const dot = (places: readonly string[], strides: readonly number[]): string =>
  places.map((place, axis) => `(${place}) * ${strides[axis]}u`).join(' + ');
