import { PostgresDialect } from 'kysely';
import pg from 'pg';
import { assembleDatabase } from '../assembled-database.ts';
import type { Database, OpenSettings } from '../database.ts';
import type { DatabaseAddress } from '../database-url.ts';
import { guardedPool } from './guarded-pool.ts';
import { type NameOf, statementNames } from './statement-names.ts';
import { valueParsers } from './value-parsers.ts';

/** The client gives up this long after the server should have: for a server or a network that went silent. */
const silenceMs = 5_000;

/**
 * PostgreSQL through `pg`; the URL's `sslmode` is disable, require (no check of the certificate) or verify-full. With
 * `statements=unnamed` no plan is kept: for a proxy that gives each transaction another connection.
 */
export async function open(address: DatabaseAddress, settings: OpenSettings): Promise<Database> {
  const pool = new pg.Pool({
    host: address.host,
    port: address.port,
    database: address.database,
    user: address.user,
    password: address.password,
    ssl: sslOf(address),
    max: settings.poolMax,
    statement_timeout: settings.statementTimeoutMs,
    query_timeout: settings.statementTimeoutMs + silenceMs,
    connectionTimeoutMillis: settings.acquireTimeoutMs,
    idleTimeoutMillis: 60_000,
    maxLifetimeSeconds: settings.maxLifetimeMs / 1_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: 'datasync',
    types: valueParsers,
  });
  const guarded = guardedPool(pool, settings, namesOf(address));
  return assembleDatabase({
    dialect: 'postgres',
    kyselyDialect: new PostgresDialect({ pool: guarded.pool }),
    poolState: guarded.state,
    ...(settings.onStatement && { onStatement: settings.onStatement }),
  });
}

function namesOf(address: DatabaseAddress): NameOf | undefined {
  const mode = address.options.get('statements') ?? 'named';
  if (mode === 'named') return statementNames();
  if (mode === 'unnamed') return undefined;
  throw new TypeError(`Cannot use statements ${mode}: wanted named or unnamed`);
}

function sslOf(address: DatabaseAddress): boolean | { rejectUnauthorized: boolean } {
  const mode = address.options.get('sslmode') ?? 'disable';
  if (mode === 'disable') return false;
  if (mode === 'require') return { rejectUnauthorized: false };
  if (mode === 'verify-full') return true;
  throw new TypeError(`Cannot use sslmode ${mode}: wanted disable, require or verify-full`);
}
