import type { BodyOf } from '../../../../shared/contract/endpoint.ts';
import type { createMaintenanceWindow } from '../../../../shared/contract/maintenance.ts';
import { toLocalMoment } from '../../format/localMoment.ts';
import { sayDuration } from '../../format/time.ts';

const LONGEST_MS = 14 * 86_400_000;

/** A window in the form; times are this machine's (`2026-04-13T02:00`). */
export interface WindowDraft {
  readonly runnerId: string;
  readonly reason: string;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** The two hours from now on. */
export function newWindowDraft(nowMs: number): WindowDraft {
  return { runnerId: '', reason: '', startsAt: moment(nowMs), endsAt: moment(nowMs + 2 * 3_600_000) };
}

const moment = (instantMs: number) => toLocalMoment(new Date(instantMs).toISOString());

export type ReadWindow =
  | {
      readonly body: BodyOf<typeof createMaintenanceWindow>;
      readonly span: string;
      readonly fault?: undefined;
    }
  | { readonly body?: undefined; readonly fault: string };

/** The draft as the server takes it, or what is wrong with it. A window is at most 14 days long and not over already. */
export function readWindow(draft: WindowDraft, nowMs: number): ReadWindow {
  const starts = new Date(draft.startsAt).getTime();
  const ends = new Date(draft.endsAt).getTime();
  if (Number.isNaN(starts) || Number.isNaN(ends)) return { fault: 'Beginning and end are both needed.' };
  if (ends <= starts) return { fault: 'It ends before it begins.' };
  if (ends <= nowMs) return { fault: 'It would be over already.' };
  if (ends - starts > LONGEST_MS) return { fault: 'A window is 14 days at most.' };
  if (draft.reason.trim() === '') return { fault: 'Say why: others will ask.' };
  return {
    body: {
      runnerId: draft.runnerId === '' ? null : draft.runnerId,
      groupId: null,
      reason: draft.reason.trim(),
      startsAt: new Date(starts).toISOString(),
      endsAt: new Date(ends).toISOString(),
    },
    span: sayDuration(ends - starts),
  };
}
