import type { FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../strings/index.js';

/** Properties of {@link Later}. */
export interface LaterProps {
  /** Loads what is shown; called once, when it is first in sight. */
  readonly load: () => Promise<FunctionComponent>;
  /** What {@link load} gave before, where it was called elsewhere. */
  readonly loaded?: FunctionComponent | undefined;
  /** The class of what keeps its place meanwhile. Default: `loading-part`. */
  readonly placeholder?: string;
}

/** Something whose code is loaded when it is shown. */
export function Later({ load, loaded, placeholder = 'loading-part' }: LaterProps) {
  const [Loaded, setLoaded] = useState<FunctionComponent | 'failed' | undefined>(() => loaded);
  useEffect(() => {
    if (loaded !== undefined) return;
    load().then(
      (found) => setLoaded(() => found),
      () => setLoaded('failed'),
    );
  }, []);
  if (Loaded === undefined) return <div class={placeholder} />;
  if (Loaded !== 'failed') return <Loaded />;
  return (
    <p class="problem" role="alert">
      {t.notLoaded}{' '}
      <button type="button" onClick={() => globalThis.location.reload()}>
        {t.reload}
      </button>
    </p>
  );
}
