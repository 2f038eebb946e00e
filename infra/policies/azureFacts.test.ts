import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { azureFacts } from './azureFacts.ts';
import { dataAtStake } from './dataAtStake.ts';

const sdk = join(import.meta.dirname, '../../node_modules/@pulumi/azure-native');

/** What the provider's own declarations say of a type; reading them takes milliseconds, loading the provider seconds. */
function declaration(type: string): string {
  const [, module = '', kind = ''] = type.split(':');
  const file = join(sdk, module, `${kind.charAt(0).toLowerCase()}${kind.slice(1)}.d.ts`);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

const types = Object.keys(azureFacts);

it('D4 every type that is known here is one of the provider', () => {
  expect(types.filter((type) => !declaration(type).includes(`export declare class`))).toEqual([]);
  expect(dataAtStake.filter(({ type }) => !(type in azureFacts))).toEqual([]);
});

it('D4 what is to have tags can have them', () => {
  const tagged = types.filter((type) => azureFacts[type]?.hasTags === true);
  const taking = (type: string): boolean => /Args \{[\s\S]*^ {4}tags\?:/m.test(declaration(type));
  expect(tagged.filter((type) => !taking(type))).toEqual([]);
});

it('D4 the tokens that rules compare are those of the provider', () => {
  const token = (type: string): string => {
    const [, module = '', kind = ''] = type.split(':');
    const file = join(sdk, module, `${kind.charAt(0).toLowerCase()}${kind.slice(1)}.js`);
    return /__pulumiType = '([^']+)'/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
  };
  expect(types.map(token)).toEqual(types);
});
