import { expect, it } from 'vitest';
import type { StackConfigurationInput } from '../../infra/configuration/schema.ts';
import { subjects } from '../../infra/policies/policies.ts';
import { startAnalyzer } from '../support/analyzer.ts';
import type { Recording } from './engine/recorded.ts';
import { analyzedProgram, judgedProgram, previewed } from './judgedProgram.ts';
import { leastConfiguration, recordStack } from './recordProgram.ts';

type Choice = Partial<StackConfigurationInput>;

const plans: Readonly<Record<'slot' | 'no slot' | 'Flex', Choice>> = {
  slot: {},
  'no slot': { plan: { kind: 'appService', sku: 'P1v3', instances: 3, stagingSlot: false } },
  Flex: { plan: { kind: 'flexConsumption' }, sql: { ...leastConfiguration.sql, sku: 'S4' } },
};
const kept: Readonly<Record<'LRS' | 'ZRS' | 'GZRS', Choice>> = {
  LRS: {},
  ZRS: { files: { redundancy: 'ZRS', shares: [{ name: 'argo-1' }, { name: 'argo-2' }] } },
  GZRS: { files: { redundancy: 'GZRS' } },
};
const networks: Readonly<Record<'open' | 'known' | 'private', Choice>> = {
  open: {},
  known: { network: { agentAddresses: ['203.0.113.0/24'], operatorAddresses: ['198.51.100.7'] } },
  private: { network: { private: true } },
};
const secondRegion: Choice = { secondRegion: 'australiasoutheast' };
const restored: Choice = {
  environment: 'drill',
  restore: {
    database: {
      from: 'pointInTime',
      sourceDatabaseId:
        '/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/s/databases/DataSync',
      at: '2026-11-29T10:15:00Z',
    },
  },
};

/** Any two choices meet in one of these. */
const rows: readonly (readonly [
  plan: keyof typeof plans,
  redundancy: keyof typeof kept,
  network: keyof typeof networks,
  redis: boolean,
  more?: Choice,
])[] = [
  ['slot', 'LRS', 'open', false],
  ['slot', 'ZRS', 'known', true],
  ['slot', 'GZRS', 'private', true, secondRegion],
  ['no slot', 'LRS', 'known', true],
  ['no slot', 'ZRS', 'private', false],
  ['no slot', 'GZRS', 'open', false, restored],
  ['Flex', 'LRS', 'private', true],
  ['Flex', 'ZRS', 'open', true],
  ['Flex', 'GZRS', 'known', false],
];

const stacks = rows.map(([plan, redundancy, network, redis, more = {}]) => ({
  name: [plan, redundancy, network, ...(redis ? ['Redis'] : []), ...Object.keys(more)].join(', '),
  configuration: { ...plans[plan], ...kept[redundancy], ...networks[network], redis, ...more },
}));

const recordings: Recording[] = [];

it.each(stacks)('D1 D4 the program keeps every policy: $name', async ({ configuration }) => {
  const recording = await recordStack(configuration);
  recordings.push(recording);
  expect(await judgedProgram(recording)).toEqual([]);
});

const exceptions = subjects.flatMap(({ rules }) =>
  rules.flatMap(({ name, exceptions: ofRule }) => ofRule.map(({ resource }) => ({ rule: name, resource }))),
);

it.each(exceptions)('D4 $rule would judge $resource, were it no exception', async ({ rule, resource }) => {
  const renamed = recordings.map((recording) => ({
    ...recording,
    resources: recording.resources.map((one) => (one.name === resource ? { ...one, name: 'another' } : one)),
  }));
  const breaches = (await Promise.all(renamed.map(judgedProgram))).flat();
  expect(
    breaches.filter((breach) => breach.startsWith(`${rule}: `) && breach.includes('“another”')),
  ).not.toEqual([]);
});

it('D4 the pack that the Pulumi CLI starts forbids nothing of it, in a preview where much is open as after it', async () => {
  await using analyzer = await startAnalyzer();
  const recording = recordings[2] ?? (await recordStack(stacks[2]!.configuration));
  const after = await analyzedProgram(recording, analyzer);
  expect(after).toEqual({ forbidden: [], putOff: [] });
  const open = previewed(recording);
  expect(open).not.toEqual(recording);
  const before = await analyzedProgram(open, analyzer);
  expect(before.forbidden).toEqual([]);
});
