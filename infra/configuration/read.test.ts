import { describe, expect, it } from 'vitest';
import { readConfiguration, valuesOf } from './read.ts';

const administrator = { name: 'administrators', objectId: 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee' };
const sound = {
  location: 'australiaeast',
  owner: 'owner@example.com',
  sql: { administrator },
  alerts: { critical: ['operators@example.com'] },
  secrets: {
    AUTH_SECRET: 'k3Jx9vQm2Rt7Yw4Zp8Ns6Lb1Hd5Gf0Ce3Ua7Io9Ek2Mq',
    DATASYNC_CI_UPLOAD_SECRET: 'a-secret-of-the-pipeline-1',
  },
};

describe('the configuration of a stack', () => {
  it.each<[string, object, RegExp]>([
    [
      'a size that the tier has not',
      { sql: { administrator, maxSizeGb: 500 } },
      /sql\.maxSizeGb: S0 holds 250 GB at most/,
    ],
    [
      'a size between two',
      { sql: { administrator, sku: 'S3', maxSizeGb: 260 } },
      /sql\.maxSizeGb: S3 has no size of 260 GB; wanted: .*250, 300/,
    ],
    [
      'fewer than seven days',
      { sql: { administrator, pointInTimeDays: 3 } },
      /sql\.pointInTimeDays: .*wanted 7 to 35/,
    ],
    [
      'more instances than workers',
      { plan: { kind: 'flexConsumption' } },
      /sql\.sku: 113 processes of the app share the 60 workers of S0/,
    ],
    [
      'workers for the instances that answer requests, and none for queue and timers',
      { plan: { kind: 'flexConsumption' }, sql: { administrator, sku: 'S3' } },
      /sql\.sku: 113 processes of the app share the 200 workers of S3/,
    ],
    [
      'fewer instances than Flex takes',
      { plan: { kind: 'flexConsumption', instances: 4 } },
      /plan\.instances: Flex Consumption takes 40 to 1000/,
    ],
    [
      'a staging slot on Flex Consumption',
      { plan: { kind: 'flexConsumption', stagingSlot: true }, sql: { administrator, sku: 'S4' } },
      /plan: knows no stagingSlot/,
    ],
    [
      'a second region for a share kept in one',
      { secondRegion: 'australiasoutheast', network: { private: true } },
      /files\.redundancy: .*wanted: GRS or GZRS/,
    ],
    [
      'a second region without private networking',
      { secondRegion: 'australiasoutheast', files: { redundancy: 'GRS' } },
      /network\.private: .*another/,
    ],
    [
      'the first region for a second',
      { secondRegion: 'australiaeast', files: { redundancy: 'GRS' }, network: { private: true } },
      /secondRegion: .*wanted: another one/,
    ],
    [
      'a network without room',
      { network: { addressSpace: '10.0.0.0/26' } },
      /network\.addressSpace: .*wanted: \/25 or larger/,
    ],
    [
      'an address that is none',
      { network: { operatorAddresses: ['home'] } },
      /network\.operatorAddresses\.0: wanted: an IPv4 address/,
    ],
    [
      'an address that nobody outside sees',
      { network: { operatorAddresses: ['10.1.2.3'] } },
      /network\.operatorAddresses\.0: a private address/,
    ],
    [
      'a range that Azure Storage does not take',
      { network: { agentAddresses: ['203.0.113.8/31'] } },
      /network\.agentAddresses\.0: .*no range of two/,
    ],
    [
      'a share that Azure Files cannot have',
      { files: { shares: [{ name: 'Archive' }] } },
      /files\.shares\.0\.name: wanted: a share name/,
    ],
    [
      'a setting that nobody declared',
      { settings: { OFLINE_MINUTES: 5 } },
      /settings: knows no OFLINE_MINUTES/,
    ],
    [
      'a setting that this program makes itself',
      { settings: { DB_POOL_MAX: 5 } },
      /settings: knows no DB_POOL_MAX/,
    ],
    [
      'a value that the functions would refuse',
      { settings: { OFFLINE_MINUTES: 'soon' } },
      /settings\.OFFLINE_MINUTES: /,
    ],
  ])('D2 refuses %s, and says what was wanted', (_, wrong, message) => {
    expect(() => readConfiguration({ ...sound, ...wrong })).toThrow(message);
  });

  it('D2 says everything that is wrong at once, and no secret', () => {
    const read = () =>
      readConfiguration({ ...sound, location: 'Sydney', owner: 'me', secrets: { AUTH_SECRET: 'hunter2' } });
    for (const fault of [
      /location: wanted/,
      /owner: wanted/,
      /secrets\.AUTH_SECRET: /,
      /secrets\.DATASYNC_CI_UPLOAD_SECRET: is missing/,
    ])
      expect(read).toThrow(fault);
    expect(read).not.toThrow(/hunter2/);
  });

  it('D2 has a default for all else', () => {
    expect(readConfiguration(sound)).toMatchObject({
      plan: { kind: 'appService', sku: 'S1', instances: 1, stagingSlot: true },
      sql: { sku: 'S0', maxSizeGb: 250, pointInTimeDays: 7 },
      files: { redundancy: 'LRS', snapshotDays: 7, shares: [{ name: 'archive' }] },
      network: { private: false },
      redis: false,
    });
  });

  it('D2 reads texts, objects, numbers and booleans as Pulumi hands them over, and only its own', () => {
    const texts = {
      'datasync:location': 'australiaeast',
      'datasync:redis': 'true',
      'datasync:budget': '300',
      'datasync:sql': '{"sku":"S3"}',
      'azure-native:location': 'x',
    };
    expect(valuesOf(texts, 'datasync')).toEqual({
      location: 'australiaeast',
      redis: true,
      budget: 300,
      sql: { sku: 'S3' },
    });
  });
});
