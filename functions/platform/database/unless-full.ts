import { classifyDatabaseError } from './errors.ts';

/** Does a write that the caller can do without: when the database is full, `instead` is what comes of it. Other failures are thrown on. */
export async function unlessFull<T, U>(
  write: () => Promise<T>,
  instead: (error: unknown) => U | Promise<U>,
): Promise<T | U> {
  try {
    return await write();
  } catch (error) {
    if (classifyDatabaseError(error).kind !== 'full') throw error;
    return instead(error);
  }
}
