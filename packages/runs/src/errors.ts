/** An error that the user can correct. The message is one line and says how. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** A setting or its syntax is wrong. */
export class UsageError extends UserError {}
