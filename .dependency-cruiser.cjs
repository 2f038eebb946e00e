/**
 * The arrows between folders. docs/architecture.md says why each points the way it does; scripts/arrows.test.ts
 * proves that every rule here catches what it forbids.
 */
const test = '\\.test\\.tsx?$';
const capabilityFile = '^functions/([^/]+)/';
const sharedOnly = (name) => ({
  name: `${name}-to-shared-only`,
  comment: `${name} knows the platform by its contract: everything it may call stands in shared/.`,
  severity: 'error',
  from: { path: `^${name}/`, pathNot: test },
  to: { path: '^(agent|dashboard|functions|infra|local|scripts|test)/', pathNot: `^${name}/` },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    sharedOnly('agent'),
    sharedOnly('dashboard'),
    sharedOnly('infra'),
    {
      ...sharedOnly('scripts'),
      // Benchmarks measure the parts themselves; verification and the local demo look at what local/ wrote; a full
      // database is freed by a program that does not need the server, which may not even sign anybody in; the step of a
      // deployment that migrates, and who makes the first admin, come before there is a server; a plan of Pulumi's is judged by what the policies guard,
      // and the page about them is made from them.
      from: {
        path: '^scripts/',
        pathNot: [
          '^scripts/(bench|documenting)/',
          '^scripts/(reclaim|migrate|first-admin|judge-plan|operating/withOwnDatabase)\\.ts$',
          test,
        ],
      },
      to: { path: '^(agent|dashboard|functions|infra|test)/' },
    },
    {
      name: 'tests-stay-on-their-side',
      comment:
        'A unit test beside agent, dashboard or scripts may start local parts; more belongs in test/integration.',
      severity: 'error',
      from: { path: '^(agent|dashboard|scripts)/.*\\.test\\.tsx?$', pathNot: '^scripts/bench/' },
      to: { path: '^functions/' },
    },
    {
      name: 'capability-through-its-index',
      comment:
        'One capability calls another only through the other’s index.ts, so that its inside stays free to change.',
      severity: 'error',
      from: { path: capabilityFile, pathNot: ['^functions/platform/', test] },
      to: {
        path: capabilityFile,
        pathNot: ['^functions/$1/', '^functions/platform/', '^functions/[^/]+/index\\.ts$'],
      },
    },
    {
      name: 'platform-to-shared-only',
      comment: 'functions/platform is below every capability.',
      severity: 'error',
      from: { path: '^functions/platform/', pathNot: test },
      to: { path: '^(agent|dashboard|functions|infra|scripts)/', pathNot: '^functions/platform/' },
    },
    {
      name: 'functions-to-platform-and-shared-only',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(agent|dashboard|infra|scripts)/' },
    },
    {
      name: 'app-is-the-root',
      comment: 'functions/app.ts registers everything; who imports it registers everything too.',
      severity: 'error',
      from: { path: '^(agent|dashboard|functions|infra|scripts|shared)/', pathNot: test },
      to: { path: '^functions/app\\.ts$' },
    },
    {
      name: 'shared-to-shared-only',
      severity: 'error',
      from: { path: '^shared/', pathNot: test },
      to: { path: '^(agent|dashboard|functions|infra|local|scripts|test)/' },
    },
    {
      name: 'domain-is-pure',
      comment: 'Rules are data in, decision out: no I/O, no library, hashing excepted.',
      severity: 'error',
      from: { path: '^shared/domain/', pathNot: test },
      to: { pathNot: ['^shared/domain/', '^(node:)?crypto$'] },
    },
    {
      name: 'nothing-to-local',
      comment: 'local/ stands in for Azure on one machine: what knew it could not run in Azure.',
      severity: 'error',
      from: { path: '^(agent|dashboard|functions|infra|shared)/', pathNot: test },
      to: { path: '^local/' },
    },
    {
      name: 'only-tests-to-test',
      comment:
        'The page about the infrastructure is made from a recorded run of it; the recorder is the tests’.',
      severity: 'error',
      from: { pathNot: ['^test/', '^scripts/documenting/', test] },
      to: { path: '^test/' },
    },
    {
      name: 'no-cycle',
      comment: 'Types alone may refer to each other: they are gone when the code runs.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-grab-bag',
      comment: 'Name the subject of a file; a grab bag has none.',
      severity: 'error',
      from: {},
      to: { path: '(^|/)(utils?|helpers?|common|managers?|misc)(/|\\.tsx?$)', pathNot: 'node_modules' },
    },
    {
      name: 'no-development-dependency',
      comment: 'What runs in production is installed in production.',
      severity: 'error',
      from: { path: '^(agent|functions|shared)/', pathNot: test },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      // Azure's worker and the local host supply the core module; nobody installs it.
      to: { couldNotResolve: true, pathNot: '^@azure/functions-core$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.data)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: `${__dirname}/tsconfig.json` },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
