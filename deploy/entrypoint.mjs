/** Starts what the container's command names: a service, or a job of `tools`. */
import { hostname } from 'node:os';
import { containerEnvironment } from './container-environment.mjs';

const jobs = { migrate: '../tools/migrate/dist/main.js', seed: '../tools/operator/dist/seed.js' };
const name = process.argv[2] ?? '';

Object.assign(process.env, containerEnvironment(name, process.env, hostname()));
await import(jobs[name] ?? `../apps/${name}/dist/main.js`);
