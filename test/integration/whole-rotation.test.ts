import { randomBytes, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ShareClient } from '@azure/storage-file-share';
import { afterEach, describe, expect, it } from 'vitest';
import { alertHandlers } from '../../functions/alerts/index.ts';
import { sweepNotifications } from '../../functions/alerts/timers.ts';
import { observatoryHandlers } from '../../functions/observatory/index.ts';
import { ofPlatform } from '../../scripts/rotating/platform.ts';
import { begin, rotate, type RotationParts } from '../../scripts/rotating/rotation.ts';
import { createClient } from '../../shared/client/index.ts';
import { createChannel } from '../../shared/contract/alerts.ts';
import { until } from '../support/agent.ts';
import { type ScriptedServer, startScriptedServer } from '../support/scriptedServer.ts';
import { type ShiftedClock, shiftClock } from '../support/shiftedClock.ts';
import {
  inTheIndex,
  onTheShare,
  startWholeArchive,
  startWorkingAgent,
  type WholeArchive,
  type WorkingAgent,
} from '../support/wholeArchive.ts';

const HOUR_MS = 3_600_000;

let archive: WholeArchive;
let agent: WorkingAgent;
let clock: ShiftedClock;
let owner: ScriptedServer;
afterEach(async () => {
  await agent.stop();
  await archive.close();
  await owner.close();
  clock.restore();
});

let files = 0;
async function produceOne(): Promise<void> {
  files += 1;
  await writeFile(join(archive.source, `${String(files).padStart(4, '0')}.geo`), randomBytes(3000));
}

const archived = async () => (await inTheIndex(archive)).length;

/** A platform whose owner hears, an agent that works, and the command's own parts against both. */
async function start(): Promise<RotationParts> {
  files = 0;
  clock = shiftClock();
  owner = await startScriptedServer();
  owner.script({ status: 200 });
  archive = await startWholeArchive({ handlers: [...alertHandlers, ...observatoryHandlers] });
  const { app, keys, vault } = archive;
  const headers = () => ({ authorization: `Bearer ${app.admin.token}` });
  const client = createClient({ baseUrl: app.url, headers });
  await client.call(createChannel, {
    body: { kind: 'webhook', name: 'owner', enabled: true, url: owner.url },
  });
  agent = await startWorkingAgent(archive);
  await produceOne();
  await until(async () => (await archived()) === 1);
  return {
    ...ofPlatform(client),
    keys,
    vault,
    sasHours: app.services.settings.SAS_HOURS,
    save: async () => undefined,
    holdOn: async () => undefined,
    say: () => undefined,
    now: () => new Date(),
    newId: randomUUID,
    sleep: () => sweepNotifications(app.services),
  };
}

/** The agent's next heartbeat, by the clock as it stands. */
async function nextHeartbeat(): Promise<void> {
  const since = new Date();
  await until(async () => {
    const { last_heartbeat } = await archive.app.database.db
      .selectFrom('runners')
      .select('last_heartbeat')
      .executeTakeFirstOrThrow();
    return last_heartbeat !== null && last_heartbeat > since;
  });
}

const notices = () =>
  owner.requests
    .map(({ body }) => JSON.parse(body) as { transition: string; deliveryId: string })
    .filter(({ transition }) => transition === 'notice');

describe('a whole agent through a rotation of both keys', () => {
  it('D7 B21 planned: the owner hears first, files go on being archived, and no credential is ever refused', async () => {
    const parts = await start();
    const before = await archive.keys.list();
    const statuses = new Set<string | null>();
    const whole: RotationParts = {
      ...parts,
      keys: {
        ...parts.keys,
        renew: async (name) => {
          expect(notices()).toHaveLength(1);
          await parts.keys.renew(name);
          // Between any two steps there is work, by whichever key.
          await produceOne();
          await until(async () => (await archived()) === files);
        },
      },
      runners: async () => {
        const runners = await parts.runners();
        for (const { azureFilesStatus } of runners) statuses.add(azureFilesStatus);
        return runners;
      },
      sleep: async () => {
        await parts.sleep(0);
        if (notices().length === 0) return;
        clock.aheadMs += HOUR_MS;
        await nextHeartbeat();
        await produceOne();
      },
    };
    const ended = await rotate(whole, await begin(whole, 'planned'));
    expect(ended).toMatchObject({ next: 'done', ownerTold: 'through owner' });
    const after = await archive.keys.list();
    expect([after.key1 === before.key1, after.key2 === before.key2]).toEqual([false, false]);
    // One before, one after each renewal, and some while agents were waited for.
    expect(files).toBeGreaterThan(3);
    await produceOne();
    await until(async () => (await archived()) === files);
    expect(await inTheIndex(archive)).toEqual(await onTheShare(archive));
    expect(statuses).toEqual(new Set(['ok']));
    expect(agent.lines.join('')).not.toContain('The share refused the credential');
    expect(notices()).toHaveLength(1);
  });

  it('D7 emergency: what an agent held is refused at once, and the next heartbeat brings another', async () => {
    const parts = await start();
    const { share_name } = await archive.app.database.db
      .selectFrom('runners')
      .select('share_name')
      .executeTakeFirstOrThrow();
    const held = await archive.app.services.shares.issueCredential(share_name, new Date());
    const look = () =>
      new ShareClient(`${held.shareUrl}?${held.sas}`, undefined, {
        retryOptions: { maxTries: 1 },
      }).rootDirectoryClient
        .listFilesAndDirectories()
        .next()
        .then(
          () => 'ok',
          (error: unknown) => (error as { statusCode?: number }).statusCode,
        );
    expect(await look()).toBe('ok');
    const refusals: unknown[] = [];
    const whole: RotationParts = {
      ...parts,
      keys: {
        ...parts.keys,
        renew: async (name) => {
          await parts.keys.renew(name);
          refusals.push(await look());
        },
      },
      sleep: async (ms) => {
        await parts.sleep(ms);
        if (notices().length === 0) return;
        clock.aheadMs += ms;
        await nextHeartbeat();
      },
    };
    const state = await begin(whole, 'emergency');
    const ended = await rotate(whole, state);
    expect(ended.next).toBe('done');
    // The idle key takes nothing from anybody, the old one everything.
    expect(refusals).toEqual(['ok', 403]);
    await produceOne();
    await until(async () => (await archived()) === files);
    expect(await parts.runners()).toMatchObject([{ isOnline: true, azureFilesStatus: 'ok' }]);
    expect(await inTheIndex(archive)).toEqual(await onTheShare(archive));
  });
});
