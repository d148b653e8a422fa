import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import * as format from '../../format.js';
import { visible } from '../../parts/visible.js';
import { TableHead } from '../../parts/table-head.js';
import { asProblem } from '../../state/client.js';
import { run } from '../../state/runs.js';
import { t } from '../../strings/index.js';
import type { ShownToken, TextLook } from '../../text-requests.js';
import './text-view.css';

/** What is in the text of the run that is looked at. */
export function TextView() {
  const look = useSignal<TextLook | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  const shown = run.value;
  const isThere = shown?.facts.value !== undefined;
  useEffect(() => {
    let isWanted = true;
    look.value = undefined;
    problem.value = undefined;
    if (shown !== undefined && isThere) {
      shown.ask('text', undefined).then(
        (found) => {
          if (isWanted) look.value = found;
        },
        (error: unknown) => {
          if (isWanted) problem.value = asProblem(error).message;
        },
      );
    }
    return () => {
      isWanted = false;
    };
  }, [shown, isThere]);
  if (problem.value !== undefined) {
    return (
      <p class="problem" role="alert">
        {problem.value}
      </p>
    );
  }
  return (
    <div class="text-view">
      {look.value === undefined ? (
        <p class="quiet">{t.text.view.loading}</p>
      ) : (
        <Look of={look.value} />
      )}
    </div>
  );
}

function Look({ of: look }: { readonly of: TextLook }) {
  const words = t.text.view;
  return (
    <>
      <Lines lines={look.lines} />
      <Parts of={look} />
      <Vocabulary of={look} />
    </>
  );

  function Parts({ of: { train, val, duplicates } }: { readonly of: TextLook }) {
    return (
      <>
        <h3>{words.parts}</h3>
        <Table
          columns={words.partColumns}
          rows={[
            [words.train, count(train.lines), count(train.tokens)],
            [words.val, count(val.lines), count(val.tokens)],
          ]}
        />
        {duplicates !== undefined && (
          <p>
            {words.duplicates(format.whole(duplicates.distinct), format.whole(duplicates.lines))}{' '}
            {words.leaked(
              format.whole(duplicates.heldOutInTrain),
              format.whole(duplicates.heldOut),
            )}
          </p>
        )}
      </>
    );
  }
}

const count = (value: number | undefined): string =>
  value === undefined ? '–' : format.whole(value);

/** The first lines, and the tokens of one. */
function Lines({ lines }: { readonly lines: TextLook['lines'] }) {
  const words = t.text.view;
  const chosen = useSignal(0);
  const line = lines.at(chosen.value) ?? [];
  return (
    <>
      <h3>{words.lines}</h3>
      <p class="quiet">{words.linesHelp}</p>
      <ol class="lines">
        {lines.map((tokens, i) => (
          <li key={i}>
            <button
              type="button"
              aria-pressed={i === chosen.value}
              onClick={() => {
                chosen.value = i;
              }}
            >
              {visible(textOf(tokens))}
            </button>
          </li>
        ))}
      </ol>
      <h3>{words.tokens}</h3>
      <ol class="token-ids">
        {line.map(({ text, id }, i) => (
          <li key={i}>
            <code>{visible(text)}</code>
            <small>{id}</small>
          </li>
        ))}
      </ol>
    </>
  );
}

const textOf = (tokens: readonly ShownToken[]): string => tokens.map(({ text }) => text).join('');

function Vocabulary({ of: { vocabulary, vocabSize, counted, tokens } }: { readonly of: TextLook }) {
  const words = t.text.view;
  return (
    <>
      <h3>{words.vocabulary(format.whole(vocabSize))}</h3>
      <p class="quiet">
        {vocabulary.length < vocabSize && words.more(format.whole(vocabulary.length))}{' '}
        {counted < tokens && words.part(format.whole(counted))}
      </p>
      <div
        class="vocabulary"
        role="region"
        tabIndex={0}
        aria-label={words.vocabulary(format.whole(vocabSize))}
      >
        <Table
          columns={words.columns}
          rows={vocabulary.map(({ text, id, count: times }) => [
            visible(text),
            String(id),
            format.whole(times),
          ])}
        />
      </div>
    </>
  );
}

function Table({
  columns,
  rows,
}: {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}) {
  return (
    <table>
      <TableHead titles={columns} />
      <tbody>
        {rows.map(([first, ...others]) => (
          <tr key={others[0] + first}>
            <th scope="row">{first}</th>
            {others.map((cell, i) => (
              <td key={i}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
