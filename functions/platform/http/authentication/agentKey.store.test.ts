import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../../../test/support/database.ts';
import { testServices } from '../../../../test/support/services.ts';
import { authenticateAgent } from './agentKey.ts';
import { hashAgentKey } from './secretHash.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
  const at = new Date();
  await database.db.insertInto('organizations').values({ id: 'o', name: 'O', created_at: at }).execute();
  const key_hash = hashAgentKey('good-key');
  const names = {
    name: 'ARGO-1',
    host_name: 'pc',
    platform: 'linux',
    time_zone: 'UTC',
    share_name: 'argo-1',
  };
  const keys = { id: 'argo-1', organization_id: 'o', key_hash, key_slot: key_hash };
  const state = { status: 'active', generation: 3, version: 1, created_at: at, updated_at: at } as const;
  await database.db
    .insertInto('runners')
    .values({ ...keys, ...names, ...state })
    .execute();
});
afterAll(async () => {
  await database.close();
});

it('F1 an approved key is its runner, with organization and generation', async () => {
  expect(await authenticateAgent(testServices({ database }), 'good-key')).toEqual({
    kind: 'agent',
    runnerId: 'argo-1',
    organizationId: 'o',
    generation: 3,
  });
});

it('F1 a key that the server never saw is unknown', async () => {
  await expect(authenticateAgent(testServices({ database }), 'bad-key')).rejects.toMatchObject({
    code: 'agent-key-unknown',
  });
});

it('P4 agents that ask at the same time are told apart, known and unknown', async () => {
  const services = testServices({ database });
  const keys = ['good-key', 'bad-key', 'good-key', 'argo-1', 'good-key'];
  const answers = await Promise.allSettled(keys.map((key) => authenticateAgent(services, key)));
  expect(answers.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
});
