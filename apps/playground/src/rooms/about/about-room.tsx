import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import * as format from '../../format.js';
import { offline } from '../../state/offline.js';
import { hasLocks } from '../../state/ownership.js';
import { surroundings, unusable } from '../../state/spare.js';
import { t } from '../../strings/index.js';

/** What this browser has and lacks, what is kept in it, and where to read on. */
export function AboutRoom() {
  const found = surroundings.value;
  return (
    <div class="about">
      <section>
        <h2>{t.about.engine}</h2>
        <dl class="facts">
          <dt>{t.about.backend}</dt>
          <dd>{found?.backend ?? unusable.value ?? '–'}</dd>
          <dt>{t.about.cores}</dt>
          <dd>{found === undefined ? '–' : format.whole(found.cores)}</dd>
          <dt>{t.about.threads}</dt>
          <dd>{found?.isolated === true ? t.about.shared : t.about.notShared}</dd>
          <dt>{t.about.offline}</dt>
          <dd>{t.about.offlineStates[offline.value]}</dd>
          <dt>{t.about.hidden}</dt>
          <dd>{t.about.hiddenWhy}</dd>
          <dt>{t.about.tabs}</dt>
          <dd>{hasLocks ? t.about.tabsWhy : t.about.noTabs}</dd>
          <dt>{t.about.relaxed}</dt>
          <dd>{t.about.relaxedWhy}</dd>
        </dl>
        {found?.isolated === false && offline.value === 'ready' && (
          <p>
            <button type="button" onClick={() => globalThis.location.reload()}>
              {t.about.isolate}
            </button>
          </p>
        )}
      </section>
      <Storage />
      <section>
        <h2>{t.about.read}</h2>
        <ul>
          {t.about.links.map(({ title, href }) => (
            <li key={href}>
              <a href={href}>{title}</a>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

/** How much this browser keeps, and whether it may throw it away. */
function Storage() {
  const estimate = useSignal<{ readonly usage: number; readonly quota: number } | undefined>(
    undefined,
  );
  const isPersistent = useSignal<boolean | undefined>(undefined);
  useEffect(() => {
    const { storage } = navigator as { readonly storage?: StorageManager };
    void storage?.estimate().then(({ usage = 0, quota = 0 }) => {
      estimate.value = { usage, quota };
    });
    void storage?.persisted().then((is) => {
      isPersistent.value = is;
    });
  }, []);
  return (
    <section>
      <h2>{t.about.storage}</h2>
      <p>
        {estimate.value === undefined
          ? t.about.noStorage
          : t.about.used(format.bytes(estimate.value.usage), format.bytes(estimate.value.quota))}
      </p>
      {isPersistent.value === false && (
        <p>
          {t.about.mayVanish}{' '}
          <button
            type="button"
            onClick={() =>
              void navigator.storage.persist().then((is) => {
                isPersistent.value = is;
              })
            }
          >
            {t.about.persist}
          </button>
        </p>
      )}
    </section>
  );
}
