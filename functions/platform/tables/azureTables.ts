import type * as dataTables from '@azure/data-tables';
import type { TableClient, TableServiceClient } from '@azure/data-tables';
import { identityCredential } from '../identityCredential.ts';
import { endpointOf, type StorageAccess } from '../storageAccess.ts';
import { batchesOf } from './batches.ts';
import { azureCodeOf, tablesErrorOf } from './tableErrors.ts';
import type { RowQuery, TableRow, Tables } from './tables.ts';

export type AzureTablesOptions = StorageAccess & {
  /** For one call, its repetitions included; 10 s unless said otherwise. */
  readonly timeoutMs?: number;
};

const retryOptions = { maxRetries: 1, retryDelayInMs: 200, maxRetryDelayInMs: 1000 };

/** Tables of Azure Storage, or of what speaks their protocol. Nothing is connected to, and no library loaded, before the first call. */
export function openAzureTables({ timeoutMs = 10_000, ...access }: AzureTablesOptions): Tables {
  const open = clientsOf(access);
  const clients = new Map<string, TableClient>();
  const library = () => import('@azure/data-tables');
  const tableNamed = async (name: string): Promise<TableClient> => {
    const client = clients.get(name) ?? open.table(await library(), name);
    clients.set(name, client);
    return client;
  };
  const service = async (): Promise<TableServiceClient> => open.service(await library());
  const call = async <T>(action: string, work: (abortSignal: AbortSignal) => Promise<T>): Promise<T> => {
    try {
      return await work(AbortSignal.timeout(timeoutMs));
    } catch (error) {
      throw tablesErrorOf(error, action);
    }
  };

  return {
    upsert: (table, rows) =>
      call(`writing ${rows.length} rows to table ${table}`, async (abortSignal) => {
        const client = await tableNamed(table);
        for (const batch of batchesOf(rows)) await writeBatch(client, batch, abortSignal);
      }),
    rows: (query) =>
      call(`reading partition ${query.partitionKey} of table ${query.table}`, async (abortSignal) => {
        const pages = (await tableNamed(query.table))
          .listEntities({ abortSignal, queryOptions: { filter: filterOf(query) } })
          .byPage({
            maxPageSize: query.limit,
            ...(query.continuation === undefined ? {} : { continuationToken: query.continuation }),
          });
        const next = await pages.next().catch((error: unknown) => {
          if (isTableMissing(error)) return undefined;
          throw error;
        });
        if (next === undefined || next.done === true) return { rows: [], continuation: undefined };
        const page: readonly object[] & { readonly continuationToken?: string } = next.value;
        return { rows: page.map(rowOf), continuation: page.continuationToken };
      }),
    names: (prefix) =>
      call(`listing tables ${prefix}*`, async (abortSignal) => {
        // `~` sorts after all that a name may hold.
        const filter = `TableName ge ${literal(prefix)} and TableName lt ${literal(`${prefix}~`)}`;
        const names: string[] = [];
        for await (const { name } of (await service()).listTables({ abortSignal, queryOptions: { filter } }))
          if (name?.startsWith(prefix) === true) names.push(name);
        return names.sort();
      }),
    drop: (table) =>
      call(`dropping table ${table}`, async (abortSignal) => {
        clients.delete(table);
        await (await service()).deleteTable(table, { abortSignal });
      }),
  };
}

type Library = typeof dataTables;

/** How clients are made, by key or by identity. */
function clientsOf(access: StorageAccess): {
  readonly table: (library: Library, name: string) => TableClient;
  readonly service: (library: Library) => TableServiceClient;
} {
  if ('connectionString' in access) {
    const { connectionString } = access;
    // Only a local stand-in has such an address: Azure's own are https.
    const isLocal = /\bTableEndpoint=http:|\bDefaultEndpointsProtocol=http;/i.test(connectionString);
    const options = { retryOptions, allowInsecureConnection: isLocal };
    return {
      table: ({ TableClient }, name) => TableClient.fromConnectionString(connectionString, name, options),
      service: ({ TableServiceClient }) => TableServiceClient.fromConnectionString(connectionString, options),
    };
  }
  const url = endpointOf(access.accountName, 'table');
  const credential = identityCredential(access.clientId);
  return {
    table: ({ TableClient }, name) => new TableClient(url, name, credential, { retryOptions }),
    service: ({ TableServiceClient }) => new TableServiceClient(url, credential, { retryOptions }),
  };
}

function filterOf(query: RowQuery): string {
  const conditions = [`PartitionKey eq ${literal(query.partitionKey)}`];
  if (query.from !== undefined) conditions.push(`RowKey ge ${literal(query.from)}`);
  if (query.before !== undefined) conditions.push(`RowKey lt ${literal(query.before)}`);
  for (const [property, values] of Object.entries(query.equal ?? {})) {
    const alternatives = values.map((value) => `${property} eq ${literal(value)}`);
    if (alternatives.length > 0) conditions.push(`(${alternatives.join(' or ')})`);
  }
  return conditions.join(' and ');
}

/** A text in a filter (OData): between quotes, a quote within doubled. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

async function writeBatch(
  client: TableClient,
  batch: readonly TableRow[],
  abortSignal: AbortSignal,
): Promise<void> {
  const [only] = batch;
  const write = async (): Promise<void> => {
    if (only !== undefined && batch.length === 1)
      await client.upsertEntity({ ...only }, 'Replace', { abortSignal });
    else
      await client.submitTransaction(
        batch.map((row) => ['upsert', { ...row }, 'Replace']),
        { abortSignal },
      );
  };
  try {
    await write();
  } catch (error) {
    if (!isTableMissing(error)) throw error;
    // Says nothing when another has made it meanwhile.
    await client.createTable({ abortSignal });
    await write();
  }
}

function isTableMissing(error: unknown): boolean {
  return azureCodeOf(error) === 'TableNotFound';
}

/** Without what the service adds. */
function rowOf(entity: object): TableRow {
  const row: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(entity)) {
    if (name === 'etag' || name === 'timestamp' || name.startsWith('odata')) continue;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      row[name] = value;
  }
  return row as TableRow;
}
