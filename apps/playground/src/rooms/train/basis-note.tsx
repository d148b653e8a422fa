import { basis } from '../../state/next-run.js';
import { t } from '../../strings/index.js';

/** What the next run begins with, where it doesn't begin anew. */
export function BasisNote() {
  const { initial, tokenizer } = basis.value ?? {};
  if (initial === undefined && tokenizer === undefined) return null;
  return (
    <p class="hint" role="status">
      {initial === undefined ? t.basis.tokenizer : t.basis.begins(initial.name)}{' '}
      {initial?.settings !== undefined && t.basis.fixed}{' '}
      <button
        type="button"
        onClick={() => {
          basis.value = undefined;
        }}
      >
        {t.basis.without}
      </button>
    </p>
  );
}
