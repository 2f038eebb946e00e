import { ckanParty, type CkanParty, type CkanRow } from './ckan.ts';
import { pad } from './numbers.ts';
import type { PartyOptions } from './thirdParty.ts';

export interface TeqsaTables extends Record<string, CkanRow[]> {
  readonly providers: CkanRow[];
  readonly courses: CkanRow[];
  readonly decisions: CkanRow[];
}

/**
 * The National Register of Higher Education Providers: `size` courses, a tenth as many providers, twice as many decisions.
 * https://data.gov.au/data/dataset/national-register-of-higher-education-providers
 */
export function openTeqsa({ size }: PartyOptions): CkanParty<TeqsaTables> {
  const tables: TeqsaTables = {
    providers: Array.from({ length: Math.ceil(size / 10) }, (_, index) => provider(index + 1)),
    courses: Array.from({ length: size }, (_, index) => course(index + 1)),
    decisions: Array.from({ length: size * 2 }, (_, index) => decision(index + 1)),
  };
  return ckanParty(tables, 'TEQSA', ({ providers, decisions }, turn) => {
    const changed = providers[turn % Math.max(providers.length, 1)];
    if (changed !== undefined)
      changed['RegistrationStatus'] = changed['RegistrationStatus'] === 'Active' ? 'Inactive' : 'Active';
    decisions.push(decision(decisions.length + 1));
  });
}

function providerId(number: number): string {
  return `PRV${pad(12_000 + number, 5)}`;
}

function provider(number: number): CkanRow {
  return {
    ProviderID: providerId(number),
    ProviderName: `Provider ${pad(number, 4)}`,
    ProviderTradingName: number % 2 === 0 ? `Academy ${String(number)}` : null,
    ABN: pad(51_000_000_000 + number, 11),
    Category: number % 4 === 0 ? 'Australian University' : 'Institute of Higher Education',
    Address: `${String(number)} Example Street`,
    Website: `www.provider${String(number)}.example`,
    RegistrationStatus: number % 15 === 0 ? 'Inactive' : 'Active',
    RegistrationEndDate: `${String(2027 + (number % 6))}-06-30`,
  };
}

function course(number: number): CkanRow {
  return {
    CourseID: `CRS${pad(1_200_000 + number, 7)}`,
    ProviderID: providerId(Math.ceil(number / 10)),
    CourseName: `Bachelor of Subject ${String(number)}`,
    AQFLevel: 'Bachelor Degree',
    AccreditationStatus: 'Accredited',
    AccreditationEndDate: `${String(2027 + (number % 6))}-12-31`,
  };
}

function decision(number: number): CkanRow {
  return {
    ID: pad(number, 4),
    ProviderID: providerId(Math.ceil(number / 20)),
    CourseID: `CRS${pad(1_200_000 + Math.ceil(number / 2), 7)}`,
    DecisionType: number % 2 === 0 ? 'Accreditation' : 'Registration',
    Title: `Decision number ${String(number)}`,
    DecisionDate: new Date(Date.UTC(2013, 9, 24) + number * 86_400_000).toISOString().slice(0, 10),
  };
}
