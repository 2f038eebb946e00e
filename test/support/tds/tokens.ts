/** Pieces of an answer, as MS-TDS 2.2.7 describes them; numbers are little-endian. */

const u8 = (value: number): Buffer => Buffer.from([value]);
const u16 = (value: number): Buffer => sized(2, (bytes) => bytes.writeUInt16LE(value));
const u32 = (value: number): Buffer => sized(4, (bytes) => bytes.writeUInt32LE(value));
const text = (value: string): Buffer => Buffer.from(value, 'utf16le');
/** B_VARCHAR: counted in characters by one byte. */
const shortText = (value: string): Buffer => Buffer.concat([u8(value.length), text(value)]);

function sized(bytes: number, write: (into: Buffer) => void): Buffer {
  const buffer = Buffer.alloc(bytes);
  write(buffer);
  return buffer;
}

/** A token whose length stands in two bytes after its type. */
function counted(type: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([u8(type), u16(body.length), body]);
}

/** The whole answer to a PRELOGIN: no encryption; a login by token is possible. */
export function preloginAnswer(): Buffer {
  const options = [
    [0x00, Buffer.from([16, 0, 0, 0, 0, 0])], // version
    [0x01, u8(2)], // encryption is not supported
    [0x06, u8(1)], // federated authentication
  ] as const;
  let offset = options.length * 5 + 1;
  const heads = options.map(([option, data]) => {
    const head = Buffer.from([option, offset >> 8, offset & 255, 0, data.length]); // big-endian here alone
    offset += data.length;
    return head;
  });
  return Buffer.concat([...heads, u8(0xff), ...options.map(([, data]) => data)]);
}

export function loginAck(): Buffer {
  return counted(
    0xad,
    u8(1),
    Buffer.from([0x74, 0, 0, 0x04]),
    shortText('Microsoft SQL Server'),
    Buffer.from([16, 0, 0, 0]),
  );
}

/** Asks for a token: who gives them out, and for what. */
export function federationInfo(): Buffer {
  const stsUrl = text('https://login.example/tenant');
  const audience = text('https://database.windows.net/');
  const firstAt = 4 + 2 * 9;
  const body = Buffer.concat([
    u32(2),
    Buffer.concat([u8(1), u32(stsUrl.length), u32(firstAt)]),
    Buffer.concat([u8(2), u32(audience.length), u32(firstAt + stsUrl.length)]),
    stsUrl,
    audience,
  ]);
  return Buffer.concat([u8(0xee), u32(body.length), body]);
}

export const federationAck = (): Buffer => Buffer.concat([u8(0xae), u8(0x02), u32(0), u8(0xff)]);

export function errorToken(number: number, message: string): Buffer {
  const severity = 16;
  return counted(
    0xaa,
    u32(number),
    u8(1),
    u8(severity),
    u16(message.length),
    text(message),
    shortText('fake'),
    shortText(''),
    u32(1),
  );
}

/** One row of one whole number. */
export function oneNumber(column: string, value: number): Buffer {
  const int = 0x38;
  const columns = Buffer.concat([u8(0x81), u16(1), u32(0), u16(0), u8(int), shortText(column)]);
  return Buffer.concat([columns, u8(0xd1), u32(value)]);
}

export type Change = 'begun' | 'committed' | 'rolled back';
const changes: Readonly<Record<Change, number>> = { begun: 8, committed: 9, 'rolled back': 10 };

export function transactionChange(change: Change): Buffer {
  const descriptor = Buffer.from([8, 1, 0, 0, 0, 0, 0, 0, 0]);
  const isBegun = change === 'begun';
  const values = isBegun ? [descriptor, u8(0)] : [u8(0), descriptor];
  return counted(0xe3, u8(changes[change]), ...values);
}

const MORE = 0x01;
const FAILED = 0x02;
const COUNTED = 0x10;
const ATTENTION = 0x20;

const doneToken = (type: number, status: number, rows: number): Buffer =>
  Buffer.concat([u8(type), u16(status), u16(0), u32(rows), u32(0)]);

export const done = (): Buffer => doneToken(0xfd, 0, 0);
export const doneFailed = (): Buffer => doneToken(0xfd, FAILED, 0);
export const doneCancelled = (): Buffer => doneToken(0xfd, ATTENTION, 0);
/** One statement inside of a procedure, then the procedure. */
export const doneProcedure = (rows: number): Buffer =>
  Buffer.concat([doneToken(0xff, MORE | COUNTED, rows), doneToken(0xfe, 0, 0)]);
export const doneProcedureFailed = (): Buffer => doneToken(0xfe, FAILED, 0);
