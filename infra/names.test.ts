import fc from 'fast-check';
import { expect, it } from 'vitest';
import { guidOf, type Names, namesOf, STAGING_SLOT } from './names.ts';

const subscriptionId = '11111111-2222-3333-4444-555555555555';
const stackName = fc.stringMatching(/^[A-Za-z0-9_.-]{1,100}$/);
const all = ({ named, ...names }: Names): string[] => [...Object.values(names), named('plan'), named('vnet')];

it('D2 names are legal in Azure whatever the stack is called', () => {
  fc.assert(
    fc.property(stackName, (stack) => {
      const names = namesOf({ project: 'datasync', stack, subscriptionId });
      expect(names.hostStorage).toMatch(/^[a-z0-9]{3,24}$/);
      expect(names.filesStorage).toMatch(/^[a-z0-9]{3,24}$/);
      expect(names.keyVault).toMatch(/^(?!.*--)[a-z][a-z0-9-]{1,22}[a-z0-9]$/);
      expect(names.app).toMatch(/^(?!.*--)[a-z0-9][a-z0-9-]{0,58}[a-z0-9]$/);
      for (const server of [names.sqlServer, names.secondSqlServer, names.failoverGroup, names.redis])
        expect(server).toMatch(/^[a-z0-9][a-z0-9-]{0,58}[a-z0-9]$/);
      expect(names.named('rsv').length).toBeLessThanOrEqual(50);
      expect(names.named('pe-sql-standby').length).toBeLessThanOrEqual(64);
      expect(names.resourceGroup).toMatch(/^[a-z0-9-]{1,89}[a-z0-9]$/);
    }),
  );
});

it('D4 the host cuts no name of app or slot, and so no two of them share leases', () => {
  fc.assert(
    fc.property(stackName, (stack) => {
      const { app } = namesOf({ project: 'datasync', stack, subscriptionId });
      expect(`${app}-${STAGING_SLOT}`.length).toBeLessThanOrEqual(32);
    }),
  );
});

it('D2 two stacks never share a name, however alike theirs are', () => {
  const alike = [
    'production',
    'Production',
    'production-',
    'production.',
    'production-of-the-first-site',
    'production-of-the-first-sites',
  ];
  const names = alike.flatMap((stack) => all(namesOf({ project: 'datasync', stack, subscriptionId })));
  expect(new Set(names).size).toBe(names.length);
  const elsewhere = all(
    namesOf({ project: 'datasync', stack: 'production', subscriptionId: guidOf('another') }),
  );
  expect(elsewhere.filter((name) => names.includes(name))).toEqual([]);
});
