import type { Settings } from '../../functions/platform/settings.ts';
import type { ThirdParties } from '../../local/third-parties/server.ts';

/** Settings under which connectors speak to the simulated APIs, as fast as they can. */
export function thirdPartySettings({ url, parties }: ThirdParties): Partial<Settings> {
  return {
    PEOPLE_API_URL: `${url('people')}/v2`,
    PEOPLE_API_TOKEN: parties.people.key,
    PEOPLE_REQUESTS_PER_SECOND: 1000,
    DONATIONS_API_URL: `${url('donations')}/v1`,
    DONATIONS_API_KEY: parties.donations.key,
    DONATIONS_REQUESTS_PER_SECOND: 1000,
    BOOKKEEPING_API_URL: `${url('bookkeeping')}/v3/company/1`,
    BOOKKEEPING_API_TOKEN: parties.bookkeeping.key,
    BOOKKEEPING_REQUESTS_PER_SECOND: 1000,
    TENDERS_URL: `${url('tenders')}/export.csv`,
    CRICOS_API_URL: `${url('cricos')}/api/3/action`,
    CRICOS_INSTITUTIONS_RESOURCE: 'institutions',
    CRICOS_COURSES_RESOURCE: 'courses',
    CRICOS_LOCATIONS_RESOURCE: 'locations',
    CRICOS_COURSE_LOCATIONS_RESOURCE: 'course-locations',
    TEQSA_API_URL: `${url('teqsa')}/api/3/action`,
    TEQSA_PROVIDERS_RESOURCE: 'providers',
    TEQSA_COURSES_RESOURCE: 'courses',
    TEQSA_DECISIONS_RESOURCE: 'decisions',
  };
}
