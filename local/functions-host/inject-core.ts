import { registerHooks } from 'node:module';
import type { CoreModule } from './core-api.ts';
import type { FunctionApp } from './function-app.ts';

/**
 * The core module is one a process, because `@azure/functions` asks for it once and keeps the answer. So is the
 * app that registrations go to, and with it the programming model, which the library hands over only once.
 */
export interface InjectedCore {
  /** The app that registrations go to while `load` runs. Loads wait for each other. */
  load(app: FunctionApp, load: () => Promise<unknown>): Promise<void>;
}

interface CoreState {
  app: FunctionApp | undefined;
  model: ReturnType<CoreModule['getProgrammingModel']>;
  lastLoad: Promise<unknown>;
  readonly injected: InjectedCore;
}

const moduleKey = Symbol.for('datasync.functions-core');
const stateKey = Symbol.for('datasync.functions-core.state');
const processWide = globalThis as { [moduleKey]?: CoreModule; [stateKey]?: CoreState };

/**
 * Supplies `@azure/functions-core` to whoever requires or imports it in this process, now and later. To be called
 * before the first `app.*` of `@azure/functions`; repeating it changes nothing.
 */
export function injectFunctionsCore(): InjectedCore {
  const present = processWide[stateKey];
  if (present !== undefined) return present.injected;
  const state: CoreState = {
    app: undefined,
    model: undefined,
    lastLoad: Promise.resolve(),
    injected: {
      load: (app, load) => {
        const turn = state.lastLoad.then(() => loadInto(state, app, load));
        state.lastLoad = turn.catch(() => undefined);
        return turn;
      },
    },
  };
  processWide[stateKey] = state;
  processWide[moduleKey] = coreModule(state);
  resolveCoreModule();
  return state.injected;
}

async function loadInto(state: CoreState, app: FunctionApp, load: () => Promise<unknown>): Promise<void> {
  state.app = app;
  try {
    await load();
  } finally {
    app.model = state.model;
    app.closeRegistration();
  }
}

function resolveCoreModule(): void {
  const url = new URL('./core-module.cjs', import.meta.url).href;
  registerHooks({
    resolve: (specifier, context, nextResolve) =>
      specifier === '@azure/functions-core'
        ? { url, format: 'commonjs', shortCircuit: true }
        : nextResolve(specifier, context),
  });
}

class Disposable {
  readonly #onDispose: () => void;

  constructor(onDispose: () => void) {
    this.#onDispose = onDispose;
  }

  dispose(): void {
    this.#onDispose();
  }
}

function coreModule(state: CoreState): CoreModule {
  const app = (): FunctionApp => {
    if (state.app === undefined)
      throw new Error('No function app is being loaded: start a functions host first.');
    return state.app;
  };
  return {
    version: '3.12.0',
    hostVersion: '4.1040.0',
    Disposable,
    setProgrammingModel: (model) => {
      state.model = model;
    },
    getProgrammingModel: () => state.model,
    registerFunction: (metadata, callback) => new Disposable(app().register(metadata, callback)),
    registerHook: (name, callback) => new Disposable(app().hooks.add(name, callback)),
    log: (level, category, message) => {
      state.app?.writeLog(level, category, message);
    },
  };
}
