import type { AppliedMigration } from './applied-migrations.ts';
import type { Migration } from './migration-files.ts';

/** The schema and this code do not go together; nothing was changed. */
export class SchemaVersionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SchemaVersionError';
  }
}

/** A newer schema is fine while its migrations only expanded; a changed file means that nobody knows the schema any more. */
export function refuseUnknownSchema(known: readonly Migration[], applied: readonly AppliedMigration[]): void {
  for (const row of applied) {
    const migration = known[row.number - 1];
    if (migration === undefined && row.breaking) {
      throw new SchemaVersionError(
        `Cannot run on this database: ${row.name} is newer than this code and breaking, wanted at most number ${known.length}`,
      );
    }
    if (migration !== undefined && migration.checksum !== row.checksum) {
      throw new SchemaVersionError(
        `Cannot run on this database: ${row.name} was applied with checksum ${row.checksum.slice(0, 12)}, and this code has ${migration.checksum.slice(0, 12)} of it; an applied migration is never changed, add another`,
      );
    }
  }
}
