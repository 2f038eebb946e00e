import { z } from 'zod';
import { crossFaults } from './crossFaults.ts';
import { functionSettingsConfiguration } from './functionSettings.ts';
import { restore } from './restore.ts';
import { sqlSizeFault, type SqlSku, sqlTiers } from './sqlTiers.ts';

const region = z
  .string()
  .regex(
    /^[a-z0-9]+$/,
    'wanted: a region of Azure in its short form, such as australiaeast (az account list-locations)',
  );
const guid = z.guid('wanted: an id as Entra shows it, 00000000-0000-0000-0000-000000000000');
const cidr = z.union(
  [z.cidrv4(), z.ipv4()],
  'wanted: an IPv4 address or a range of them, such as 203.0.113.0/24',
);
/** What the firewalls of Azure's services have in common. */
const publicRange = cidr
  .refine(
    (range) => !range.endsWith('/31'),
    'Azure Storage takes no range of two: wanted: both addresses by themselves',
  )
  .refine(
    (range) => !/^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(range),
    'a private address is never seen from outside: wanted: the public one that the network goes out by',
  );
const email = z.email('wanted: an e-mail address');
const shareName = z
  .string()
  .regex(
    /^(?!.*--)[a-z0-9](?:[a-z0-9-]{1,61}[a-z0-9])$/,
    'wanted: a share name of Azure Files: 3 to 63 lower-case letters, digits and single dashes',
  );

const appService = z.strictObject({
  kind: z.literal('appService'),
  sku: z
    .enum(['S1', 'S2', 'S3', 'P0v3', 'P1v3', 'P2v3', 'P3v3'])
    .default('S1')
    .describe('Tier of the plan; slots need S1 or above.'),
  instances: z
    .number()
    .int()
    .min(1)
    .max(10)
    .default(1)
    .describe('How many; each has a connection pool of its own.'),
  stagingSlot: z
    .boolean()
    .default(true)
    .describe('A slot that deployments go to first; it runs on the same instances.'),
});

const flexConsumption = z.strictObject({
  kind: z.literal('flexConsumption'),
  memoryMb: z
    .union([z.literal(512), z.literal(2048), z.literal(4096)])
    .default(2048)
    .describe('Memory of an instance.'),
  instances: z
    .number()
    .int()
    .min(40, 'Flex Consumption takes 40 to 1000 instances')
    .max(1000)
    .default(40)
    .describe(
      'The most instances there may be of a group: what answers requests is one, the queue another; each timer has one more. The database’s tier must have workers for them all.',
    ),
});

const sql = z
  .strictObject({
    sku: z
      .enum(Object.keys(sqlTiers) as [SqlSku, ...SqlSku[]])
      .default('S0')
      .describe('Service objective.'),
    maxSizeGb: z.number().int().min(1).default(250).describe('Size, one that the tier has.'),
    pointInTimeDays: z
      .number()
      .int()
      .min(7, 'a point in time of the last 7 days must be restorable: wanted 7 to 35')
      .max(35)
      .default(7)
      .describe('To how far back a point in time can be restored.'),
    backupRedundancy: z
      .enum(['Local', 'Zone', 'Geo', 'GeoZone'])
      .default('Geo')
      .describe('Where backups are kept; `Geo` is what a restore in another region needs.'),
    administrator: z.strictObject({
      name: z
        .string()
        .min(1)
        .describe(
          'As Entra calls the administrator of the database, who runs migrations and makes users; there is no password.',
        ),
      objectId: guid.describe('Its object id.'),
      type: z.enum(['Group', 'User', 'Application']).default('Group').describe('A group outlives people.'),
    }),
  })
  .superRefine(({ sku, maxSizeGb }, context) => {
    const message = sqlSizeFault(sku, maxSizeGb);
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['maxSizeGb'], message });
  });

const files = z.strictObject({
  redundancy: z
    .enum(['LRS', 'ZRS', 'GRS', 'GZRS'])
    .default('LRS')
    .describe('How Azure keeps the archive’s account.'),
  shares: z
    .array(z.strictObject({ name: shareName, quotaGb: z.number().int().min(1).max(102_400).default(5120) }))
    .min(1, 'wanted: at least one share')
    .default([{ name: 'archive', quotaGb: 5120 }])
    .refine(
      (shares) => new Set(shares.map(({ name }) => name)).size === shares.length,
      'two shares have one name',
    )
    .describe(
      'Shares made here and put under the backup policy; the functions make others for new runners and take their snapshots.',
    ),
  softDeleteDays: z
    .number()
    .int()
    .min(7)
    .max(365)
    .default(14)
    .describe('A deleted share or blob can be taken back for so long.'),
  snapshotDays: z.number().int().min(7).max(200).default(7).describe('Daily snapshots are kept for so long.'),
});

const network = z.strictObject({
  private: z
    .boolean()
    .default(false)
    .describe(
      'Private endpoints for the host’s storage, database, vault and Redis, which then have no public address; the archive’s account keeps one for the agents.',
    ),
  addressSpace: z
    .cidrv4('wanted: a range such as 10.40.0.0/22')
    .default('10.40.0.0/22')
    .describe('Range of the network.'),
  agentAddresses: z
    .array(publicRange)
    .default([])
    .describe('From where agents upload; empty: from anywhere, a SAS is what lets them in.'),
  operatorAddresses: z
    .array(publicRange)
    .default([])
    .describe('From where people and pipelines reach database, vault and storage.'),
});

const alerts = z.strictObject({
  critical: z
    .array(email)
    .min(1, 'wanted: at least one address that somebody reads at night')
    .describe('Who hears of severity 0 and 1.'),
  warning: z
    .array(email)
    .default([])
    .describe('Who hears of the rest; the same people unless said otherwise.'),
});

const logs = z.strictObject({
  retentionDays: z
    .number()
    .int()
    .min(30)
    .max(730)
    .default(31)
    .describe('How long logs are kept; the first 31 days cost nothing.'),
  dailyGb: z
    .number()
    .min(0.1)
    .max(100)
    .default(1)
    .describe('What a day may bring; more is dropped until the next.'),
});

/** What a stack may say of itself; everything else has a default. */
export const stackConfiguration = z
  .strictObject({
    location: region.describe('Region of everything.'),
    owner: email.describe('Who answers for the stack, and for its bill.'),
    environment: z
      .string()
      .regex(/^[a-z0-9-]{1,20}$/, 'wanted: a word such as production')
      .default('production')
      .describe('Tag.'),
    tags: z.record(z.string(), z.string()).default({}).describe('Further tags.'),
    plan: z
      .discriminatedUnion('kind', [appService, flexConsumption])
      .default(appService.parse({ kind: 'appService' })),
    sql,
    files: files.prefault({}),
    network: network.prefault({}),
    redis: z.boolean().default(false).describe('Azure Managed Redis, for limits that instances share.'),
    secondRegion: region
      .optional()
      .describe(
        'A replica of the database stands by there; the app stays in `location`, and goes on with the replica once a person runs `databaseFailover`.',
      ),
    alerts,
    budget: z
      .number()
      .positive('wanted: what a month may cost, in the currency of the subscription')
      .default(250)
      .describe(
        'What a month may cost, in the currency of the subscription: mail at 80 % and 100 %, and when that is forecast.',
      ),
    logs: logs.prefault({}),
    ...functionSettingsConfiguration,
    restore: restore.optional(),
  })
  .superRefine((configuration, context) => {
    for (const { path, message } of crossFaults(configuration))
      context.addIssue({ code: 'custom', path: [...path], message });
  });

export type StackConfiguration = z.infer<typeof stackConfiguration>;
export type StackConfigurationInput = z.input<typeof stackConfiguration>;
