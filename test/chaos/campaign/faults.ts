import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultRule } from '../../../local/azure-files/faults/faultRules.ts';
import type { Fault } from './fault.ts';
import { addFault, type Field, pidOf, removeFault, signal, withDatabase } from './field.ts';
import { stepKills } from './stepKills.ts';

const agents = (field: Field): string[] => field.runners.map((runner) => `agent-${runner}`);
const hosts = (field: Field): string[] =>
  Object.keys(field.platform.pids()).filter((name) => name.startsWith('host'));
const pick = (field: Field, names: readonly string[]): string =>
  field.random.pick(names as readonly [string, ...string[]]);

function kill(name: string, choose: (field: Field) => string): Fault {
  return {
    name: `kill −9 ${name}`,
    strike: async (field) => {
      signal(await pidOf(field, choose(field)), 'SIGKILL');
    },
  };
}

/** A process that stands still for a while and goes on as if nothing had been: its leases ran out meanwhile. */
function freeze(name: string, choose: (field: Field) => string, mostSeconds: number): Fault {
  return {
    name: `freeze ${name}`,
    strike: async (field) => {
      const pid = await pidOf(field, choose(field));
      signal(pid, 'SIGSTOP');
      await sleep(field.random.between(2, mostSeconds) * 1000);
      signal(pid, 'SIGCONT');
    },
  };
}

function storage(name: string, rule: (field: Field) => FaultRule): Fault {
  return {
    name: `storage: ${name}`,
    strike: async (field) => {
      const id = await addFault(field, rule(field));
      await sleep(field.random.between(3, 12) * 1000);
      if (id !== undefined) await removeFault(field, id);
    },
  };
}

const supervisor: Fault = {
  name: 'kill −9 the supervisor, and with it everything',
  strike: async (field) => {
    await field.platform.killAll();
    field.platform = await field.restart();
  },
};

const failover: Fault = {
  name: 'database: every connection cut',
  strike: async (field) => {
    await withDatabase(field, (client) =>
      client.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname is not null',
      ),
    );
  },
};

const lockedOut: Fault = {
  name: 'database: runs locked for seconds',
  strike: async (field) => {
    const seconds = field.random.between(3, 8);
    await withDatabase(field, async (client) => {
      await client.query('begin');
      await client.query('lock table sync_runs in access exclusive mode');
      await sleep(seconds * 1000);
      await client.query('rollback');
    });
  },
};

const outage: Fault = {
  name: 'database down for seconds',
  strike: async (field) => {
    const until = Date.now() + field.random.between(5, 20) * 1000;
    while (Date.now() < until) {
      signal(await pidOf(field, 'postgres'), 'SIGKILL');
      await sleep(500);
    }
  },
};

/** Every way there is; the campaign draws each once before it draws any again. */
export const faults: readonly [Fault, ...Fault[]] = [
  kill('a host', (field) => pick(field, hosts(field))),
  kill('an agent', (field) => pick(field, agents(field))),
  kill('the file server', () => 'azure-files'),
  kill('the queues and tables', () => 'azurite'),
  kill('the database', () => 'postgres'),
  kill('the instruments', () => 'fleet'),
  supervisor,
  freeze('a host', (field) => pick(field, hosts(field)), 20),
  freeze('an agent', (field) => pick(field, agents(field)), 15),
  freeze('the file server', () => 'azure-files', 12),
  freeze('the queues and tables', () => 'azurite', 12),
  failover,
  lockedOut,
  outage,
  storage('503 and Retry-After', () => ({
    action: { kind: 'throttle', retryAfterSeconds: 1 },
    probability: 0.6,
  })),
  storage('429', () => ({ action: { kind: 'throttle', status: 429 }, probability: 0.5 })),
  storage('500 OperationTimedOut', () => ({
    action: { kind: 'error', code: 'OperationTimedOut' },
    probability: 0.3,
  })),
  storage('silence', () => ({ action: { kind: 'silence' }, probability: 0.1 })),
  storage('resets while sending', () => ({
    action: { kind: 'disconnect', afterBytes: 1000 },
    probability: 0.4,
  })),
  storage('lost answers', () => ({ action: { kind: 'loseAnswer' }, probability: 0.3 })),
  storage('slow', () => ({ action: { kind: 'slow', delayMs: 800 } })),
  storage('signatures past their time', () => ({ action: { kind: 'sasExpired' }, probability: 0.5 })),
  storage('share full', () => ({ action: { kind: 'shareFull' } })),
  ...stepKills,
];
