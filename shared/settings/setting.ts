import { z } from 'zod';

/** Whose process reads a setting. Scripts are what people and pipelines call. */
export type Reader = 'functions' | 'agent' | 'local platform' | 'scripts';

export interface Setting {
  /** Takes the text of the environment; bounds and default are the type's. */
  readonly type: z.ZodType;
  /** What it does, in one sentence that code and docs/settings.md share. */
  readonly does: string;
  readonly unit?: string;
  /** Its value belongs in no log, no answer and no page: logs leave out fields of its name. */
  readonly secret?: true;
  /** What counts where it is absent, when the type has no default that can be written down. */
  readonly otherwise?: string;
  /** Beside the readers of its family. */
  readonly alsoReadBy?: readonly Reader[];
}

/** Settings of one subject, by their names in the environment. */
export interface Family {
  readonly title: string;
  readonly readBy: readonly Reader[];
  readonly settings: Readonly<Record<string, Setting>>;
}

/** A setting with what its place in the declaration says of it. */
export interface DeclaredSetting extends Setting {
  readonly name: string;
  readonly readBy: readonly Reader[];
  /** It has no default: its readers do not start without it. */
  readonly isRequired: boolean;
}

export function declaredIn({ settings, readBy }: Family): DeclaredSetting[] {
  return Object.entries(settings).map(([name, setting]) => ({
    ...setting,
    name,
    readBy: [...readBy, ...(setting.alsoReadBy ?? [])],
    isRequired: isRequired(setting),
  }));
}

export function isRequired({ type }: Setting): boolean {
  return !type.safeParse(undefined).success;
}

type Types<Settings extends Family['settings']> = {
  -readonly [Name in keyof Settings]: Settings[Name]['type'];
};

/** The shape of a zod object that reads these settings. */
export function typesOf<Settings extends Family['settings']>(settings: Settings): Types<Settings> {
  const types = Object.entries(settings).map(([name, { type }]) => [name, type] as const);
  return Object.fromEntries(types) as Types<Settings>;
}

export const wholeSeconds = z.coerce.number().int().positive();
/** Requests of one host: where there are several, they share what the other side allows. */
export const perSecond = z.coerce.number().positive().max(1000);
