import { randomUUID } from 'node:crypto';
import type { Database } from '../../functions/platform/database/index.ts';
import { createIdSource } from '../../functions/platform/ids.ts';
import { openLimits } from '../../functions/platform/limits/limits.ts';
import type { Logger } from '../../functions/platform/logging.ts';
import type { SliceMessage } from '../../functions/platform/queues/sliceQueue.ts';
import type { Services } from '../../functions/platform/services.ts';
import { readSettings, type Settings } from '../../functions/platform/settings.ts';
import type { Shares } from '../../functions/platform/storage/shares.ts';
import { type Tables, TablesError } from '../../functions/platform/tables/tables.ts';

export interface TestServices extends Services {
  /** Slice messages that were sent and not taken yet. */
  readonly sent: SliceMessage[];
  /** Log lines, for tests that ask what was said. */
  readonly lines: { readonly level: string; readonly message: string }[];
  /** Moves the clock. */
  advance(ms: number): void;
}

/** Services around a real database, with a clock that the test moves and a queue that only keeps what was sent. */
export function testServices(parts: {
  readonly database: Database;
  readonly shares?: Shares;
  readonly tables?: Tables;
  readonly settings?: Partial<Settings>;
  readonly startAt?: Date;
}): TestServices {
  let nowMs = (parts.startAt ?? new Date()).getTime();
  const sent: SliceMessage[] = [];
  const lines: { level: string; message: string }[] = [];
  const now = (): Date => new Date(nowMs);
  return {
    settings: { ...testSettings(), ...parts.settings },
    database: parts.database,
    shares: parts.shares ?? noShares,
    tables: parts.tables ?? absentTables,
    limits: openLimits({ redisUrl: undefined, log: keepingLogger(lines) }),
    slices: {
      send: async (message) => {
        sent.push(message);
        return Promise.resolve();
      },
      depth: async () => Promise.resolve(sent.length),
      ping: async () => undefined,
      poison: { depth: async () => 0, peek: async () => [], take: async () => [] },
    },
    log: keepingLogger(lines),
    now,
    newId: createIdSource(() => nowMs),
    instanceId: `test-${randomUUID()}`,
    version: '0.1.0',
    startedAt: now(),
    sent,
    lines,
    advance: (ms) => {
      nowMs += ms;
    },
  };
}

function testSettings(): Settings {
  return readSettings({
    DATABASE_URL: 'postgres://unused',
    FILES_CONNECTION_STRING: 'unused',
    AzureWebJobsStorage: 'unused',
    AUTH_SECRET: 'a'.repeat(44),
    DATASYNC_CI_UPLOAD_SECRET: 'c'.repeat(32),
    NODE_ENV: 'test',
    NOTIFY_ALLOW_PRIVATE_ADDRESSES: 'true',
    API_ALLOW_PRIVATE_ADDRESSES: 'true',
  });
}

function keepingLogger(lines: { level: string; message: string }[]): Logger {
  const at = (level: string) => (message: string) => {
    lines.push({ level, message });
  };
  const logger: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => logger,
  };
  return logger;
}

/** For work that must not touch the share: every call is a failure of the test. */
const noShares = new Proxy({} as Shares, {
  get: (_, name) => () => {
    throw new Error(`this test has no share, yet ${String(name)} was called`);
  },
});

/** The table storage is away: what nothing may depend on. */
const away = async (): Promise<never> => {
  throw new TablesError('unavailable', 'this test has no table storage');
};
const absentTables: Tables = { upsert: away, rows: away, names: away, drop: away };
