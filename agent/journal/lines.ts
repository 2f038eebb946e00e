import { crc32 } from 'node:zlib';
import { type JournalEntry, journalEntry } from './entries.ts';

/** An entry as one line: CRC-32 in hex, a space, JSON. */
export function lineOf(entry: JournalEntry): string {
  const json = JSON.stringify(entry);
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
}

/**
 * Reads the lines back. A torn last line is what a crash leaves and counts for nothing; `damaged` counts the other
 * lines that cannot be trusted: each line stands alone, so the rest is still good.
 */
export function readLines(text: string): { entries: JournalEntry[]; damaged: number; torn: boolean } {
  const lines = text.split('\n');
  const torn = lines.pop() !== '';
  const entries: JournalEntry[] = [];
  let damaged = 0;
  for (const line of lines) {
    const entry = readLine(line);
    if (entry === undefined) damaged += 1;
    else entries.push(entry);
  }
  return { entries, damaged, torn };
}

function readLine(line: string): JournalEntry | undefined {
  const json = line.slice(9);
  if (crc32(json).toString(16).padStart(8, '0') !== line.slice(0, 8)) return undefined;
  return journalEntry.safeParse(JSON.parse(json)).data;
}
