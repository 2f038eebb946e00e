import { describe, expect, it } from 'vitest';
import type { Sample } from '../../test/support/judging.ts';
import { but, expectACaseForEach, expectVerdicts, type RuleCase } from '../../test/support/ruleCases.ts';
import { database } from './database.ts';

const GIB = 1024 ** 3;
const s0: Sample = {
  type: 'azure-native:sql:Database',
  name: 'database',
  props: { sku: { name: 'S0' }, maxSizeBytes: 250 * GIB },
};
const sized = (name: string, sizeGb: number): Sample =>
  but(s0, { sku: { name }, maxSizeBytes: sizeGb * GIB });
const plan = (capacity: number): Sample => ({
  type: 'azure-native:web:AppServicePlan',
  name: 'plan',
  props: { sku: { name: 'S1', capacity } },
});
const app = (pool?: number): Sample => ({
  type: 'azure-native:web:WebApp',
  name: 'app',
  props: {
    siteConfig: {
      appSettings: pool === undefined ? [] : [{ name: 'DB_POOL_MAX', value: String(pool) }],
    },
  },
  from: { serverFarmId: ['plan'] },
});
const slot = (pool: number): Sample => ({
  ...app(pool),
  type: 'azure-native:web:WebAppSlot',
  name: 'staging',
});
const flex = (maximumInstanceCount: number | undefined, pool: number): Sample =>
  but(app(pool), { functionAppConfig: { scaleAndConcurrency: { maximumInstanceCount } } });
const crowded = (says: string): string =>
  `Database “database” has 60 workers on S0 for ${says}; wanted: a smaller DB_POOL_MAX, fewer instances, or a higher tier.`;

const cases: readonly RuleCase[] = [
  {
    rule: 'sql-size',
    good: [s0, sized('S3', 1024), sized('S0', 0.5), sized('P11', 4096), sized('GP_Gen5_2', 333)],
    bad: [
      [
        [sized('S0', 500)],
        [
          'Database “database” asks for 500 GB on S0; wanted: 1, 2, 5, 10, 20, 30, 40, 50, 100, 150, 200, 250 GB.',
        ],
      ],
      [
        [sized('S3', 800)],
        [
          'Database “database” asks for 800 GB on S3; wanted: 1, 2, 5, 10, 20, 30, 40, 50, 100, 150, 200, 250, 300, 400, 500, 750, 1024 GB.',
        ],
      ],
      [
        [but(s0, { maxSizeBytes: undefined, sku: { name: 'GP_Gen5_2' } })],
        ['Database “database” asks for no size on GP_Gen5_2; wanted: 1 to 1024 GB.'],
      ],
      [
        [sized('S5', 250)],
        [
          'Database “database” has the service objective S5; wanted: one of Basic, S0, S1, S2, S3, S4, S6, S7, S9, S12, P1, P2, P4, P6, P11, P15, GP_Gen5_2, GP_Gen5_4.',
        ],
      ],
    ],
  },
  {
    rule: 'pool-fits-tier',
    good: [s0, plan(2), app(20), slot(10)],
    bad: [
      [[s0, plan(2), app(21), slot(10)], [crowded('62 connections (app 2 × 21 + staging 2 × 10)')]],
      // Without the setting the functions open 20 each.
      [[s0, plan(4), app()], [crowded('80 connections (app 4 × 20)')]],
      // Of 40 instances each: what answers requests, and the queue; and one of each timer.
      [[s0, flex(40, 2)], [crowded('226 connections (app 113 × 2)')]],
      [[s0, flex(undefined, 1)], [crowded('233 connections (app 233 × 1)')]],
    ],
  },
];

describe('database', () => {
  it('D4 every rule has its good and its bad', () => expectACaseForEach(database, cases));

  it.each(cases)('D4 $rule', async (one) => {
    await expectVerdicts(database, one);
    expect.hasAssertions();
  });
});

it('D4 B10 pool-fits-tier reads settings that are a resource of their own', async () => {
  const apart: Sample = {
    type: 'azure-native:web:WebAppApplicationSettings',
    name: 'settings',
    props: { properties: { DB_POOL_MAX: '31' } },
    from: { name: ['app'] },
  };
  const bare: Sample = { ...app(), props: {} };
  await expectVerdicts(database, {
    rule: 'pool-fits-tier',
    good: [s0, plan(1), bare, apart],
    bad: [[[s0, plan(2), bare, apart], [crowded('62 connections (app 2 × 31)')]]],
  });
  expect.hasAssertions();
});
