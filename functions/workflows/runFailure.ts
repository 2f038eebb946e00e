import { z } from 'zod';
import type { RunFailureView } from '../../shared/contract/workflows.ts';
import { adviceOnTag, ERROR_TAGS, isPermanentTag } from '../../shared/domain/errorTags.ts';
import type { RunRow } from '../platform/runs/index.ts';

const storedFailure = z.object({
  message: z.string(),
  tag: z.enum(ERROR_TAGS).nullable().catch(null),
  activity: z.string().nullable().catch(null),
  cause: z.unknown(),
});

/** What a failed run says of itself, with what to do; null for a run that did not fail, or whose chain broke and will be mended. */
export function failureOf(
  row: Pick<RunRow, 'status' | 'ended_at' | 'status_reason' | 'result_json'>,
): RunFailureView | null {
  if (row.status !== 'failed' || row.ended_at === null) return null;
  const parsed = storedFailure.safeParse(row.result_json);
  const { message, tag, activity, cause } = parsed.data ?? {
    message: row.status_reason ?? 'it failed',
    tag: null,
    activity: null,
    cause: null,
  };
  const isPermanent = tag === null || isPermanentTag(tag);
  return { message, tag, activity, cause: cause ?? null, isPermanent, advice: adviceFor(tag, message) };
}

function adviceFor(tag: RunFailureView['tag'], message: string): string {
  if (tag !== null) return adviceOnTag(tag);
  if (message.startsWith('code_changed'))
    return 'A new version of the workflow no longer fits what this run has done. Start it anew; a retry stops at the same place.';
  return 'The workflow stopped itself: its own code or what it found says why. Mend that, then retry.';
}
