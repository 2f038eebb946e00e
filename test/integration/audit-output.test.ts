import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ScriptedServer, startScriptedServer } from '../support/scriptedServer.ts';
import { runAudit, runScript } from '../support/scripts.ts';

let server: ScriptedServer;
const hostile = 'a.geo\u001b[2J\u009b31m\u202egpj\r\nPASS\tNO_ACTIVE_ALERTS\u2028';
const obeyed = /[\p{Cf}\p{Zl}\p{Zp}\u0000-\u0008\u000b-\u001f\u007f-\u009f]/u; // oxlint-disable-line no-control-regex -- what must not be there

beforeAll(async () => {
  server = await startScriptedServer();
});
afterAll(() => server.close());

it('S9 a file name in an audit cannot forge or steer a line of the terminal', async () => {
  const evidence = [{ status: 'fail', subject: hostile, detail: hostile }];
  const checks = [{ name: 'BACKUP_AT_RISK', status: 'fail', summary: hostile, evidence }];
  const audit = { auditId: 'a', verdict: 'fail', exitCode: 1, checks };
  server.script({ status: 200, body: JSON.stringify(audit) });
  const { code, output } = await runAudit(server.url, 'secret');
  expect(code).toBe(1);
  expect(output).not.toMatch(obeyed);
  expect(output.split('\n').filter((line) => line.startsWith('PASS'))).toEqual([]);

  const json = await runScript('fidelity-audit.sh', ['--server', server.url, '--json'], {
    DATASYNC_CI_UPLOAD_SECRET: 'secret',
  });
  expect(json.output).not.toMatch(obeyed);
  expect(JSON.parse(json.output)).toEqual(audit);
});

it('S9 nor can the words of a refusal', async () => {
  server.script({ status: 403, body: JSON.stringify({ title: hostile, detail: hostile }) });
  const { code, output } = await runAudit(server.url, 'secret');
  expect(code).toBe(2);
  expect(output).not.toMatch(obeyed);
});

it('S11 A2 a secret of any letters reaches the server as it is, and adds nothing to the call', async () => {
  server.script({ status: 403 });
  const secret = String.raw`quoted "one\two" three`;
  await runAudit(server.url, secret);
  expect(server.requests.at(-1)?.headers['x-ci-secret']).toBe(secret);

  const asked = server.requests.length;
  const broken = await runAudit(server.url, `secret"\nurl = "${server.url}/elsewhere`);
  expect([broken.code, server.requests.length]).toEqual([2, asked]);
  expect(broken.output).toContain('one line');
});
