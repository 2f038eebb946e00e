import type { Credential } from '../../shared/contract/agents.ts';
import { mayRestOnOldKey } from '../../shared/domain/keyRotation.ts';
import { unlessFull } from '../platform/database/index.ts';
import type { Services } from '../platform/services.ts';
import { ShareError } from '../platform/storage/shares.ts';
import { refuseCutOff } from './instance.ts';
import type { JobRow } from './store/jobs.ts';
import { type RunnerRow, storeCredentialExpiry } from './store/runners.ts';

const HOUR_MS = 3_600_000;
/** A heartbeat is answered in time whatever the storage account does. */
const STORAGE_TIMEOUT_MS = 8_000;

/**
 * Whether the agent needs a new SAS: it holds none, the one it holds was refused, ends soon, or may have been signed with a key that was
 * exchanged since and will go. The last is why a rotation takes minutes and not as long as a SAS lives.
 */
export function isCredentialDue(services: Services, expiresAt: string | null): boolean {
  if (expiresAt === null) return true;
  const { SAS_HOURS, SAS_RENEW_BEFORE_HOURS } = services.settings;
  // A SAS that lives shorter than the renewal's lead would otherwise be renewed with every heartbeat.
  const leadMs = Math.min(SAS_RENEW_BEFORE_HOURS, (SAS_HOURS * 2) / 3) * HOUR_MS;
  const endsAtMs = Date.parse(expiresAt);
  if (endsAtMs - services.now().getTime() < leadMs) return true;
  const exchangedAt = services.shares.keyExchangedAt();
  return exchangedAt !== undefined && mayRestOnOldKey(endsAtMs, SAS_HOURS, exchangedAt.getTime());
}

/**
 * One SAS for each share of the runner and its jobs; undefined while the storage account does not answer, which is no
 * reason to refuse a heartbeat. The share is made first when the agent's credential is missing or was refused. Throws
 * `runner-superseded` or `not-allowed` when the agent lost its rights meanwhile.
 */
export async function issueCredentials(
  services: Services,
  runner: RunnerRow,
  jobs: readonly JobRow[],
  heldUntil: string | null,
): Promise<Credential[] | undefined> {
  const shares = new Set([runner.share_name, ...jobs.map((job) => job.share_name)]);
  try {
    const issued = Promise.all([...shares].map((share) => issueOne(services, share, heldUntil === null)));
    const credentials = await within(STORAGE_TIMEOUT_MS, issued);
    // Signed after a revocation it rests on the share's new policy, and nothing would end it.
    await refuseCutOff(services.database.db, runner);
    // Only shown: a credential is not kept back because this cannot be.
    await unlessFull(
      () => storeCredentialExpiry(services.database.db, runner.id, earliest(credentials)),
      () => undefined,
    );
    return credentials;
  } catch (error) {
    if (!(error instanceof ShareError)) throw error;
    services.log.warn('no credential could be issued; the next heartbeat tries again', {
      runnerId: runner.id,
      kind: error.kind,
      error,
    });
    return undefined;
  }
}

async function issueOne(services: Services, shareName: string, isNew: boolean): Promise<Credential> {
  if (isNew) await services.shares.ensureShare(shareName);
  return services.shares.issueCredential(shareName, services.now());
}

function earliest(credentials: readonly Credential[]): Date {
  return new Date(Math.min(...credentials.map((credential) => Date.parse(credential.expiresAt))));
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(
        new ShareError('unreachable', `The storage account did not answer within ${String(timeoutMs)} ms`),
      );
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
