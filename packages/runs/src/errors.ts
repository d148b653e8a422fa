/** Something that whoever starts a run can correct. The message is one line and says how. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** A setting is wrong, or how it was written. */
export class UsageError extends UserError {}
