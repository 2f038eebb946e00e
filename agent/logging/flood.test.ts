import { describe, expect, it } from 'vitest';
import { createFloodGate } from './flood.ts';

const minute = 60_000;

function gateAt() {
  const clock = { ms: 0 };
  const gate = createFloodGate({ sameAMinute: 3, allAMinute: 10 }, () => clock.ms);
  const ask = (message: string, isUrgent = false) => gate.admits({ isUrgent, message });
  return { gate, clock, ask };
}

describe('createFloodGate', () => {
  it('B36 lets the first lines of a kind through each minute and counts the rest, once', () => {
    const { gate, clock, ask } = gateAt();
    const admitted = () =>
      Array.from({ length: 1000 }, (_, n) => ask(`file ${String(n)} failed`)).filter(Boolean);
    expect(admitted()).toHaveLength(3);
    expect(gate.heldBack()).toEqual([]);
    clock.ms += minute;
    expect(gate.heldBack()).toEqual([{ isUrgent: false, message: 'file 0 failed', count: 997 }]);
    expect(gate.heldBack()).toEqual([]);
    expect(admitted()).toHaveLength(3);
  });

  it('B36 a flood of other lines never holds a warning back', () => {
    const { ask } = gateAt();
    const texts = Array.from({ length: 500 }, (_, n) => String.fromCodePoint(0x4e00 + n));
    expect(texts.filter((text) => ask(text))).toHaveLength(10);
    expect(ask('the first warning', true)).toBe(true);
    expect(texts.filter((text) => ask(text, true))).toHaveLength(9);
  });

  it('B36 remembers a bounded number of kinds, and still counts everything', () => {
    const { gate, clock, ask } = gateAt();
    const texts = Array.from({ length: 5000 }, (_, n) => String.fromCodePoint(0x4e00 + n));
    const admitted = texts.filter((text) => ask(text)).length;
    clock.ms += minute;
    const held = gate.heldBack();
    expect(held.length).toBeLessThanOrEqual(201);
    expect(held.reduce((sum, { count }) => sum + count, admitted)).toBe(5000);
  });
});
