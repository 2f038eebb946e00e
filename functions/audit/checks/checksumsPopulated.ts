import { type Check, verdictOf } from '../check.ts';

/** Every file archived in the look-back has its SHA-256 recorded. */
export const checksumsPopulated: Check = {
  name: 'CHECKSUMS_POPULATED',
  judge: ({ archivedFiles, lookBackHours }) => {
    const evidence = archivedFiles.examples.map((path) => ({
      subject: path,
      status: 'fail' as const,
      detail: 'archived without a checksum',
    }));
    const { count, withoutChecksum } = archivedFiles;
    return verdictOf(
      evidence,
      () =>
        `${String(count - withoutChecksum)} of ${String(count)} files archived in ${String(lookBackHours)} h have a checksum.`,
    );
  },
};
