import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readConfig } from './read-config.ts';
import { createStripe, stop, type StripeStandIn } from './server.ts';
import { signatureOf } from './webhooks.ts';

const good = {
  HTTP_PORT: '1',
  PUBLIC_URL: 'http://localhost:1/',
  WEBHOOK_URL: 'http://localhost:2/hook',
  WEBHOOK_SECRET: 'whsec_of_the_tests',
  SECRET_KEY: 'sk_test_x',
};

describe('the process', () => {
  test('refuses production, and names all that is faulty without the values', () => {
    expect(() => readConfig({ ...good, NODE_ENV: 'production' })).toThrow('development only');
    expect(() => readConfig({ ...good, HTTP_PORT: 'x', WEBHOOK_SECRET: 'short' })).toThrow(
      'Invalid configuration: HTTP_PORT, WEBHOOK_SECRET',
    );
    expect(readConfig(good).publicUrl).toBe('http://localhost:1');
  });

  test('does not start in production', async () => {
    const env = { ...good, NODE_ENV: 'production' };
    const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], { env, stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([1, null]);
  });
});

describe('the stand-in', () => {
  let stripe: StripeStandIn;
  let receiver: Server;
  let url: string;
  let refusals = 1;
  const heard: { body: string; signature: string }[] = [];

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        refusals -= 1;
        if (refusals < 0)
          heard.push({
            body: Buffer.concat(chunks).toString(),
            signature: String(request.headers['stripe-signature']),
          });
        response.writeHead(refusals < 0 ? 200 : 503).end();
      });
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    stripe = createStripe({ secretKey: 'sk_test_x', receiver: { url: hook, secret: 'whsec_x' }, publicUrl: () => url });
    stripe.server.listen(0, '127.0.0.1');
    await once(stripe.server, 'listening');
    url = `http://127.0.0.1:${(stripe.server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await stop(stripe);
    receiver.close();
  });

  const ask = (method: string, path: string, form?: Record<string, string>, key = 'sk_test_x') =>
    fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}` },
      ...(form && { body: new URLSearchParams(form) }),
    });
  const order = {
    mode: 'payment',
    success_url: 'https://here/done',
    cancel_url: 'https://here/left',
    'line_items[0][price_data][currency]': 'usd',
    'line_items[0][price_data][unit_amount]': '700',
    'line_items[0][quantity]': '1',
  };

  test('knows one key', async () => {
    expect((await ask('POST', '/v1/checkout/sessions', order, 'sk_test_y')).status).toBe(401);
  });

  test('has a page where somebody pays once, and repeats a webhook until it is taken', async () => {
    const session = (await (await ask('POST', '/v1/checkout/sessions', order)).json()) as { id: string; url: string };
    expect(await (await fetch(session.url)).text()).toContain('Pay 7.00 USD');
    const choose = (how: string) => fetch(session.url, { method: 'POST', body: `how=${how}`, redirect: 'manual' });
    expect((await choose('leave')).headers.get('location')).toBe('https://here/left');
    expect((await choose('card')).headers.get('location')).toBe('https://here/done');
    expect(await (await choose('card')).text()).toContain('over');
    for (const end = Date.now() + 10_000; heard.length === 0 && Date.now() < end;)
      await new Promise((done) => setTimeout(done, 20));
    const [{ body, signature } = { body: '', signature: '' }] = heard;
    expect(JSON.parse(body)).toMatchObject({ type: 'checkout.session.completed', livemode: false });
    expect(signature).toBe(signatureOf(body, 'whsec_x', Number(/^t=(\d+)/.exec(signature)?.[1])));
  });

  test.each([
    ['an amount below the least', { ...order, 'line_items[0][price_data][unit_amount]': '49' }],
    ['an end that is too near', { ...order, expires_at: String(Math.floor(Date.now() / 1_000) + 60) }],
  ])('refuses %s', async (_, form) => {
    expect((await ask('POST', '/v1/checkout/sessions', form)).status).toBe(400);
  });
});
