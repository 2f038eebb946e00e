import { ckanCycle, type CkanTable } from '../ckan/cycle.ts';
import { columnText, columnTexts } from '../ckan/datastore.ts';

/**
 * The National Register of Higher Education Providers, as TEQSA publishes it.
 * https://data.gov.au/data/dataset/national-register-of-higher-education-providers
 * https://www.teqsa.gov.au/national-register/about-national-register
 */
const providers: CkanTable = {
  step: 'sync_providers',
  target: 'institutions',
  hasBaseline: true,
  entityType: 'provider',
  resource: 'TEQSA_PROVIDERS_RESOURCE',
  entityOf: (record) => ({
    code: columnText(record, 'ProviderID') ?? '',
    title: columnText(record, 'ProviderName'),
    status: columnText(record, 'RegistrationStatus'),
    attributes: columnTexts(record, {
      tradingName: 'ProviderTradingName',
      abn: 'ABN',
      category: 'Category',
      website: 'Website',
      registrationEnds: 'RegistrationEndDate',
    }),
  }),
};

const courses: CkanTable = {
  step: 'sync_courses',
  target: 'courses',
  hasBaseline: true,
  entityType: 'course',
  resource: 'TEQSA_COURSES_RESOURCE',
  entityOf: (record) => ({
    code: columnText(record, 'CourseID') ?? '',
    title: columnText(record, 'CourseName'),
    status: columnText(record, 'AccreditationStatus'),
    attributes: columnTexts(record, {
      provider: 'ProviderID',
      level: 'AQFLevel',
      accreditationEnds: 'AccreditationEndDate',
    }),
  }),
};

const decisions: CkanTable = {
  step: 'sync_decisions',
  target: 'decisions',
  hasBaseline: false,
  entityType: 'decision',
  resource: 'TEQSA_DECISIONS_RESOURCE',
  entityOf: (record) => ({
    code: columnText(record, 'ID') ?? '',
    title: columnText(record, 'Title'),
    status: columnText(record, 'DecisionType'),
    attributes: columnTexts(record, {
      provider: 'ProviderID',
      course: 'CourseID',
      decidedOn: 'DecisionDate',
    }),
  }),
};

export const teqsaSync = ckanCycle({
  name: 'teqsa_sync',
  summary:
    'Walks the National Register of TEQSA: providers, courses, decisions; tells what appeared, changed and disappeared.',
  register: 'teqsa',
  schedule: '0 0 19 1 * *',
  expectedMinutes: 120,
  apiUrl: 'TEQSA_API_URL',
  tables: [providers, courses, decisions],
});
