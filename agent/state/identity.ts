import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { credential, jobConfiguration } from '../../shared/contract/agents.ts';
import type { AgentLog } from '../logging/log.ts';
import { writeFileDurably } from './durableFile.ts';
import { openExistingSecretBox, type SecretBox } from './secretBox.ts';

const identitySchema = z.object({
  /** The agent's API key: made here, sent only as a hash and as the bearer of its own calls. */
  key: z.string().min(32),
  pairingCode: z.string(),
  /** Null until an operator approved the key. */
  runnerId: z.string().nullable(),
  credentials: z.array(credential),
  /** The jobs as the server last named them, so that the archive goes on while it is away. */
  jobs: z.array(jobConfiguration),
});
export type Identity = z.infer<typeof identitySchema>;

/** Who this agent is and what it holds. */
export interface IdentityStore {
  readonly current: Identity;
  /**
   * For what the server can say again. What is the same is not written; what the disk does not take now counts all the same, and
   * is written with the next change.
   */
  change(part: Partial<Omit<Identity, 'key' | 'pairingCode'>>): void;
  /** A new key and pairing code, nothing else kept: the next enrolment is a new one. Throws when the disk does not take it. */
  startAnew(): void;
}

/**
 * Opens `state.dat`. A damaged one is set aside and the agent starts anew, so that no crash loop follows. Throws when the
 * system does not let it read: that is no damage.
 */
export function openIdentity(dependencies: {
  stateFolder: string;
  box: SecretBox;
  log: AgentLog;
}): IdentityStore {
  const file = join(dependencies.stateFolder, 'state.dat');
  const known = read(file, dependencies);
  let current = known ?? newIdentity();
  let isSaved = true;
  const save = (next: Identity) => {
    writeFileDurably(file, dependencies.box.seal(JSON.stringify(next)));
    current = next;
    isSaved = true;
  };
  const saveOrHold = (next: Identity) => {
    try {
      save(next);
    } catch (error) {
      current = next;
      isSaved = false;
      dependencies.log.warn({ error: String(error) }, 'The state could not be written: it is held meanwhile');
    }
  };
  if (known === undefined) save(current);
  return {
    get current() {
      return current;
    },
    change: (part) => {
      const next = { ...current, ...part };
      // Each heartbeat names what has mostly not changed: writing it again would cost two syncs of the disk.
      if (!isSaved || JSON.stringify(next) !== JSON.stringify(current)) saveOrHold(next);
    },
    startAnew: () => save(newIdentity()),
  };
}

/**
 * Who the agent of a state folder is, for a process beside it: changes nothing. Throws when there is no state, or none
 * that can be read.
 */
export function readIdentity(stateFolder: string): Identity {
  const box = openExistingSecretBox(stateFolder);
  if (box === undefined)
    throw new Error(
      `reading the state in ${stateFolder}: no agent has worked there; wanted: its state folder`,
    );
  return identitySchema.parse(JSON.parse(box.open(readFileSync(join(stateFolder, 'state.dat')))));
}

function read(file: string, { box, log }: { box: SecretBox; log: AgentLog }): Identity | undefined {
  const sealed = readBytes(file);
  if (sealed === undefined) return undefined;
  try {
    return identitySchema.parse(JSON.parse(box.open(sealed)));
  } catch (error) {
    log.warn(
      { error: String(error) },
      'The state file cannot be read: it is set aside, and the agent enrols again',
    );
    renameSync(file, `${file}.unreadable`);
    return undefined;
  }
}

/** What the disk refuses now it may give later: with a new key in its place, nothing was archived until an approval. */
function readBytes(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`reading the state ${file}: ${why}; wanted: a file that the agent’s user may read`, {
      cause,
    });
  }
}

function newIdentity(): Identity {
  return {
    key: `dsa_${randomBytes(32).toString('base64url')}`,
    pairingCode: newPairingCode(),
    runnerId: null,
    credentials: [],
    jobs: [],
  };
}

/** Letters and digits that nobody mistakes for each other. */
const PAIRING_ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

function newPairingCode(): string {
  const letters = [...randomBytes(8)].map((byte) => PAIRING_ALPHABET.charAt(byte % PAIRING_ALPHABET.length));
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`;
}
