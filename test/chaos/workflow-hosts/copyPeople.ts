import { z } from 'zod';
import { fetchResources, type PeopleResource } from '../../../functions/connectors/people/api.ts';
import type { Workflow } from '../../../functions/workflows/index.ts';

/** Its only step. */
export const STEP = 'people';

/**
 * Walks the people API and writes a line for each person of a page. Nothing keeps a second line from being written: a page
 * that is stored twice, or never, shows.
 */
export function copyPeople(beginPage: (idempotencyKey: string) => void = () => undefined): Workflow {
  const workflow: Workflow<Record<string, never>> = {
    name: 'CopyPeople',
    summary: 'Writes a line for each person whom the people API lists.',
    payload: z.strictObject({}),
    exclusive: false,
    expectedMinutes: 60,
    needs: [],
    run: (context) =>
      context.pages<PeopleResource, number>(STEP, {
        first: 0,
        fetch: (offset, activity) => {
          beginPage(activity.idempotencyKey);
          return fetchResources(context.services, '/people', offset, activity);
        },
        apply: async (people, tx, { at, newId }) => {
          const met = { register: 'people', event_type: 'met', entity_type: 'people', created_at: at };
          const { organizationId: organization_id, runId: run_id } = context.run;
          const rows = people.map(({ id }) => ({
            id: newId(),
            organization_id,
            run_id,
            entity_code: id,
            ...met,
          }));
          await tx.insertInto('change_events').values(rows).execute();
          return rows.length;
        },
      }),
  };
  return workflow;
}
