import { compositeCode } from '../../../shared/domain/registerEntity.ts';
import { ckanCycle, type CkanTable } from '../ckan/cycle.ts';
import { type CkanRecord, columnText, columnTexts } from '../ckan/datastore.ts';

/**
 * The Commonwealth Register of Institutions and Courses for Overseas Students, as the Department of Education publishes it: four
 * tables, columns named as in its bulk export.
 * https://data.gov.au/data/dataset/cricos
 */
const PROVIDER = 'CRICOS Provider Code';
const COURSE = 'CRICOS Course Code';

const institutions: CkanTable = {
  step: 'ingest_institutions',
  target: 'institutions',
  hasBaseline: true,
  entityType: 'institution',
  resource: 'CRICOS_INSTITUTIONS_RESOURCE',
  entityOf: (record) => ({
    code: code(record, PROVIDER),
    title: columnText(record, 'Institution Name'),
    attributes: columnTexts(record, {
      tradingName: 'Trading Name',
      type: 'Institution Type',
      capacity: 'Institution Capacity',
      website: 'Website',
      city: 'Postal Address City',
      state: 'Postal Address State',
      postcode: 'Postal Address Postcode',
    }),
  }),
};

const courses: CkanTable = {
  step: 'ingest_courses',
  target: 'courses',
  hasBaseline: true,
  entityType: 'course',
  resource: 'CRICOS_COURSES_RESOURCE',
  entityOf: (record) => ({
    code: code(record, COURSE),
    title: columnText(record, 'Course Name'),
    status: columnText(record, 'Expired') === 'Yes' ? 'Expired' : 'Current',
    attributes: columnTexts(record, {
      provider: PROVIDER,
      nationalCode: 'VET National Code',
      level: 'Course Level',
      language: 'Course Language',
      weeks: 'Duration (Weeks)',
      tuitionFee: 'Tuition Fee',
      totalCost: 'Estimated Total Course Cost',
    }),
  }),
};

const locations: CkanTable = {
  step: 'ingest_locations',
  target: 'locations',
  hasBaseline: false,
  entityType: 'location',
  resource: 'CRICOS_LOCATIONS_RESOURCE',
  entityOf: (record) => ({
    code: compositeCode([code(record, PROVIDER), code(record, 'Location Name')]),
    title: columnText(record, 'Location Name'),
    attributes: columnTexts(record, {
      provider: PROVIDER,
      type: 'Location Type',
      address: 'Address Line 1',
      city: 'City',
      state: 'State',
      postcode: 'Postcode',
    }),
  }),
};

const courseLocations: CkanTable = {
  step: 'ingest_course_locations',
  target: 'course_locations',
  hasBaseline: false,
  entityType: 'course_location',
  resource: 'CRICOS_COURSE_LOCATIONS_RESOURCE',
  entityOf: (record) => ({
    code: compositeCode([code(record, PROVIDER), code(record, COURSE), code(record, 'Location Name')]),
    title: columnText(record, 'Location Name'),
    attributes: columnTexts(record, {
      provider: PROVIDER,
      course: COURSE,
      city: 'Location City',
      state: 'Location State',
    }),
  }),
};

/** A row without its code is left out when it is stored. */
function code(record: CkanRecord, column: string): string {
  return columnText(record, column) ?? '';
}

export const cricosSync = ckanCycle({
  name: 'cricos_sync',
  summary:
    'Walks CRICOS: institutions, courses, their locations; tells what appeared, changed and disappeared.',
  register: 'cricos',
  schedule: '0 0 18 1 * *',
  expectedMinutes: 120,
  apiUrl: 'CRICOS_API_URL',
  tables: [institutions, courses, locations, courseLocations],
});
