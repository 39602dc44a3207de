import type { EnclaveDemands } from '@orgn/console-api';
import { patchLevels } from '@orgn/contracts';

const words = { isTeeOnly: 'tee', isGpu: 'gpu', isInstance: 'instance' } as const;

/** As tickets and `x-ollm-require` say it; null: nothing is demanded. */
export function toDemandsText(demands: EnclaveDemands): string | null {
  const said = (Object.keys(words) as (keyof typeof words)[])
    .filter((name) => demands[name])
    .map((name) => words[name]);
  const text = [...said, ...(demands.tcb === null ? [] : [`tcb=${demands.tcb}`])].join('; ');
  return text === '' ? null : text;
}

/** @param text that `toDemandsText` has written */
export function fromDemandsText(text: string | null): EnclaveDemands {
  const said = new Set(text?.split('; '));
  return {
    isTeeOnly: said.has(words.isTeeOnly),
    isGpu: said.has(words.isGpu),
    isInstance: said.has(words.isInstance),
    tcb: patchLevels.find((level) => said.has(`tcb=${level}`)) ?? null,
  };
}
