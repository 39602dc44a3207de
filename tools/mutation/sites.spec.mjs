import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { mutate, sitesOf } from './sites.mjs';

const source = `import { a } from 'b';
export class Guard {
  check(used: number, limit = 1) {
    if (used >= limit && this.isOn) throw new Error('no');
    this.log.info('seen');
    this.release(used);
    return used > 5 ? true : limit;
  }
}
`;

describe('mutants', () => {
  it('make each kind of mistake, in the order of the text', () => {
    expect(sitesOf(source).map(({ mistake, replacement, line }) => [line, mistake, replacement])).toEqual([
      [3, 'one off', '2'],
      [4, 'condition negated', '!(used >= limit && this.isOn)'],
      [4, 'operator swapped', '>'],
      [4, 'operator swapped', '||'],
      [4, 'throw left out', ';'],
      [6, 'call left out', ';'],
      [7, 'condition negated', '!(used > 5)'],
      [7, 'operator swapped', '>='],
      [7, 'truth flipped', 'false'],
    ]);
  });

  it('are programs that parse, and differ from the original', () => {
    for (const site of sitesOf(source)) {
      const mutant = mutate(source, site);
      expect(mutant).not.toBe(source);
      expect(ts.transpileModule(mutant, { reportDiagnostics: true }).diagnostics).toEqual([]);
    }
  });
});
