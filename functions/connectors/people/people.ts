import type { SeenEntity } from '../../observatory/index.ts';
import type { Workflow } from '../../workflows/index.ts';
import { listSync, pagedSource } from '../listSync.ts';
import { fetchResources, type PeopleResource } from './api.ts';

/** The lists of the people API, by path, and the attribute that names one of each for people. */
const lists = {
  people: 'name',
  households: 'name',
  emails: 'address',
  phone_numbers: 'number',
  addresses: 'street',
} as const;

type List = keyof typeof lists;

const all = Object.keys(lists) as List[];

/** `Sync-people.people.getAll` and its like, and one over all lists. */
export const peopleWorkflows: readonly Workflow[] = [
  ...all.map((list) =>
    peopleSync(`Sync-people.${list}.getAll`, `Copies all ${list.replace('_', ' ')} of the people API.`, [
      list,
    ]),
  ),
  { ...peopleSync('SyncAllPeople', 'Copies everything of the people API.', all), schedule: '0 0 3 * * *' },
];

function peopleSync(name: string, summary: string, paths: readonly List[]): Workflow {
  return listSync({
    name,
    summary,
    needs: ['PEOPLE_API_URL', 'PEOPLE_API_TOKEN'],
    expectedMinutes: 120,
    register: 'people',
    sources: paths.map(sourceOf),
  });
}

function sourceOf(list: List) {
  return pagedSource<PeopleResource, number>({
    register: 'people',
    entityType: list,
    first: 0,
    fetch: (services, offset, activity) => fetchResources(services, `/${list}`, offset, activity),
    entityOf: (resource) => entityOf(resource, lists[list]),
  });
}

function entityOf({ id, attributes }: PeopleResource, naming: string): SeenEntity {
  return { code: id, title: textOf(attributes[naming]), status: textOf(attributes['status']), attributes };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
