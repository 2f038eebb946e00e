import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import grpc from '@grpc/grpc-js';
import analyzerService from '@pulumi/pulumi/proto/analyzer_grpc_pb.js';
import analyzerPb from '@pulumi/pulumi/proto/analyzer_pb.js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import structPb from 'google-protobuf/google/protobuf/struct_pb.js';
import type { PolicyResource } from '@pulumi/policy';

const root = join(import.meta.dirname, '../..');
const pack = join(root, 'infra/policies');

export interface Verdict {
  readonly policy: string;
  readonly message: string;
  readonly isMandatory: boolean;
}

export interface Analyzer extends AsyncDisposable {
  readonly info: () => Promise<{ readonly name: string; readonly policies: readonly string[] }>;
  readonly analyze: (resource: PolicyResource) => Promise<Verdict[]>;
  readonly analyzeStack: (resources: readonly PolicyResource[]) => Promise<Verdict[]>;
}

/** Starts the pack as the Pulumi CLI does: by the SDK's own starter, in the pack's folder, and talks to it as the engine does. */
export async function startAnalyzer(): Promise<Analyzer> {
  const starter = join(root, 'node_modules/@pulumi/pulumi/cmd/run-policy-pack');
  const child = spawn(process.execPath, [starter, '127.0.0.1:1', '.'], {
    cwd: pack,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const port = await portOf(child);
  const client = new analyzerService.AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  return {
    info: () =>
      new Promise((resolve, reject) => {
        client.getAnalyzerInfo(new emptyPb.Empty(), (error, answer) => {
          if (error !== null) reject(error);
          else
            resolve({
              name: answer.getName(),
              policies: answer.getPoliciesList().map((policy) => policy.getName()),
            });
        });
      }),
    analyze: (resource) =>
      new Promise((resolve, reject) => {
        client.analyze(requestOf(resource), (error, answer) =>
          error === null ? resolve(verdictsOf(answer)) : reject(error),
        );
      }),
    analyzeStack: (resources) =>
      new Promise((resolve, reject) => {
        client.analyzeStack(stackRequestOf(resources), (error, answer) =>
          error === null ? resolve(verdictsOf(answer)) : reject(error),
        );
      }),
    [Symbol.asyncDispose]: async () => {
      client.close();
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

/** The first line it writes is the port that it answers on. */
async function portOf(child: ChildProcess): Promise<number> {
  const errors: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const lines = createInterface({ input: child.stdout! });
  const first = await Promise.race([
    once(lines, 'line').then(([line]) => Number(line)),
    once(child, 'exit').then(() => Number.NaN),
  ]);
  if (Number.isInteger(first)) return first;
  throw new Error(`the policy pack did not start: ${errors.join('')}`);
}

function verdictsOf(answer: analyzerPb.AnalyzeResponse): Verdict[] {
  return answer.getDiagnosticsList().map((diagnostic) => ({
    policy: diagnostic.getPolicyname(),
    message: diagnostic.getMessage(),
    isMandatory: diagnostic.getEnforcementlevel() === analyzerPb.EnforcementLevel.MANDATORY,
  }));
}

function requestOf({ type, name, urn, props, opts }: PolicyResource): analyzerPb.AnalyzeRequest {
  const request = new analyzerPb.AnalyzeRequest();
  request.setType(type);
  request.setName(name);
  request.setUrn(urn);
  request.setProperties(structOf(props));
  request.setOptions(optionsOf(opts.protect));
  return request;
}

function stackRequestOf(resources: readonly PolicyResource[]): analyzerPb.AnalyzeStackRequest {
  const request = new analyzerPb.AnalyzeStackRequest();
  request.setResourcesList(
    resources.map(({ type, name, urn, props, opts, propertyDependencies }) => {
      const resource = new analyzerPb.AnalyzerResource();
      resource.setType(type);
      resource.setName(name);
      resource.setUrn(urn);
      resource.setProperties(structOf(props));
      resource.setOptions(optionsOf(opts.protect));
      for (const [property, sources] of Object.entries(propertyDependencies)) {
        const dependencies = new analyzerPb.AnalyzerPropertyDependencies();
        dependencies.setUrnsList(sources.map((source) => source.urn));
        resource.getPropertydependenciesMap().set(property, dependencies);
      }
      return resource;
    }),
  );
  return request;
}

function optionsOf(isProtected: boolean): analyzerPb.AnalyzerResourceOptions {
  const options = new analyzerPb.AnalyzerResourceOptions();
  options.setProtect(isProtected);
  return options;
}

function structOf(props: Readonly<Record<string, unknown>>): structPb.Struct {
  return structPb.Struct.fromJavaScript(
    JSON.parse(JSON.stringify(props)) as Record<string, structPb.JavaScriptValue>,
  );
}
