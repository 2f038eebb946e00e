import type { IncomingMessage, ServerResponse } from 'node:http';
import { ZodError } from 'zod';
import type { FaultRule, Faults } from './faultRules.ts';

/** Where the fault script is seen and changed while the server runs. */
export const FAULTS_PATH = '/.faults';
const MAX_BODY_BYTES = 64 * 1024;

/**
 * `GET /.faults` lists the rules with their counts, `POST` adds one, `DELETE` removes all or `/.faults/{id}`.
 * Nobody is asked who he is: the endpoint exists only on servers started for tests.
 */
export async function answerFaultRequest(
  incoming: IncomingMessage,
  response: ServerResponse,
  faults: Faults,
): Promise<void> {
  const id = (incoming.url ?? '').slice(FAULTS_PATH.length + 1);
  switch (incoming.method) {
    case 'GET':
      sendJson(response, 200, faults.list());
      break;
    case 'POST':
      await addRule(incoming, response, faults);
      break;
    case 'DELETE':
      if (id === '') faults.clear();
      else faults.remove(id);
      sendJson(response, 200, faults.list());
      break;
    default:
      sendJson(response, 405, { problem: 'wanted: GET, POST or DELETE' });
  }
}

async function addRule(incoming: IncomingMessage, response: ServerResponse, faults: Faults): Promise<void> {
  try {
    const rule: unknown = JSON.parse(await receive(incoming));
    sendJson(response, 201, { id: faults.add(rule as FaultRule) });
  } catch (error) {
    if (error instanceof SyntaxError) sendJson(response, 400, { problem: 'the body is no JSON' });
    else if (error instanceof ZodError)
      sendJson(response, 400, { problem: 'the rule makes no sense', issues: error.issues });
    else throw error;
  }
}

async function receive(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of incoming) {
    chunks.push(chunk as Buffer);
    sizeBytes += (chunk as Buffer).length;
    if (sizeBytes > MAX_BODY_BYTES) throw new SyntaxError('the body is too long');
  }
  return Buffer.concat(chunks).toString('utf8');
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}
