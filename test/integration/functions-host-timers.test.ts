import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app } from '@azure/functions';
import type { Timer } from '@azure/functions';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startAzurite } from '../../local/azurite/index.ts';
import type { Azurite } from '../../local/azurite/index.ts';
import { blobTimerLease, startFunctionsHost } from '../../local/functions-host/index.ts';
import type { FunctionsHost } from '../../local/functions-host/index.ts';

const dayMs = 86_400_000;
let folder = '';
let azurite: Azurite;
let serial = 0;
const lines: string[] = [];
const hosts: FunctionsHost[] = [];
const log = (level: string, message: string): void => {
  lines.push(`${level}: ${message}`);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'host-timers-'));
  azurite = await startAzurite({ dataDir: folder, log: () => undefined });
});

afterAll(async () => {
  await azurite.close();
  await rm(folder, { recursive: true, force: true });
});

afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
  lines.length = 0;
});

function leasesOf(connectionString = azurite.connectionString) {
  return blobTimerLease({ connectionString, log, leaseSeconds: 15 });
}

function newName(): string {
  serial += 1;
  return `timer${serial}`;
}

async function host(name: string, schedule: string, handler: (timer: Timer) => void | Promise<void>) {
  const started = await startFunctionsHost({
    port: 0,
    log,
    leases: leasesOf(),
    loadApp: async () => {
      app.timer(name, { schedule, handler });
    },
  });
  hosts.push(started);
  return started;
}

describe('L3 timer leases in blobs', () => {
  it('are held by one at a time and free after release', async () => {
    const name = newName();
    const one = await leasesOf().acquire(name);
    expect(one).toBeDefined();
    expect(await leasesOf().acquire(name)).toBeUndefined();
    await one?.release();
    const two = await leasesOf().acquire(name);
    expect(two).toBeDefined();
    await two?.release();
  });

  it('keep the status for whoever comes next, to the millisecond', async () => {
    const name = newName();
    const status = { lastMs: undefined, nextMs: 1_776_045_600_123, updatedMs: 1_776_045_000_001 };
    const one = await leasesOf().acquire(name);
    expect(one?.status).toBeUndefined();
    await one?.writeStatus(status);
    await one?.release();
    const two = await leasesOf().acquire(name);
    expect(two?.status).toEqual(status);
    await two?.release();
  });

  it('outlast their 15 seconds while they are held, and B1 a host that lost its lease cannot write', async () => {
    const name = newName();
    const one = await leasesOf().acquire(name);
    await new Promise((resolve) => setTimeout(resolve, 17_000));
    expect(await leasesOf().acquire(name)).toBeUndefined();
    const blob = BlobServiceClient.fromConnectionString(azurite.connectionString)
      .getContainerClient('azure-webjobs-hosts')
      .getBlobClient(`timers/${name}/status`);
    await blob.getBlobLeaseClient().breakLease(0);
    const two = await leasesOf().acquire(name);
    await expect(one?.writeStatus({ lastMs: 1, nextMs: 2, updatedMs: 1 })).rejects.toThrow();
    await two?.release();
  });

  it('B2 begin anew where the stored status is broken', async () => {
    const name = newName();
    await (await leasesOf().acquire(name))?.release();
    await BlobServiceClient.fromConnectionString(azurite.connectionString)
      .getContainerClient('azure-webjobs-hosts')
      .getBlockBlobClient(`timers/${name}/status`)
      .upload('{"next":', 8);
    const lease = await leasesOf().acquire(name);
    expect(lease).toBeDefined();
    expect(lease?.status).toBeUndefined();
    await lease?.release();
  });
});

describe('L3 timer functions', () => {
  it('B1 of two hosts one runs each tick, and never both at once', async () => {
    const name = newName();
    const served: string[] = [];
    let running = 0;
    let most = 0;
    const handler = async (): Promise<void> => {
      served.push(new Date().toISOString().slice(0, 19));
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 100));
      running -= 1;
    };
    await Promise.all([host(name, '*/2 * * * * *', handler), host(name, '*/2 * * * * *', handler)]);
    await expect.poll(() => served.length).toBeGreaterThanOrEqual(4);
    expect(new Set(served).size).toBe(served.length);
    expect(most).toBe(1);
  });

  it('B3 make up for missed ticks by one run after the host was away, and say so', async () => {
    const name = newName();
    const lease = await leasesOf().acquire(name);
    // Due at midnight, three days in a row, with no host there.
    const missedMs = Math.floor(Date.now() / dayMs) * dayMs - 2 * dayMs;
    await lease?.writeStatus({
      lastMs: missedMs - dayMs,
      nextMs: missedMs,
      updatedMs: missedMs - dayMs,
    });
    await lease?.release();
    const ticks: Timer[] = [];
    await host(name, '0 0 0 * * *', (timer) => void ticks.push(timer));
    await expect.poll(() => ticks.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(ticks).toEqual([
      {
        isPastDue: true,
        schedule: { adjustForDST: true },
        scheduleStatus: {
          last: new Date(missedMs - dayMs).toISOString(),
          next: new Date(missedMs).toISOString(),
          lastUpdated: new Date(missedMs - dayMs).toISOString(),
        },
      },
    ]);
  });

  it('can be run by hand, and close waits for them', async () => {
    const name = newName();
    const started = Promise.withResolvers<undefined>();
    let isDone = false;
    const running = await host(name, '0 0 0 1 1 *', async () => {
      started.resolve(undefined);
      await new Promise((resolve) => setTimeout(resolve, 300));
      isDone = true;
    });
    const byHand = running.invokeTimer(name);
    await started.promise;
    await running.close();
    expect(isDone).toBe(true);
    await byHand;
    await expect(running.invokeTimer('other')).rejects.toThrow('There is no timer "other"');
  });
});
