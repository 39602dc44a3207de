import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runOrThrow } from '../processes.mjs';

const timeoutMs = 900_000;

/**
 * A Java program of ours with the libraries it tries, compiled in the client's folder. The first names the client's version.
 * @param {string[]} artifacts `group:artifact`, the newest of each; `group:artifact:version` where only some are served
 * @param {string} source the program
 */
export function maven(artifacts, source) {
  return {
    async install(folder) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'pom.xml'), pom(artifacts));
      rmSync(join(folder, 'lib'), { recursive: true, force: true });
      const options = { cwd: folder, env: process.env, timeoutMs };
      await runOrThrow(['mvn', '-q', '-B', '-U', 'dependency:copy-dependencies', '-DoutputDirectory=lib'], options);
      copyFileSync(source, join(folder, basename(source)));
      await runOrThrow(['javac', '-cp', 'lib/*', '-d', 'classes', basename(source)], options);
    },
    version(folder) {
      const [, artifact] = artifacts[0].split(':');
      const jar = readdirSync(join(folder, 'lib')).find(
        (name) => /^[\d.]+/.test(name.slice(artifact.length + 1)) && name.startsWith(artifact),
      );
      return jar.slice(artifact.length + 1, -'.jar'.length);
    },
  };
}

/** The program that `maven` compiled. */
export function javaProgram(folder, source) {
  return ['java', '-cp', `${join(folder, 'classes')}:${join(folder, 'lib')}/*`, basename(source, '.java')];
}

function pom(artifacts) {
  const dependencies = artifacts.map((spec) => {
    const [group, artifact, version = 'RELEASE'] = spec.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>client</groupId><artifactId>client</artifactId><version>1</version>
  <dependencies>${dependencies.join('')}</dependencies>
</project>
`;
}
