import { randomUUID } from 'node:crypto';
import { storeEntities } from '../../../functions/observatory/registers/storeEntities.ts';
import { openDatabase } from '../../../functions/platform/database/index.ts';

/** One full walk over a register of `entities` entities, of which every `changedEvery`-th has a new status (0: none); pages of 1,000. */
const [url = '', entities = '', changedEvery = '', runId = ''] = process.argv.slice(2);
const PAGE = 1000;

const database = await openDatabase({ url, poolMax: 2 });
const scope = {
  organizationId: 'bench',
  register: 'bench',
  entityType: 'course',
  runId,
  recordChanges: true,
};

function seen(index: number) {
  const number = String(index).padStart(6, '0');
  const isChanged = Number(changedEvery) > 0 && index % Number(changedEvery) === 0;
  return {
    code: `BSB${number}`,
    title: `Certificate IV in the subject of number ${number}`,
    status: isChanged ? `Superseded in ${runId}` : 'Current',
    supersededBy: null,
    attributes: {
      release: '1',
      level: 'Certificate IV',
      package: { code: 'BSB', title: 'Business Services' },
      provider: `0${String(index % 1500)}A`,
      weeks: index % 104,
      fee: index % 50_000,
    },
  };
}

const startedAt = performance.now();
for (let from = 0; from < Number(entities); from += PAGE) {
  const rows = Array.from({ length: Math.min(PAGE, Number(entities) - from) }, (_, index) =>
    seen(from + index),
  );
  await database.transaction((tx) => storeEntities(tx, scope, rows, { at: new Date(), newId: randomUUID }));
}
const wallMs = performance.now() - startedAt;
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
process.stdout.write(
  JSON.stringify({ wallMs, peakMiB: maxRSS / 1024, cpuMs: (userCPUTime + systemCPUTime) / 1000 }),
);
await database.close();
