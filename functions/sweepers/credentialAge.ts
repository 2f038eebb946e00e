import { createHmac } from 'node:crypto';
import { type Finding, reconcileFindings } from '../alerts/index.ts';
import { firstOrganizationId } from '../platform/organizations.ts';
import type { Services } from '../platform/services.ts';
import { perServices } from '../platform/perServices.ts';
import type { Settings } from '../platform/settings.ts';
import { filesAccessOf } from '../platform/storage/filesConnection.ts';
import type { TickReport, TimerHandler } from '../platform/timers/timer.ts';
import { type CredentialAge, readCredentialAges, storeCredentialAges } from './stores/credentialAges.ts';

const SOURCE = 'sweep-credential-age';
const DAY_MS = 24 * 3_600_000;
const AUTH = 'AUTH_SECRET';

/**
 * Finds secrets that have been the same for over `CREDENTIAL_MAX_AGE_DAYS` (SPEC D7), counted from when this platform first
 * saw them. Of a secret only a hash keyed with `AUTH_SECRET` is kept. When that one changes, the hashes of all others change with
 * it and their ages stand.
 */
export const credentialAgeTimer: TimerHandler = {
  name: SOURCE,
  schedule: '0 20 * * * *',
  plausibleIdleHours: 3,
  work: sweepCredentialAges,
};

export async function sweepCredentialAges(services: Services): Promise<TickReport> {
  const { db } = services.database;
  const now = services.now();
  const secrets = secretsOf(services.settings, await filesConnection(services)());
  const known = new Map((await readCredentialAges(db)).map((age) => [age.name, age]));
  const ages = agesOf(secrets, known, services.settings.AUTH_SECRET, now);
  await storeCredentialAges(db, ages);
  const owner = await firstOrganizationId(db);
  if (owner !== undefined) {
    const limitDays = services.settings.CREDENTIAL_MAX_AGE_DAYS;
    const findings = ages.flatMap((age) => findingOf(owner, age, limitDays, now));
    await reconcileFindings(services, { source: SOURCE, findings, at: now });
  }
  const changed = ages.filter((age) => known.get(age.name)?.fingerprint !== age.fingerprint).length;
  return { examined: ages.length, changed };
}

/** In a key vault it is not among the settings. */
const filesConnection = perServices(({ settings, log }: Services): (() => Promise<string>) => {
  const access = filesAccessOf(settings, log);
  if (!('connection' in access)) return () => Promise.resolve(access.connectionString);
  return async () => (await access.connection.read()).text;
});

/** What rotates, by the names that the runbook gives them; of addresses only the secret in them. */
function secretsOf(settings: Settings, filesConnectionString: string): Map<string, string> {
  const keyOf = (connection = ''): string | undefined => /AccountKey=([^;]+)/i.exec(connection)?.[1];
  const all: readonly (readonly [string, string | undefined])[] = [
    [AUTH, settings.AUTH_SECRET],
    ['CI secret', settings.DATASYNC_CI_UPLOAD_SECRET],
    ['workflow key', settings.WORKFLOW_API_KEY],
    ['key of the files account', keyOf(filesConnectionString)],
    ['key of the host’s account', keyOf(settings.AzureWebJobsStorage)],
    ['password of the database', passwordOf(settings.DATABASE_URL)],
  ];
  return new Map(all.flatMap(([name, secret]) => (secret === undefined ? [] : [[name, secret] as const])));
}

function passwordOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { password } = new URL(url);
  return password === '' ? undefined : password;
}

function agesOf(
  secrets: ReadonlyMap<string, string>,
  known: ReadonlyMap<string, CredentialAge>,
  key: string,
  now: Date,
): CredentialAge[] {
  const hashOf = (name: string, secret: string): string =>
    createHmac('sha256', key).update(`credential age of ${name}\n${secret}`).digest('hex');
  const authBefore = known.get(AUTH)?.fingerprint;
  const isRekeyed = authBefore !== undefined && authBefore !== hashOf(AUTH, secrets.get(AUTH) ?? '');
  return [...secrets].map(([name, secret]) => {
    const before = known.get(name);
    const fingerprint = hashOf(name, secret);
    const isSame = before?.fingerprint === fingerprint || (isRekeyed && name !== AUTH);
    return { name, fingerprint, since: isSame ? (before?.since ?? now) : now, lastSeenAt: now };
  });
}

function findingOf(
  organizationId: string,
  { name, since }: CredentialAge,
  limitDays: number,
  now: Date,
): Finding[] {
  const days = Math.floor((now.getTime() - since.getTime()) / DAY_MS);
  if (days <= limitDays) return [];
  return [
    {
      organizationId,
      fingerprint: `credential-age:${name}`,
      severity: 'warning',
      class: 'operational',
      title: `The ${name} has not been changed for ${String(days)} days`,
      detail: `Secrets are to be changed at least every ${String(limitDays)} days; rotation loses no agent its access.`,
      runbook: 'credential-rotation',
      facts: { days },
    },
  ];
}
