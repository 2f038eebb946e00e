import { type Check, verdictOf } from '../check.ts';

/** A sample of the state index is really on the share: whole, with the size and the hash that the index has. */
export const indexMatchesShare: Check = {
  name: 'INDEX_MATCHES_SHARE',
  judge: ({ indexSample }) => {
    const evidence = indexSample.map(({ subject, finding, detail }) => ({
      subject,
      status: finding === 'same' ? ('pass' as const) : ('fail' as const),
      detail,
    }));
    return verdictOf(evidence, ({ good }) =>
      indexSample.length === 0
        ? 'The state index is empty: there is nothing to look up.'
        : `${String(good)} of ${String(indexSample.length)} files drawn from the state index are on the share as it says.`,
    );
  },
};
