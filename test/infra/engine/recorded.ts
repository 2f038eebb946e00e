/** What a program asked the engine to make. */
export interface RecordedResource {
  readonly urn: string;
  /** `azure-native:sql:Database`, `datasync:sql:Database`. */
  readonly type: string;
  /** Pulumi's name of it, not Azure's. */
  readonly name: string;
  /** Empty for a component. */
  readonly id: string;
  readonly isCustom: boolean;
  readonly parent: string;
  /** With secrets in plain text; `secretPaths` says which those are. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly secretPaths: readonly string[];
  /** Inputs and what Azure would add. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** URNs: those that inputs come from, and those of `dependsOn`. */
  readonly dependencies: readonly string[];
  /** By property, the URNs that it was made from. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly isProtected: boolean;
  readonly retainOnDelete: boolean;
  readonly ignoreChanges: readonly string[];
  readonly importId: string;
}

/** One run of a program from its start to its end. */
export interface Recording {
  readonly resources: readonly RecordedResource[];
  /** Of the stack. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly secretOutputs: readonly string[];
  /** What the program wrote to the engine's log at level warning or error. */
  readonly complaints: readonly string[];
}
