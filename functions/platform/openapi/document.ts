import { z } from 'zod';
import type { Caller, Endpoint } from '../../../shared/contract/endpoint.ts';
import { type ProblemCode, problemDocument, problems } from '../../../shared/contract/problems.ts';

type Json = Record<string, unknown>;

/** Any endpoint may answer with these; the contract lists only the others. */
const everywhere: readonly ProblemCode[] = [
  'invalid-request',
  'too-many-requests',
  'internal',
  'unavailable',
];

/** This API as an OpenAPI 3.1 document, derived from the contract and nothing else. */
export function openApiDocument(endpoints: readonly Endpoint[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    (paths[endpoint.path] ??= {})[endpoint.method.toLowerCase()] = operationOf(endpoint);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'DataSync', version, description: 'Unattended data-sync operations.' },
    paths,
    components: { schemas: { Problem: schemaOf(problemDocument, 'output') }, securitySchemes },
  };
}

const securitySchemes = {
  agentKey: { type: 'http', scheme: 'bearer', description: 'The key of an approved agent.' },
  personalToken: { type: 'http', scheme: 'bearer', description: 'A personal token, beginning dst_.' },
  session: { type: 'apiKey', in: 'cookie', name: 'datasync_session' },
  ciSecret: { type: 'apiKey', in: 'header', name: 'X-CI-Secret' },
  workflowKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
};

function operationOf(endpoint: Endpoint): Json {
  const body = schemaOf(endpoint.body, 'input');
  const takesBody = endpoint.method !== 'GET' && Object.keys(body).some((key) => key !== 'not');
  return {
    operationId: endpoint.name,
    summary: endpoint.summary,
    description: `For: ${endpoint.callers.join(', ')}.`,
    parameters: [...parametersOf('path', endpoint.params), ...parametersOf('query', endpoint.query)],
    ...(takesBody
      ? {
          requestBody: {
            required: !endpoint.body.safeParse(undefined).success,
            content: { 'application/json': { schema: body } },
          },
        }
      : {}),
    responses: responsesOf(endpoint),
    security: securityOf(endpoint.callers),
  };
}

function responsesOf(endpoint: Endpoint): Json {
  const status = endpoint.status ?? 200;
  const responses: Json = {
    [String(status)]: {
      description: 'Done.',
      ...(status === 204
        ? {}
        : { content: { 'application/json': { schema: schemaOf(endpoint.response, 'output') } } }),
    },
  };
  for (const [problemStatus, titles] of problemsOf(endpoint)) {
    responses[String(problemStatus)] = {
      description: [...titles].join(' | '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  }
  return responses;
}

function problemsOf(endpoint: Endpoint): Map<number, Set<string>> {
  const codes: ProblemCode[] = [...everywhere, ...(endpoint.errors ?? [])];
  if (!endpoint.callers.includes('public')) codes.push('not-signed-in', 'not-allowed');
  if (endpoint.method !== 'GET') codes.push('malformed-json', 'body-too-large', 'wrong-media-type');
  const byStatus = new Map<number, Set<string>>();
  for (const code of codes) {
    const { status, title } = problems[code];
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(`${code}: ${title}`));
  }
  return byStatus;
}

function parametersOf(place: 'path' | 'query', schema: z.ZodType): Json[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

function securityOf(callers: readonly Caller[]): Json[] {
  if (callers.includes('public')) return [];
  const schemes = new Set(callers.flatMap(schemesOf));
  return [...schemes].map((scheme) => ({ [scheme]: [] }));
}

function schemesOf(caller: Caller): (keyof typeof securitySchemes)[] {
  switch (caller) {
    case 'public':
      return [];
    case 'agent':
      return ['agentKey'];
    case 'ci':
      return ['ciSecret'];
    case 'workflow':
      return ['workflowKey'];
    case 'viewer':
    case 'operator':
    case 'admin':
      return ['session', 'personalToken'];
  }
}

/** What JSON Schema cannot say (a check in code, `undefined`) is left open; the server still holds to it. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  return rest;
}
