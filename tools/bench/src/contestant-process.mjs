import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Building and compiling the largest workload takes the slowest contestant a good half minute. */
const LONGEST_SECONDS = 300;

/** Until it is ended that was asked to end. */
const END_MS = 3000;

/**
 * Threads, whatever the library; JAX without a look for accelerators.
 *
 * @param {number} threads
 */
const environment = (threads) => ({
  OMP_NUM_THREADS: String(threads),
  MKL_NUM_THREADS: String(threads),
  OPENBLAS_NUM_THREADS: String(threads),
  JAX_PLATFORMS: 'cpu',
});

/** One thread where nothing pins JAX to a core: the flag itself costs it 8 % of the MLP's steps. */
const UNPINNED = { XLA_FLAGS: '--xla_cpu_multi_thread_eigen=false' };

/**
 * What a contestant says; see `serve.mjs`.
 *
 * @typedef {object} Message
 * @property {string} [absent]
 * @property {string} [what]
 * @property {readonly number[]} [losses]
 * @property {number} [steps]
 * @property {number} [seconds]
 * @property {import('./serve.mjs').Split} [split]
 */

/** Those that run, or stand still until it is their turn: these would outlive this process. */
const alive = /** @type {Set<import('node:child_process').ChildProcess>} */ (new Set());
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** Windows has no signal that makes a process stand still. */
const canStop = process.platform !== 'win32';

/**
 * A contestant at work. It stands still while it isn't its turn: threads of libraries that compute on several go on looking for
 * work for a fifth of a second, on the core of whoever is next.
 */
export class ContestantProcess {
  #child;
  #program;
  #lines;
  #ended;
  #errors = '';

  /**
   * @param {readonly string[]} command
   * @param {object} options
   * @param {readonly string[]} options.pin - put before it where it has one thread; empty where nothing pins
   * @param {number} options.threads
   */
  constructor(command, { pin, threads }) {
    const [program, ...args] = threads === 1 ? [...pin, ...command] : command;
    this.#program = command[0];
    const isLoose = threads === 1 && pin.length === 0;
    const variables = { ...environment(threads), ...(isLoose && UNPINNED) };
    this.#child = spawn(program, args, { env: { ...process.env, ...variables } });
    alive.add(this.#child);
    this.#child.on('exit', () => alive.delete(this.#child));
    this.#ended = new Promise((resolve) => this.#child.on('close', resolve));
    this.#child.on('error', (error) => (this.#errors += error.message));
    this.#child.stdin.on('error', () => {}); // it has ended; the next answer says so
    this.#child.stderr.setEncoding('utf8').on('data', (text) => (this.#errors += text));
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /**
   * @param {number} [longest] - seconds, after which it is ended
   * @returns {Promise<Message>} the first message
   */
  async start(longest = LONGEST_SECONDS) {
    return this.#turn(longest);
  }

  /**
   * Runs steps for a while.
   *
   * @param {number} seconds
   * @param {number} [longest] - seconds, after which it is ended
   * @returns {Promise<{ steps: number, seconds: number }>}
   * @throws {Error} when the process has ended
   */
  async run(seconds, longest) {
    const { absent, steps, seconds: taken } = await this.#ask(`run ${seconds}`, longest);
    if (steps === undefined || taken === undefined) throw new Error(absent ?? 'no answer');
    return { steps, seconds: taken };
  }

  /**
   * Where the time of a step goes, measured for a while.
   *
   * @param {number} seconds
   * @param {number} [longest] - seconds, after which it is ended
   * @returns {Promise<import('./serve.mjs').Split | undefined>} where it can tell
   * @throws {Error} when the process has ended
   */
  async split(seconds, longest) {
    const { absent, split } = await this.#ask(`split ${seconds}`, longest);
    if (absent !== undefined) throw new Error(absent);
    return split;
  }

  /** Asks it to end. */
  close() {
    this.#signal('SIGCONT');
    this.#child.stdin.end();
  }

  /** Resolves once it has ended, by force where it doesn't by itself: until then it holds memory. */
  async end() {
    this.close();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), END_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  /**
   * @param {string} request
   * @param {number} [longest]
   */
  async #ask(request, longest = LONGEST_SECONDS) {
    this.#signal('SIGCONT');
    this.#child.stdin.write(`${request}\n`);
    return this.#turn(longest);
  }

  /**
   * @param {number} longest
   * @returns {Promise<Message>} an answer, after which it stands still
   */
  async #turn(longest) {
    const answer = await this.#answer(longest);
    this.#signal('SIGSTOP');
    return answer;
  }

  /** @param {'SIGSTOP' | 'SIGCONT'} signal */
  #signal(signal) {
    if (canStop) this.#child.kill(signal);
  }

  /**
   * @param {number} longest
   * @returns {Promise<Message>}
   */
  async #answer(longest) {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#child.kill('SIGKILL');
    }, longest * 1000);
    try {
      for (;;) {
        const { value, done } = await this.#lines.next();
        if (done === true) break;
        if (value.startsWith('{')) return JSON.parse(value);
      }
      await this.#ended; // what it wrote to standard error may come after the end of its answers
      return { absent: isLate ? `took longer than ${Math.ceil(longest)} s` : this.#lastWords() };
    } finally {
      clearTimeout(timer);
    }
  }

  #lastWords() {
    if (/ENOENT|failed to execute/.test(this.#errors)) return `not found: ${this.#program}`;
    const lines = this.#errors.trim().split('\n');
    const error = lines.findLast((line) => /error|exception|failed/i.test(line)) ?? lines.at(-1);
    return `failed: ${error || 'ended without a word'}`;
  }
}
