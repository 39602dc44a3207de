import { hash } from 'node:crypto';

/** A compose file whose images are named by digest, as those of confidential models are. */
export function composeFileOf(model: string, release = ''): string {
  const image = (name: string) => `${name}@sha256:${hash('sha256', `development image ${name}${release}`)}`;
  return [
    'services:',
    '  model:',
    `    image: ${image('vllm/vllm-openai')}`,
    `    command: --model ${JSON.stringify(model)}`,
    '  proxy:',
    `    image: ${image('development/inference-proxy')}`,
    '    volumes:',
    '      - /var/run/dstack.sock:/var/run/dstack.sock',
    '',
  ].join('\n');
}
