import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import * as format from '../../format.js';
import type { Looks } from '../../looks.js';
import { run } from '../../state/runs.js';
import { t } from '../../strings/index.js';
import { lineProblem, type Look, useLook } from './look.js';

/** Properties of {@link Looked}. */
export interface LookedProps<Name extends keyof Looks> {
  readonly name: Name;
  readonly input: Looks[Name]['input'];
  readonly children: (output: Looks[Name]['output'], step: number) => ComponentChildren;
}

/** Shows what a look finds, at which step, or why it finds nothing. */
export function Looked<Name extends keyof Looks>({ name, input, children }: LookedProps<Name>) {
  const { look, problem } = useLook(name, input);
  useEffect(() => {
    if (name === 'seen') lineProblem.value = problem;
  }, [problem]);
  const isSaid = name !== 'seen' && problem === lineProblem.value;
  return (
    <>
      {problem !== undefined && !isSaid && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {look === undefined ? (
        problem === undefined &&
        run.value?.state.value !== 'failed' && <p class="quiet">{t.inside.loading}</p>
      ) : (
        <Found look={look}>{children}</Found>
      )}
    </>
  );
}

function Found<Name extends keyof Looks>({
  look: { output, step },
  children,
}: {
  readonly look: Look<Name>;
  readonly children: LookedProps<Name>['children'];
}) {
  return (
    <>
      {children(output, step)}
      <p class="quiet at-step">{t.inside.atStep(format.whole(step))}</p>
    </>
  );
}
