import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ShareClient } from '@azure/storage-file-share';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isCredentialDue } from '../../functions/archive/credentials.ts';
import { keepSecret } from '../../functions/platform/keyVaultSecret.ts';
import type { Services } from '../../functions/platform/services.ts';
import { openAzureShares } from '../../functions/platform/storage/azureShares.ts';
import type { Shares } from '../../functions/platform/storage/shares.ts';
import {
  type AzureFilesServer,
  DEVELOPMENT_ACCOUNT,
  startAzureFilesServer,
} from '../../local/azure-files/server.ts';
import {
  begin,
  resumed,
  rotate,
  type RotationParts,
  type RotationState,
} from '../../scripts/rotating/rotation.ts';
import type { Credential } from '../../shared/contract/agents.ts';
import type { DeliveryView } from '../../shared/contract/alerts.ts';

const HOUR = 3_600_000;
const SAS_HOURS = 24;
const settings = { SAS_HOURS, SAS_RENEW_BEFORE_HOURS: 16 };
const SHARE = 'argo-1';

/** The real file server with its two keys, the real control plane's shares, and an agent that asks for access as agents do. */
let dataDir: string;
let server: AzureFilesServer;
let keys: { key1: string; key2: string };
let vault: string;
let vaultSince: Date;
let shares: Shares;
let nowMs: number;
let credential: Credential | undefined;
let said: string[];
let saved: RotationState[];
/** Statuses that the agent reported with its heartbeats, one each time somebody waits. */
let statuses: string[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'key-rotation-'));
  server = await startAzureFilesServer({ dataDir, port: 0 });
  keys = { key1: DEVELOPMENT_ACCOUNT.key, key2: randomBytes(64).toString('base64') };
  useKeys();
  vault = `DefaultEndpointsProtocol=http;AccountName=${DEVELOPMENT_ACCOUNT.name};AccountKey=${keys.key1};FileEndpoint=${server.url}/${DEVELOPMENT_ACCOUNT.name};`;
  nowMs = Date.now();
  vaultSince = new Date(nowMs - 90 * 24 * HOUR);
  shares = openAzureShares({
    connection: keepSecret({
      tellFailure: () => undefined,
      fetchSecret: async () => ({ text: vault, since: vaultSince }),
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
  const services = { shares, now: () => new Date(nowMs), settings } as unknown as Services;
  const held = status === 'ok' ? (credential?.expiresAt ?? null) : null;
  if (!isCredentialDue(services, held)) return;
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
      read: async () => ({ connectionString: vault, since: vaultSince }),
      write: async (connectionString) => {
        vault = connectionString;
        vaultSince = new Date(nowMs);
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
    sendNotice: async () => [delivery('delivered')],
    save: async (state) => void saved.push(state),
    holdOn: async () => undefined,
    newId: randomUUID,
    say: (line) => said.push(line),
    now: () => new Date(nowMs),
    sleep: async (ms) => {
      nowMs += ms;
      await heartbeat();
    },
    ...changes,
  };
}

function delivery(status: DeliveryView['status'], lastError: string | null = null): DeliveryView {
  const at = new Date(nowMs).toISOString();
  return {
    ...{ deliveryId: 'd', alertId: null, transition: 'notice', channelId: 'c', channelName: 'operators' },
    ...{ channelKind: 'teams', recipients: [], status, attempts: 1, lastError },
    ...{ createdAt: at, nextAttemptAt: null, deliveredAt: status === 'delivered' ? at : null },
  };
}

describe('rotation of the storage keys', () => {
  it('D7 planned, no agent ever loses access, and both keys are new', async () => {
    const before = { ...keys };
    const old = credential;
    const state = await rotate(parts(), await begin(parts(), 'planned'));
    expect(state.next).toBe('done');
    expect(statuses.length).toBeGreaterThan(10);
    expect(new Set(statuses)).toEqual(new Set(['ok']));
    expect([keys.key1, keys.key2]).not.toEqual([before.key1, before.key2]);
    expect(vault).toContain(`AccountKey=${keys.key2}`);
    expect(await look(old!)).toBe('auth_failure');
    expect(said.map((line) => line.split(':')[0]).filter((word) => !word?.startsWith(' '))).toEqual([
      'tell-owner',
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
    await rotate(emergency, await begin(emergency, 'emergency'));
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
        save: async (state) => {
          cut(strike === 'save');
          saved.push(state);
        },
        sleep: async (ms) => {
          cut(strike === 'sleep');
          await whole.sleep(ms);
        },
      });
      const first = await begin(broken, 'planned');
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
    const started = await begin(away, 'emergency');
    await expect(rotate(away, started)).rejects.toThrow(
      /1 of 1 agents do not reach their share with a new SAS: argo-9/,
    );
    expect(saved.at(-1)?.next).toBe('verify');
  });

  it('D7 a vault that holds neither key is no place to begin', async () => {
    vault = vault.replace(/AccountKey=[^;]*/, 'AccountKey=c29tZXRoaW5n');
    await expect(begin(parts(), 'planned')).rejects.toThrow(/neither key/);
  });

  it('D7 an idle key is not made anew while agents hold what it signed: somebody else has just exchanged it', async () => {
    vault = vault.replace(keys.key1, keys.key2);
    vaultSince = new Date(nowMs);
    const begun = await begin(parts(), 'planned');
    expect(begun.oldKey).toBe('key2');
    await rotate(parts(), begun);
    expect(vault).toContain(`AccountKey=${keys.key1}`);
    expect(new Set(statuses)).toEqual(new Set(['ok']));
  });

  it('D7 what hosts sign with is never made anew, whoever wrote it into the vault meanwhile', async () => {
    const state = await begin(parts(), 'emergency');
    const live = keys.key1;
    const other = parts({
      vault: {
        ...parts().vault,
        write: async () => undefined, // another process wrote the old key back
      },
    });
    await expect(rotate(other, state)).rejects.toThrow('hosts sign with key1');
    expect(keys.key1).toBe(live);
  });

  it('D7 two processes do not rotate at a time: who loses its hold stops before the next step', async () => {
    let steps = 0;
    const losing = parts({
      holdOn: async () => {
        if ((steps += 1) === 3) throw new Error('the lease was lost');
      },
    });
    const before = { ...keys };
    await expect(rotate(losing, await begin(losing, 'planned'))).rejects.toThrow('the lease was lost');
    expect([keys.key1, vault]).toEqual([before.key1, expect.stringContaining(before.key1)]);
    expect(saved.at(-1)?.next).toBe('switch');
  });

  it('D7 an emergency takes up a planned rotation that waits, and does not wait', async () => {
    const waiting = parts({
      sleep: async () => {
        throw new Error('cut off');
      },
    });
    await expect(rotate(waiting, await begin(waiting, 'planned'))).rejects.toThrow('cut off');
    expect(saved.at(-1)?.next).toBe('wait-for-agents');
    const { next, mode } = resumed(saved.at(-1)!, 'emergency');
    expect({ next, mode }).toEqual({ next: 'renew-old-key', mode: 'emergency' });
  });
});

describe('the owner is told first', () => {
  const untouched = () => [keys.key1, keys.key2, vault];

  it.each<[string, readonly DeliveryView['status'][]]>([
    ['no channel', []],
    ['every channel refuses', ['failed', 'failed']],
    ['none takes it within ten minutes', ['pending', 'sending']],
  ])('D7 where %s, no key is touched', async (_, states) => {
    const before = untouched();
    const deaf = parts({ sendNotice: async () => states.map((status) => delivery(status, 'HTTP 410')) });
    await expect(rotate(deaf, await begin(deaf, 'emergency'))).rejects.toThrow(
      /owner was not told .*--without-notice/,
    );
    expect(untouched()).toEqual(before);
    expect(saved).toEqual([]);
  });

  it('D7 it waits until one channel has taken the notice, by the same id', async () => {
    const ids = new Set<string>();
    const slow = parts({
      sendNotice: async (id) => {
        ids.add(id);
        expect(saved).toEqual([]);
        return [delivery('failed'), delivery(slowly.shift() ?? 'delivered')];
      },
    });
    const slowly: DeliveryView['status'][] = ['pending', 'sending'];
    await rotate(slow, await begin(slow, 'planned'));
    expect(ids.size).toBe(1);
    expect(saved[0]).toMatchObject({ next: 'renew-idle-key', ownerTold: 'through operators' });
  });

  it('D7 an operator who says why not goes on without, and the reason is kept', async () => {
    const reason = 'the platform is down; told by telephone';
    const silent = parts({
      withoutNotice: reason,
      sendNotice: async () => Promise.reject(new Error('asked all the same')),
    });
    await rotate(silent, await begin(silent, 'emergency'));
    expect(saved.at(-1)).toMatchObject({ next: 'done', ownerTold: `not by the platform: ${reason}` });
  });
});
