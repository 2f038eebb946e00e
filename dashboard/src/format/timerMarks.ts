import type { z } from 'zod';
import type { timerView } from '../../../shared/contract/operations.ts';
import type { Mark } from './marks.ts';

export type TimerView = z.infer<typeof timerView>;

/** A timer's state, and for those who do not know the word what it means. */
export const timerMarks: Record<TimerView['state'], Mark & { readonly meaning: string }> = {
  ok: { shape: 'good', word: 'On time', meaning: 'It ran when it was due.' },
  late: { shape: 'warn', word: 'Late', meaning: 'It was due and did not run.' },
  blind: {
    shape: 'warn',
    word: 'Blind',
    meaning: 'It runs and looks at nothing, for longer than is plausible.',
  },
  failing: { shape: 'bad', word: 'Failing', meaning: 'Its last run failed; it tries again when it is due.' },
  never: { shape: 'idle', word: 'Not yet', meaning: 'It has not been due since this platform began.' },
};
