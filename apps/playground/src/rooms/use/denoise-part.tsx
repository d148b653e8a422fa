import { useSignal } from '@preact/signals';
import type { ChannelKind } from '@llm101/inference';
import * as format from '../../format.js';
import { TableHead } from '../../parts/table-head.js';
import { run } from '../../state/runs.js';
import { t } from '../../strings/index.js';
import type { DenoiseOutput, NoisyLine } from '../../use-requests.js';
import { NumberField, ProblemText } from './fields.js';
import { useFollowed } from './follow.js';
import { useHelper } from './helper.js';

const CHANNELS: readonly ChannelKind[] = ['substitution', 'erasure', 'binary'];
const DECODES = ['letters', 'names'] as const;

/** Characters that are sent: more would take long while one types. */
const MOST_SENT = 2000;

/** Lines through a noisy channel, as one types them, and put right by the model. */
export function DenoisePart() {
  const words = t.use.denoise;
  const helper = useHelper();
  const text = useSignal('alexander\nelizabeth\nchristopher\n');
  const channel = useSignal<ChannelKind>('substitution');
  const rate = useSignal(0.1);
  const seed = useSignal(101);
  const decode = useSignal<(typeof DECODES)[number]>('letters');
  const { answer, problem } = useFollowed<DenoiseOutput>({
    typed: () => [
      text.value,
      channel.value,
      rate.value,
      seed.value,
      decode.value,
      run.value?.facts.value,
    ],
    learned: () => run.value?.frame.value,
    intervalMs: 2000,
    ask: () => (run.value?.facts.value === undefined ? undefined : find(run.value)),
  });
  const find = async (shown: NonNullable<typeof run.value>): Promise<DenoiseOutput> => {
    await helper.takeFrom(shown);
    return helper.ask('denoise', {
      text: text.value,
      channel: channel.value,
      rate: rate.value,
      seed: seed.value,
      decode: decode.value,
    });
  };
  if (run.value === undefined) return <p>{t.use.noRun}</p>;
  return (
    <div class="columns">
      <div>
        <p class="quiet">{words.help}</p>
        <label class="wide">
          {words.text}
          <textarea
            rows={4}
            maxLength={MOST_SENT}
            value={text.value}
            spellcheck={false}
            onInput={({ currentTarget }) => {
              text.value = currentTarget.value;
            }}
          />
        </label>
        <ProblemText problem={problem.value} />
        {answer.value !== undefined && <Result found={answer.value} />}
      </div>
      <fieldset>
        <legend>{words.channel}</legend>
        {CHANNELS.map((kind) => (
          <label key={kind} class="choice">
            <input
              type="radio"
              name="channel"
              checked={channel.value === kind}
              onChange={() => {
                channel.value = kind;
              }}
            />
            {words.channels[kind]}
          </label>
        ))}
        <label class="slide">
          <span>
            {words.rate} <span class="value">{format.percent(rate.value)}</span>
          </span>
          <input
            type="range"
            min={0}
            max={0.5}
            step={0.01}
            value={rate.value}
            onInput={({ currentTarget }) => {
              rate.value = currentTarget.valueAsNumber;
            }}
          />
        </label>
        <div class="row">
          <NumberField
            title={words.seed}
            value={seed.value}
            least={0}
            most={2 ** 32 - 1}
            step={1}
            onChange={(value = 0) => {
              seed.value = value;
            }}
          />
          <button
            type="button"
            onClick={() => {
              seed.value = (seed.value + 1) % 2 ** 32;
            }}
          >
            {words.again}
          </button>
        </div>
        <label class="choice">
          {words.decode}
          <select
            value={decode.value}
            onChange={({ currentTarget }) => {
              decode.value = DECODES.find((one) => one === currentTarget.value) ?? 'letters';
            }}
          >
            {DECODES.map((one) => (
              <option key={one} value={one}>
                {words.decodes[one]}
              </option>
            ))}
          </select>
        </label>
      </fieldset>
    </div>
  );
}

function Result({ found }: { readonly found: DenoiseOutput }) {
  const words = t.use.denoise;
  const { lines, characters, wrongBefore, setRight, broken } = found;
  return (
    <>
      <p class="summary" role="status">
        {words.summary({
          wrong: format.whole(wrongBefore),
          all: format.whole(characters),
          right: format.whole(setRight),
          broken: format.whole(broken),
        })}
      </p>
      <table class="noisy">
        <caption class="unseen">{words.result}</caption>
        <TableHead titles={[words.sent, words.received, words.corrected]} />
        <tbody>
          {lines.map((line, i) => (
            <tr key={i}>
              <td>{line.sent.join('')}</td>
              <td>
                {line.received.map((text, at) => (
                  <Character key={at} text={text} state={text === line.sent[at] ? '' : 'changed'} />
                ))}
              </td>
              <td>
                {line.corrected.map((text, at) => (
                  <Character key={at} text={text} state={stateOf(line, at)} />
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet">{words.legend}</p>
    </>
  );
}

type State = '' | 'changed' | 'right' | 'wrong';

function stateOf({ sent, received, corrected }: NoisyLine, at: number): State {
  if (corrected[at] !== sent[at]) return 'wrong';
  return received[at] === sent[at] ? '' : 'right';
}

function Character({ text, state }: { readonly text: string; readonly state: State }) {
  if (state === '') return text;
  return (
    <span class={`character-${state}`} title={t.use.denoise.states[state]}>
      {text}
    </span>
  );
}
