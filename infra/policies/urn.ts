/** `azure-native:sql/v20230801:Server` is `azure-native:sql:Server` in a fixed version of Azure's interface. */
export function withoutVersion(type: string): string {
  return type.replace(/\/v\d[^:]*:/, ':');
}

/** `urn:pulumi:stack::project::parent$type::name`: the last of the types is the resource's own. */
export function typeOf(urn: string): string {
  return (urn.split('::')[2] ?? '').split('$').at(-1) ?? '';
}

export function nameOf(urn: string): string {
  return urn.split('::').slice(3).join('::');
}
