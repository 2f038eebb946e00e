import type { Database, OpenSettings } from '../database.ts';
import type { DatabaseAddress } from '../database-url.ts';

export async function openMssql(_address: DatabaseAddress, _settings: OpenSettings): Promise<Database> {
  throw new Error('mssql follows');
}
