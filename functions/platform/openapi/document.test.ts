import { expect, it } from 'vitest';
import { endpoints } from '../../../shared/contract/index.ts';
import { openApiDocument } from './document.ts';

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: { readonly required: boolean; readonly content: object };
  readonly responses: Readonly<Record<string, unknown>>;
  readonly security: readonly object[];
}

const document = openApiDocument(endpoints, '1.2.3') as {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
};

it.each(endpoints.map((endpoint) => [endpoint.name, endpoint] as const))(
  'L3 %s is in the OpenAPI document with its parameters, answers and credentials',
  (name, endpoint) => {
    const operation = document.paths[endpoint.path]?.[endpoint.method.toLowerCase()];
    expect(operation?.operationId).toBe(name);
    expect(operation?.responses).toHaveProperty(String(endpoint.status ?? 200));
    const inPath = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    const described = operation?.parameters.filter((parameter) => parameter.in === 'path') ?? [];
    expect(described.map((parameter) => parameter.name).toSorted()).toEqual(inPath.toSorted());
    expect(operation?.security.length === 0).toBe(endpoint.callers.includes('public'));
    const needsBody = endpoint.method !== 'GET' && !endpoint.body.safeParse(undefined).success;
    expect(operation?.requestBody?.required ?? false).toBe(needsBody);
  },
);

it('L3 every path and method is declared once, and every name', () => {
  const places = endpoints.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`);
  expect(new Set(places).size).toBe(places.length);
  expect(new Set(endpoints.map(({ name }) => name.toLowerCase())).size).toBe(endpoints.length);
});

it('L3 is JSON of OpenAPI 3.1, whose references lead somewhere', () => {
  expect(document.openapi).toBe('3.1.0');
  const text = JSON.stringify(document);
  for (const [, reference = ''] of text.matchAll(/"\$ref":"#([^"]+)"/g)) {
    const found = reference
      .split('/')
      .slice(1)
      .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
    expect([reference, typeof found]).toEqual([reference, 'object']);
  }
});
