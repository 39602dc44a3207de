import { expect, test } from '@jest/globals';
import { faultOf, requestBody } from '../exchange.mjs';
import { frames, whole } from '../canned.mjs';
import { answerOf } from './answers.mjs';
import { openOrderReader, openRequestReader } from './requests.mjs';

/** Stands in for a request of the channel. */
class Taken {
  text = '';
  begin() {
    return undefined;
  }
  write(bytes) {
    this.text += bytes;
    return true;
  }
  end(bytes) {
    this.text += bytes;
  }
}

test.each(['json', 'sse'])(
  'what the bare processes are made of reads %s, and shows it as a router does',
  async (mode) => {
    const read = await openRequestReader();
    const readOrder = await openOrderReader();
    const order = await readOrder(read(Buffer.from(requestBody('local_canned', mode))));
    expect(order.isStream).toBe(mode === 'sse');
    expect(JSON.parse(order.body).model).toBe('canned');
    const [taken, stored] = [new Taken(), []];
    const answer = answerOf(taken, order, async (usage) => void stored.push(usage.completionTokens));
    answer.begin(200);
    for (const piece of mode === 'sse' ? frames : [whole]) answer.push(piece);
    await answer.end();
    expect(faultOf(taken.text, mode)).toBeUndefined();
    expect(taken.text).not.toContain('"model":"canned"');
    expect(stored).toEqual([50]);
  },
);
