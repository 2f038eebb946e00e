import type { Outcome } from '../../shared/domain/outcomes.ts';

/** Codes with which a file system says that another program holds the file or that we may not read it now. */
const LOCKED = new Set(['EBUSY', 'EACCES', 'EPERM', 'EAGAIN', 'ETXTBSY', 'EWOULDBLOCK']);
/** The name is gone, or something that is no file took its place (`ELOOP`: a link). */
const GONE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR']);

/** The outcome that an error of reading a source file stands for (SPEC F15). */
export function outcomeOfSourceError(error: unknown): Extract<Outcome, 'vanished' | 'locked' | 'unreadable'> {
  const code = codeOf(error);
  if (GONE.has(code)) return 'vanished';
  return LOCKED.has(code) ? 'locked' : 'unreadable';
}

/** Whether an error came from the file system at all. */
export function isSourceError(error: unknown): boolean {
  return codeOf(error) !== '' && error instanceof Error && 'syscall' in error;
}

function codeOf(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : '';
}
