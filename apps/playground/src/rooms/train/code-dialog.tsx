import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { copy } from '../../parts/copy.js';
import { download } from '../../parts/download.js';
import { Tabs } from '../../parts/tabs.js';
import type { Problem } from '../../protocol.js';
import type { CodeLanguage, RunCode } from '../../run-requests.js';
import { asProblem } from '../../state/client.js';
import type { PageRun } from '../../state/run.js';
import { t } from '../../strings/index.js';
import './code-dialog.css';

/** Languages, and the files that programs in them are saved as. */
const LANGUAGES = {
  typescript: { title: 'TypeScript', file: 'train.ts' },
  pytorch: { title: 'PyTorch', file: 'train.py' },
} as const satisfies Record<CodeLanguage, { readonly title: string; readonly file: string }>;

/** Properties of {@link CodeDialog}. */
interface CodeDialogProps {
  readonly run: PageRun;
  readonly onClose: () => void;
}

/** The programs that train the same as a run, in a window of their own. */
export function CodeDialog({ run, onClose }: CodeDialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const code = useSignal<RunCode | undefined>(undefined);
  const problem = useSignal<Problem | undefined>(undefined);
  const language = useSignal<CodeLanguage>('typescript');
  useEffect(() => {
    ref.current?.showModal();
    run.ask('code', undefined).then(
      (found) => {
        code.value = found;
      },
      (error: unknown) => {
        problem.value = asProblem(error);
      },
    );
  }, []);
  const title = t.code.title(run.name.value);
  return (
    <dialog ref={ref} class="code-dialog" aria-label={title} onClose={onClose}>
      <header>
        <h2>{title}</h2>
        <button type="button" onClick={() => ref.current?.close()}>
          {t.code.close}
        </button>
      </header>
      <Tabs
        label={t.code.language}
        tabs={languages.map((name) => ({ name, title: LANGUAGES[name].title }))}
        chosen={language.value}
        onChoose={(name) => {
          language.value = name;
        }}
      >
        <p class="quiet">{t.code.about[language.value]}</p>
        {problem.value !== undefined && (
          <p class="problem" role="alert">
            {problem.value.message}
          </p>
        )}
        {code.value !== undefined && (
          <Written key={language.value} language={language.value} code={code.value} />
        )}
      </Tabs>
    </dialog>
  );
}

const languages = Object.keys(LANGUAGES) as CodeLanguage[];

interface WrittenProps {
  readonly language: CodeLanguage;
  readonly code: RunCode;
}

function Written({ language, code }: WrittenProps) {
  const said = useSignal('');
  const { [language]: written } = code;
  if ('refusal' in written) {
    return (
      <p class="problem" role="alert">
        {written.refusal}
      </p>
    );
  }
  const { program } = written;
  const { title, file } = LANGUAGES[language];
  return (
    <>
      <div class="row">
        <button
          type="button"
          onClick={() => void copy(program).then((sentence) => (said.value = sentence))}
        >
          {t.code.copy}
        </button>
        <button type="button" onClick={() => download(new TextEncoder().encode(program), file)}>
          {t.code.save(file)}
        </button>
        <span role="status">{said.value}</span>
      </div>
      <pre tabIndex={0} role="region" aria-label={title}>
        <code>{program}</code>
      </pre>
    </>
  );
}
