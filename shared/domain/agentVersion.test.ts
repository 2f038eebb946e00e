import { expect, it } from 'vitest';
import { isAgentVersionSupported } from './agentVersion.ts';

it('F2 speaks with the agents of today and refuses those of the future', () => {
  for (const version of ['0', '0.1.0', '1.0.93.0', '1.999'])
    expect(isAgentVersionSupported(version)).toBe(true);
  for (const version of ['2', '2.0.0', '99.1', '999999999.0.0.0'])
    expect(isAgentVersionSupported(version)).toBe(false);
});
