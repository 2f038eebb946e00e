import grpc from '@grpc/grpc-js';
import enginePb from '@pulumi/pulumi/proto/engine_pb.js';
import engineService from '@pulumi/pulumi/proto/engine_grpc_pb.js';
import resourcePb from '@pulumi/pulumi/proto/resource_pb.js';
import monitorService from '@pulumi/pulumi/proto/resource_grpc_pb.js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import structPb from 'google-protobuf/google/protobuf/struct_pb.js';
import { answeredByAzure, madeByAzure } from './azure.ts';
import type { RecordedResource, Recording } from './recorded.ts';
import { unwrap } from './values.ts';

export interface Engine {
  /** Both services answer here. */
  readonly address: string;
  readonly recording: () => Recording;
  readonly close: () => Promise<void>;
}

const { ResourceMonitorFeature: feature } = resourcePb;
/** As an engine of today: secrets and outputs come as what they are. */
const features = [
  feature.RESOURCE_MONITOR_FEATURE_SECRETS,
  feature.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
  feature.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
  feature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
  feature.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
  feature.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
  feature.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
];

interface Call<Request> {
  readonly request: Request;
}
type Answer<Response> = (error: Error | null, response?: Response) => void;

/**
 * A double of Pulumi's engine: it serves the two gRPC services that a program speaks to, says that all was made, and answers with what
 * Azure would compute. It validates nothing that Azure would: that is the types' and the policies' part.
 */
export async function startEngine(identity: {
  readonly project: string;
  readonly stack: string;
}): Promise<Engine> {
  const resources: RecordedResource[] = [];
  const complaints: string[] = [];
  let outputs = unwrap({});
  const server = new grpc.Server();
  server.addService(monitorService.ResourceMonitorService, {
    getDeploymentInfo: (_call: unknown, answer: Answer<unknown>) => {
      const info = new resourcePb.DeploymentInfo();
      info.setProject(identity.project);
      info.setStack(identity.stack);
      info.setSupportedfeaturesList(features);
      answer(null, info);
    },
    supportsFeature: (_call: unknown, answer: Answer<unknown>) => {
      answer(null, new resourcePb.SupportsFeatureResponse().setHassupport(true));
    },
    registerPackage: (_call: unknown, answer: Answer<unknown>) => {
      answer(null, new resourcePb.RegisterPackageResponse().setRef('package'));
    },
    invoke: ({ request }: Call<resourcePb.ResourceInvokeRequest>, answer: Answer<unknown>) =>
      answered(answer, () => {
        const inputs = unwrap(request.getArgs()?.toJavaScript() ?? {}).value as Record<string, unknown>;
        const result = answeredByAzure(request.getTok(), inputs);
        return new resourcePb.ResourceInvokeResponse().setReturn(structOf(result));
      }),
    registerResource: ({ request }: Call<resourcePb.RegisterResourceRequest>, answer: Answer<unknown>) =>
      answered(answer, () => {
        const resource = recordedFrom(request, identity);
        if (resources.some(({ urn }) => urn === resource.urn))
          throw new Error(`${resource.urn} was registered twice`);
        resources.push(resource);
        const response = new resourcePb.RegisterResourceResponse();
        response.setUrn(resource.urn);
        response.setId(resource.id);
        response.setObject(structOf(resource.outputs));
        return response;
      }),
    registerResourceOutputs: (
      { request }: Call<resourcePb.RegisterResourceOutputsRequest>,
      answer: Answer<unknown>,
    ) => {
      if (request.getUrn().includes('::pulumi:pulumi:Stack::'))
        outputs = unwrap(request.getOutputs()?.toJavaScript() ?? {});
      answer(null, new emptyPb.Empty());
    },
    signalAndWaitForShutdown: (_call: unknown, answer: Answer<unknown>) => answer(null, new emptyPb.Empty()),
  });
  server.addService(engineService.EngineService, {
    log: ({ request }: Call<enginePb.LogRequest>, answer: Answer<unknown>) => {
      if (request.getSeverity() >= enginePb.LogSeverity.WARNING) complaints.push(request.getMessage());
      answer(null, new emptyPb.Empty());
    },
    getRootResource: (_call: unknown, answer: Answer<unknown>) =>
      answer(null, new enginePb.GetRootResourceResponse()),
    setRootResource: (_call: unknown, answer: Answer<unknown>) =>
      answer(null, new enginePb.SetRootResourceResponse()),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    recording: () => ({
      resources,
      outputs: outputs.value as Record<string, unknown>,
      secretOutputs: outputs.secretPaths,
      complaints,
    }),
    close: () => new Promise((resolve) => server.tryShutdown(() => resolve())),
  };
}

function answered(answer: Answer<unknown>, work: () => unknown): void {
  try {
    answer(null, work());
  } catch (error) {
    answer(error as Error);
  }
}

function recordedFrom(
  request: resourcePb.RegisterResourceRequest,
  { project, stack }: { readonly project: string; readonly stack: string },
): RecordedResource {
  const type = request.getType();
  const parent = request.getParent();
  const parentTypes = parent.includes('::pulumi:pulumi:Stack::') ? '' : (parent.split('::')[2] ?? '');
  const path = parentTypes === '' ? type : `${parentTypes}$${type}`;
  const { value, secretPaths } = unwrap(request.getObject()?.toJavaScript() ?? {});
  const inputs = value as Record<string, unknown>;
  const asked = { type, name: request.getName(), inputs, id: request.getImportid() };
  const made = request.getCustom() ? madeByAzure(asked) : { id: '', outputs: inputs };
  return {
    urn: ['urn:pulumi:' + stack, project, path, request.getName()].join('::'),
    type,
    name: request.getName(),
    id: made.id,
    isCustom: request.getCustom(),
    parent,
    inputs,
    secretPaths,
    outputs: made.outputs,
    dependencies: request.getDependenciesList(),
    propertyDependencies: Object.fromEntries(
      [...request.getPropertydependenciesMap().entries()].map(([property, dependencies]) => [
        property,
        dependencies.getUrnsList(),
      ]),
    ),
    isProtected: request.getProtect() === true,
    retainOnDelete: request.getRetainondelete() === true,
    ignoreChanges: request.getIgnorechangesList(),
    importId: request.getImportid(),
  };
}

function structOf(value: Readonly<Record<string, unknown>>) {
  // A Struct knows no undefined.
  return structPb.Struct.fromJavaScript(
    JSON.parse(JSON.stringify(value)) as Record<string, structPb.JavaScriptValue>,
  );
}
