import { z } from 'zod';

const keyName = z.enum(['key1', 'key2']);
export type KeyName = z.infer<typeof keyName>;

/** How far a rotation has come; kept in a file after each step. Holds no key. */
export const rotationState = z.object({
  mode: z.enum(['planned', 'emergency']),
  startedAt: z.iso.datetime(),
  ownerTold: z.string().min(1),
  /** The key that SAS were signed with when it began: the one that goes. */
  oldKey: keyName,
  /** When the vault had the other. */
  switchedAt: z.iso.datetime().optional(),
  next: z.enum(['renew-idle-key', 'switch', 'wait-for-agents', 'renew-old-key', 'verify', 'done']),
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
  /** The connection string that hosts read their key from. */
  readonly vault: { read(): Promise<string>; write(connectionString: string): Promise<void> };
  readonly runners: () => Promise<readonly RunnerFacts[]>;
  readonly sasHours: number;
  readonly save: (state: RotationState) => void;
  readonly say: (line: string) => void;
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/** Hosts keep the vault's answer for five minutes (functions/platform/keyVaultSecret.ts): until then they may sign with the old key. */
const HOSTS_MS = 6 * 60_000;
const POLL_MS = 30_000;
/** All agents must be well so long after the old key is gone. */
export const VERIFY_MS = 10 * 60_000;

/** A new rotation, the old key found by what the vault holds. Changes nothing. */
export async function begin(
  { keys, vault, now }: RotationParts,
  mode: RotationState['mode'],
  ownerTold: string,
): Promise<RotationState> {
  const [both, connection] = [await keys.list(), await vault.read()];
  const used = keyName.options.find((name) => connection.includes(`AccountKey=${both[name]}`));
  if (used === undefined)
    throw new Error(
      'the vault holds neither key of the account; wanted: a connection string with one of them',
    );
  return { mode, startedAt: now().toISOString(), ownerTold, oldKey: used, next: 'renew-idle-key' };
}

/**
 * Goes on from wherever `state` stands, saying each step and saving it when it is done. Each may be repeated: a run that was cut
 * off is taken up by another. Planned, no agent loses access: the old key goes when no SAS rests on it any more. In an
 * emergency it goes at once, and with it every SAS; agents are given new ones with their next heartbeat.
 */
export async function rotate(parts: RotationParts, state: RotationState): Promise<RotationState> {
  let present = state;
  while (present.next !== 'done') {
    const { does, then } = steps[present.next];
    parts.say(`${present.next}: ${does(present)}`);
    present = { ...present, ...(await then(parts, present)) };
    parts.save(present);
  }
  parts.say(`Done: SAS are signed with ${idleKeyOf(state)}, and what ${state.oldKey} signed is refused.`);
  return present;
}

interface StepWork {
  readonly does: (state: RotationState) => string;
  readonly then: (parts: RotationParts, state: RotationState) => Promise<Partial<RotationState>>;
}

const steps: Readonly<Record<Step, StepWork>> = {
  'renew-idle-key': {
    does: (state) => `makes ${idleKeyOf(state)} anew, which signs nothing`,
    then: async ({ keys }, state) => {
      await keys.renew(idleKeyOf(state));
      return { next: 'switch' };
    },
  },
  switch: {
    does: (state) =>
      `hosts sign with ${idleKeyOf(state)} from now on, read from the vault within five minutes`,
    then: async ({ keys, vault, now }, state) => {
      const value = (await keys.list())[idleKeyOf(state)];
      await vault.write((await vault.read()).replace(/AccountKey=[^;]*/, () => `AccountKey=${value}`));
      const next = state.mode === 'planned' ? 'wait-for-agents' : 'renew-old-key';
      return { switchedAt: now().toISOString(), next };
    },
  },
  'wait-for-agents': {
    does: ({ oldKey }) =>
      `until no agent holds a SAS of ${oldKey}; hours, and may be cut off and taken up again`,
    then: async (parts, state) => {
      const since = new Date(state.switchedAt ?? state.startedAt).getTime() + HOSTS_MS;
      await until(parts, 'still hold an old SAS', (runner) => !holdsOld(runner, since, parts));
      return { next: 'renew-old-key' };
    },
  },
  'renew-old-key': {
    does: ({ oldKey }) => `makes ${oldKey} anew: whatever it signed is refused`,
    then: async ({ keys }, { oldKey }) => {
      await keys.renew(oldKey);
      return { next: 'verify' };
    },
  },
  verify: {
    does: () => 'every agent that is online must reach its share within ten minutes',
    then: async (parts) => {
      const giveUpAt = parts.now().getTime() + VERIFY_MS;
      await until(
        parts,
        'do not reach their share',
        ({ azureFilesStatus }) => azureFilesStatus === 'ok',
        giveUpAt,
      );
      return { next: 'done' };
    },
  },
};

function idleKeyOf({ oldKey }: RotationState): KeyName {
  return oldKey === 'key1' ? 'key2' : 'key1';
}

/** A SAS that was issued before all hosts knew the new key, and has not ended. Also of agents that are away: they come back with it. */
function holdsOld({ credentialExpiresAt }: RunnerFacts, since: number, parts: RotationParts): boolean {
  const endsAt = credentialExpiresAt?.getTime() ?? 0;
  return endsAt > parts.now().getTime() && endsAt - parts.sasHours * 3_600_000 < since;
}

/** Asks until all are as wanted; those that are away count only for what they hold. */
async function until(
  { runners, say, now, sleep }: RotationParts,
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
  }
}
