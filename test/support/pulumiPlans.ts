const stack = 'urn:pulumi:production::datasync';

/** URNs as the program's resources have them: beneath a component, or at the top. */
export const urns = {
  stack: `${stack}::pulumi:pulumi:Stack::datasync-production`,
  group: `${stack}::azure-native:resources:ResourceGroup::group`,
  share: `${stack}::datasync:storage:FilesStorage$azure-native:storage:FileShare::share-archive`,
  account: `${stack}::datasync:storage:FilesStorage$azure-native:storage:StorageAccount::files-storage`,
  database: `${stack}::datasync:sql:Database$azure-native:sql/v20230801:Database::database`,
  vault: `${stack}::datasync:keyvault:Vault$azure-native:keyvault:Vault::vault`,
  lock: `${stack}::datasync:sql:Database$azure-native:authorization:ManagementLockByScope::lock`,
  app: `${stack}::datasync:web:FunctionApp$azure-native:web:WebApp::app`,
};

const provider = `${stack}::pulumi:providers:azure-native::default_3_28_0::04da6b54-80e4-46f7-96ec-b56ff0331ba9`;

interface StepOptions {
  readonly replaceReasons?: readonly string[];
  readonly protect?: readonly [before: boolean, after: boolean];
}

/**
 * A step as `pulumi preview --json` prints it (Pulumi 3.2xx): the state before is missing when something is made, the
 * state after when it goes, `protect` where it is false, reasons where there are none.
 */
export function previewStep(op: string, urn: string, { replaceReasons, protect }: StepOptions = {}) {
  const type = (urn.split('::')[2] ?? '').split('$').at(-1);
  const [before = false, after = false] = protect ?? [];
  const state = (isProtected: boolean, outputs: object) => ({
    urn,
    custom: true,
    type,
    inputs: { location: 'australiaeast', connection: '[secret]' },
    ...outputs,
    parent: urns.stack,
    ...(isProtected ? { protect: true } : {}),
    provider,
    sourcePosition: 'project:///infra/program.ts#42,3',
  });
  const gone = op === 'delete' || op === 'delete-replaced';
  return {
    op,
    urn,
    provider,
    ...(op === 'create' ? {} : { oldState: state(before, { id: '/subscriptions/s/x', outputs: {} }) }),
    ...(gone ? {} : { newState: state(after, {}) }),
    ...(replaceReasons === undefined ? {} : { diffReasons: replaceReasons, replaceReasons }),
    detailedDiff: op === 'update' ? { 'tags.owner': { kind: 'update', inputDiff: false } } : null,
  };
}

export function preview(...steps: readonly object[]) {
  return {
    config: { 'datasync:location': 'australiaeast', 'datasync:secrets': '[secret]' },
    steps: [previewStep('same', urns.stack), ...steps],
    duration: 1_834_000_000,
    changeSummary: { same: 1 },
  };
}

/** What `pulumi preview --save-plan` writes. */
export function savedPlan(plans: Readonly<Record<string, readonly string[]>>) {
  return {
    manifest: { time: '2026-11-29T10:00:00Z', magic: 'f00', version: 'v3.263.0' },
    resourcePlans: Object.fromEntries(
      Object.entries(plans).map(([urn, steps]) => [
        urn,
        {
          goal: { type: 't', name: 'n', custom: true, inputDiff: {}, outputDiff: {} },
          steps,
          state: null,
          seed: 'AA==',
        },
      ]),
    ),
  };
}
