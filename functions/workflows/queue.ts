import { z } from 'zod';
import type { QueueHandler } from '../platform/queues/queue.ts';
import { SLICE_QUEUE_NAME } from '../platform/queues/sliceQueue.ts';
import type { SlicedWork } from './slice.ts';
import { workOnSlice } from './worker.ts';

const sliceMessage = z.object({ runId: z.string(), slice: z.int() });

/** The queue that drives every sliced run; `registry` is all sliced work of the platform. */
export function slicesQueue(registry: readonly SlicedWork[]): QueueHandler {
  return {
    name: 'slices',
    queueName: SLICE_QUEUE_NAME,
    operationOf: (message) => sliceMessage.safeParse(message).data?.runId,
    work: async (services, message) => {
      const hint = sliceMessage.parse(message);
      const verdict = await workOnSlice(registry, hint, services);
      services.log.debug('slice message done', { ...hint, verdict });
      return verdict;
    },
  };
}
