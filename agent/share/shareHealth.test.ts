import { expect, it } from 'vitest';
import { shareFaultOf } from './shareFault.ts';
import { createShareHealth } from './shareHealth.ts';

it('F7 a share that was deleted is told as out of reach, a file that is not there as nothing', () => {
  const statusAfter = (statusCode: number, code: string) => {
    const health = createShareHealth();
    health.failed(shareFaultOf({ statusCode, code }, 'asking the share'));
    return health.status;
  };
  expect(statusAfter(404, 'ShareNotFound')).toBe('unreachable');
  expect(statusAfter(409, 'ShareBeingDeleted')).toBe('unreachable');
  expect(statusAfter(404, 'ResourceNotFound')).toBe('ok');
  expect(statusAfter(409, 'SharingViolation')).toBe('ok');
});
