import { relativePathFault } from '../../shared/domain/relativePath.ts';
import { compareWithServer } from '../server/compare.ts';
import { isServerAway, serverFaultText } from '../server/serverFault.ts';
import type { Cycle, CycleDependencies } from './cycleParts.ts';
import { neededByIndex, neededByServer, type NeedRule } from './needed.ts';
import type { Survey } from './survey.ts';

/** Who decides in this cycle what must go to the share: the server, or, while it is away, the agent. */
export async function needRule(
  { job, run, survey }: Cycle,
  { client, journal, log }: CycleDependencies,
): Promise<NeedRule> {
  const alone = () =>
    neededByIndex([...journal.contents.results.values()].filter(({ jobId }) => jobId === job.jobId));
  if (run === undefined) return alone();
  try {
    // The server refuses a folder that no path may name, and with it all others: nothing of it can be archived anyway.
    const digests = [...survey.digests]
      .filter(([folder]) => folder === '' || relativePathFault(folder) === undefined)
      .map(([folder, digest]) => ({ folder, digest }));
    const { needed } = await compareWithServer(client, run, digests, (folder) => manifestOf(survey, folder));
    return neededByServer(needed);
  } catch (error) {
    if (!isServerAway(error)) throw error;
    log.warn({ jobId: job.jobId }, `The agent compares by itself: ${serverFaultText(error)}`);
    return alone();
  }
}

function manifestOf(survey: Survey, folder: string) {
  const manifest = survey.manifest(folder);
  if (manifest === undefined) return undefined;
  const files = manifest.files.map(({ path, sizeBytes, mtimeMs }) => ({ path, sizeBytes, mtimeMs }));
  return { digest: manifest.digest, files };
}
