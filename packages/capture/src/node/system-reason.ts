const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than the system allows',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'a part of the path is not a folder',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'the folder cannot be reached',
  EMFILE: 'too many files are open',
  EISDIR: 'it is a folder',
  ELOOP: 'the links lead in a circle',
};

/** The system's error code, such as `ENOSPC`; `EIO` where there is none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'EIO';
}

/** Why the system refused, in words, with its code. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return `${REASONS[code] ?? 'the system refused'} (${code})`;
}
