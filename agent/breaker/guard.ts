import type { Client } from '../../shared/client/index.ts';
import { type JobConfiguration, jobGuard } from '../../shared/contract/agents.ts';
import type { AgentLog } from '../logging/log.ts';
import { endIfTold, isServerAway, serverFaultText } from '../server/serverFault.ts';
import type { GuardStore } from './guardState.ts';
import { judgeSource, type SourceNow, type Trip } from './judge.ts';

/**
 * Stands between a scan and everything that would be concluded from it (SPEC F16). Once tripped, the job stays paused
 * until an operator resumes it, which means that the source is right as it is, or until the source is again what it was.
 */
export interface Guard {
  /**
   * What the server knows of the pause. An operator has resumed the job since: from now on the source counts as it is. Or
   * a restored database has lost the pause: it is to be told again.
   */
  hear(job: Pick<JobConfiguration, 'pausedReason' | 'configVersion'>): void;
  readonly isTripped: boolean;
  /** Why the job paused itself, as long as the server has not heard of it. */
  readonly untold: string | undefined;
  /** Says what speaks against going on, held against the files known before; a trip is on disk when it returns. */
  judge(knownFiles: number, now: SourceNow): Trip | undefined;
  /** A cycle has written down what it found: later looks are held against that. */
  settled(now: SourceNow): void;
  /** Tells the server of the pause, until it has heard. */
  report(): Promise<void>;
  /** The source is what it was: the pause ends, and the server is told. False while the server has to be waited for. */
  release(): Promise<boolean>;
}

export function guardOf(parts: {
  readonly store: GuardStore;
  readonly client: Client;
  readonly jobId: string;
  readonly log: AgentLog;
}): Guard {
  const { store, client, jobId, log } = parts;
  const tell = async (verdict: 'tripped' | 'well', reason: string) => {
    try {
      return await client.call(jobGuard, { body: { jobId, verdict, reason: reason.slice(0, 1000) } });
    } catch (error) {
      endIfTold(error);
      if (!isServerAway(error)) throw error;
      log.warn({ jobId }, `The guard cannot tell the server: ${serverFaultText(error)}`);
      return undefined;
    }
  };
  return {
    get isTripped() {
      return store.current.tripped !== undefined;
    },
    get untold() {
      const { tripped } = store.current;
      return tripped?.pausedVersion === null ? tripped.reason : undefined;
    },
    hear: ({ pausedReason, configVersion }) => {
      const { tripped, acceptedShare } = store.current;
      if (typeof tripped?.pausedVersion !== 'number') return;
      if (pausedReason !== null) {
        if (configVersion >= tripped.pausedVersion) store.change({ tripped: { ...tripped, heard: true } });
      } else if (configVersion > tripped.pausedVersion) {
        log.warn(
          { jobId, kind: tripped.kind },
          'An operator resumed the job: its source counts as it is now',
        );
        store.change({
          tripped: undefined,
          accepting: true,
          acceptedShare: Math.max(acceptedShare, tripped.rewrittenShare),
        });
      } else if (tripped.heard) {
        log.warn({ jobId }, 'The server has lost the pause, as after a restore of its database');
        store.change({ tripped: { ...tripped, pausedVersion: null, heard: false } });
      }
    },
    judge: (knownFiles, now) => {
      const { accepting, acceptedShare, tripped, root } = store.current;
      if (accepting) return undefined;
      // With other globs than it tripped under, nothing is known of which files had which content: a person decides.
      if (tripped?.kind === 'rewritten' && knownFiles === 0) return tripped;
      const files = Math.max(knownFiles, tripped?.files ?? 0);
      const trip = judgeSource({ files, root }, now, acceptedShare);
      if (trip === undefined || tripped !== undefined) return trip;
      log.error({ jobId, kind: trip.kind }, `The job pauses itself: ${trip.reason}`);
      store.change({ tripped: { ...trip, files: knownFiles, pausedVersion: null, heard: false } });
      return trip;
    },
    settled: (now) => {
      if (!('missing' in now)) store.change({ root: now.root, accepting: false });
    },
    report: async () => {
      const { tripped } = store.current;
      if (tripped?.pausedVersion !== null) return;
      const answer = await tell('tripped', tripped.reason);
      if (answer !== undefined)
        store.change({ tripped: { ...tripped, pausedVersion: answer.configVersion } });
    },
    release: async () => {
      const { tripped } = store.current;
      // Also when the pause seems untold: its answer may have been lost.
      const answer = await tell('well', 'the source looks again as it did before');
      if (answer === undefined && tripped?.pausedVersion !== null) return false;
      log.info({ jobId }, 'The source looks again as it did before: the pause ends');
      store.change({ tripped: undefined });
      return (answer?.pausedReason ?? null) === null;
    },
  };
}
