import { z } from 'zod';
import { RELEASE } from '../../../shared/domain/registerEntity.ts';
import type { SeenRow } from '../../observatory/index.ts';
import { text } from './text.ts';

/** Kinds of training components, as the register calls them; another one is kept as `component`. */
const TRAINING_TYPES = [
  'trainingPackage',
  'qualification',
  'unit',
  'skillSet',
  'accreditedCourse',
  'accreditedUnit',
  'component',
] as const;

/** What the volume check watches. */
export const TRAINING = { name: 'training', entityTypes: TRAINING_TYPES };

/** Items a page of a search. */
export const SEARCH_PAGE = 500;

const named = z.object({ name: text }).nullish();
const coded = z.object({ code: text }).nullish();

/** An item of `/search/training`. */
export const foundTraining = z.object({
  code: z.string(),
  title: text,
  type: z.object({ id: text }).nullish(),
  status: named,
  usageRecommendation: named,
  qualificationLevel: named,
  anzsco: coded,
  trainingPackage: coded,
  latestRelease: z.object({ number: text, date: text }).nullish(),
  supersededBy: z.array(z.object({ code: z.string() })).nullish(),
});

type FoundTraining = z.infer<typeof foundTraining>;

/** What the sweep is for: whether it is there, its status, what took its place, its newest release. */
export function statusOf(item: FoundTraining): SeenRow {
  const known: readonly string[] = TRAINING_TYPES;
  const type = item.type?.id ?? '';
  return {
    entityType: known.includes(type) ? type : 'component',
    code: item.code.trim(),
    title: item.title,
    status: item.status?.name ?? null,
    supersededBy: item.supersededBy?.[0]?.code ?? null,
    attributes: { [RELEASE]: item.latestRelease?.number ?? null },
  };
}

export function trainingOf(item: FoundTraining): SeenRow {
  const row = statusOf(item);
  const attributes = {
    ...row.attributes,
    releasedOn: item.latestRelease?.date ?? null,
    package: item.trainingPackage?.code ?? null,
    usage: item.usageRecommendation?.name ?? null,
    level: item.qualificationLevel?.name ?? null,
    occupation: item.anzsco?.code ?? null,
  };
  return { ...row, attributes };
}

/** `/training/{code}`. */
export const trainingDetails = z.object({
  releases: z.array(z.object({ releaseNumber: text, currency: text })).nullish(),
  mappingInformation: z.array(z.object({ mapsToCode: text })).nullish(),
  currencyPeriods: z.array(z.object({ startDate: text, endDate: text })).nullish(),
});

/** Under names that searches do not use: where two answers differ in a nuance, it must not be told as a change each week. */
export function trainingDetailsOf({
  releases,
  mappingInformation,
  currencyPeriods,
}: z.infer<typeof trainingDetails>): Record<string, unknown> {
  const current = releases?.find(({ currency }) => currency === 'current');
  return {
    currentRelease: current?.releaseNumber ?? null,
    releases: (releases ?? []).length,
    mapsTo: (mappingInformation ?? []).flatMap(({ mapsToCode }) => mapsToCode ?? []).sort(),
    currentUntil: currencyPeriods?.at(-1)?.endDate ?? null,
  };
}
