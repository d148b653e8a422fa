import { useComputed } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Level } from '../../charts/curves.js';
import { Client } from '../../state/client.js';
import { run } from '../../state/runs.js';
import { t } from '../../strings/index.js';
import type { Baseline } from '../../text-requests.js';

/** Milliseconds after which they are computed: the run begins first. */
const LATER_MS = 1500;

/** What a baseline is called in the chart. */
export function levelOf({ order, loss }: Baseline): Level {
  const { uniform, unigram, bigram, ngram } = t.charts;
  return { name: [uniform, unigram, bigram].at(order) ?? ngram(order), value: loss };
}

/**
 * Has the baselines of the run that is looked at computed, once, by a worker of their own, so that the run goes on meanwhile. A run whose
 * loss counts answers alone has none: n-grams of whole lines say nothing of it.
 */
export function useBaselines(): void {
  const shown = run.value;
  const isComparable = useComputed(() => {
    const { settings } = run.value?.facts.value ?? {};
    return settings?.answerAfter === 'none';
  }).value;
  useEffect(() => {
    if (shown === undefined || !isComparable || shown.baselines.peek().length > 0) return undefined;
    let client: Client | undefined;
    let isDone = false;
    const compute = async (): Promise<void> => {
      client = new Client();
      const { flags, text, basis } = shown;
      const onProgress = (found: Baseline): void => {
        shown.baselines.value = [...shown.baselines.value, found];
      };
      // a run that has none is as good as before
      await client.ask('baselines', { flags, text, basis }, { onProgress }).catch(() => {});
      isDone = true;
      client.end();
    };
    const timer = setTimeout(() => void compute(), LATER_MS);
    return () => {
      clearTimeout(timer);
      if (isDone) return;
      client?.end();
      shown.baselines.value = [];
    };
  }, [shown, isComparable]);
}
