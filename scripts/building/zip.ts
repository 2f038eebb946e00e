import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  /** With slashes, relative. */
  readonly path: string;
  readonly bytes: Buffer;
}

const VERSION = 20;
const UTF8_NAMES = 0x0800;
const DEFLATED = 8;
/** 1 January 1980, the first day that the format knows: the same content gives the same bytes whenever it is packed. */
const DOS_DATE = 0x0021;
const MADE_ON_UNIX = 3 << 8;
const READABLE_FILE = 0o100644 << 16;
/** Longer archives need the format's 64-bit fields, which this does not write. */
const MAX_BYTES = 0xffffffff;

/** A zip archive of these files in the order of their paths. The same files give the same bytes, everywhere and always. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const name = Buffer.from(entry.path, 'utf8');
    const data = deflateRawSync(entry.bytes, { level: 9 });
    const shared = sharedFields(entry.bytes, data, name);
    const local = Buffer.concat([signature(0x04034b50), shared, name, data]);
    locals.push(local);
    directory.push(
      Buffer.concat([signature(0x02014b50), u16(MADE_ON_UNIX | VERSION), shared, tail(offset), name]),
    );
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  if (offset + central.length > MAX_BYTES || entries.length > 0xffff)
    throw new Error('Cannot pack so much into a zip archive; wanted: less than 4 GiB and 65,536 files');
  return Buffer.concat([...locals, central, ending(entries.length, central.length, offset)]);
}

/** What stands before a file and again in the directory. */
function sharedFields(bytes: Buffer, data: Buffer, name: Buffer): Buffer {
  return Buffer.concat([
    ...[VERSION, UTF8_NAMES, DEFLATED, 0, DOS_DATE].map(u16),
    ...[crc32(bytes), data.length, bytes.length].map(u32),
    u16(name.length),
    u16(0), // no extra field
  ]);
}

/** Of a directory entry: no comment, one disk, a binary file that all may read, and where it begins. */
function tail(offset: number): Buffer {
  return Buffer.concat([u16(0), u16(0), u16(0), u32(READABLE_FILE), u32(offset)]);
}

function ending(count: number, bytes: number, offset: number): Buffer {
  return Buffer.concat([
    signature(0x06054b50),
    u16(0),
    u16(0),
    u16(count),
    u16(count),
    u32(bytes),
    u32(offset),
    u16(0),
  ]);
}

const signature = u32;

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}
