import { expect, it } from 'vitest';
import { startEngine } from './engine/engine.ts';
import { startByPulumi } from './engine/startByPulumi.ts';
import { leastConfiguration, recordStack } from './recordProgram.ts';

const identity = { project: 'datasync', stack: 'production' };

/** As `pulumi config set --path` leaves it. */
const configuration = Object.fromEntries(
  Object.entries(leastConfiguration).map(([key, value]) => [
    `datasync:${key}`,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]),
);

it('D1 started as Pulumi starts it, Node runs the TypeScript of Pulumi.yaml as it is and makes the same stack', async () => {
  const engine = await startEngine(identity);
  try {
    await startByPulumi({
      ...identity,
      address: engine.address,
      configuration,
      secretKeys: ['datasync:secrets'],
    });
    const { resources, outputs, complaints } = engine.recording();
    const inProcess = await recordStack();
    expect(complaints).toEqual([]);
    expect(resources.map(({ urn }) => urn).sort()).toEqual(inProcess.resources.map(({ urn }) => urn).sort());
    expect(outputs).toEqual(inProcess.outputs);
  } finally {
    await engine.close();
  }
});

it('D2 a configuration that is wrong ends the start before anything is made, and says everything that is wrong at once', async () => {
  const engine = await startEngine(identity);
  try {
    const wrong = { 'datasync:location': 'Australia East', 'datasync:plna': 'S1' };
    const start = startByPulumi({
      ...identity,
      address: engine.address,
      configuration: wrong,
      secretKeys: [],
    });
    await expect(start).rejects.toThrow();
    const { resources, complaints } = engine.recording();
    expect(resources.filter(({ type }) => type !== 'pulumi:pulumi:Stack')).toEqual([]);
    expect(complaints).toHaveLength(1);
    for (const word of [
      'location: wanted',
      'knows no plna',
      'owner: wanted: an e-mail address',
      'alerts: is missing',
      'secrets.AUTH_SECRET: is missing',
    ])
      expect(complaints[0]).toContain(word);
  } finally {
    await engine.close();
  }
});
