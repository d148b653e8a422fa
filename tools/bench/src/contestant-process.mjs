import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Building and compiling the largest workload takes the slowest contestant a good half minute. */
const LONGEST_MS = 300_000;

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

  /** @returns {Promise<Message>} the first message */
  async start() {
    return this.#turn();
  }

  /**
   * Runs steps for a while.
   *
   * @param {number} seconds
   * @returns {Promise<{ steps: number, seconds: number }>}
   * @throws {Error} when the process has ended
   */
  async run(seconds) {
    this.#signal('SIGCONT');
    this.#child.stdin.write(`run ${seconds}\n`);
    const { absent, steps, seconds: taken } = await this.#turn();
    if (steps === undefined || taken === undefined) throw new Error(absent ?? 'no answer');
    return { steps, seconds: taken };
  }

  /** Asks it to end. */
  close() {
    this.#signal('SIGCONT');
    this.#child.stdin.end();
  }

  /** @returns {Promise<Message>} an answer, after which it stands still */
  async #turn() {
    const answer = await this.#answer();
    this.#signal('SIGSTOP');
    return answer;
  }

  /** @param {'SIGSTOP' | 'SIGCONT'} signal */
  #signal(signal) {
    if (canStop) this.#child.kill(signal);
  }

  /** @returns {Promise<Message>} */
  async #answer() {
    const timer = setTimeout(() => this.#child.kill(), LONGEST_MS);
    try {
      for (;;) {
        const { value, done } = await this.#lines.next();
        if (done === true) break;
        if (value.startsWith('{')) return JSON.parse(value);
      }
      await this.#ended; // what it wrote to standard error may come after the end of its answers
      return { absent: this.#lastWords() };
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
