import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ScriptedServer, startScriptedServer } from '../../test/support/scriptedServer.ts';
import { ShareFault } from '../share/shareFault.ts';
import { listShare } from './listShare.ts';

let share: ScriptedServer;
beforeAll(async () => {
  share = await startScriptedServer();
});
afterEach(() => {
  share.requests.length = 0;
});
afterAll(() => share.close());

describe('listShare', () => {
  it('F13 B23 a share that takes the request and then says nothing ends the audit, and does not hold it for ever', async () => {
    share.script('silence');
    const listing = listShare({ shareUrl: `${share.url}/account/share`, sas: 'sig=x' }, '', 300);
    await expect(listing).rejects.toThrow(ShareFault);
    await expect(listing).rejects.toMatchObject({ kind: 'unreachable' });
    expect(share.requests.length).toBeGreaterThan(0);
  });
});
