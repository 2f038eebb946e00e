import { ckanParty, type CkanParty, type CkanRow } from './ckan.ts';
import { pad } from './numbers.ts';
import type { PartyOptions } from './thirdParty.ts';

export interface CricosTables extends Record<string, CkanRow[]> {
  readonly institutions: CkanRow[];
  readonly courses: CkanRow[];
  readonly locations: CkanRow[];
  readonly 'course-locations': CkanRow[];
}

const COURSES_EACH = 10;

/**
 * CRICOS in the columns of its bulk export, `size` courses and a tenth as many institutions.
 * https://data.gov.au/data/dataset/cricos
 */
export function openCricos({ size }: PartyOptions): CkanParty<CricosTables> {
  const institutions = Math.ceil(size / COURSES_EACH);
  const tables: CricosTables = {
    institutions: Array.from({ length: institutions }, (_, index) => institution(index + 1)),
    courses: Array.from({ length: size }, (_, index) => course(index + 1)),
    locations: Array.from({ length: institutions }, (_, index) => location(index + 1)),
    'course-locations': Array.from({ length: size }, (_, index) => courseLocation(index + 1)),
  };
  return ckanParty(tables, 'CRICOS', ({ courses }, turn) => {
    const changed = courses[turn % Math.max(courses.length, 1)];
    if (changed !== undefined) changed['Expired'] = changed['Expired'] === 'Yes' ? 'No' : 'Yes';
    courses.push(course(courses.length + 1));
  });
}

function providerCode(number: number): string {
  return `${pad(number, 5)}${'ABCDEFG'.charAt(number % 7)}`;
}

function institutionOf(courseNumber: number): number {
  return Math.ceil(courseNumber / COURSES_EACH);
}

function institution(number: number): CkanRow {
  return {
    'CRICOS Provider Code': providerCode(number),
    'Trading Name': `College ${String(number)}`,
    'Institution Name': `Institution ${pad(number, 4)} Pty Ltd`,
    'Institution Type': number % 5 === 0 ? 'Government' : 'Private',
    'Institution Capacity': String(100 + number),
    Website: `www.college${String(number)}.example`,
    'Postal Address Line 1': `${String(number)} Example Street`,
    'Postal Address City': 'EXAMPLETON',
    'Postal Address State': 'VIC',
    'Postal Address Postcode': '3000',
  };
}

function course(number: number): CkanRow {
  return {
    'CRICOS Provider Code': providerCode(institutionOf(number)),
    'Institution Name': `Institution ${pad(institutionOf(number), 4)} Pty Ltd`,
    'CRICOS Course Code': `${pad(100_000 + number, 6)}${'ABCDEFG'.charAt(number % 7)}`,
    'Course Name': `Diploma of Subject ${String(number)}`,
    'VET National Code': number % 3 === 0 ? `BSB5${pad(number, 4)}` : null,
    'Dual Qualification': 'No',
    'Field of Education 1 Broad Field': '08 - Management and Commerce',
    'Course Level': 'Diploma',
    'Foundation Studies': 'No',
    'Work Component': 'No',
    'Course Language': 'English',
    'Duration (Weeks)': String(26 + (number % 78)),
    'Tuition Fee': String(5000 + number),
    'Non Tuition Fee': '250',
    'Estimated Total Course Cost': String(5250 + number),
    Expired: number % 40 === 0 ? 'Yes' : 'No',
  };
}

function location(number: number): CkanRow {
  return {
    'CRICOS Provider Code': providerCode(number),
    'Institution Name': `Institution ${pad(number, 4)} Pty Ltd`,
    'Location Name': `Campus ${String(number)}`,
    'Location Type': 'CAMPUS',
    'Address Line 1': `${String(number)} Example Street`,
    City: 'EXAMPLETON',
    State: 'VIC',
    Postcode: '3000',
  };
}

function courseLocation(number: number): CkanRow {
  const row = course(number);
  return {
    'CRICOS Provider Code': row['CRICOS Provider Code'] ?? null,
    'Institution Name': row['Institution Name'] ?? null,
    'CRICOS Course Code': row['CRICOS Course Code'] ?? null,
    'Location Name': `Campus ${String(institutionOf(number))}`,
    'Location City': 'EXAMPLETON',
    'Location State': 'VIC',
  };
}
