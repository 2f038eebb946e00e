import { isSecretName, REDACTED, redactText } from '../../logging/redact.ts';

/** How many an envelope stands for, on its way to where it belongs: envelopes of the log know no sampling of their own. */
export const STANDS_FOR = 'standsFor';

interface Envelope {
  readonly sampleRate?: number;
  readonly data?: { readonly baseData?: { readonly properties?: Readonly<Record<string, unknown>> } };
}

/**
 * The last gate before telemetry leaves: takes secrets out of every text of every envelope, whoever put them there, and says in
 * `sampleRate` how many each stands for, from which `itemCount` is made. Throws for what it cannot read, so that nothing unread leaves.
 */
export function cleanEnvelopes(body: unknown, secrets: readonly string[]): string {
  if (typeof body !== 'string') throw new TypeError('Telemetry was not sent: wanted a body of text');
  const envelopes = JSON.parse(body) as Envelope[];
  return JSON.stringify(envelopes.map((envelope) => cleaned(countIn(envelope), secrets)));
}

function countIn({ data, ...envelope }: Envelope): Envelope {
  const { [STANDS_FOR]: standsFor = 1, ...properties } = data?.baseData?.properties ?? {};
  if (standsFor === 1) return { ...envelope, ...(data && { data }) };
  return {
    ...envelope,
    sampleRate: 100 / Number(standsFor),
    data: { ...data, baseData: { ...data?.baseData, properties } },
  };
}

function cleaned(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return cleanText(value, secrets);
  if (Array.isArray(value)) return value.map((one) => cleaned(one, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      isSecretName(name) && typeof part === 'string' ? REDACTED : cleaned(part, secrets),
    ]),
  );
}

function cleanText(text: string, secrets: readonly string[]): string {
  let clean = redactText(text);
  for (const secret of secrets) clean = clean.replaceAll(secret, REDACTED);
  return clean;
}
