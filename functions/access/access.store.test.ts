import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { testServices, type TestServices } from '../../test/support/services.ts';
import { findSessionHolder, findTokenHolder } from '../platform/http/authentication/person.ts';
import { readAuditLog } from './auditLog.ts';
import type { Person } from './change.ts';
import { readDiagFleet } from './diagFleet.ts';
import { createPersonalToken, ensureFirstAdmin } from './index.ts';
import { signIn, signOut } from './sessions.ts';
import { signInLimitOf } from './signInLimit.ts';
import { addToken, endToken, listTokens } from './tokens.ts';
import { addUser, changeUser } from './users.ts';
import { findMe, listUsers } from './userStore.ts';

let database: TestDatabase;
let services: TestServices;
let admin: Person;
const email = 'admin@example.org';
const password = 'a long enough password';
const correlationId = 'c1';
const address = '203.0.113.7';

beforeAll(async () => {
  database = await openTestDatabase();
  services = testServices({ database });
  const { userId, organizationId } = await ensureFirstAdmin(database, {
    email,
    password,
    now: services.now(),
  });
  admin = { kind: 'person', userId, organizationId, email, role: 'admin', by: 'session' };
});
beforeEach(() => {
  services = testServices({ database, startAt: services.now() });
});
afterAll(async () => {
  await database.close();
});

let people = 0;
async function addPerson(role: 'viewer' | 'operator' | 'admin'): Promise<Person> {
  people += 1;
  const wanted = { email: `p${String(people)}@example.org`, displayName: 'P', role, password };
  const userId = await addUser(services, { caller: admin, correlationId }, wanted);
  return { ...admin, userId, email: wanted.email, role };
}

describe('the first admin', () => {
  it('L1 is made once, and put right when it is not what was asked for', async () => {
    const now = services.now();
    const organization = { id: 'clinic', name: 'Clinic' };
    const wanted = { email: 'first@example.org', password: 'first long password', organization, now };
    const first = await ensureFirstAdmin(database, wanted);
    expect(first).toMatchObject({ organizationId: 'clinic', created: true });
    expect(await ensureFirstAdmin(database, wanted)).toEqual({ ...first, created: false });
    await ensureFirstAdmin(database, { ...wanted, password: 'second long password' });
    const attempt = { email: wanted.email, address, correlationId };
    await expect(signIn(services, { ...attempt, password: wanted.password })).rejects.toMatchObject({
      code: 'sign-in-failed',
    });
    expect((await signIn(services, { ...attempt, password: 'second long password' })).me).toMatchObject({
      organizationName: 'Clinic',
      role: 'admin',
    });
  });

  it('L1 is never somebody of another organization', async () => {
    const organization = { id: 'thief', name: 'Thief' };
    await expect(
      ensureFirstAdmin(database, { email, password, organization, now: new Date() }),
    ).rejects.toThrow(/belongs to/);
  });

  it('L1 has a token that outlives a new start, but not its revocation', async () => {
    const { AUTH_SECRET: authSecret } = services.settings;
    const wanted = {
      userId: admin.userId,
      name: 'local',
      role: 'admin',
      authSecret,
      now: services.now(),
    } as const;
    const made = await createPersonalToken(database, wanted);
    expect(await createPersonalToken(database, { ...wanted, token: made.token })).toEqual(made);
    expect(await findTokenHolder(services, made.token)).toMatchObject({
      userId: admin.userId,
      role: 'admin',
    });
    await endToken(services, { caller: admin, correlationId }, made.tokenId);
    await expect(createPersonalToken(database, { ...wanted, token: made.token })).rejects.toThrow(/revoked/);
  });
});

describe('sessions', () => {
  it('A3 last as long as the setting says, and not a moment longer', async () => {
    const { cookie } = await signIn(services, { email, password, address, correlationId });
    expect(await findSessionHolder(services, cookie.value)).toMatchObject({ email, by: 'session' });
    services.advance(services.settings.SESSION_HOURS * 3_600_000 - 1);
    expect(await findSessionHolder(services, cookie.value)).toBeDefined();
    services.advance(1);
    expect(await findSessionHolder(services, cookie.value)).toBeUndefined();
  });

  it('A3 end with sign-out; those past their end are cleared by the next sign-in', async () => {
    const { cookie } = await signIn(services, { email, password, address, correlationId });
    services.advance(1000);
    await signOut(services, cookie.value);
    expect(await findSessionHolder(services, cookie.value)).toBeUndefined();
    await signIn(services, { email, password, address, correlationId });
    services.advance(13 * 3_600_000);
    await signIn(services, { email, password, address, correlationId });
    const { length } = await database.db.selectFrom('sessions').select('user_id').execute();
    expect(length).toBe(1);
  });

  it('A3 write down that they are used, once a minute at most', async () => {
    const { cookie } = await signIn(services, { email, password, address, correlationId });
    const lastSeen = async () => {
      const rows = await database.db.selectFrom('sessions').select('last_seen_at').execute();
      return Math.max(...rows.map((row) => row.last_seen_at.getTime()));
    };
    const before = await lastSeen();
    services.advance(59_000);
    await findSessionHolder(services, cookie.value);
    expect(await lastSeen()).toBe(before);
    services.advance(1000);
    await findSessionHolder(services, cookie.value);
    expect(await lastSeen()).toBe(before + 60_000);
  });
});

/** Signs in, as far as it takes to make tokens. */
async function signedIn(person: Person): Promise<Person> {
  await signIn(services, { email: person.email, password, address, correlationId });
  return person;
}

describe('a new password', () => {
  const newPassword = 'yet another long password';
  const reset = (person: Person) =>
    changeUser(services, { caller: admin, correlationId }, { userId: person.userId, password: newPassword });

  it('A3 ends what a stolen session or token could do: neither the tokens made before nor a new one let anybody in', async () => {
    const person = await signedIn(await addPerson('operator'));
    const change = { caller: person, correlationId };
    const { token } = await addToken(services, change, { name: 'kept', role: 'viewer' });
    await reset(person);
    expect(await findTokenHolder(services, token)).toBeUndefined();
    await expect(addToken(services, change, { name: 'late', role: 'viewer' })).rejects.toMatchObject({
      code: 'not-allowed',
    });
  });

  it('A3 B48 refuses who was still signing in with the old one', async () => {
    const person = await addPerson('viewer');
    const limit = signInLimitOf(services);
    const { inTurn } = limit;
    limit.inTurn = async (check) => {
      const outcome = await inTurn(check);
      await reset(person);
      return outcome;
    };
    await expect(signedIn(person)).rejects.toMatchObject({ code: 'sign-in-failed' });
    const sessions = database.db.selectFrom('sessions').selectAll().where('user_id', '=', person.userId);
    expect(await sessions.execute()).toEqual([]);
  });

  it('A3 L1 set by whoever holds the database ends sessions and tokens too, but not the token that is to be good', async () => {
    const { AUTH_SECRET: authSecret } = services.settings;
    const wanted = { email: 'owner@example.org', password, authSecret, token: 'dst_kept_by_the_owner' };
    const { userId } = await ensureFirstAdmin(database, { ...wanted, now: services.now() });
    const owner = await signedIn({ ...admin, userId, email: wanted.email });
    const { token } = await addToken(
      services,
      { caller: owner, correlationId },
      { name: 'x', role: 'admin' },
    );
    await ensureFirstAdmin(database, { ...wanted, password: newPassword, now: services.now() });
    expect(await findTokenHolder(services, token)).toBeUndefined();
    expect(await findTokenHolder(services, wanted.token)).toMatchObject({ userId });
    await changeUser(services, { caller: admin, correlationId }, { userId, password });
    expect(await findTokenHolder(services, wanted.token)).toBeUndefined();
    await ensureFirstAdmin(database, { ...wanted, password: newPassword, now: services.now() });
    expect(await findTokenHolder(services, wanted.token)).toMatchObject({ userId });
    const sessions = database.db.selectFrom('sessions').selectAll().where('user_id', '=', userId);
    expect(await sessions.execute()).toEqual([]);
    await changeUser(services, { caller: admin, correlationId }, { userId, disabled: true });
  });
});

describe('people', () => {
  it('A3 are listed by address, each with role and access', async () => {
    const viewer = await addPerson('viewer');
    await changeUser(services, { caller: admin, correlationId }, { userId: viewer.userId, disabled: true });
    const listed = await listUsers(database.db, admin.organizationId);
    expect(listed.find(({ userId }) => userId === viewer.userId)).toMatchObject({
      role: 'viewer',
      disabled: true,
    });
    expect(await findMe(database.db, admin.userId)).toMatchObject({ email, organizationName: 'DataSync' });
  });

  it('B7 of two admins who take each other’s role at once, one stays', async () => {
    const other = await addPerson('admin');
    const demote = (caller: Person, userId: string) =>
      changeUser(services, { caller, correlationId }, { userId, role: 'viewer' });
    const outcomes = await Promise.allSettled([demote(admin, other.userId), demote(other, admin.userId)]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const users = await listUsers(database.db, admin.organizationId);
    expect(users.filter(({ role, disabled }) => role === 'admin' && !disabled)).toHaveLength(1);
    await ensureFirstAdmin(database, { email, password, now: services.now() });
  });

  it('B11 of two who add the same address at once, one does', async () => {
    const wanted = { email: 'twin@example.org', displayName: 'T', role: 'viewer', password } as const;
    const add = () => addUser(services, { caller: admin, correlationId }, wanted);
    const outcomes = await Promise.allSettled([add(), add()]);
    const refused = outcomes.find(({ status }) => status === 'rejected');
    expect(refused).toMatchObject({ reason: { code: 'conflict' } });
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('tokens', () => {
  it('A3 are listed without their secrets, with when they were last used', async () => {
    const operator = await signedIn(await addPerson('operator'));
    const change = { caller: operator, correlationId };
    const { token, tokenId } = await addToken(services, change, {
      name: 'cli',
      role: 'viewer',
      expiresInDays: 1,
    });
    expect(await findTokenHolder(services, token)).toMatchObject({ role: 'viewer', by: 'token' });
    const { tokens } = await listTokens(database.db, operator.userId);
    expect(tokens).toMatchObject([{ tokenId, name: 'cli', revoked: false }]);
    expect(tokens[0]?.lastUsedAt).toBe(services.now().toISOString());
    services.advance(86_400_000);
    expect(await findTokenHolder(services, token)).toBeUndefined();
  });

  it('A3 are made by whoever signed in, never by another token', async () => {
    const caller = { ...(await signedIn(await addPerson('admin'))), by: 'token' } as const;
    const wanted = { name: 'heir', role: 'viewer' } as const;
    await expect(addToken(services, { caller, correlationId }, wanted)).rejects.toMatchObject({
      code: 'not-allowed',
    });
    expect((await listTokens(database.db, caller.userId)).tokens).toEqual([]);
    await changeUser(services, { caller: admin, correlationId }, { userId: caller.userId, disabled: true });
  });

  it('A3 are a hundred a person at most', async () => {
    const viewer = await signedIn(await addPerson('viewer'));
    const add = () => addToken(services, { caller: viewer, correlationId }, { name: 'x', role: 'viewer' });
    for (let made = 0; made < 100; made++) await add();
    await expect(add()).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('what is read', () => {
  it('A3 the audit log comes in pages that neither repeat nor miss an entry', async () => {
    const { organizationId } = admin;
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const answer = await readAuditLog(database.db, { organizationId, cursor, limit: 7 });
      seen.push(...answer.entries.map(({ entryId }) => entryId));
      cursor = answer.nextCursor ?? undefined;
    } while (cursor !== undefined);
    const all = await database.db
      .selectFrom('audit_log')
      .select('id')
      .where('organization_id', '=', organizationId)
      .execute();
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.toSorted()).toEqual(all.map(({ id }) => id).toSorted());
  });

  it('A2 A5 diagnostics of an empty fleet are empty, for one organization and for all', async () => {
    expect((await readDiagFleet(services, undefined)).runners).toEqual([]);
    expect((await readDiagFleet(services, admin.organizationId)).runners).toEqual([]);
  });
});
