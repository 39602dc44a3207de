export { startBackbone, type Backbone } from './backbone.ts';
export { eventually } from './eventually.ts';
export { freePort } from './free-port.ts';
export { startNats, type TestNats } from './nats.ts';
export { startPostgres, type TestPostgres, type TestSchema } from './postgres.ts';
export { connectTestBus } from './test-bus.ts';
export { testEnvironment, type TestParts } from './test-environment.ts';
