import { z } from 'zod';
import { deliveryView } from './alerts.ts';
import { endpoint } from './endpoint.ts';
import { id, noQuery } from './fields.ts';

/** Planned: no agent loses access. Emergency: every credential ends at once, and the next heartbeat brings another. */
export const rotationMode = z.enum(['planned', 'emergency']);
export type RotationMode = z.infer<typeof rotationMode>;

/** Says what became of the notice too: asked again, nobody is told a second time. */
export const keyRotationNotice = endpoint({
  name: 'key-rotation-notice',
  summary:
    'Tell the owner, through the channels, that the keys of the archive’s storage are about to be exchanged',
  method: 'POST',
  path: '/api/admin/key-rotations/{rotationId}/notice',
  callers: ['operator'],
  params: z.object({ rotationId: id }),
  query: noQuery,
  body: z.strictObject({ mode: rotationMode }),
  response: z.object({ deliveries: z.array(deliveryView) }),
});
