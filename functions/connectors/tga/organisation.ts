import { z } from 'zod';
import type { SeenRow } from '../../observatory/index.ts';
import { text } from './text.ts';

export const ORGANISATION = 'organisation';

/** What the volume check watches. */
export const ORGS = { name: 'orgs', entityTypes: [ORGANISATION] };

/** An item of `/search/organisation`. */
export const foundOrganisation = z.object({
  code: z.string(),
  legalName: text,
  tradingNames: z.array(z.string()).nullish(),
  abns: z.array(z.string()).nullish(),
  registration: z.object({ statusLabel: text, endDate: text }).nullish(),
  registrationManager: z.object({ name: text }).nullish(),
  hasCurrentRestrictionOrRegulatoryDecision: z.boolean().nullish(),
});

export type FoundOrganisation = z.infer<typeof foundOrganisation>;

export function organisationOf(item: FoundOrganisation): SeenRow {
  return {
    entityType: ORGANISATION,
    code: item.code.trim(),
    title: item.legalName,
    status: item.registration?.statusLabel ?? null,
    attributes: {
      abn: item.abns?.[0] ?? null,
      tradingNames: (item.tradingNames ?? []).toSorted(),
      registrationEnds: item.registration?.endDate ?? null,
      regulator: item.registrationManager?.name ?? null,
    },
  };
}

/** `/organisation/{code}?include=all`. */
export const organisationDetails = z.object({
  legalNames: z.array(z.object({ name: text, endDate: text })).nullish(),
  isRto: z.boolean().nullish(),
});

export function organisationDetailsOf({
  legalNames,
  isRto,
}: z.infer<typeof organisationDetails>): Record<string, unknown> {
  const former = (legalNames ?? []).filter(({ endDate }) => endDate !== null);
  return { formerNames: former.flatMap(({ name }) => name ?? []).sort(), isRto: isRto ?? null };
}

/** `/organisation/{code}/restrictions`. */
export const organisationRestrictions = z.array(
  z.object({ restriction: text, startDate: text, endDate: text }),
);

export type Restrictions = z.infer<typeof organisationRestrictions>;

/** Dates of days, or of moments of which the day counts; without an end it goes on. */
export function isCurrent({ startDate, endDate }: Restrictions[number], today: string): boolean {
  return (startDate ?? '').slice(0, 10) <= today && (endDate === null || endDate.slice(0, 10) >= today);
}
