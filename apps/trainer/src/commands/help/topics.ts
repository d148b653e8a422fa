/** A text that `llm101 help` knows by a name. */
export interface HelpTopic {
  readonly summary: string;
  readonly text: string;
}

const EXAMPLES = `The lecture's run, and ten names at its end:
  llm101 train

The same to PyTorch's digits (loss=2.4206 at step 8,299), on the lecture's own names:
  llm101 train --data makemore-names --context-size 8 --d-embed 16

A model worth keeping, in half a minute; names that begin with "ma":
  llm101 train --preset wavenet-small
  llm101 sample --run-dir runs/wavenet --count 5 --prompt ma

Find a learning rate, use it, and compare two runs on one page:
  llm101 lr-find --optimizer adamw
  llm101 train --optimizer adamw --lr 0.003 --run-dir runs/adamw
  llm101 report runs/mlp runs/adamw

What a model knows, in bits a character, beside n-grams; a name mended; a file made smaller:
  llm101 entropy --model runs/wavenet
  llm101 denoise --model runs/wavenet georzette
  llm101 compress names.txt --model runs/wavenet -o names.l101

Your own text, a line a name:
  llm101 train --data names-of-rivers.txt --alphabet auto

Go on with a run that was cut short:
  llm101 train --resume runs/mlp`;

const SETTINGS = `Settings of a run come from five places; each counts before those above it:

  defaults        the lecture's
  presets         --preset wavenet-small; counts for as much as the place that names it
  a file          --config run.json, else llm101.config.json in the folder where the command runs:
                  JSON in camel case, {"model": "cnn", "dHidden": 32}
  environment     LLM101_MODEL=cnn, LLM101_D_HIDDEN=32; switches take true or false
  flags           --model cnn --d-hidden 32

llm101 config shows every setting, its value, and where it comes from:
  LLM101_SEED=7 llm101 config --preset wavenet-small

A run that goes on (--resume), and commands that read a run's folder, take the settings from there.`;

const ENVIRONMENT = `LLM101_DATA_DIR   a folder where data sets lie, so that nothing is fetched: names.txt
LLM101_DEBUG      set, errors say where in the code they arose
LLM101_…          any setting: LLM101_MAX_STEPS=500 (llm101 help settings)
NO_COLOR          set, plots are drawn without colours
CI                set, progress is written as lines
WANDB_API_KEY, WANDB_PROJECT, WANDB_ENTITY, WANDB_NAME, WANDB_MODE, WANDB_BASE_URL
                  where --log wandb sends a run, and as whose`;

const EXIT_CODES = `0     done
1     it failed, or llm101 verify found other losses; the error is one line on stderr
2     the command line or a setting is wrong
129   stopped by SIGHUP
130   stopped by Ctrl-C (SIGINT)
143   stopped by SIGTERM

After a stop the last lines say what is saved, and how to go on.`;

/** Topics of `llm101 help`, by name. */
export const HELP_TOPICS: Readonly<Record<string, HelpTopic>> = {
  examples: { summary: 'what is done often', text: EXAMPLES },
  settings: { summary: 'flags, environment, files, presets', text: SETTINGS },
  environment: { summary: 'variables that are read', text: ENVIRONMENT },
  'exit-codes': { summary: 'what the exit status says', text: EXIT_CODES },
};
