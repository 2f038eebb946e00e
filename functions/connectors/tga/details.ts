import type { EntityKey, SeenRow } from '../../observatory/index.ts';
import type { Services } from '../../platform/services.ts';
import type { Activity } from '../../workflows/index.ts';
import { readOne, tgaClient } from './api.ts';
import { askEach } from './askEach.ts';
import { ORGANISATION, organisationDetails, organisationDetailsOf } from './organisation.ts';
import { trainingDetails, trainingDetailsOf } from './training.ts';

/** Entities a page: each is a request, and a page must end well within its time. */
export const DETAILS_PAGE = 20;

/**
 * The details of some entities, one request each, in their order. One that the register has no details of, or none that can be read, has
 * had its turn, without news.
 */
export async function fetchDetails(
  services: Services,
  keys: readonly EntityKey[],
  activity: Activity,
): Promise<SeenRow[]> {
  const client = tgaClient(services);
  const found = await askEach(keys, activity, async ({ entityType, code }) => {
    const path = encodeURIComponent(code);
    if (entityType === ORGANISATION) {
      const details = await readOne(client, `/organisation/${path}`, organisationDetails, activity);
      return details === null ? null : organisationDetailsOf(details);
    }
    const details = await readOne(client, `/training/${path}`, trainingDetails, activity);
    return details === null ? null : trainingDetailsOf(details);
  });
  return keys.map((key, index) => {
    const attributes = found[index];
    return attributes === undefined ? { ...key } : { ...key, attributes };
  });
}
