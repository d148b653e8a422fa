import type { FloatTensor } from '../exported-model.js';
import { Message } from './protobuf.js';

/** The operators' version: the first with LayerNormalization. */
const OPSET = 17;
/** The file format's version, that of the first release with this opset. */
const IR_VERSION = 8;

const [FLOAT, INT64] = [1, 7]; // TensorProto.DataType
const ATTRIBUTE = { float: 1, int: 2, text: 3, ints: 7 }; // AttributeProto.AttributeType

/** The name of a value in a graph. */
export type Value = string;

/** What an operator is told: a whole number, a float, a text or a list of whole numbers. */
type Attribute = number | { readonly float: number } | string | readonly number[];

/** A graph of operators, built from its inputs to its outputs. */
export class OnnxGraph {
  readonly #nodes: Message[] = [];
  readonly #initializers: Message[] = [];
  readonly #ends: { readonly field: number; readonly info: Message }[] = [];
  readonly #constants = new Map<string, Value>();

  /** A tensor of the model, under its own name. */
  weight(name: string, { shape, data }: FloatTensor): Value {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#initializers.push(tensorOf({ name, shape, type: FLOAT, bytes }));
    return name;
  }

  /** A float32. */
  number(value: number): Value {
    const bytes = new Uint8Array(Float32Array.of(value).buffer);
    return this.#constant(`number ${value}`, { shape: [], type: FLOAT, bytes });
  }

  /** Whole numbers in a row, such as a shape. */
  ints(...values: number[]): Value {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.#constant(`ints ${values.join(' ')}`, {
      shape: [values.length],
      type: INT64,
      bytes,
    });
  }

  /** A whole number without axes. */
  int(value: number): Value {
    const bytes = new Uint8Array(BigInt64Array.of(BigInt(value)).buffer);
    return this.#constant(`int ${value}`, { shape: [], type: INT64, bytes });
  }

  /** Applies an operator. An input that it does without is an empty name. */
  node(operator: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    return this.nodes(operator, inputs, { ...attributes }, 1)[0];
  }

  /** The same for one that gives several values. */
  nodes(
    operator: string,
    inputs: readonly Value[],
    attributes: Attributes,
    count: number,
  ): Value[] {
    const name = `${operator}_${this.#nodes.length}`;
    const outputs = Array.from({ length: count }, (_, i) => (i === 0 ? name : `${name}_${i}`));
    const node = new Message();
    for (const input of inputs) node.text(1, input);
    for (const output of outputs) node.text(2, output);
    node.text(3, name).text(4, operator);
    for (const [key, value] of Object.entries(attributes)) node.message(5, attributeOf(key, value));
    this.#nodes.push(node);
    return outputs;
  }

  /** @param axes - a name where a length is free */
  input(name: string, axes: readonly (number | string)[]): Value {
    this.#ends.push({ field: 11, info: valueInfo(name, INT64, axes) });
    return name;
  }

  /** Gives a value a name under which it is read. */
  output(name: string, value: Value, axes: readonly (number | string)[]): void {
    const node = new Message().text(1, value).text(2, name).text(3, name).text(4, 'Identity');
    this.#nodes.push(node);
    this.#ends.push({ field: 12, info: valueInfo(name, FLOAT, axes) });
  }

  /** @param metadata - texts that are kept beside it */
  encode(metadata: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
    const graph = new Message();
    for (const node of this.#nodes) graph.message(1, node);
    graph.text(2, 'language model');
    for (const initializer of this.#initializers) graph.message(5, initializer);
    for (const { field, info } of this.#ends) graph.message(field, info);
    const model = new Message().number(1, IR_VERSION).text(2, 'llm101').message(7, graph);
    model.message(8, new Message().text(1, '').number(2, OPSET));
    for (const [key, value] of Object.entries(metadata)) {
      model.message(14, new Message().text(1, key).text(2, value));
    }
    return model.encode();
  }

  #constant(key: string, tensor: Omit<Initializer, 'name'>): Value {
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const name = `constant_${this.#constants.size}`;
    this.#constants.set(key, name);
    this.#initializers.push(tensorOf({ ...tensor, name }));
    return name;
  }
}

type Attributes = Readonly<Record<string, Attribute>>;

interface Initializer {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: number;
  readonly bytes: Uint8Array;
}

function tensorOf({ name, shape, type, bytes }: Initializer): Message {
  const tensor = new Message();
  for (const size of shape) tensor.number(1, size);
  return tensor.number(2, type).text(8, name).bytes(9, bytes);
}

function valueInfo(name: string, type: number, axes: readonly (number | string)[]): Message {
  const shape = new Message();
  for (const axis of axes) {
    const dimension = new Message();
    shape.message(
      1,
      typeof axis === 'number' ? dimension.number(1, axis) : dimension.text(2, axis),
    );
  }
  const tensor = new Message().number(1, type).message(2, shape);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}

function attributeOf(name: string, value: Attribute): Message {
  const attribute = new Message().text(1, name);
  if (typeof value === 'number') return attribute.number(3, value).number(20, ATTRIBUTE.int);
  if (typeof value === 'string') return attribute.text(4, value).number(20, ATTRIBUTE.text);
  if ('float' in value) return attribute.float(2, value.float).number(20, ATTRIBUTE.float);
  for (const item of value) attribute.number(8, item);
  return attribute.number(20, ATTRIBUTE.ints);
}
