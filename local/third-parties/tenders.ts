import { pad } from './numbers.ts';
import type { PartyAnswer, PartyError, PartyOptions, PartyRequest, ThirdParty } from './thirdParty.ts';

/** A line of the export. */
export interface Tender {
  readonly id: string;
  agency: string;
  title: string;
  status: string;
  closesOn: string;
  value: string;
}

export interface TendersParty extends ThirdParty {
  readonly tenders: Tender[];
}

const HEADER = ['Tender ID', 'Agency', 'Title', 'Status', 'Close Date', 'Value (AUD)'];

/**
 * An export of tenders as procurement portals publish them: one CSV file with a byte order mark, CRLF, quoted fields that
 * hold commas, quotes and line breaks, and an ETag.
 * https://data.gov.au/data/dataset/austender-contract-notice-export
 * https://www.rfc-editor.org/rfc/rfc4180
 */
export function openTenders({ size }: PartyOptions): TendersParty {
  const tenders = Array.from({ length: size }, (_, index) => tender(index + 1));
  return {
    tenders,
    settings: (url) => ({ TENDERS_URL: `${url}/export.csv` }),
    answer: (request) => answer(tenders, request),
    error,
    evolve: (turn) => {
      const closing = tenders[turn % Math.max(tenders.length, 1)];
      if (closing !== undefined) closing.status = 'Closed';
      tenders.push(tender(tenders.length + 1));
    },
  };
}

function answer(tenders: readonly Tender[], request: PartyRequest): PartyAnswer {
  if (request.path !== '/export.csv') return error({ status: 404, detail: 'Page not found' });
  const lines = request
    .rows(tenders)
    .map(({ id, agency, title, status, closesOn, value }) =>
      [id, agency, title, status, closesOn, value].map(csvField).join(','),
    );
  return {
    status: 200,
    headers: { 'content-type': 'text/csv; charset=utf-8' },
    body: `\uFEFF${[HEADER.map(csvField).join(','), ...lines, ''].join('\r\n')}`,
  };
}

/** Portals answer people: an error is a page. */
function error({ status, detail }: PartyError): PartyAnswer {
  return {
    status,
    headers: { 'content-type': 'text/html' },
    body: `<html><h1>${String(status)}</h1><p>${detail}</p></html>`,
  };
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function tender(number: number): Tender {
  const title = [
    'Cleaning, general',
    'Panel for "minor works"',
    'Laboratory equipment\r\n(two lots)',
    'Software',
  ];
  return {
    id: `TN-${pad(number, 5)}`,
    agency: `Agency ${String(1 + (number % 7))}`,
    title: title[number % title.length] ?? '',
    status: number % 4 === 0 ? 'Closed' : 'Open',
    closesOn: new Date(Date.UTC(2026, 0, 1 + (number % 300))).toISOString().slice(0, 10),
    value: String(10_000 + number * 137),
  };
}
