import type { Client } from '../../shared/client/index.ts';
import { agentUnseal } from '../../shared/contract/seals.ts';
import { foldPath } from '../../shared/domain/paths.ts';
import type { UnsealDemand } from '../journal/contents.ts';
import type { Journal } from '../journal/journal.ts';
import type { AgentLog } from '../logging/log.ts';
import { endIfTold, isServerAway, serverFaultText } from '../server/serverFault.ts';
import type { Candidate } from '../sync/archiveFile.ts';

/** The endpoint takes so many folders at once. */
const FOLDERS_A_REQUEST = 1000;
/** A folder's reason names so many files. */
const NAMED_FILES = 3;
const MAX_REASON_LENGTH = 400;

/** The sealed folders that something was written into: those with files to archive. */
export function writtenFolders(
  candidates: readonly Candidate[],
  isSealed: (folder: string) => boolean,
): Map<string, string> {
  const files = new Map<string, string[]>();
  for (const { file } of candidates) {
    if (!isSealed(file.folder)) continue;
    files.set(file.folder, [...(files.get(file.folder) ?? []), file.name]);
  }
  return new Map([...files].map(([folder, names]) => [folder, reasonOf(names)]));
}

function reasonOf(names: readonly string[]): string {
  const more = names.length > NAMED_FILES ? ', …' : '';
  const named = names.slice(0, NAMED_FILES).join(', ') + more;
  return `${String(names.length)} new or changed: ${named}`.slice(0, MAX_REASON_LENGTH).toWellFormed();
}

/**
 * Demands that folders be unsealed: written to disk first, then asked for until the server has answered. Meanwhile, and
 * with the server away, the agent treats them as unsealed by itself.
 */
export interface Unsealing {
  /** Whether a demand for the folder waits for the server. */
  isWanted(folder: string): boolean;
  want(folders: ReadonlyMap<string, string>): Promise<void>;
  /** Asks for all that is wanted; harmless when nothing is. Throws `AgentEnd` when the server ends this agent's rights. */
  ask(): Promise<void>;
}

export function unsealingOf(parts: {
  readonly client: Client;
  readonly journal: Journal;
  readonly jobId: string;
  readonly log: AgentLog;
}): Unsealing {
  const { client, journal, jobId, log } = parts;
  const wanted = (): UnsealDemand[] =>
    [...journal.contents.unseals.values()].filter((demand) => demand.jobId === jobId);
  const askFor = async (demands: readonly UnsealDemand[]) => {
    try {
      const folders = demands.map(({ folder, reason }) => ({ folder, reason }));
      const { unsealed } = await client.call(agentUnseal, { body: { jobId, folders } });
      log.info(
        { jobId, asked: demands.length, unsealed },
        'Sealed folders that were written to are unsealed',
      );
    } catch (error) {
      endIfTold(error);
      if (isServerAway(error)) {
        log.warn({ jobId }, `Unsealing waits: ${serverFaultText(error)}`);
        return;
      }
      // Asking again would be refused again; what is archived there unseals the folder on the server by itself.
      log.error({ jobId, folders: demands.length }, `Unsealing was refused: ${serverFaultText(error)}`);
    }
    await journal.append([{ kind: 'unsealed', jobId, folders: demands.map(({ folder }) => folder) }]);
  };
  return {
    isWanted: (folder) => wanted().some((demand) => foldPath(demand.folder) === foldPath(folder)),
    want: async (folders) => {
      const entries = [...folders].map(
        ([folder, reason]) => ({ kind: 'unseal', jobId, folder, reason }) as const,
      );
      if (entries.length > 0) await journal.append(entries);
    },
    ask: async () => {
      const demands = wanted();
      for (let start = 0; start < demands.length; start += FOLDERS_A_REQUEST)
        await askFor(demands.slice(start, start + FOLDERS_A_REQUEST));
    },
  };
}
