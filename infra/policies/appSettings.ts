import type { Stack, StackResource } from './stack.ts';

export type App = 'azure-native:web:WebApp' | 'azure-native:web:WebAppSlot';

/** A value that is not known yet is undefined. */
export type AppSettings = ReadonlyMap<string, string | undefined>;

const separate = [
  'azure-native:web:WebAppApplicationSettings',
  'azure-native:web:WebAppApplicationSettingsSlot',
] as const;

/**
 * Settings of an app or slot, whether they stand in it or in a resource of their own; undefined when the stack shows
 * none: after an update Azure does not give back what stands in the app, and the preview before has judged it.
 */
export function settingsOf(app: StackResource<App>, stack: Stack): AppSettings | undefined {
  const own = settingsIn(app.props);
  const others = separate
    .flatMap((type) => stack.of(type))
    .filter((settings) => settings.refersTo('name', app) || settings.refersTo('slot', app))
    .map(({ props }) => new Map(Object.entries(props.properties ?? {})));
  const all = [own, ...others].filter((settings) => settings !== undefined);
  return all.length === 0 ? undefined : new Map(all.flatMap((settings) => [...settings]));
}

interface AppSetting {
  readonly name?: string | undefined;
  readonly value?: string | undefined;
}

interface WithSettings {
  readonly siteConfig?: { readonly appSettings?: readonly AppSetting[] | undefined } | undefined;
}

export function settingsIn({ siteConfig }: WithSettings): AppSettings | undefined {
  const settings = siteConfig?.appSettings;
  if (settings === undefined) return undefined;
  return new Map(settings.map(({ name = '', value }) => [name, value]));
}
