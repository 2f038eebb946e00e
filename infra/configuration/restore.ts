import { z } from 'zod';

const resourceId = (kind: string) =>
  z
    .string()
    .regex(
      new RegExp(`^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/${kind}$`, 'i'),
      `wanted: an id such as /subscriptions/…/providers/${kind.replaceAll('[^/]+', '…')}`,
    );
const database = resourceId('Microsoft.Sql/servers/[^/]+/databases/[^/]+');

/**
 * Where a stack's data comes from when it is made beside another: for a drill, or for good. Counts when database and share are
 * made; afterwards it may stay or go, and changes nothing.
 */
export const restore = z.strictObject({
  database: z
    .discriminatedUnion('from', [
      z.strictObject({
        from: z.literal('pointInTime'),
        sourceDatabaseId: database,
        /** Of the source's server, when it is not this stack's. */
        sourceRegion: z
          .string()
          .regex(/^[a-z0-9]+$/)
          .optional(),
        /** An instant in the source's retention. */
        at: z.iso.datetime({ message: 'wanted: an instant such as 2026-11-29T10:15:00Z' }),
      }),
      z.strictObject({
        from: z.literal('geoBackup'),
        recoverableDatabaseId: resourceId('Microsoft.Sql/servers/[^/]+/recoverableDatabases/[^/]+'),
      }),
      z.strictObject({ from: z.literal('copy'), sourceDatabaseId: database }),
    ])
    .optional(),
  /** Shares filled from a snapshot of another account's. No call of Azure does it: an output says the command that copies. */
  shares: z
    .array(
      z.strictObject({
        name: z.string().min(3),
        sourceAccount: z.string().regex(/^[a-z0-9]{3,24}$/, 'wanted: the name of a storage account'),
        sourceShare: z.string().min(3),
        /** Azure's name of a snapshot: when it was taken, to seven digits. */
        snapshot: z
          .string()
          .regex(
            /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/,
            'wanted: a snapshot such as 2026-11-29T03:00:00.0000000Z (az storage share list --include-snapshots)',
          ),
      }),
    )
    .default([]),
  /** Shares and their account that survived: taken over as they are, instead of made. */
  adoptFilesAccountId: resourceId('Microsoft.Storage/storageAccounts/[^/]+').optional(),
  /** The vault of a stack of the same name was deleted: it is recovered, since its name is taken for 90 days. */
  recoverDeletedVault: z.boolean().default(false),
});

export type Restore = z.infer<typeof restore>;
