import type mssql from 'mssql';
import { assembleDatabase } from '../assembled-database.ts';
import type { Database, OpenSettings } from '../database.ts';
import type { DatabaseAddress } from '../database-url.ts';
import { MssqlPoolDialect } from './dialect.ts';
import { tokensOf } from './entra-login.ts';
import { type DriverConnection, watchLogin, whileLoggingIn } from './logging-in.ts';
import { ReconnectingPool } from './reconnecting-pool.ts';
import type { LoginTokens } from './login-tokens.ts';

const CANCEL_MS = 5_000;

/**
 * SQL Server or Azure SQL through `mssql`. The URL's options: `encrypt` (true unless false), `trustServerCertificate`
 * (false unless true), and, without a user, `authentication` (of a managed identity: azure-active-directory-msi-app-service;
 * by whatever is found: azure-active-directory-default) with `clientId` where there are several.
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
  const tokens = tokensOf(address);
  return {
    server: address.host,
    port: address.port,
    database: address.database,
    ...credentialsOf(address, tokens),
    connectionTimeout: settings.acquireTimeoutMs,
    requestTimeout: settings.statementTimeoutMs,
    validateConnection: 'socket',
    pool: {
      min: 0,
      max: settings.poolMax,
      idleTimeoutMillis: 60_000,
      acquireTimeoutMillis: settings.acquireTimeoutMs,
    },
    beforeConnect: (connection: DriverConnection) => watchLogin(connection),
    options: {
      ...whileLoggingIn,
      // A connection that takes no word to cancel is left.
      cancelTimeout: Math.min(CANCEL_MS, settings.statementTimeoutMs),
      encrypt: flag(address, 'encrypt', true),
      trustServerCertificate: flag(address, 'trustServerCertificate', false),
      appName: 'datasync',
    },
  };
}

function credentialsOf(address: DatabaseAddress, tokens: LoginTokens | undefined): Partial<mssql.config> {
  if (tokens === undefined) return { user: address.user, password: address.password };
  const credential = { getToken: tokens };
  // A type of the driver that `mssql` passes on, and whose types are not installed.
  const authentication: unknown = { type: 'token-credential', options: { credential } };
  return { authentication };
}

function flag(address: DatabaseAddress, name: string, unlessGiven: boolean): boolean {
  const text = address.options.get(name);
  if (text === null) return unlessGiven;
  if (text === 'true' || text === 'false') return text === 'true';
  throw new TypeError(`Cannot use ${name}=${text} in the database URL: wanted true or false`);
}
