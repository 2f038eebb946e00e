import { pad } from './numbers.ts';

export interface TrainingComponent {
  readonly code: string;
  title: string;
  readonly type: string;
  status: string;
  statusSince: string;
  supersededBy: string | null;
  release: number;
  releasedOn: string;
}

export interface TrainingOrganisation {
  readonly code: string;
  legalName: string;
  status: string;
  updatedAt: string;
  restrictions: { restriction: string; startDate: string; endDate: string | null }[];
}

const BEGAN = '2026-01-01T00:00:00.000Z';
const TYPES = ['qualification', 'unit', 'unit', 'unit', 'skillSet'];

export function trainingComponent(number: number): TrainingComponent {
  const isSuperseded = number % 9 === 0;
  return {
    code: `BSB${pad(10_000 + number, 5)}`,
    title: `Training component ${pad(number, 4)}`,
    type: TYPES[number % TYPES.length] ?? 'unit',
    status: isSuperseded ? 'Superseded' : 'Current',
    statusSince: BEGAN,
    supersededBy: isSuperseded ? `BSB${pad(10_001 + number, 5)}` : null,
    release: 1 + (number % 3),
    releasedOn: BEGAN,
  };
}

export function trainingOrganisation(number: number): TrainingOrganisation {
  return {
    code: pad(30_000 + number, 5),
    legalName: `Organisation ${pad(number, 4)} Pty Ltd`,
    status: number % 12 === 0 ? 'Expired' : 'Current',
    updatedAt: BEGAN,
    restrictions: [],
  };
}

/** How the register shows what it holds, in the members that it documents. */
export const trainingPages = {
  /** An item of `/search/training`. */
  foundComponent: (held: TrainingComponent) => ({
    searchScore: 1,
    code: held.code,
    title: held.title,
    titleUpper: held.title.toUpperCase(),
    type: { id: held.type, name: held.type, sortOrder: 2 },
    status: { id: held.status.toLowerCase(), isCurrent: held.status === 'Current', name: held.status },
    usageRecommendation: { name: held.status, startDate: held.statusSince.slice(0, 10) },
    qualificationLevel: held.type === 'qualification' ? { code: '421', name: 'Diploma' } : null,
    trainingPackage: { code: 'BSB', title: 'Business Services Training Package' },
    latestRelease: { date: held.releasedOn.slice(0, 10), number: String(held.release) },
    anzsco: null,
    supersedes: [],
    supersededBy:
      held.supersededBy === null ? [] : [{ isEquivalent: true, code: held.supersededBy, title: '' }],
    isConfidential: false,
  }),

  /** `/training/{code}`. */
  component: (held: TrainingComponent) => ({
    code: held.code,
    title: held.title,
    type: held.type,
    usageRecommendation: held.status.toLowerCase(),
    usageRecommendationLabel: held.status,
    parent: { code: 'BSB', title: 'Business Services Training Package' },
    currencyPeriods: [{ startDate: BEGAN.slice(0, 10), endDate: '9999-12-31', authority: 'SWMC' }],
    releases: Array.from({ length: held.release }, (_, index) => ({
      releaseNumber: String(index + 1),
      releaseDate: BEGAN.slice(0, 10),
      currency: index + 1 === held.release ? 'current' : 'replaced',
    })),
    mappingInformation:
      held.supersededBy === null
        ? []
        : [{ code: held.code, mapsToCode: held.supersededBy, isEquivalent: true, date: held.statusSince }],
  }),

  /** An item of `/search/organisation`. */
  foundOrganisation: (held: TrainingOrganisation) => ({
    searchScore: 1,
    code: held.code,
    codeInt: Number(held.code),
    legalName: held.legalName,
    tradingNames: [`${held.legalName} Training`],
    isRto: true,
    isCurrent: held.status === 'Current',
    abns: [String(51_000_000_000 + Number(held.code))],
    registration: {
      status: held.status.toLowerCase(),
      statusLabel: held.status,
      startDate: '2023-07-01',
      endDate: '2030-06-30',
    },
    registrationManager: { code: '01', name: 'Australian Skills Quality Authority', shortName: 'ASQA' },
    hasCurrentRestrictionOrRegulatoryDecision: held.restrictions.length > 0,
    updatedDate: held.updatedAt,
  }),

  /** `/organisation/{code}`. */
  organisation: (held: TrainingOrganisation) => ({
    code: held.code,
    isRto: true,
    status: held.status.toLowerCase(),
    statusLabel: held.status,
    rtoStatus: held.status.toLowerCase(),
    rtoStatusLabel: held.status,
    legalNames: [
      {
        name: `${held.legalName.replace(' Pty Ltd', '')} Partnership`,
        startDate: '2010-07-01',
        endDate: '2015-06-30',
      },
      { name: held.legalName, startDate: '2015-07-01', endDate: null },
    ],
    tradingNames: [{ name: `${held.legalName} Training`, startDate: '2015-07-01', endDate: null }],
    registrationExpiryDate: '2030-06-30',
  }),
} as const;
