/**
 * `npm run -s sbom > sbom.cdx.json`: what the production image runs, as CycloneDX: the services, the jobs and what they need at
 * run time, with versions, licences and integrity as package-lock.json has them.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureReady, toolEnvironment } from './bootstrap.mjs';

/** The workspaces that the image holds, as the Dockerfile installs them. */
const roots = ['auth', 'gateway', 'inference-router', 'key-registry', 'usage-metering', 'migrate', 'operator'];

function read(root, node) {
  // With --omit=dev npm also leaves out what services and development share, so what is development's is left out here.
  const args = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx'];
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd: root,
    env: toolEnvironment(node),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`npm sbom failed:\n${stderr}`);
  return JSON.parse(stdout);
}

/** What a workspace needs at run time, by name; undefined for what is no workspace. */
function runtimeNeeds(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const workspaces = Object.values(packages).filter(({ name }) => name?.startsWith('@orgn/'));
  const needs = new Map(workspaces.map(({ name, dependencies = {} }) => [name, Object.keys(dependencies)]));
  return (ref) => needs.get(nameOf(ref));
}

const nameOf = (ref) => ref.slice(0, ref.lastIndexOf('@'));

/** npm lists everything of the repository; what is in the image is what is reached from the workspaces in it. */
function narrow(bom, needsOf) {
  const dependencies = bom.dependencies.map(({ ref, dependsOn }) => {
    const needs = needsOf(ref);
    return { ref, dependsOn: needs ? dependsOn.filter((one) => needs.includes(nameOf(one))) : dependsOn };
  });
  const isRoot = (ref) => roots.includes(nameOf(ref).replace('@orgn/', ''));
  const dependsOn = new Map(dependencies.map((one) => [one.ref, one.dependsOn]));
  const found = new Set();
  for (const todo = [...dependsOn.keys()].filter(isRoot); todo.length > 0;) {
    const ref = todo.pop();
    if (found.has(ref)) continue;
    found.add(ref);
    todo.push(...(dependsOn.get(ref) ?? []));
  }
  // What is only of use in development, or optional, is not installed, whoever names it.
  const components = bom.components.filter((one) => found.has(one['bom-ref']) && one.scope === 'required');
  const refs = new Set(components.map((one) => one['bom-ref']));
  const component = { ...bom.metadata.component, name: 'orgn-gateway' };
  return {
    ...bom,
    metadata: { ...bom.metadata, component },
    components,
    dependencies: dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) })),
  };
}

try {
  const { root, node } = await ensureReady();
  process.stdout.write(`${JSON.stringify(narrow(read(root, node), runtimeNeeds(root)), null, 2)}\n`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
