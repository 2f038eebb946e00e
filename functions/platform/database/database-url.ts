export type Dialect = 'postgres' | 'mssql';

/** Where a database is and who asks; `options` are the URL's query. */
export interface DatabaseAddress {
  readonly dialect: Dialect;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly options: URLSearchParams;
}

const schemes: Readonly<Record<string, { dialect: Dialect; port: number }>> = {
  'postgres:': { dialect: 'postgres', port: 5432 },
  'postgresql:': { dialect: 'postgres', port: 5432 },
  'mssql:': { dialect: 'mssql', port: 1433 },
  'sqlserver:': { dialect: 'mssql', port: 1433 },
};

const wanted =
  'wanted postgres://user:password@host:port/database or mssql://user:password@host:port/database';

/** Reads a database URL; user, password and database are percent-decoded. No error repeats the URL: it holds a password. */
export function parseDatabaseUrl(url: string): DatabaseAddress {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined) throw new TypeError(`Cannot read the database URL: it is not a URL, ${wanted}`);
  const scheme = schemes[parsed.protocol];
  if (scheme === undefined) {
    throw new TypeError(`Cannot open a database with scheme ${parsed.protocol}//, ${wanted}`);
  }
  const database = decoded(parsed.pathname.replace(/^\//, ''), 'database');
  if (parsed.hostname === '') throw new TypeError(`Cannot read the database URL: no host, ${wanted}`);
  if (database === '' || database.includes('/')) {
    throw new TypeError(`Cannot read the database URL: one database name wanted after the host, ${wanted}`);
  }
  return {
    dialect: scheme.dialect,
    host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: parsed.port === '' ? scheme.port : Number(parsed.port),
    database,
    user: decoded(parsed.username, 'user'),
    password: decoded(parsed.password, 'password'),
    options: parsed.searchParams,
  };
}

/** A database's address as text for people and logs: no password. */
export function describeAddress(address: DatabaseAddress): string {
  return `${address.dialect}://${address.host}:${address.port}/${address.database}`;
}

function decoded(text: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TypeError(`Cannot read the database URL: the ${part} is not percent-encoded well, ${wanted}`);
  }
}
