import { signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { NodeArithmetic, NodeSum } from '@llm101/models';
import type { SeenLine, TreeLook } from '../../looks.js';
import { Matrix } from '../../parts/matrix.js';
import { number, visible } from '../../parts/visible.js';
import { TableHead } from '../../parts/table-head.js';
import { line } from '../../state/line.js';
import { did, position } from '../../state/shown.js';
import { t } from '../../strings/index.js';
import { seenLine } from './look.js';
import { Looked } from './looked.js';
import { listOf, type NodeAt, TreePicture } from './tree-picture.js';

/** The channel whose arithmetic is shown. */
const channel = signal(0);

/** The activations of a CNN, a WaveNet or an MLP at a position of the line, and how a node comes to a value. */
export function TreePanel() {
  const seen = seenLine.value;
  const picked = useSignal<NodeAt | undefined>(undefined);
  const count = seen?.positions.length ?? 1;
  const at = Math.min(position.value ?? count - 1, count - 1);
  const isRow = seen?.form === 'row';
  const usual = useSignal<NodeAt | undefined>(undefined);
  const chosen = picked.value ?? usual.value;
  const input = {
    line: line.value,
    row: isRow ? 0 : at,
    at: chosen && { ...chosen, channel: channel.value },
  };
  return (
    <Looked name="tree" input={input}>
      {(tree) => (
        <Tree
          tree={tree}
          line={seen}
          at={at}
          picked={picked.value}
          onUsual={(node) => {
            usual.value = node;
          }}
          onPick={(node) => {
            picked.value = node;
            did('picked a node');
          }}
        />
      )}
    </Looked>
  );
}

/** Properties of {@link Tree}. */
interface TreeProps {
  readonly tree: TreeLook;
  readonly line: SeenLine | undefined;
  readonly at: number;
  readonly picked: NodeAt | undefined;
  readonly onPick: (node: NodeAt) => void;
  /** Told which node is meant where none is picked: the one that decides what comes next. */
  readonly onUsual: (node: NodeAt) => void;
}

function Tree({ tree, line: seen, at, picked, onPick, onUsual }: TreeProps) {
  const { levels, kind } = tree;
  const isRow = seen?.form === 'row';
  const row = isRow ? 0 : Math.min(at, levels[0].reads.length - 1);
  const top = levels.length - 1;
  const usual = { level: top, node: Math.min(isRow ? at : 0, levels[top].nodes - 1) };
  useEffect(() => onUsual(usual), [usual.level, usual.node]);
  const isThere =
    picked !== undefined && picked.level <= top && picked.node < levels[picked.level].nodes;
  const node = isThere ? picked : usual;
  const texts = (isRow ? seen?.texts : seen?.positions.at(at)?.seen) ?? [];
  const { channels, nodes, values } = levels[node.level];
  const texted = t.inside.tree;
  return (
    <>
      <p class="quiet">
        {texted.help[kind]} {texted.levels(levels.map((level) => level.nodes).join(' → '))}
      </p>
      <TreePicture tree={tree} row={row} texts={texts} chosen={node} onChoose={onPick} />
      <h2>
        {texted.values}:{' '}
        {node.level === 0
          ? texted.token(node.node, visible(texts.at(node.node) ?? ''))
          : texted.node(node.level, node.node, listOf(levels[node.level].reads[row][node.node]))}
      </h2>
      <Matrix
        label={texted.values}
        rows={1}
        columns={channels}
        values={values}
        from={(row * nodes + node.node) * channels}
        hint={t.inside.none}
        onPick={(_, one) => {
          channel.value = one;
          onPick(node);
        }}
        describe={(_, one, value) => `${texted.channel} ${one}: ${number(value)}`}
      />
      <label class="row">
        {texted.channel}{' '}
        <input
          type="number"
          min={0}
          max={channels - 1}
          value={Math.min(channel.value, channels - 1)}
          onInput={(event) => {
            const one = Math.trunc(Number(event.currentTarget.value));
            channel.value = Math.max(0, Math.min(channels - 1, one));
            onPick(node);
          }}
        />
      </label>
      {tree.arithmetic !== undefined && node.level > 0 && (
        <Arithmetic of={tree.arithmetic} activation={tree.activation} />
      )}
      {tree.connections !== undefined && (
        <Connections values={tree.connections} texts={texts.map(visible)} />
      )}
    </>
  );
}

function Arithmetic({
  of: { sums, value },
  activation,
}: {
  readonly of: NodeArithmetic;
  readonly activation: string;
}) {
  const texts = t.inside.tree;
  return (
    <section class="arithmetic">
      <h2>{texts.arithmetic(channel.value)}</h2>
      {sums.map((sum, i) => (
        <Sum key={i} of={sum} name={i === 0 ? texts.sum : texts.gate} />
      ))}
      <p>
        {texts.after(activation)}:{' '}
        <b data-figure="node-value">{String(Number(value.toPrecision(7)))}</b>
      </p>
    </section>
  );
}

/** Nodes of a sum that are shown by themselves: those that add most to it. */
const MOST_PARTS = 8;

/** A sum by what comes from each node, and all its products in a table. */
function Sum({ of: { terms, bias, sum }, name }: { readonly of: NodeSum; readonly name: string }) {
  const texts = t.inside.tree;
  const parts = new Map<number, number>();
  for (const { node, input, weight } of terms) {
    parts.set(node, (parts.get(node) ?? 0) + input * weight);
  }
  const bySize = [...parts].toSorted(([, a], [, b]) => Math.abs(b) - Math.abs(a));
  const [shown, rest] = [bySize.slice(0, MOST_PARTS), bySize.slice(MOST_PARTS)];
  return (
    <>
      <p class="sum">
        {shown.map(([node, part]) => (
          <span key={node}>
            <b>{number(part)}</b> <small>{texts.part(String(node))}</small> +{' '}
          </span>
        ))}
        {rest.length > 0 && (
          <span>
            <b>{number(rest.reduce((total, [, part]) => total + part, 0))}</b>{' '}
            <small>{texts.others(rest.length)}</small> +{' '}
          </span>
        )}
        <b>{number(bias)}</b> <small>{texts.bias}</small> = <b>{number(sum)}</b>{' '}
        <small>{name}</small>
      </p>
      <details>
        <summary>{t.inside.table}</summary>
        <div class="scroll" tabIndex={0} role="group" aria-label={name}>
          <table>
            <TableHead titles={texts.columns} />
            <tbody>
              {terms.map(({ node, channel: from, input, weight }, i) => (
                <tr key={i}>
                  <td>{node}</td>
                  <td>{from}</td>
                  <td>{number(input)}</td>
                  <td>{number(weight)}</td>
                  <td>{number(input * weight)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}

function Connections({
  values,
  texts,
}: {
  readonly values: Float32Array;
  readonly texts: readonly string[];
}) {
  const H = values.length / texts.length;
  const { connections, connectionsHelp } = t.inside.tree;
  if (!Number.isInteger(H)) return null; // of a line that has just been changed
  return (
    <section>
      <h2>{connections}</h2>
      <p class="quiet">{connectionsHelp}</p>
      <Matrix
        label={connections}
        rows={texts.length}
        columns={H}
        rowNames={texts}
        values={values}
        hint={t.inside.none}
        describe={(at, unit, value) => `${at}, ${texts[at]} → ${unit}: ${number(value)}`}
      />
    </section>
  );
}
