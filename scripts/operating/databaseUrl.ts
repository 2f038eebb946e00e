import { readFileSync } from 'node:fs';

/** The database of a script that works without a server: what the file holds, or DATABASE_URL. */
export function databaseUrl(file: string | undefined): string {
  const url = file === undefined ? process.env['DATABASE_URL'] : readFileSync(file, 'utf8').trim();
  if (url === undefined || url === '')
    throw new Error('no database was named; wanted: DATABASE_URL, or --database-url-file FILE');
  return url;
}
