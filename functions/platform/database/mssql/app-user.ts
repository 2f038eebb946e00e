export interface AppUser {
  /** As the identity is called in Entra: for a managed identity of its own that of the app. */
  readonly name: string;
  /** Its client id, by which the database tells it from one of the same name that was deleted. */
  readonly clientId?: string;
}

/**
 * The batches that let the app's identity into a database of Azure SQL with no more than it needs: reading and writing rows.
 * It makes no table and changes no schema; there is no procedure that it would have to be let run, and the server's locks are
 * everybody's. To be run by the Entra administrator, as often as one likes. Throws TypeError for a name that no identity has.
 */
export function appUserBatches({ name, clientId }: AppUser): string[] {
  if (!/^[\w .()-]{1,120}$/.test(name))
    throw new TypeError(
      `Cannot let ${JSON.stringify(name)} into the database: wanted the name of an identity`,
    );
  if (clientId !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(clientId))
    throw new TypeError(`Cannot use the client id ${JSON.stringify(clientId)}: wanted a GUID`);
  const isThere = `EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'${name}'`;
  const isAnother = `${isThere} AND sid <> CAST(CAST('${clientId ?? ''}' AS uniqueidentifier) AS varbinary(16)))`;
  return [
    // A stack that was built anew has an identity of the same name that the old user does not let in.
    ...(clientId === undefined ? [] : [`IF ${isAnother} DROP USER [${name}];`]),
    `IF NOT ${isThere}) CREATE USER [${name}] FROM EXTERNAL PROVIDER;`,
    `ALTER ROLE db_datareader ADD MEMBER [${name}];`,
    `ALTER ROLE db_datawriter ADD MEMBER [${name}];`,
  ];
}
