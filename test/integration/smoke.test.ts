import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessHandlers } from '../../functions/access/index.ts';
import { observatoryHandlers } from '../../functions/observatory/index.ts';
import { smoke } from '../../scripts/deploying/smoke.ts';
import { type HostedApp, startHostedApp } from '../support/hosted-app.ts';

let hosted: HostedApp;
let folder: string;
let isWell = true;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'smoke-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><html></html>');
  const ping = async () => {
    if (!isWell) throw new Error('away');
  };
  hosted = await startHostedApp({
    handlers: [...accessHandlers, ...observatoryHandlers],
    dashboardFolder: () => folder,
    settings: { ANONYMOUS_REQUESTS_PER_MINUTE: '60', TRUSTED_PROXIES: '1' },
    services: (made) => ({ ...made, slices: { ...made.slices, ping }, shares: { ...made.shares, ping } }),
  });
});
afterAll(async () => {
  await hosted.close();
  rmSync(folder, { recursive: true, force: true });
});

const said: string[] = [];
const run = (version: string) =>
  smoke({ url: hosted.url, version, instances: 1, patienceMs: 0, say: (line) => said.push(line) });

describe('the smoke test', () => {
  it('D8 passes a server that is well: health 200, strangers 401, 429 after sixty', async () => {
    expect(await run(hosted.services.version)).toEqual([]);
    expect(said.every((line) => line.startsWith('ok'))).toBe(true);
    expect(said.join('\n')).toMatch(/429 after 5\d/);
  });

  it('D8 says what is not well: another version, no health, no answer', async () => {
    isWell = false;
    const failures = await run('9.9.9');
    expect(failures.join('\n')).toContain('version 9.9.9');
    expect(failures.join('\n')).toContain('/api/health answers 200');
    const nobody = { url: 'http://127.0.0.1:9', instances: 1, patienceMs: 0, say: () => undefined };
    expect((await smoke(nobody)).length).toBeGreaterThan(3);
  });
});
