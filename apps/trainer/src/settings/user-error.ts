/** Something that whoever runs the command can mend. The message is one line and says how. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** The command line itself is wrong; exit status 2. */
export class UsageError extends UserError {}
