import type mssql from 'mssql';
import { assembleDatabase } from '../assembled-database.ts';
import type { Database, OpenSettings } from '../database.ts';
import type { DatabaseAddress } from '../database-url.ts';
import { MssqlPoolDialect } from './dialect.ts';
import { ReconnectingPool } from './reconnecting-pool.ts';

/**
 * SQL Server or Azure SQL through `mssql`. The URL's options: `encrypt` (true unless false), `trustServerCertificate`
 * (false unless true), and, without a user, `authentication` (a type of tedious, for a managed identity:
 * azure-active-directory-default) with `clientId`.
 */
export async function open(address: DatabaseAddress, settings: OpenSettings): Promise<Database> {
  const pool = new ReconnectingPool(configOf(address, settings), settings);
  return assembleDatabase({
    dialect: 'mssql',
    kyselyDialect: new MssqlPoolDialect(pool, settings.acquireTimeoutMs),
    poolState: () => pool.state(),
    ...(settings.onStatement && { onStatement: settings.onStatement }),
  });
}

function configOf(address: DatabaseAddress, settings: OpenSettings): mssql.config {
  return {
    server: address.host,
    port: address.port,
    database: address.database,
    ...credentialsOf(address),
    connectionTimeout: settings.acquireTimeoutMs,
    requestTimeout: settings.statementTimeoutMs,
    validateConnection: 'socket',
    pool: {
      min: 0,
      max: settings.poolMax,
      idleTimeoutMillis: 60_000,
      acquireTimeoutMillis: settings.acquireTimeoutMs,
    },
    options: {
      encrypt: flag(address, 'encrypt', true),
      trustServerCertificate: flag(address, 'trustServerCertificate', false),
      appName: 'datasync',
    },
  };
}

function credentialsOf(address: DatabaseAddress): Partial<mssql.config> {
  const type = address.options.get('authentication');
  if (type === null) return { user: address.user, password: address.password };
  if (!/^azure-active-directory-(default|msi-vm|msi-app-service)$/.test(type)) {
    throw new TypeError(
      `Cannot sign in by authentication=${type}: wanted azure-active-directory-default, -msi-app-service or -msi-vm`,
    );
  }
  const clientId = address.options.get('clientId');
  // Declared in the types of tedious, which are not installed: this file says what it may be.
  const authentication: unknown = { type, options: clientId === null ? {} : { clientId } };
  return { authentication };
}

function flag(address: DatabaseAddress, name: string, unlessGiven: boolean): boolean {
  const text = address.options.get(name);
  if (text === null) return unlessGiven;
  if (text === 'true' || text === 'false') return text === 'true';
  throw new TypeError(`Cannot use ${name}=${text} in the database URL: wanted true or false`);
}
