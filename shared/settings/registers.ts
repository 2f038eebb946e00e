import { z } from 'zod';
import { type Family, perSecond } from './setting.ts';

const apiUrl = z.url().optional();
const details = z.coerce.number().int().min(1).max(100_000);
/** Names of fields in OData, `LatestRelease/Date`, with commas between. */
const odataFields = z
  .string()
  .regex(/^(?:[A-Za-z]+(?:\/[A-Za-z]+)*(?:,|$))*$/)
  .transform((text) => text.split(',').filter((name) => name !== ''));
/** Of a table in a CKAN DataStore: a UUID there, any name elsewhere. */
const resourceId = z.string().min(1).max(100).optional();

export const registers = {
  title: 'Connectors: the registers',
  readBy: ['functions'],
  settings: {
    REGISTER_FALL_PERCENT: {
      type: z.coerce.number().min(0).max(100).default(20),
      unit: '%',
      does: 'A register, or what is stored of it, that shrank by more is not believed: its cycle stops before it deletes anything.',
    },
    TENDERS_URL: {
      type: apiUrl,
      does: 'The export of tenders, one CSV file with the columns Tender ID, Agency, Title, Status, Close Date, Value (AUD).',
    },
    TGA_API_URL: {
      type: apiUrl,
      does: 'training.gov.au, `https://training.gov.au/api`; public, without a key.',
    },
    TGA_REQUESTS_PER_SECOND: {
      type: perSecond.default(5),
      unit: 'requests a second',
      does: 'How fast one host asks training.gov.au; hosts share what it allows.',
    },
    TGA_TRAINING_CHANGE_FIELDS: {
      type: odataFields.default(['LatestRelease/Date', 'UsageRecommendation/StartDate']),
      does: 'OData fields that date a change in searches of training components, with commas between; empty: each walk takes everything.',
    },
    TGA_ORGS_CHANGE_FIELDS: {
      type: odataFields.default(['UpdatedDate']),
      does: 'The same for searches of organisations.',
    },
    TGA_REFRESH_COUNT: {
      type: details.default(500),
      unit: 'components',
      does: 'Training components whose details a cycle fetches anew, those that were fetched longest ago.',
    },
    ENRICH_COUNT: {
      type: details.default(2000),
      unit: 'entities',
      does: 'Entities that a run of `enrich_sync` fetches the details of.',
    },
    CRICOS_API_URL: {
      type: apiUrl,
      does: 'The CKAN API of the portal that publishes CRICOS, `https://data.gov.au/data/api/3/action`.',
    },
    CRICOS_INSTITUTIONS_RESOURCE: { type: resourceId, does: 'Id of the table of institutions of CRICOS.' },
    CRICOS_COURSES_RESOURCE: { type: resourceId, does: 'Id of the table of courses of CRICOS.' },
    CRICOS_LOCATIONS_RESOURCE: { type: resourceId, does: 'Id of the table of locations of CRICOS.' },
    CRICOS_COURSE_LOCATIONS_RESOURCE: {
      type: resourceId,
      does: 'Id of the table of the locations of courses, of CRICOS.',
    },
    TEQSA_API_URL: {
      type: apiUrl,
      does: 'The CKAN API of the portal that publishes the National Register of TEQSA.',
    },
    TEQSA_PROVIDERS_RESOURCE: { type: resourceId, does: 'Id of the table of providers of TEQSA’s register.' },
    TEQSA_COURSES_RESOURCE: { type: resourceId, does: 'Id of the table of courses of TEQSA’s register.' },
    TEQSA_DECISIONS_RESOURCE: { type: resourceId, does: 'Id of the table of decisions of TEQSA’s register.' },
  },
} satisfies Family;
