import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Analyzer, startAnalyzer } from '../../test/support/analyzer.ts';
import { resourceOf } from '../../test/support/judging.ts';
import { policies } from './policies.ts';
import { azurePages } from './runbookPages.ts';

let analyzer: Analyzer;
beforeAll(async () => {
  analyzer = await startAnalyzer();
});
afterAll(() => analyzer[Symbol.asyncDispose]());

const unknown = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
const account = {
  type: 'azure-native:storage:StorageAccount',
  name: 'host-storage',
  protect: true,
  props: {
    minimumTlsVersion: 'TLS1_2',
    enableHttpsTrafficOnly: true,
    allowBlobPublicAccess: false,
    allowSharedKeyAccess: false,
  },
};

describe('the pack, started as the Pulumi CLI starts it', () => {
  it('D4 answers with every rule', async () => {
    expect(await analyzer.info()).toEqual({ name: 'datasync', policies: policies.map(({ name }) => name) });
  });

  it('D4 stops the making of a resource that breaks a rule, and of no other', async () => {
    expect(await analyzer.analyze(resourceOf(account))).toEqual([]);
    const open = { ...account, props: { ...account.props, allowSharedKeyAccess: true } };
    expect(await analyzer.analyze(resourceOf(open))).toEqual([
      {
        policy: 'no-shared-key',
        isMandatory: true,
        message: expect.stringContaining(
          'StorageAccount “host-storage” may be called with its key; wanted: allowSharedKeyAccess: false.',
        ),
      },
    ]);
  });

  it('D4 judges the stack as a whole, although some of it is not known in a preview', async () => {
    const fresh = { ...account, props: { ...account.props, primaryEndpoints: unknown, name: unknown } };
    const verdicts = await analyzer.analyzeStack([resourceOf(fresh)]);
    expect(verdicts.every(({ isMandatory }) => isMandatory)).toBe(true);
    expect(verdicts.map(({ policy }) => policy)).toEqual([
      'soft-delete-everywhere',
      'locked',
      ...azurePages.map(() => 'alert-for-each-page'),
      'tags',
      'budget',
      'diagnostics',
    ]);
  });

  it('D4 puts off what a preview cannot know, to the moment before it is made', async () => {
    const unsure = { ...account, props: { ...account.props, minimumTlsVersion: unknown } };
    expect(await analyzer.analyze(resourceOf(unsure))).toEqual([
      {
        policy: 'storage-transport',
        isMandatory: false,
        message: expect.stringContaining('during preview'),
      },
    ]);
  });
});
