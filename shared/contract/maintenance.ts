import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { id, instant, noParams, nothing, noQuery, shortText } from './fields.ts';

export const maintenanceWindow = z.object({
  windowId: id,
  runnerId: id.nullable(),
  groupId: id.nullable(),
  reason: z.string(),
  startsAt: instant,
  endsAt: instant,
  createdBy: z.string(),
});
export type MaintenanceWindow = z.infer<typeof maintenanceWindow>;

export const maintenanceWindows = endpoint({
  name: 'maintenance-windows',
  summary: 'Windows that are open or to come, and those of the last 30 days',
  method: 'GET',
  path: '/api/admin/maintenance-windows',
  callers: ['viewer'],
  params: noParams,
  query: noQuery,
  body: nothing,
  response: z.object({ now: instant, windows: z.array(maintenanceWindow) }),
});

export const createMaintenanceWindow = endpoint({
  name: 'maintenance-window-create',
  summary: 'Tell nobody of alerts of a runner, a group, or everything, for a while; data loss is always told',
  method: 'POST',
  path: '/api/admin/maintenance-windows',
  callers: ['operator'],
  params: noParams,
  query: noQuery,
  body: z.strictObject({
    runnerId: id.nullable().default(null),
    groupId: id.nullable().default(null),
    reason: shortText,
    startsAt: instant,
    /** At most 14 days after the start. */
    endsAt: instant,
  }),
  response: z.object({ window: maintenanceWindow }),
  status: 201,
  errors: ['not-found'],
});

export const endMaintenanceWindow = endpoint({
  name: 'maintenance-window-end',
  summary: 'End a window now; idempotent',
  method: 'POST',
  path: '/api/admin/maintenance-windows/{windowId}/end',
  callers: ['operator'],
  params: z.object({ windowId: id }),
  query: noQuery,
  body: nothing,
  response: z.object({ window: maintenanceWindow }),
  errors: ['not-found'],
});
