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
const email = z.email('wanted: an e-mail address');
const shareName = z
  .string()
  .regex(
    /^(?!.*--)[a-z0-9](?:[a-z0-9-]{1,61}[a-z0-9])$/,
    'wanted: a share name of Azure Files: 3 to 63 lower-case letters, digits and single dashes',
  );

const appService = z.strictObject({
  kind: z.literal('appService'),
  /** Slots need S1 or above; a staging slot runs beside production on the same instances. */
  sku: z.enum(['S1', 'S2', 'S3', 'P0v3', 'P1v3', 'P2v3', 'P3v3']).default('S1'),
  instances: z.number().int().min(1).max(10).default(1),
  stagingSlot: z.boolean().default(true),
});

const flexConsumption = z.strictObject({
  kind: z.literal('flexConsumption'),
  memoryMb: z.union([z.literal(512), z.literal(2048), z.literal(4096)]).default(2048),
  /** Azure takes 40 to 1000. Each may hold a pool of its own: the database's tier must have workers for them all. */
  instances: z.number().int().min(40, 'Flex Consumption takes 40 to 1000 instances').max(1000).default(40),
});

const sql = z
  .strictObject({
    sku: z.enum(Object.keys(sqlTiers) as [SqlSku, ...SqlSku[]]).default('S0'),
    maxSizeGb: z.number().int().min(1).default(250),
    pointInTimeDays: z
      .number()
      .int()
      .min(7, 'a point in time of the last 7 days must be restorable: wanted 7 to 35')
      .max(35)
      .default(7),
    /** `Geo` is what a restore in another region needs. */
    backupRedundancy: z.enum(['Local', 'Zone', 'Geo', 'GeoZone']).default('Geo'),
    /** Who may change the schema and make users: there is no password. A group outlives people. */
    administrator: z.strictObject({
      name: z.string().min(1),
      objectId: guid,
      type: z.enum(['Group', 'User', 'Application']).default('Group'),
    }),
  })
  .superRefine(({ sku, maxSizeGb }, context) => {
    const message = sqlSizeFault(sku, maxSizeGb);
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['maxSizeGb'], message });
  });

const files = z.strictObject({
  redundancy: z.enum(['LRS', 'ZRS', 'GRS', 'GZRS']).default('LRS'),
  /** Shares that this program makes and puts under the backup policy; the functions make others for new runners. */
  shares: z
    .array(z.strictObject({ name: shareName, quotaGb: z.number().int().min(1).max(102_400).default(5120) }))
    .min(1, 'wanted: at least one share')
    .default([{ name: 'archive', quotaGb: 5120 }])
    .refine(
      (shares) => new Set(shares.map(({ name }) => name)).size === shares.length,
      'two shares have one name',
    ),
  softDeleteDays: z.number().int().min(7).max(365).default(14),
  snapshotDays: z.number().int().min(7).max(200).default(7),
});

const network = z.strictObject({
  /** Private endpoints for storage, database and vault, which then have no public address; the agents' share keeps one. */
  private: z.boolean().default(false),
  addressSpace: z.cidrv4('wanted: a range such as 10.40.0.0/22').default('10.40.0.0/22'),
  /** From where agents upload; empty: from anywhere (a SAS is what lets them in). */
  agentAddresses: z.array(cidr).default([]),
  /** From where people and pipelines reach database, vault and storage: migrations, rotation, drills. */
  operatorAddresses: z.array(cidr).default([]),
});

const alerts = z.strictObject({
  /** Who hears of severity 0 and 1. */
  critical: z.array(email).min(1, 'wanted: at least one address that somebody reads at night'),
  /** Who hears of the rest; the same people unless said otherwise. */
  warning: z.array(email).default([]),
});

const logs = z.strictObject({
  /** The first 31 days cost nothing. */
  retentionDays: z.number().int().min(30).max(730).default(31),
  /** What a day may bring; more is dropped until the next. The functions bound themselves well below. */
  dailyGb: z.number().min(0.1).max(100).default(1),
});

/** What a stack may say of itself; everything else has a default. */
export const stackConfiguration = z
  .strictObject({
    location: region,
    /** Who answers for the stack, and for its bill. */
    owner: email,
    environment: z
      .string()
      .regex(/^[a-z0-9-]{1,20}$/, 'wanted: a word such as production')
      .default('production'),
    tags: z.record(z.string(), z.string()).default({}),
    plan: z
      .discriminatedUnion('kind', [appService, flexConsumption])
      .default(appService.parse({ kind: 'appService' })),
    sql,
    files: files.prefault({}),
    network: network.prefault({}),
    redis: z.boolean().default(false),
    /** A geo-replica of the database stands by there, behind one name for both. */
    secondRegion: region.optional(),
    alerts,
    /** A month, in the currency of the subscription. */
    budget: z
      .number()
      .positive('wanted: what a month may cost, in the currency of the subscription')
      .default(250),
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
