import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessHandlers } from '../../functions/access/index.ts';
import { type ApiCall, callApi } from '../support/call-api.ts';
import { type HostedApp, startHostedApp } from '../support/hosted-app.ts';

let hosted: HostedApp;

beforeAll(async () => {
  hosted = await startHostedApp({
    handlers: accessHandlers,
    services: (made) => ({
      ...made,
      slices: { ...made.slices, ping: async () => undefined },
      shares: { ...made.shares, ping: async () => undefined },
    }),
  });
});
afterAll(async () => {
  await hosted.close();
});

const call: ApiCall = (path, parts) => callApi(hosted.url, path, parts);
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const asAdmin = () => bearer(hosted.admin.token);

async function signIn(email: string, password: string) {
  const answer = await call('/api/session', { method: 'POST', body: { email, password } });
  const cookie = answer.headers.get('set-cookie') ?? '';
  return { ...answer, cookie, session: { cookie: cookie.split(';')[0] ?? '' } };
}

let people = 0;
async function addPerson(role: string) {
  people += 1;
  const email = `person${String(people)}@example.org`;
  const password = 'another long password';
  const made = await call('/api/admin/users', {
    method: 'POST',
    headers: asAdmin(),
    body: { email, displayName: 'Person', role, password },
  });
  expect(made.status).toBe(201);
  return { userId: made.body.userId as string, email, password };
}

async function adminSession() {
  return (await signIn(hosted.admin.email, hosted.admin.password)).session;
}

describe('health', () => {
  it('A1 answers 200 in public, in the shape that monitors expect', async () => {
    const answer = await call('/api/health');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      status: 'healthy',
      database: 'connected',
      checks: { database: 'ok', queue: 'ok', share: 'ok' },
    });
    expect(answer.body.uptime).toBeGreaterThanOrEqual(0);
  });

  it('A1 lets a stale cookie or a wrong token close no public door, and answers HEAD', async () => {
    expect((await call('/api/health', { headers: bearer('dst_wrong') })).status).toBe(200);
    expect((await fetch(`${hosted.url}/api/health`, { method: 'HEAD' })).status).toBe(200);
  });
});

describe('sign-in', () => {
  it('A3 opens a session whose cookie no script and no other site can use', async () => {
    const { status, body, cookie, session } = await signIn('ADMIN@example.org', hosted.admin.password);
    expect(status).toBe(200);
    expect(body).toMatchObject({ email: 'admin@example.org', role: 'admin', organizationName: 'DataSync' });
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Strict/i);
    expect(cookie).toMatch(/Path=\//i);
    expect((await call('/api/session', { headers: session })).body).toEqual(body);
  });

  it('A3 keeps neither session nor token nor password in a form that lets anybody in', async () => {
    const { session } = await signIn(hosted.admin.email, hosted.admin.password);
    const { db } = hosted.database;
    const kept = JSON.stringify([
      await db.selectFrom('sessions').selectAll().execute(),
      await db.selectFrom('api_tokens').selectAll().execute(),
      await db.selectFrom('users').selectAll().execute(),
    ]);
    for (const secret of [session.cookie.split('=')[1] ?? '?', hosted.admin.token, hosted.admin.password])
      expect(kept).not.toContain(secret);
  });

  it('A3 refuses a wrong password and an unknown address in the same words', async () => {
    const wrong = await signIn(hosted.admin.email, 'not the password');
    const unknown = await signIn('nobody@example.org', 'not the password');
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    const said = ({ correlationId: _, ...rest }: Record<string, unknown>) => rest;
    expect(said(wrong.body)).toEqual(said(unknown.body));
    expect(wrong.cookie).toBe('');
  });

  it('A3 stops guessing after ten attempts on one account, with Retry-After, and leaves other accounts alone', async () => {
    const person = await addPerson('viewer');
    for (let attempt = 0; attempt < 10; attempt++)
      expect((await signIn(person.email, 'guess')).status).toBe(401);
    const stopped = await signIn(person.email, person.password);
    expect(stopped.status).toBe(429);
    expect(stopped.body.code).toBe('too-many-requests');
    expect(Number(stopped.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await signIn(hosted.admin.email, hosted.admin.password)).status).toBe(200);
  });

  it('A3 sign-out ends the session on the server, and takes the cookie back', async () => {
    const { session } = await signIn(hosted.admin.email, hosted.admin.password);
    const out = await call('/api/session', { method: 'DELETE', headers: session });
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toMatch(/1970/);
    expect((await call('/api/session', { headers: session })).status).toBe(401);
  });
});

describe('writes that rest on a cookie', () => {
  it.each([
    [403, { origin: 'https://evil.example' }],
    [403, { origin: 'null' }],
    [403, { 'sec-fetch-site': 'cross-site' }],
    [403, { 'sec-fetch-site': 'same-site' }],
    [201, { 'sec-fetch-site': 'same-origin' }],
    [201, { origin: 'same' }],
  ])('A3 answers %i to %o', async (status, headers) => {
    const { session } = await signIn(hosted.admin.email, hosted.admin.password);
    const own = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value === 'same' ? hosted.url : value]),
    );
    const body = { name: 'from a page', role: 'viewer' };
    const answer = await call('/api/tokens', { method: 'POST', headers: { ...session, ...own }, body });
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body.code).toBe('origin-refused');
  });
});

describe('roles', () => {
  it('A3 tells missing credentials, wrong ones and too low a role apart', async () => {
    const { session } = await signIn(...(await viewerCredentials()));
    expect((await call('/api/admin/users')).body.code).toBe('not-signed-in');
    expect((await call('/api/admin/users', { headers: bearer('dst_wrong') })).status).toBe(401);
    const low = await call('/api/admin/users', { headers: session });
    expect([low.status, low.body.code]).toEqual([403, 'not-allowed']);
    expect((await call('/api/admin/users', { headers: asAdmin() })).status).toBe(200);
  });

  it('A2 lets the CI secret read diagnostics, as header or bearer token, and nothing else', async () => {
    const header = { 'x-ci-secret': hosted.ciSecret };
    expect((await call('/api/diag/fleet', { headers: header })).status).toBe(200);
    expect((await call('/api/diag/fleet', { headers: bearer(hosted.ciSecret) })).status).toBe(200);
    expect((await call('/api/diag/fleet', { headers: { 'x-ci-secret': 'wrong' } })).status).toBe(401);
    expect((await call('/api/diag/fleet')).status).toBe(401);
    expect((await call('/api/admin/users', { headers: header })).status).toBe(403);
    expect((await call('/api/session', { headers: header })).status).toBe(403);
  });

  it('A3 an agent key, the workflow key and a CI secret open no page of people', async () => {
    expect((await call('/api/session', { headers: bearer('some-agent-key') })).status).toBe(401);
    expect((await call('/api/session', { headers: { 'x-api-key': hosted.workflowKey } })).status).toBe(403);
  });
});

async function viewerCredentials(): Promise<[string, string]> {
  const { email, password } = await addPerson('viewer');
  return [email, password];
}

describe('people', () => {
  it('A3 takes an address once, however it is written', async () => {
    const { email } = await addPerson('viewer');
    const body = {
      email: email.toUpperCase(),
      displayName: 'Twin',
      role: 'viewer',
      password: 'another long password',
    };
    const twin = await call('/api/admin/users', { method: 'POST', headers: asAdmin(), body });
    expect([twin.status, twin.body.code]).toEqual([409, 'conflict']);
  });

  it('A3 a change of role ends sessions and lowers tokens', async () => {
    const person = await addPerson('operator');
    const { session } = await signIn(person.email, person.password);
    const made = await call('/api/tokens', {
      method: 'POST',
      headers: session,
      body: { name: 'cli', role: 'operator' },
    });
    const update = (body: unknown) =>
      call(`/api/admin/users/${person.userId}`, { method: 'PUT', headers: asAdmin(), body });
    expect((await update({ role: 'viewer' })).body.user.role).toBe('viewer');
    expect((await call('/api/session', { headers: session })).status).toBe(401);
    expect((await call('/api/session', { headers: bearer(made.body.token) })).body.role).toBe('viewer');
    await update({ role: 'admin' });
    expect((await call('/api/session', { headers: bearer(made.body.token) })).body.role).toBe('viewer');
    await update({ disabled: true });
    expect((await call('/api/session', { headers: bearer(made.body.token) })).status).toBe(401);
    expect((await signIn(person.email, person.password)).status).toBe(401);
  });

  it('A3 a new password ends sessions and tokens; a token makes no other', async () => {
    const person = await addPerson('operator');
    const { session } = await signIn(person.email, person.password);
    const make = (headers: Record<string, string>) =>
      call('/api/tokens', { method: 'POST', headers, body: { name: 'cli', role: 'operator' } });
    const { token } = (await make(session)).body as { token: string };
    expect((await make(bearer(token))).body.code).toBe('not-allowed');
    const body = { password: 'yet another long password' };
    await call(`/api/admin/users/${person.userId}`, { method: 'PUT', headers: asAdmin(), body });
    for (const headers of [session, bearer(token)])
      expect((await call('/api/session', { headers })).status).toBe(401);
  });

  it('A3 the last administrator stays one', async () => {
    for (const body of [{ role: 'viewer' }, { disabled: true }]) {
      const answer = await call(`/api/admin/users/${hosted.admin.userId}`, {
        method: 'PUT',
        headers: asAdmin(),
        body,
      });
      expect([answer.status, answer.body.code]).toEqual([409, 'conflict']);
    }
  });

  it('A5 nobody sees or changes people of another organization', async () => {
    const { db } = hosted.database;
    const at = new Date();
    await db.insertInto('organizations').values({ id: 'other', name: 'Other', created_at: at }).execute();
    const row = {
      role: 'admin',
      password_hash: null,
      disabled_at: null,
      created_at: at,
      updated_at: at,
    } as const;
    const names = { email: 'x@other.org', email_key: 'x@other.org', display_name: 'X' };
    await db
      .insertInto('users')
      .values({ id: 'stranger', organization_id: 'other', ...names, ...row })
      .execute();
    const { body } = await call('/api/admin/users', { headers: asAdmin() });
    expect(JSON.stringify(body)).not.toContain('stranger');
    const change = await call('/api/admin/users/stranger', {
      method: 'PUT',
      headers: asAdmin(),
      body: { role: 'viewer' },
    });
    expect(change.status).toBe(404);
  });
});

describe('tokens', () => {
  it('A3 are shown once, never above their maker, and end when revoked', async () => {
    const { session } = await signIn(...(await viewerCredentials()));
    const make = (body: unknown) => call('/api/tokens', { method: 'POST', headers: session, body });
    expect((await make({ name: 'too high', role: 'admin' })).status).toBe(403);
    const { body } = await make({ name: 'cli', role: 'viewer', expiresInDays: 1 });
    expect(body.token).toMatch(/^dst_/);
    expect((await call('/api/session', { headers: bearer(body.token) })).status).toBe(200);
    expect(JSON.stringify((await call('/api/tokens', { headers: session })).body)).not.toContain(body.token);
    const revoke = () => call(`/api/tokens/${String(body.tokenId)}`, { method: 'DELETE', headers: session });
    expect([(await revoke()).status, (await revoke()).status]).toEqual([204, 204]);
    expect((await call('/api/session', { headers: bearer(body.token) })).status).toBe(401);
  });

  it('A3 of somebody else are not there', async () => {
    const mine = await call('/api/tokens', {
      method: 'POST',
      headers: await adminSession(),
      body: { name: 'a', role: 'viewer' },
    });
    const { session } = await signIn(...(await viewerCredentials()));
    const path = `/api/tokens/${String(mine.body.tokenId)}`;
    expect((await call(path, { method: 'DELETE', headers: session })).status).toBe(404);
  });

  it('A3 past their end are refused', async () => {
    const made = await call('/api/tokens', {
      method: 'POST',
      headers: await adminSession(),
      body: { name: 'a', role: 'viewer', expiresInDays: 1 },
    });
    const past = new Date(Date.now() - 1000);
    await hosted.database.db
      .updateTable('api_tokens')
      .set({ expires_at: past })
      .where('id', '=', made.body.tokenId)
      .execute();
    expect((await call('/api/session', { headers: bearer(made.body.token) })).status).toBe(401);
  });
});

describe('audit log', () => {
  it('A3 holds every change of access, newest first, in pages', async () => {
    const { userId } = await addPerson('viewer');
    await call(`/api/admin/users/${userId}`, {
      method: 'PUT',
      headers: asAdmin(),
      body: { role: 'operator' },
    });
    const first = await call('/api/admin/audit-log?limit=1', { headers: asAdmin() });
    expect(first.body.entries[0]).toMatchObject({
      action: 'user.updated',
      actor: 'admin@example.org',
      actorKind: 'token',
      subjectId: userId,
      detail: { role: { old: 'viewer', new: 'operator' } },
    });
    const next = await call(`/api/admin/audit-log?limit=1&cursor=${String(first.body.nextCursor)}`, {
      headers: asAdmin(),
    });
    expect(next.body.entries[0]).toMatchObject({ action: 'user.created', subjectId: userId });
    expect((await call('/api/admin/audit-log?cursor=forged', { headers: asAdmin() })).body.code).toBe(
      'invalid-request',
    );
  });
});
