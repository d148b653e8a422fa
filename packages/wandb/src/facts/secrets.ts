/** Arguments that are kept, and characters of each. */
const MOST = { args: 500, characters: 2000 } as const;

/** `https://user:password@host`, also where a password has a slash. */
const USER = /(:\/\/)(?:[^\s/?#@]*@|[^\s@]*:\S*@)/g;

const SECRET = 'key|token|secret|sig|signature|password|passwd|pwd|auth|credential';

/** `?access_token=…`, and `WANDB_API_KEY=…` */
const ASSIGNED = new RegExp(`((?:^|[?&;])(?:[^=&#\\s]*[-_.])?(?:${SECRET})s?=)[^&#\\s]*`, 'gi');

/** `--api-key`, alone or with `=…` */
const FLAG = new RegExp(`^(--?(?:[a-z0-9-]*[-_])?(?:${SECRET})s?)(?:=|$)`, 'i');

/** An address without a user and a password. */
export const withoutUser = (address: string): string => address.replaceAll(USER, '$1');

/**
 * Arguments of a command line with `***` in place of passwords and keys, by the names of flags, of variables and of what addresses have. At most
 * 500, of 2,000 characters each.
 */
export function withoutSecrets(args: readonly string[]): string[] {
  return args.slice(0, MOST.args).map((arg, i) => {
    const [, flag] = FLAG.exec(arg) ?? [];
    if (flag !== undefined) return arg.includes('=') ? `${flag}=***` : arg;
    if (i > 0 && FLAG.test(args[i - 1]) && !args[i - 1].includes('=')) return '***';
    const shown = arg.replaceAll(USER, '$1***@').replaceAll(ASSIGNED, '$1***');
    return shown.length > MOST.characters ? `${shown.slice(0, MOST.characters)}…` : shown;
  });
}
