const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EFBIG: 'the file would be larger than is allowed',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'it is a folder',
  EEXIST: 'a file is in its way',
  ENAMETOOLONG: 'the path is too long',
};

/** Why a file can't be read or written: `the disk is full`. */
export function describeFileError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return REASONS[fileErrorCode(error) ?? ''] ?? message;
}

/** The system's name of what went wrong with a file, `ENOSPC`; undefined for other errors. */
export function fileErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined;
  return String(error.code);
}
