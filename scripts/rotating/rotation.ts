import { z } from 'zod';
import type { DeliveryView } from '../../shared/contract/alerts.ts';
import { rotationMode, type RotationMode } from '../../shared/contract/keyRotation.ts';
import { mayRestOnOldKey } from '../../shared/domain/keyRotation.ts';
import { tellOwner } from './notice.ts';

const keyName = z.enum(['key1', 'key2']);
export type KeyName = z.infer<typeof keyName>;

/** How far a rotation has come; kept after each step, where every machine finds it. Holds no key. */
export const rotationState = z.object({
  id: z.uuid(),
  mode: rotationMode,
  startedAt: z.iso.datetime(),
  /** Which channels took the notice to the owner, or why there was none. */
  ownerTold: z.string().optional(),
  /** The key that SAS were signed with when it began: the one that goes. */
  oldKey: keyName,
  /** When the vault had the other. */
  switchedAt: z.iso.datetime().optional(),
  next: z.enum([
    'tell-owner',
    'renew-idle-key',
    'switch',
    'wait-for-agents',
    'renew-old-key',
    'verify',
    'done',
  ]),
});
export type RotationState = z.infer<typeof rotationState>;
type Step = Exclude<RotationState['next'], 'done'>;

/** What a step reads of each agent, from /api/fleet. */
export interface RunnerFacts {
  readonly name: string;
  readonly isOnline: boolean;
  readonly azureFilesStatus: string | null;
  readonly credentialExpiresAt: Date | undefined;
}

export interface RotationParts {
  /** Values of the account's two keys, and one of them made anew. */
  readonly keys: {
    list(): Promise<Readonly<Record<KeyName, string>>>;
    renew(name: KeyName): Promise<void>;
  };
  /** The connection string that hosts read their key from, and since when it says so. */
  readonly vault: {
    read(): Promise<{ readonly connectionString: string; readonly since: Date }>;
    write(connectionString: string): Promise<void>;
  };
  readonly runners: () => Promise<readonly RunnerFacts[]>;
  /** Has the platform tell the owner, once however often it is asked, and says what became of it. */
  readonly sendNotice: (id: string, mode: RotationMode) => Promise<readonly DeliveryView[]>;
  /** Why the owner is not told by the platform; an operator answers for it. */
  readonly withoutNotice?: string | undefined;
  readonly sasHours: number;
  readonly save: (state: RotationState) => Promise<void>;
  /** Keeps every other process away from these keys; throws when one has them. Asked before each step, and while one waits. */
  readonly holdOn: () => Promise<void>;
  readonly say: (line: string) => void;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly sleep: (ms: number) => Promise<unknown>;
}

const POLL_MS = 30_000;
/** All agents must be well so long after the old key is gone. */
const VERIFY_MS = 10 * 60_000;

/** A new rotation, the old key found by what the vault holds. Changes nothing. */
export async function begin(parts: RotationParts, mode: RotationMode): Promise<RotationState> {
  const oldKey = await signingKey(parts);
  return { id: parts.newId(), mode, startedAt: parts.now().toISOString(), oldKey, next: 'tell-owner' };
}

/** An emergency does not wait for what a planned rotation waits for; the other way round an emergency stays one. */
export function resumed(state: RotationState, mode: RotationMode): RotationState {
  if (mode === 'planned' || state.next === 'done') return state;
  return { ...state, mode, ...(state.next === 'wait-for-agents' && { next: 'renew-old-key' }) };
}

/**
 * Goes on from wherever `state` stands, saying each step and saving it when it is done. Each may be repeated: a run that was cut
 * off is taken up by another, on whichever machine. Planned, no agent loses access: a key goes when no SAS rests on it any more. In an
 * emergency it goes at once, and with it every SAS; agents are given new ones with their next heartbeat.
 */
export async function rotate(parts: RotationParts, state: RotationState): Promise<RotationState> {
  let present = state;
  while (present.next !== 'done') {
    const { does, then } = steps[present.next];
    parts.say(`${present.next}: ${does(present)}`);
    await parts.holdOn();
    present = { ...present, ...(await then(parts, present)) };
    await parts.save(present);
  }
  parts.say(`Done: SAS are signed with ${idleKeyOf(state)}, and what ${state.oldKey} signed is refused.`);
  return present;
}

interface StepWork {
  readonly does: (state: RotationState) => string;
  readonly then: (parts: RotationParts, state: RotationState) => Promise<Partial<RotationState>>;
}

const steps: Readonly<Record<Step, StepWork>> = {
  'tell-owner': {
    does: () => 'the owner is told before a key is touched, through the channels of the platform',
    then: async (parts, { id, mode }) => ({
      ownerTold: await tellOwner(parts, id, mode),
      next: 'renew-idle-key',
    }),
  },
  'renew-idle-key': {
    does: (state) => `makes ${idleKeyOf(state)} anew, when no SAS is signed with it`,
    then: async (parts, state) => {
      const { since } = await parts.vault.read();
      // It may have been the old key of a rotation a moment ago.
      if (state.mode === 'planned') await untilNoneHolds(parts, since);
      await renew(parts, idleKeyOf(state));
      return { next: 'switch' };
    },
  },
  switch: {
    does: (state) =>
      `hosts sign with ${idleKeyOf(state)} from now on, read from the vault within five minutes`,
    then: async ({ keys, vault, now }, state) => {
      const value = (await keys.list())[idleKeyOf(state)];
      const { connectionString } = await vault.read();
      await vault.write(connectionString.replace(/AccountKey=[^;]*/, () => `AccountKey=${value}`));
      const next = state.mode === 'planned' ? 'wait-for-agents' : 'renew-old-key';
      return { switchedAt: now().toISOString(), next };
    },
  },
  'wait-for-agents': {
    does: ({ oldKey }) =>
      `until no agent holds a SAS of ${oldKey}: minutes, or hours where one is away; may be cut off and taken up again`,
    then: async (parts, state) => {
      await untilNoneHolds(parts, new Date(state.switchedAt ?? state.startedAt));
      return { next: 'renew-old-key' };
    },
  },
  'renew-old-key': {
    does: ({ oldKey }) => `makes ${oldKey} anew: whatever it signed is refused`,
    then: async (parts, { oldKey }) => {
      await renew(parts, oldKey);
      return { next: 'verify' };
    },
  },
  verify: {
    does: () => 'every agent that is online must hold a new SAS and reach its share within ten minutes',
    then: async (parts, state) => {
      const giveUpAt = parts.now().getTime() + VERIFY_MS;
      const switchedAt = new Date(state.switchedAt ?? state.startedAt);
      // What an agent reported before its SAS ended says nothing: one with a new SAS was heard of since.
      const isWell = (runner: RunnerFacts) =>
        runner.azureFilesStatus === 'ok' && !holdsOld(runner, switchedAt, parts);
      await until(parts, 'do not reach their share with a new SAS', isWell, giveUpAt);
      return { next: 'done' };
    },
  },
};

function idleKeyOf({ oldKey }: RotationState): KeyName {
  return oldKey === 'key1' ? 'key2' : 'key1';
}

async function signingKey({ keys, vault }: RotationParts): Promise<KeyName> {
  const [both, { connectionString }] = [await keys.list(), await vault.read()];
  const used = keyName.options.find((name) => connectionString.includes(`AccountKey=${both[name]}`));
  if (used !== undefined) return used;
  throw new Error('the vault holds neither key of the account; wanted: a connection string with one of them');
}

/** Never the key that hosts sign with, whoever wrote it into the vault meanwhile. */
async function renew(parts: RotationParts, name: KeyName): Promise<void> {
  if ((await signingKey(parts)) === name)
    throw new Error(
      `hosts sign with ${name}, which this rotation was about to make anew; wanted: nobody else changes the vault meanwhile`,
    );
  await parts.keys.renew(name);
}

async function untilNoneHolds(parts: RotationParts, switchedAt: Date): Promise<void> {
  await until(parts, 'still hold an old SAS', (runner) => !holdsOld(runner, switchedAt, parts));
}

/** A SAS that was issued before all hosts knew the new key, and has not ended. Also of agents that are away: they come back with it. */
function holdsOld(
  { credentialExpiresAt }: RunnerFacts,
  switchedAt: Date,
  { now, sasHours }: RotationParts,
): boolean {
  const endsAtMs = credentialExpiresAt?.getTime() ?? 0;
  return endsAtMs > now().getTime() && mayRestOnOldKey(endsAtMs, sasHours, switchedAt.getTime());
}

/** Asks until all are as wanted; those that are away count only for what they hold. */
async function until(
  { runners, say, now, sleep, holdOn }: RotationParts,
  what: string,
  isWell: (runner: RunnerFacts) => boolean,
  giveUpAt = Infinity,
): Promise<void> {
  for (let said = -1; ;) {
    const asked = await runners();
    const counted = giveUpAt === Infinity ? asked : asked.filter(({ isOnline }) => isOnline);
    const wanting = counted.filter((runner) => !isWell(runner)).map(({ name }) => name);
    if (wanting.length === 0) return;
    const line = `${String(wanting.length)} of ${String(counted.length)} agents ${what}: ${wanting.slice(0, 10).join(', ')}`;
    if (now().getTime() > giveUpAt) throw new Error(line);
    if (wanting.length !== said) say(`  ${line}`);
    said = wanting.length;
    await sleep(POLL_MS);
    await holdOn();
  }
}
