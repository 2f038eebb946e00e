import { ageText, countText } from './age.ts';
import type { SourceFacts } from './purgeForecast.ts';
import { stillStanding } from './stillStanding.ts';

/** What is known of a job's copies, the one on its source among them; what is not known is null. */
export interface CopyFacts extends SourceFacts {
  /** Files of the state index, and those of them that were archived after the newest snapshot. */
  readonly archivedFiles: number;
  readonly archivedBytes: number;
  readonly sinceSnapshotFiles: number;
  readonly sinceSnapshotBytes: number;
  readonly snapshotAt: Date | null;
  /** False where Azure could not be asked. */
  readonly snapshotsKnown: boolean;
  /** Of the last quarter of an hour: what a second region may not have yet. */
  readonly lateFiles: number;
  readonly lateBytes: number;
  readonly redundancy: 'LRS' | 'ZRS' | 'GRS' | 'GZRS';
}

export interface RecoveryPoint {
  readonly loss: 'share' | 'region' | 'instrument';
  /** At most so many would be gone; null: not known, or fewer than can be counted. Never zero. */
  readonly files: number | null;
  readonly bytes: number | null;
  readonly sentence: string;
}

/**
 * What would be lost now if the share, the region or the instrument PC died (SPEC S16). Files that still stand on the source
 * are archived again; what nobody has counted yet is said, so that no answer is a claimed zero.
 */
export function recoveryPoints(facts: CopyFacts, now: Date): RecoveryPoint[] {
  return [shareLoss(facts, now), regionLoss(facts, now), instrumentLoss(facts, now)];
}

const UNCOUNTED = 'What was written in the last minutes is not counted.';

function shareLoss(facts: CopyFacts, now: Date): RecoveryPoint {
  if (!facts.snapshotsKnown)
    return unknown('share', 'Whether there is a snapshot to restore from could not be asked.');
  const { snapshotAt } = facts;
  const exposed =
    snapshotAt === null
      ? { files: facts.archivedFiles, bytes: facts.archivedBytes }
      : { files: facts.sinceSnapshotFiles, bytes: facts.sinceSnapshotBytes };
  const from =
    snapshotAt === null
      ? 'There is no snapshot to restore from'
      : `The newest snapshot is ${ageText(now.getTime() - snapshotAt.getTime())} old`;
  return lossOf('share', exposed, { facts, from }, now);
}

function regionLoss(facts: CopyFacts, now: Date): RecoveryPoint {
  const isElsewhere = facts.redundancy === 'GRS' || facts.redundancy === 'GZRS';
  const exposed = isElsewhere
    ? { files: facts.lateFiles, bytes: facts.lateBytes }
    : { files: facts.archivedFiles, bytes: facts.archivedBytes };
  const from = isElsewhere
    ? `${facts.redundancy} copies to a second region, about 15 minutes later`
    : `${facts.redundancy} keeps files and snapshots in one region only`;
  return lossOf('region', exposed, { facts, from }, now);
}

/** What was archived stands on the source for a while yet: its newest files come back from there. */
function lossOf(
  loss: 'share' | 'region',
  exposed: { readonly files: number; readonly bytes: number },
  { facts, from }: { readonly facts: CopyFacts; readonly from: string },
  now: Date,
): RecoveryPoint {
  const files = Math.max(0, exposed.files - stillStanding(facts, now));
  const { measuredAt } = facts;
  const measured =
    measuredAt === null ? 'never measured' : `measured ${ageText(now.getTime() - measuredAt.getTime())} ago`;
  const instrument = `on the instrument (${measured})`;
  if (files === 0) {
    const back =
      exposed.files === 0
        ? 'nothing that is known of would be gone'
        : `all that is known of still stands ${instrument} and would be archived again`;
    return { loss, files: null, bytes: null, sentence: `${from}; ${back}. ${UNCOUNTED}` };
  }
  const bytes = Math.ceil((exposed.bytes / exposed.files) * files);
  const what = `${countText(files, 'file')} that may no longer stand ${instrument}`;
  return { loss, files, bytes, sentence: `${from}; up to ${what} would be gone. ${UNCOUNTED}` };
}

function instrumentLoss(facts: CopyFacts, now: Date): RecoveryPoint {
  const { backlogCount, measuredAt } = facts;
  if (backlogCount === null || measuredAt === null)
    return unknown('instrument', 'The agent has not measured the source yet.');
  const age = ageText(now.getTime() - measuredAt.getTime());
  const since = `What was written since it was measured ${age} ago is not counted.`;
  if (backlogCount === 0)
    return {
      loss: 'instrument',
      files: null,
      bytes: null,
      sentence: `Nothing waited to be archived. ${since}`,
    };
  const wait = `${countText(backlogCount, 'file')} not archived yet would be gone.`;
  return { loss: 'instrument', files: backlogCount, bytes: facts.backlogBytes, sentence: `${wait} ${since}` };
}

function unknown(loss: RecoveryPoint['loss'], sentence: string): RecoveryPoint {
  return { loss, files: null, bytes: null, sentence };
}
