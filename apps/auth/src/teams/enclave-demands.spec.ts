import { expect, test } from '@jest/globals';
import { patchLevels, teeDemandsText } from '@orgn/contracts';
import { readTeeDemands } from '@orgn/dialects';
import fc from 'fast-check';
import { fromDemandsText, toDemandsText } from './enclave-demands.ts';

test('whatever a team can demand is understood by routers as it was meant, and read back as it was set', () => {
  const demands = fc.record({
    isTeeOnly: fc.boolean(),
    isGpu: fc.boolean(),
    isInstance: fc.boolean(),
    tcb: fc.option(fc.constantFrom(...patchLevels)),
  });
  fc.assert(
    fc.property(demands, (demanded) => {
      const text = toDemandsText(demanded);
      expect(fromDemandsText(text)).toEqual(demanded);
      if (text === null) return;
      expect(teeDemandsText.safeParse(text).success).toBe(true);
      const { isTeeOnly: _, ...rest } = demanded;
      expect(readTeeDemands(text)).toEqual(rest);
    }),
  );
});
