/** Where an example's addresses are in a test: ports on this host, and the files of a certificate for both names. */
export interface Places {
  api: number;
  console: number;
  /** Where the proxy listens. */
  https: number;
  certificate: string;
  key: string;
  /** A folder for what the proxy writes. */
  scratch: string;
}

/** The block of a page that is marked as the example for a proxy, as it stands there. @throws when there is none */
export function exampleOf(page: string, name: string): string {
  const block = new RegExp(`^\`\`\`${name} example\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page)?.[1];
  if (block === undefined) throw new Error(`The page has no example for ${name}.`);
  return block;
}

/** The example's two sites with a certificate of the test's own, on a port of its own. */
export function caddyfile(example: string, places: Places): string {
  const sites = atPorts(example, places).replaceAll(
    /^(\w+\.example\.com) \{$/gm,
    `https://$1:${places.https} {\n  tls ${places.certificate} ${places.key}`,
  );
  return `{\n  admin off\n  auto_https disable_redirects\n  storage file_system ${places.scratch}\n}\n${sites}`;
}

/** The example in the `server` block of each of the two names. */
export function nginxConfiguration(example: string, places: Places): string {
  const server = (name: string, block: string) => `server {
    listen 127.0.0.1:${places.https} ssl;
    server_name ${name}.example.com;
    ssl_certificate ${places.certificate};
    ssl_certificate_key ${places.key};
    ${block}
  }`;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${places.scratch}/${name};`,
  );
  return `daemon off;
pid ${places.scratch}/nginx.pid;
error_log ${places.scratch}/error.log;
events {}
http {
  access_log off;
  ${temporary.join('\n  ')}
  ${server('api', atPorts(example, places))}
  ${server('console', atPorts(example.replace('127.0.0.1:8080', '127.0.0.1:8081'), places))}
}
`;
}

function atPorts(example: string, { api, console }: Places): string {
  return example.replaceAll('127.0.0.1:8080', `127.0.0.1:${api}`).replaceAll('127.0.0.1:8081', `127.0.0.1:${console}`);
}
