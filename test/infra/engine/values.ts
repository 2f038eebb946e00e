import { runtime } from '@pulumi/pulumi';

/** What travels as a Struct: values, some wrapped with what Pulumi says of them. */
export interface Unwrapped {
  readonly value: unknown;
  /** Where secrets stand: `siteConfig.appSettings[3].value`. */
  readonly secretPaths: readonly string[];
}

/** Takes off the wrapping of secrets, outputs and references, and remembers which places were secret. */
export function unwrap(wire: unknown): Unwrapped {
  const secretPaths: string[] = [];
  return { value: valueOf(wire, '', secretPaths), secretPaths };
}

export function asSecret(value: unknown): unknown {
  return { [runtime.specialSigKey]: runtime.specialSecretSig, value };
}

function valueOf(wire: unknown, path: string, secretPaths: string[]): unknown {
  if (Array.isArray(wire)) return wire.map((item, index) => valueOf(item, `${path}[${index}]`, secretPaths));
  if (typeof wire !== 'object' || wire === null) return wire;
  const { [runtime.specialSigKey]: signature, ...fields } = wire as Record<string, unknown>;
  switch (signature) {
    case undefined:
      return Object.fromEntries(
        Object.entries(fields).map(([key, value]) => [
          key,
          valueOf(value, path === '' ? key : `${path}.${key}`, secretPaths),
        ]),
      );
    case runtime.specialSecretSig:
      secretPaths.push(path);
      return valueOf(fields['value'], path, secretPaths);
    case runtime.specialOutputValueSig:
      if (fields['secret'] === true) secretPaths.push(path);
      return valueOf(fields['value'], path, secretPaths);
    case runtime.specialResourceSig:
      return fields['urn'];
    default:
      return fields;
  }
}
