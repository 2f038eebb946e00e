import { CsvFault, csvRecords } from '../../../shared/domain/csv.ts';
import {
  checkFeed,
  closeWalks,
  registerCycle,
  type SeenEntity,
  storeEntities,
  tellCycleEnd,
  volumeBaselines,
  type WalkPayload,
  walkPayload,
  writeSnapshot,
} from '../../observatory/index.ts';
import { createApiClient } from '../../platform/outbound/apiClient.ts';
import { ApiError } from '../../platform/outbound/apiError.ts';
import { perServices } from '../../platform/perServices.ts';
import type { Services } from '../../platform/services.ts';
import type { Activity, Workflow } from '../../workflows/index.ts';

const REGISTER = 'tenders';
const TARGET = { name: 'tenders', entityTypes: ['tenders'] } as const;
const COLUMNS = ['Tender ID', 'Agency', 'Title', 'Status', 'Close Date', 'Value (AUD)'] as const;
/** Some hundred thousand tenders. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
const FETCH_LIMIT_MS = 4 * 60_000;

/** Takes in the export of tenders and tells what changed. The file is stored as a whole, or not at all. */
const workflow: Workflow<WalkPayload> = {
  name: 'ops_tender_sync',
  summary: 'Takes in the export of tenders, and tells which opened, closed, changed or disappeared.',
  payload: walkPayload,
  exclusive: REGISTER,
  schedule: '0 0 5 * * *',
  expectedMinutes: 30,
  needs: ['TENDERS_URL'],
  volume: 'full',
  onEnd: tellCycleEnd,
  run: async (context, { acceptFall }) => {
    const cycle = registerCycle(context, REGISTER, { acceptFall });
    await context.seed(['ingest_tenders', 'close_walks', 'write_snapshot']);
    const { recordChanges } = await volumeBaselines(cycle, [TARGET]);
    const { organizationId, runId } = context.run;
    const scope = { organizationId, runId, register: REGISTER, entityType: 'tenders', recordChanges };
    const { recordsIn: read } = await context.pages<SeenEntity, 'file'>(
      'ingest_tenders',
      {
        first: 'file',
        fetch: async (_, activity) => {
          const rows = await fetchTenders(context.services, activity);
          await checkFeed(cycle, TARGET, rows.length);
          return { rows, next: null };
        },
        apply: (rows, tx, write) => storeEntities(tx, scope, rows, write),
      },
      { phase: true },
    );
    const { recordsOut: gone } = await closeWalks(cycle, [TARGET]);
    await writeSnapshot(cycle, [TARGET]);
    return { read, gone };
  },
};
export const syncTenders: Workflow = workflow;

const source = perServices(({ settings, now }) =>
  createApiClient({
    baseUrl: settings.TENDERS_URL ?? '',
    headers: () => ({ accept: 'text/csv' }),
    timeoutMs: FETCH_LIMIT_MS,
    maxBodyBytes: MAX_FILE_BYTES,
    allowPrivateAddresses: settings.API_ALLOW_PRIVATE_ADDRESSES,
    now,
  }),
);

/** A file that cannot be read is a failure of the other side, and may be mended by the next look. */
async function fetchTenders(services: Services, { signal, idempotencyKey }: Activity): Promise<SeenEntity[]> {
  const { body } = await source(services).text('', { signal, idempotencyKey });
  try {
    return csvRecords(body, COLUMNS).map(tenderOf);
  } catch (error) {
    if (!(error instanceof CsvFault)) throw error;
    throw new ApiError('InternalServerError', `The export of tenders could not be read. ${error.message}`, {
      api: { status: 200, body: body.slice(0, 2000) },
      cause: error,
    });
  }
}

function tenderOf(row: Record<(typeof COLUMNS)[number], string>): SeenEntity {
  const { 'Tender ID': code, Title: title, Status: status } = row;
  return {
    code: code.trim(),
    title,
    status,
    attributes: { agency: row.Agency, closesOn: row['Close Date'], valueAud: row['Value (AUD)'] },
  };
}
