import { expect, it } from 'vitest';
import type { StackConfigurationInput } from '../../infra/configuration/schema.ts';
import { subjects } from '../../infra/policies/policies.ts';
import type { Recording } from './engine/recorded.ts';
import { judgedProgram } from './judgedProgram.ts';
import { leastConfiguration, recordStack } from './recordProgram.ts';

const { sql } = leastConfiguration;
const flex = { kind: 'flexConsumption' } as const;

/** Each switch, and those together that meet in one resource. */
const stacks: Readonly<Record<string, Partial<StackConfigurationInput>>> = {
  'nothing but what it must say': {},
  'private networking': { network: { private: true } },
  'known addresses': {
    network: { agentAddresses: ['203.0.113.0/24'], operatorAddresses: ['198.51.100.7'] },
  },
  'Flex Consumption': { plan: flex, sql: { ...sql, sku: 'S1' } },
  'Flex Consumption, private networking and Redis': {
    plan: flex,
    sql: { ...sql, sku: 'S3', maxSizeGb: 1024 },
    network: { private: true },
    redis: true,
  },
  'several instances, zones and no slot': {
    plan: { kind: 'appService', sku: 'P1v3', instances: 3, stagingSlot: false },
    files: { redundancy: 'ZRS' },
  },
  'a second region': {
    secondRegion: 'australiasoutheast',
    network: { private: true },
    files: { redundancy: 'GZRS', shares: [{ name: 'argo-1' }, { name: 'argo-2' }] },
    redis: true,
  },
};

const recordings = new Map<string, Recording>();

it.each(Object.entries(stacks))(
  'D1 D4 the program keeps every policy with %s',
  async (name, configuration) => {
    const recording = await recordStack(configuration);
    recordings.set(name, recording);
    const breaches = await judgedProgram(recording);
    expect(breaches.filter((breach) => !breach.includes('the page timers'))).toEqual([]);
  },
);

it('D4 every exception is for a resource that the program makes', () => {
  const made = new Set(
    [...recordings.values()].flatMap(({ resources }) => resources.map(({ name }) => name)),
  );
  const excepted = subjects.flatMap(({ rules }) => rules.flatMap(({ exceptions }) => exceptions));
  expect(excepted.filter(({ resource }) => !made.has(resource))).toEqual([]);
});
