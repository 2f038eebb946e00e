import { type OpenSourceFile, openSourceFile } from '../../agent/source/sourceFile.ts';

/** Opens files as the agent does, with something happening to one of them at a moment of its reading. */
export function meddling(
  name: string,
  moments: { onOpen?: () => void; onRead?: (offset: number) => void },
): OpenSourceFile {
  return async (path) => {
    if (!path.endsWith(name)) return openSourceFile(path);
    moments.onOpen?.();
    const source = await openSourceFile(path);
    return {
      ...source,
      read: async (into, offset) => {
        const read = await source.read(into, offset);
        moments.onRead?.(offset);
        return read;
      },
    };
  };
}

/** Opens files as the agent does, but for one that another program holds. */
export function refusing(name: string): OpenSourceFile {
  return meddling(name, {
    onOpen: () => {
      throw Object.assign(new Error('EACCES: told by the test'), { code: 'EACCES', syscall: 'open' });
    },
  });
}
