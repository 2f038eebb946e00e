import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** What a deployment needs to know of a stack: outputs of infra/outputs.ts. */
const outputs = z.object({
  resourceGroup: z.string().min(1),
  functionApp: z.string().min(1),
  /** Empty on Flex Consumption, which has none. */
  stagingSlot: z.string(),
  url: z.url(),
  hostStorageAccount: z.string().min(1),
});

export type Stack = z.infer<typeof outputs>;

/** Reads the file that `pulumi stack output --json` was written to. */
export function readStack(file: string): Stack {
  const parsed = outputs.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`${file} is not what \`pulumi stack output --json\` prints: ${faults.join('; ')}`);
}
