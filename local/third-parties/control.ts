import type { Fault, Faults } from './faults.ts';
import type { PartyAnswer, PartyRequest } from './thirdParty.ts';

/** The first segment of the addresses by which another process looks at the parties and breaks them. */
export const CONTROL = '.control';

/**
 * `POST /.control/faults` with a fault as JSON adds it, `DELETE` takes all away, `GET /.control/seen` lists what was
 * asked of the parties.
 */
export function answerControl(
  request: PartyRequest,
  { faults, seen }: { readonly faults: Faults; readonly seen: readonly unknown[] },
): PartyAnswer {
  switch (`${request.method} ${request.path}`) {
    case 'POST /faults':
      faults.add(JSON.parse(request.body) as Fault);
      return { status: 200, body: {} };
    case 'DELETE /faults':
      faults.clear();
      return { status: 200, body: {} };
    case 'GET /seen':
      return { status: 200, body: seen };
    default:
      return { status: 404, body: { detail: 'wanted POST or DELETE /faults, GET /seen' } };
  }
}
