import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { Problem } from '../../protocol.js';
import * as format from '../../format.js';
import { t } from '../../strings/index.js';
import type { Done } from '../../use-requests.js';
import { drawing } from './use-state.js';

/** Properties of {@link NumberField}. */
interface NumberFieldProps {
  readonly title: string;
  readonly help?: string;
  readonly value: number | undefined;
  readonly least: number;
  readonly most?: number;
  readonly step: number | 'any';
  /** Told what makes sense alone; undefined where it is empty and may be. */
  readonly onChange: (value: number | undefined) => void;
  readonly isOptional?: boolean;
}

/** A number; what is out of range isn't taken, and the field says so until its number counts again. */
export function NumberField(props: NumberFieldProps) {
  const { title, help, value, least, most, step, onChange, isOptional = false } = props;
  const id = useId();
  const isRefused = useSignal(false);
  const described = [help !== undefined && `${id}-help`, isRefused.value && `${id}-problem`];
  return (
    <div class="number">
      <label for={id}>{title}</label>
      <input
        id={id}
        type="number"
        min={least}
        max={most}
        step={step}
        value={value ?? ''}
        required={!isOptional}
        aria-invalid={isRefused.value}
        aria-describedby={described.filter((one) => one !== false).join(' ') || undefined}
        onInput={({ currentTarget: field }) => {
          isRefused.value = !field.validity.valid;
          if (!isRefused.value) onChange(field.value === '' ? undefined : field.valueAsNumber);
        }}
      />
      {isRefused.value && (
        <small id={`${id}-problem`} class="problem" role="alert">
          {t.use.outOfRange(least, most, step === 1)}
        </small>
      )}
      {help !== undefined && <small id={`${id}-help`}>{help}</small>}
    </div>
  );
}

function choose(changed: Partial<typeof drawing.value>): void {
  drawing.value = { ...drawing.value, ...changed };
}

/** Temperature, top k, top p and the seed. */
export function DrawingFields() {
  const { temperature, topK, topP, seed } = drawing.value;
  const words = t.use.drawing;
  return (
    <fieldset class="drawing">
      <legend>{words.title}</legend>
      <label class="slide">
        <span>
          {words.temperature} <span class="value">{temperature.toFixed(2)}</span>
        </span>
        <input
          type="range"
          min={0}
          max={2}
          step={0.05}
          value={temperature}
          onInput={({ currentTarget }) => choose({ temperature: currentTarget.valueAsNumber })}
        />
        <small>{words.temperatureHelp}</small>
      </label>
      <label class="slide">
        <span>
          {words.topP} <span class="value">{topP.toFixed(2)}</span>
        </span>
        <input
          type="range"
          min={0.05}
          max={1}
          step={0.05}
          value={topP}
          onInput={({ currentTarget }) => choose({ topP: currentTarget.valueAsNumber })}
        />
        <small>{words.topPHelp}</small>
      </label>
      <NumberField
        title={words.topK}
        help={words.topKHelp}
        value={topK}
        least={1}
        step={1}
        isOptional
        onChange={(value) => choose({ topK: value })}
      />
      <NumberField
        title={words.seed}
        help={words.seedHelp}
        value={seed}
        least={0}
        most={2 ** 32 - 1}
        step={1}
        onChange={(value) => choose({ seed: value ?? 0 })}
      />
    </fieldset>
  );
}

/** What went wrong, where something did. */
export function ProblemText({ problem }: { readonly problem: Problem | undefined }) {
  return problem === undefined ? null : (
    <p class="problem" role="alert">
      {problem.message}
    </p>
  );
}

/** Properties of {@link Progress}. */
interface ProgressProps {
  readonly label: string;
  readonly done: Done | undefined;
  readonly onCancel: () => void;
  readonly cancel?: string;
}

/** How far something has come, and a button that ends it. */
export function Progress({ label, done, onCancel, cancel = t.use.cancel }: ProgressProps) {
  return (
    <div class="row progress">
      <progress aria-label={label} value={done?.done} max={done?.all ?? 1} />
      <span>
        {done === undefined ? '' : t.use.done(format.whole(done.done), format.whole(done.all))}
      </span>
      <button type="button" onClick={onCancel}>
        {cancel}
      </button>
    </div>
  );
}
