import { z } from 'zod';
import { ERROR_TAGS } from '../../../shared/domain/errorTags.ts';

export const BULK_RETRY_SYNC_TYPE = 'bulk_retry';

export const bulkRetryPayload = z.object({
  tag: z.enum(ERROR_TAGS),
  names: z.array(z.string()).readonly(),
  failedBy: z.string(),
  perMinute: z.int(),
  by: z.string(),
});
export type BulkRetryPayload = z.infer<typeof bulkRetryPayload>;
