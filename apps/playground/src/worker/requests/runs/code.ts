import { decidedSettings, UserError } from '@llm101/runs';
import { pytorchOf, textFacts, typescriptOf } from '@llm101/runs/code';
import type { CodeLanguage, RunCode } from '../../../run-requests.js';
import { begunRun } from '../use/begun-run.js';
import type { Handler } from '../handler.js';

/** The programs that train the same as a run. */
export const code: Handler<'code'> = (_, run) => {
  const { settings, data } = begunRun(run);
  const decided = decidedSettings(settings, data);
  const written = (program: typeof typescriptOf): RunCode[CodeLanguage] => {
    try {
      return { program: program(decided, textFacts(data)) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { refusal: error.message };
    }
  };
  return { output: { typescript: written(typescriptOf), pytorch: written(pytorchOf) } };
};
