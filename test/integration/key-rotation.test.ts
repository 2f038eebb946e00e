import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ShareClient } from '@azure/storage-file-share';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepSecret } from '../../functions/platform/keyVaultSecret.ts';
import { openAzureShares } from '../../functions/platform/storage/azureShares.ts';
import type { Shares } from '../../functions/platform/storage/shares.ts';
import {
  type AzureFilesServer,
  DEVELOPMENT_ACCOUNT,
  startAzureFilesServer,
} from '../../local/azure-files/server.ts';
import { begin, rotate, type RotationParts, type RotationState } from '../../scripts/rotating/rotation.ts';
import type { Credential } from '../../shared/contract/agents.ts';

const HOUR = 3_600_000;
const SAS_HOURS = 24;
const SHARE = 'argo-1';

/** The real file server with its two keys, the real control plane's shares, and an agent that asks for access as agents do. */
let dataDir: string;
let server: AzureFilesServer;
let keys: { key1: string; key2: string };
let vault: string;
let shares: Shares;
let nowMs: number;
let credential: Credential | undefined;
let said: string[];
let saved: RotationState[];
/** Statuses that the agent reported with its heartbeats, one each half an hour. */
let statuses: string[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'key-rotation-'));
  server = await startAzureFilesServer({ dataDir, port: 0 });
  keys = { key1: DEVELOPMENT_ACCOUNT.key, key2: randomBytes(64).toString('base64') };
  useKeys();
  vault = `DefaultEndpointsProtocol=http;AccountName=${DEVELOPMENT_ACCOUNT.name};AccountKey=${keys.key1};FileEndpoint=${server.url}/${DEVELOPMENT_ACCOUNT.name};`;
  nowMs = Date.now();
  shares = openAzureShares({
    connection: keepSecret({
      tellFailure: () => undefined,
      fetchSecret: async () => vault,
      now: () => nowMs,
    }),
    sasHours: SAS_HOURS,
    newId: () => 'id',
  });
  await shares.ensureShare(SHARE);
  [credential, said, saved, statuses] = [undefined, [], [], []];
  await heartbeat();
});
afterEach(async () => {
  await server.close();
  await rm(dataDir, { recursive: true, force: true });
});

function useKeys(): void {
  server.rotateKey(DEVELOPMENT_ACCOUNT.name, keys.key1, keys.key2);
}

/** Looks at the share with what it has, reports how that went, and is given a new SAS when that is due or was refused. */
async function heartbeat(): Promise<void> {
  const status = credential === undefined ? 'ok' : await look(credential);
  statuses.push(status);
  const renewAt = credential === undefined ? 0 : new Date(credential.expiresAt).getTime() - 8 * HOUR;
  if (status === 'ok' && nowMs < renewAt) return;
  const issued = await shares.issueCredential(SHARE, new Date(nowMs)).catch(() => undefined);
  credential = issued ?? credential;
}

async function look({ shareUrl, sas }: Credential): Promise<string> {
  const share = new ShareClient(`${shareUrl}?${sas}`, undefined, { retryOptions: { maxTries: 1 } });
  return share.rootDirectoryClient
    .listFilesAndDirectories()
    .next()
    .then(
      () => 'ok',
      () => 'auth_failure',
    );
}

function parts(changes: Partial<RotationParts> = {}): RotationParts {
  return {
    keys: {
      list: async () => ({ ...keys }),
      renew: async (name) => {
        keys = { ...keys, [name]: randomBytes(64).toString('base64') };
        useKeys();
      },
    },
    vault: {
      read: async () => vault,
      write: async (connectionString) => {
        vault = connectionString;
      },
    },
    runners: async () => [
      {
        name: SHARE,
        isOnline: true,
        azureFilesStatus: statuses.at(-1) ?? null,
        credentialExpiresAt: credential && new Date(credential.expiresAt),
      },
    ],
    sasHours: SAS_HOURS,
    save: (state) => saved.push(state),
    say: (line) => said.push(line),
    now: () => new Date(nowMs),
    sleep: async (ms) => {
      nowMs += ms;
      if (nowMs % (HOUR / 2) < ms) await heartbeat();
    },
    ...changes,
  };
}

describe('rotation of the storage keys', () => {
  it('D7 planned, no agent ever loses access, and both keys are new', async () => {
    const before = { ...keys };
    const old = credential;
    const state = await rotate(parts(), await begin(parts(), 'planned', 'the owner, today, by mail'));
    expect(state.next).toBe('done');
    expect(statuses.length).toBeGreaterThan(10);
    expect(new Set(statuses)).toEqual(new Set(['ok']));
    expect([keys.key1, keys.key2]).not.toEqual([before.key1, before.key2]);
    expect(vault).toContain(`AccountKey=${keys.key2}`);
    expect(await look(old!)).toBe('auth_failure');
    expect(said.map((line) => line.split(':')[0]).filter((word) => !word?.startsWith(' '))).toEqual([
      'renew-idle-key',
      'switch',
      'wait-for-agents',
      'renew-old-key',
      'verify',
      'Done',
    ]);
  });

  it('D7 in an emergency every SAS ends at once, and the next heartbeat brings another', async () => {
    const old = credential!;
    const asked: string[] = [];
    const emergency = parts({
      sleep: async (ms) => {
        asked.push(await look(old));
        nowMs += ms;
        await heartbeat();
      },
      runners: async () => {
        statuses.push(await look(credential!));
        return parts().runners();
      },
    });
    await rotate(emergency, await begin(emergency, 'emergency', 'the owner, by telephone'));
    expect(asked[0]).toBe('auth_failure');
    expect(await look(credential!)).toBe('ok');
    expect(saved.at(-1)?.next).toBe('done');
  });

  it('D7 cut off after any step, or within it, it is taken up again and ends the same', async () => {
    for (const strike of ['renew', 'write', 'save', 'sleep', 'renew again']) {
      let renewed = 0;
      let isCut = false;
      const cut = (now: boolean): void => {
        if (!now || isCut) return;
        isCut = true;
        throw new Error('cut off');
      };
      const whole = parts();
      const broken = parts({
        keys: {
          ...whole.keys,
          renew: async (name) => {
            await whole.keys.renew(name);
            renewed += 1;
            cut(strike === (renewed === 1 ? 'renew' : 'renew again'));
          },
        },
        vault: {
          ...whole.vault,
          write: async (text) => {
            await whole.vault.write(text);
            cut(strike === 'write');
          },
        },
        save: (state) => {
          cut(strike === 'save');
          saved.push(state);
        },
        sleep: async (ms) => {
          cut(strike === 'sleep');
          await whole.sleep(ms);
        },
      });
      const first = await begin(broken, 'planned', 'the owner');
      saved = [first];
      await expect(rotate(broken, first)).rejects.toThrow('cut off');
      await rotate(broken, saved.at(-1)!);
      expect(saved.at(-1)?.next, strike).toBe('done');
    }
    expect(new Set(statuses)).toEqual(new Set(['ok']));
  });

  it('D7 an agent that does not reach its share within ten minutes is named, and it is not done', async () => {
    const away = parts({
      runners: async () => [
        { name: 'argo-9', isOnline: true, azureFilesStatus: 'auth_failure', credentialExpiresAt: undefined },
      ],
    });
    const started = await begin(away, 'emergency', 'the owner');
    await expect(rotate(away, started)).rejects.toThrow(/1 of 1 agents do not reach their share: argo-9/);
    expect(saved.at(-1)?.next).toBe('verify');
  });

  it('D7 a vault that holds neither key is no place to begin', async () => {
    vault = vault.replace(/AccountKey=[^;]*/, 'AccountKey=c29tZXRoaW5n');
    await expect(begin(parts(), 'planned', 'the owner')).rejects.toThrow(/neither key/);
  });
});
