export { startBackbone, type Backbone, type TestService } from './backbone.ts';
export { eventually } from './eventually.ts';
export { freePort } from './free-port.ts';
export { startNats, type TestNats } from './nats.ts';
export { startPostgres, type TestPostgres, type TestSchema } from './postgres.ts';
export { connectTestBus } from './test-bus.ts';
export { testEnvironment, type TestParts } from './test-environment.ts';
export type { TestServer } from './test-stack.ts';
