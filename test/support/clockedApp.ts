import { accessHandlers } from '../../functions/access/index.ts';
import { auditHandlers } from '../../functions/audit/index.ts';
import { observatoryHandlers } from '../../functions/observatory/index.ts';
import type { Services } from '../../functions/platform/services.ts';
import { workflowHandlers, type Workflows } from '../../functions/workflows/index.ts';
import { askedShares, type TestArchive } from './archiveServices.ts';
import { type HostedApp, startHostedApp } from './hosted-app.ts';
import { type TestServices, testServices } from './services.ts';

/** The control plane behind its real edge, with a clock and a queue that the test holds. */
export interface ClockedApp extends HostedApp {
  /** The same for what agents do. */
  readonly archive: TestArchive;
  /** While it is, no message can be sent. */
  readonly queue: { isAway: boolean };
  advance(ms: number): void;
}

export async function startClockedApp(workflows: Workflows): Promise<ClockedApp> {
  const shares = askedShares();
  const queue = { isAway: false };
  const made: TestServices[] = [];
  const app = await startHostedApp({
    handlers: [
      ...accessHandlers,
      ...observatoryHandlers,
      ...workflowHandlers(workflows),
      ...auditHandlers({ timers: () => [] }),
    ],
    services: (services) => {
      const held = testServices({ database: services.database, shares });
      made.push(held);
      const { tables, now, newId } = held;
      return { ...services, shares, tables, now, newId, slices: sendingUnlessAway(held, queue) };
    },
  });
  const [held] = made as [TestServices];
  const { id: organizationId } = await app.database.db
    .selectFrom('organizations')
    .select('id')
    .executeTakeFirstOrThrow();
  const { database } = app;
  const services = { ...held, ...app.services };
  const archive = { database, services, shares, organizationId, close: () => Promise.resolve() };
  return { ...app, archive, queue, advance: held.advance };
}

function sendingUnlessAway({ slices }: Services, queue: { readonly isAway: boolean }): Services['slices'] {
  return {
    ...slices,
    send: (message) => (queue.isAway ? Promise.reject(new Error('ECONNREFUSED')) : slices.send(message)),
    ping: () => (queue.isAway ? Promise.reject(new Error('ECONNREFUSED')) : slices.ping()),
  };
}
