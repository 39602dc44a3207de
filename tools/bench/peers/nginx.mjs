import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debianPackage } from '../debian-package.mjs';

/** nginx as a plain proxy that passes streams on at once: what moving the bytes costs where nothing of them is looked at. */
export async function nginx({ options, start, port, upstreamUrl }) {
  const found = await find(options);
  if (!found) return undefined;
  const dir = mkdtempSync(join(tmpdir(), 'orgn-bench-nginx-'));
  const file = join(dir, 'nginx.conf');
  writeFileSync(file, configuration({ dir, port, upstream: new URL(upstreamUrl).host }));
  const command = [found.path, '-p', dir, '-c', file, '-e', join(dir, 'error.log')];
  return { version: found.version, processes: start(command, { env: found.env }), scratch: dir };
}

async function find({ root }) {
  const known = usable('nginx', {});
  if (known) return known;
  const unpacked = await debianPackage(join(root, '.local', 'nginx'), ['nginx']);
  return unpacked && usable(join(unpacked.root, 'usr', 'sbin', 'nginx'), unpacked.env);
}

function usable(path, env) {
  const { stderr } = spawnSync(path, ['-v'], { encoding: 'utf8', env: { ...process.env, ...env } });
  const version = /nginx\/(\S+)/.exec(stderr ?? '')?.[1];
  return version && { path, env, version };
}

function configuration({ dir, port, upstream }) {
  const scratch = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${dir}/${name};`,
  );
  return `worker_processes 1;
daemon off;
pid ${dir}/nginx.pid;
events { worker_connections 2048; }
http {
  access_log off;
  ${scratch.join('\n  ')}
  keepalive_requests 100000000;
  client_body_buffer_size 64k;
  upstream provider { server ${upstream}; keepalive 512; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port} backlog=1024;
    location / {
      proxy_pass http://provider;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }
}
`;
}
