import { z } from 'zod';

const seconds = z.coerce.number().int().positive();
/** Requests of one host: where there are several, they share what the other side allows. */
const perSecond = z.coerce.number().positive().max(1000);
/** Names of fields in OData, `LatestRelease/Date`, with commas between. */
const odataFields = z
  .string()
  .regex(/^(?:[A-Za-z]+(?:\/[A-Za-z]+)*(?:,|$))*$/)
  .transform((text) => text.split(',').filter((name) => name !== ''));
/** Of a table in a CKAN DataStore: a UUID there, any name elsewhere. */
const resourceId = z.string().min(1).max(100);

/**
 * Every setting that the functions read, with its environment name, type and default; nothing else is read from the
 * environment. Secrets are marked in their names (`SECRET`, `KEY`, `CONNECTION`, `DATABASE_URL`) and never logged.
 */
const declaration = z.object({
  DATABASE_URL: z.string().min(1),
  DB_POOL_MAX: z.coerce.number().int().min(1).max(200).default(20),
  /** Milliseconds. */
  DB_STATEMENT_TIMEOUT: z.coerce.number().int().min(100).default(30_000),
  /** Storage account of the archive: agents' SAS are signed with its key. */
  FILES_CONNECTION_STRING: z.string().min(1),
  /** The address that agents reach the share under, when it differs from the connection string's. */
  FILES_PUBLIC_ENDPOINT: z.url().optional(),
  /** Storage account of the host: queues, tables, timer leases. */
  AzureWebJobsStorage: z.string().min(1),
  /** Signs nothing that leaves the server; peppers token hashes. At least 44 characters. */
  AUTH_SECRET: z.string().min(44),
  DATASYNC_CI_UPLOAD_SECRET: z.string().min(24),
  /** The second valid secret while it rotates. */
  DATASYNC_CI_UPLOAD_SECRET_PREVIOUS: z.string().min(24).optional(),
  WORKFLOW_API_KEY: z.string().min(24).optional(),
  DASHBOARD_DIR: z.string().optional(),
  /** Addresses that operators use; writes with another Origin are refused. Comma-separated. */
  PUBLIC_ORIGINS: z.string().default(''),
  NODE_ENV: z.string().default('production'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  SAS_HOURS: z.coerce.number().min(0.0001).max(24).default(24),
  /** A new SAS is issued when the present one has less than this left. */
  SAS_RENEW_BEFORE_HOURS: z.coerce.number().min(0).max(24).default(16),
  HEARTBEAT_SECONDS: seconds.default(60),
  SESSION_HOURS: z.coerce.number().positive().default(12),
  PENDING_AGENTS_MAX: z.coerce.number().int().default(100),
  PENDING_AGENT_HOURS: z.coerce.number().positive().default(24),
  /** A runner that is silent for longer is offline. */
  OFFLINE_MINUTES: z.coerce.number().positive().default(10),
  ORPHAN_MINUTES: z.coerce.number().positive().default(30),
  /** A step without a sign of life for longer is marked as timed out. */
  STEP_BUDGET_MINUTES: z.coerce.number().positive().default(5),
  /** How much the database may hold, where the server does not say it itself (PostgreSQL); 10^9 bytes. */
  DATABASE_QUOTA_GB: z.coerce.number().positive().default(250),
  /** How Azure keeps the files account: what is lost with the region depends on it. */
  FILES_REDUNDANCY: z.enum(['LRS', 'ZRS', 'GRS', 'GZRS']).default('LRS'),
  /** Daily snapshots kept of each share; 0 where a backup vault takes them. */
  SHARE_SNAPSHOTS_KEEP: z.coerce.number().int().min(0).max(190).default(7),
  CREDENTIAL_MAX_AGE_DAYS: z.coerce.number().positive().default(90),
  /** A slice stops itself after this long; well under the function's own limit. */
  SLICE_BUDGET_SECONDS: seconds.default(60),
  SLICE_LEASE_SECONDS: seconds.default(120),
  /** Agents' logs, and the history of their heartbeats. */
  LOG_RETENTION_DAYS: z.coerce.number().int().min(1).max(3650).default(90),
  /** Of one runner: more are cut, and counted. */
  LOG_LINES_PER_MINUTE: z.coerce.number().int().min(1).max(100_000).default(600),
  /** How long an agent waits before it sends its next lines. */
  LOG_SHIP_SECONDS: seconds.default(30),
  /** Where the runbook is published; notifications link to its sections. */
  RUNBOOK_URL: z.url().optional(),
  AUDIT_LOOK_BACK_HOURS: z.coerce.number().positive().default(24),
  /** Notification channels may reach addresses inside the network, and speak without TLS: local platform and tests. */
  NOTIFY_ALLOW_PRIVATE_ADDRESSES: z.stringbool().default(false),
  /** A register, or what is stored of it, that shrank by more is not believed: its cycle stops before it deletes anything. */
  REGISTER_FALL_PERCENT: z.coerce.number().min(0).max(100).default(20),
  /** Third parties' APIs may be inside the network, and speak without TLS: local platform, tests, an API in one's own network. */
  API_ALLOW_PRIVATE_ADDRESSES: z.stringbool().default(false),
  /** Below which `/people` and its like are: `https://api.planningcenteronline.com/people/v2`. */
  PEOPLE_API_URL: z.url().optional(),
  /** An OAuth token, or `application id:secret`. */
  PEOPLE_API_TOKEN: z.string().min(1).optional(),
  PEOPLE_REQUESTS_PER_SECOND: perSecond.default(4),
  /** Below which `/charges` is: `https://api.stripe.com/v1`. */
  DONATIONS_API_URL: z.url().optional(),
  DONATIONS_API_KEY: z.string().min(1).optional(),
  DONATIONS_REQUESTS_PER_SECOND: perSecond.default(20),
  /** Of one company: `https://quickbooks.api.intuit.com/v3/company/<id>`. */
  BOOKKEEPING_API_URL: z.url().optional(),
  BOOKKEEPING_API_TOKEN: z.string().min(1).optional(),
  BOOKKEEPING_REQUESTS_PER_SECOND: perSecond.default(5),
  /** The export of tenders, one CSV file. */
  TENDERS_URL: z.url().optional(),
  /** `https://training.gov.au/api`. */
  TGA_API_URL: z.url().optional(),
  TGA_REQUESTS_PER_SECOND: perSecond.default(5),
  /** What dates a change in its searches; empty: each walk takes everything. */
  TGA_TRAINING_CHANGE_FIELDS: odataFields.default(['LatestRelease/Date', 'UsageRecommendation/StartDate']),
  TGA_ORGS_CHANGE_FIELDS: odataFields.default(['UpdatedDate']),
  /** Training components whose details a cycle fetches anew, those that were fetched longest ago. */
  TGA_REFRESH_COUNT: z.coerce.number().int().min(1).max(100_000).default(500),
  /** Entities that a run of enrich_sync fetches the details of. */
  ENRICH_COUNT: z.coerce.number().int().min(1).max(100_000).default(2000),
  /** The CKAN API of the portal that publishes CRICOS, `https://data.gov.au/data/api/3/action`, and the ids of its tables there. */
  CRICOS_API_URL: z.url().optional(),
  CRICOS_INSTITUTIONS_RESOURCE: resourceId.optional(),
  CRICOS_COURSES_RESOURCE: resourceId.optional(),
  CRICOS_LOCATIONS_RESOURCE: resourceId.optional(),
  CRICOS_COURSE_LOCATIONS_RESOURCE: resourceId.optional(),
  /** The same of the National Register of TEQSA. */
  TEQSA_API_URL: z.url().optional(),
  TEQSA_PROVIDERS_RESOURCE: resourceId.optional(),
  TEQSA_COURSES_RESOURCE: resourceId.optional(),
  TEQSA_DECISIONS_RESOURCE: resourceId.optional(),
  /** When no host had an answer of the database for so long, people are told without it; and again when it is back for as long. */
  DATABASE_DOWN_SECONDS: seconds.default(120),
});

export type Settings = z.infer<typeof declaration>;

/** Stands in examples; whoever deploys it has no secret at all. */
const PLACEHOLDER_AUTH_SECRET = /change.?me|replace.?me|your.?secret|^(.{1,8})\1+$/i;

/**
 * Throws, without the value, when AUTH_SECRET is one that no production may run on: shorter than 44 characters, or a
 * placeholder. An absent one is `readSettings`' to refuse, when something needs it.
 */
export function refuseWeakAuthSecret(environment: Readonly<Record<string, string | undefined>>): void {
  const { AUTH_SECRET: secret, NODE_ENV: mode = 'production' } = environment;
  if (mode !== 'production' || secret === undefined) return;
  if (secret.length >= 44 && !PLACEHOLDER_AUTH_SECRET.test(secret)) return;
  throw new Error(
    'Starting in production was refused: AUTH_SECRET is a placeholder or shorter than 44 characters; wanted: 44 random characters',
  );
}

/** Reads the settings; throws one error that names every setting that is missing or wrong, never a value. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  refuseWeakAuthSecret(environment);
  const parsed = declaration.safeParse(environment);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`Settings are missing or wrong:\n  ${faults.join('\n  ')}`, { cause: parsed.error });
}
