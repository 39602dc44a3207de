import { describe, expect, test } from '@jest/globals';
import { containerEnvironment } from '../../../deploy/container-environment.mjs';
import { ownAddressTowards } from '../../../deploy/own-address.mjs';

describe('a container that others ask', () => {
  test('is known by its address on the network of the server that it asks, not by a name that goes with it', async () => {
    expect(await ownAddressTowards('nats://127.0.0.1:4222')).toBe('127.0.0.1');
    expect(await ownAddressTowards(undefined)).toBeUndefined();
    expect(await ownAddressTowards('nats')).toBeUndefined();
  });

  test.each([
    ['172.30.58.130', 'tls://172.30.58.130:8090', '172.30.58.130'],
    ['fd00:58::9', 'tls://[fd00:58::9]:8090', '[fd00:58::9]'],
    [undefined, 'tls://4f2a9c11d0e3:8090', '4f2a9c11d0e3'],
  ])('says so where its address is %s', (address, url, host) => {
    const of = (service: string) => containerEnvironment(service, { HTTP_PORT: '8090' }, '4f2a9c11d0e3', address);
    expect(of('inference-router')).toMatchObject({ ADVERTISED_URL: url, INSTANCE: 'inference-router-4f2a9c11d0e3' });
    expect(of('gateway')).toMatchObject({ PLAYGROUND_ADDRESS: host });
  });

  test('says what it was told to, where it was', () => {
    const told = { ADVERTISED_URL: 'tls://router.example:8090' };
    expect(containerEnvironment('inference-router', told, '4f2a9c11d0e3', '172.30.58.130')).toMatchObject(told);
  });
});
