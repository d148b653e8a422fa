/** A text that `llm101 help` prints by its name. */
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

What a model knows in bits a character, compared with n-grams; a name corrected; a file compressed:
  llm101 entropy --model runs/wavenet
  llm101 denoise --model runs/wavenet georzette
  llm101 compress names.txt --model runs/wavenet -o names.l101

Train and look inside in a browser, with that run; and the model as one page for others:
  llm101 play runs/wavenet
  llm101 export runs/wavenet --format html

A larger model, on all cores:
  llm101 train --model cnn --d-hidden 256 --shards auto

Your own text, a name a line:
  llm101 train --data names-of-rivers.txt

Resume a run that was cut short:
  llm101 train --resume runs/mlp`;

const SETTINGS = `Settings of a run, and the other flags of every command, come from five sources; each overrides those above it:

  defaults        the lecture's
  presets         --preset wavenet-small; has the precedence of the source that names it
  a file          --config run.json, else llm101.config.json in the folder where the command runs:
                  JSON in camel case, {"model": "cnn", "dHidden": 32, "runDir": "runs/a", "count": 5}
  environment     LLM101_MODEL=cnn, LLM101_D_HIDDEN=32, LLM101_RUN_DIR=runs/a; switches take true or false
  flags           --model cnn --d-hidden 32

A command reads what is its own. What no command knows, such as LLM101_DHIDDEN, is an error. On the command line alone
stand --resume, --output, --list, --surprisal, --no-open, and the --model and --data that name a run and its text.

llm101 config shows every setting, its value, and where it comes from:
  LLM101_SEED=7 llm101 config --preset wavenet-small

Commands that read a run's folder take its settings from there. So does a run that resumes (--resume); flags may change
how long it trains, on how many threads and what is logged: --max-steps, --workers, the intervals, --patience, --min-delta.`;

const ENVIRONMENT = `LLM101_DATA_DIR   a folder with data sets, so that nothing is downloaded: names.txt
LLM101_DEBUG      if set, errors show where in the code they arose
LLM101_CACHE_DIR  a folder for downloads (default: ~/.cache/llm101)
LLM101_…          any setting or flag: LLM101_MAX_STEPS=500, LLM101_JSON=true (llm101 help settings)
NO_COLOR          if set, plots are drawn without colours
CI                if set, progress is written as lines
WANDB_API_KEY, WANDB_PROJECT, WANDB_ENTITY, WANDB_NAME, WANDB_MODE, WANDB_BASE_URL
                  where --log wandb sends a run, and whose it is`;

const EXIT_CODES = `0     done; llm101 play also where a signal ends it
1     it failed, or llm101 verify found other losses; the error is one line on stderr
2     the command line or a setting is wrong
129   stopped by SIGHUP
130   stopped by Ctrl-C (SIGINT)
143   stopped by SIGTERM

After a stop the last lines say what is saved, and how to resume.`;

/** Topics of `llm101 help`, by name. */
export const HELP_TOPICS: Readonly<Record<string, HelpTopic>> = {
  examples: { summary: 'common tasks', text: EXAMPLES },
  settings: { summary: 'flags, environment, files, presets', text: SETTINGS },
  environment: { summary: 'variables that are read', text: ENVIRONMENT },
  'exit-codes': { summary: 'what the exit status means', text: EXIT_CODES },
};
