import type { Socket } from 'node:net';

/** Kinds of message (MS-TDS 2.2.3.1.1). */
export const kinds = {
  batch: 0x01,
  procedure: 0x03,
  answer: 0x04,
  attention: 0x06,
  token: 0x08,
  transaction: 0x0e,
  login: 0x10,
  prelogin: 0x12,
} as const;

export interface Message {
  readonly kind: number;
  readonly body: Buffer;
}

const HEADER_BYTES = 8;
const LAST = 0x01;

/** Each message that a client sends, put together from its packets. */
export function onMessages(socket: Socket, take: (message: Message) => void): void {
  let unread = Buffer.alloc(0);
  let parts: Buffer[] = [];
  socket.on('data', (chunk) => {
    unread = Buffer.concat([unread, chunk]);
    while (unread.length >= HEADER_BYTES && unread.length >= unread.readUInt16BE(2)) {
      const length = unread.readUInt16BE(2);
      const [kind = 0, status = 0] = unread;
      parts.push(unread.subarray(HEADER_BYTES, length));
      unread = unread.subarray(length);
      if ((status & LAST) === 0) continue;
      const body = Buffer.concat(parts);
      parts = [];
      take({ kind, body });
    }
  });
}

/** Sends an answer in one packet. */
export function answer(socket: Socket, ...tokens: Buffer[]): void {
  const body = Buffer.concat(tokens);
  const header = Buffer.from([kinds.answer, LAST, 0, 0, 0, 0, 1, 0]);
  header.writeUInt16BE(HEADER_BYTES + body.length, 2);
  socket.write(Buffer.concat([header, body]));
}

/** What a client sends begins with headers of its own, their length first. */
function afterHeaders(body: Buffer): Buffer {
  return body.subarray(body.readUInt32LE(0));
}

export const batchText = (body: Buffer): string => afterHeaders(body).toString('utf16le');

/** The statement of a call of sp_executesql: its first parameter, a text. */
export function procedureText(body: Buffer): string {
  const call = afterHeaders(body);
  const nameBytes = 2 + 2 + 2; // says that a number follows; the number; options
  const parameterBytes = 1 + 2 * (call[nameBytes] ?? 0) + 1; // the length of its name, the name, its status
  const type = nameBytes + parameterBytes;
  const [collation, length] = [5, 2];
  const value = type + 1 + 2 + collation;
  const isLong = call.readUInt16LE(type + 1) === 0xffff;
  if (isLong) return longText(call.subarray(value));
  return call.toString('utf16le', value + length, value + length + call.readUInt16LE(value));
}

/** Text of nvarchar(max): its length, then pieces with theirs; none ends it. */
function longText(bytes: Buffer): string {
  const pieces: Buffer[] = [];
  let at = 8;
  for (let length = bytes.readUInt32LE(at); length > 0; length = bytes.readUInt32LE(at)) {
    pieces.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return Buffer.concat(pieces).toString('utf16le');
}

/** What a transaction request asks for (MS-TDS 2.2.7.17). */
export const transactionRequest = (body: Buffer): number => afterHeaders(body).readUInt16LE(0);

/** Whether a login says that a token will follow: its feature extension 2 (MS-TDS 2.2.6.4). */
export function announcesToken(body: Buffer): boolean {
  const hasExtension = ((body[27] ?? 0) & 0x10) !== 0;
  return hasExtension && body[body.readUInt32LE(body.readUInt16LE(56))] === 0x02;
}

export const tokenOf = (body: Buffer): string => body.toString('utf16le', 8, 8 + body.readUInt32LE(4));
