import type { FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** Properties of {@link Later}. */
export interface LaterProps {
  /** Loads what is shown; called once, when it is first in sight. */
  readonly load: () => Promise<FunctionComponent>;
}

/** Something whose code is loaded when it is shown. */
export function Later({ load }: LaterProps) {
  const [Loaded, setLoaded] = useState<FunctionComponent | undefined>(undefined);
  useEffect(() => {
    void load().then((found) => setLoaded(() => found));
  }, []);
  return Loaded === undefined ? <div class="loading-part" /> : <Loaded />;
}
