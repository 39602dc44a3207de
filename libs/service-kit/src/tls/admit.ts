import type { Server, TLSSocket } from 'node:tls';
import type { ServiceLog } from '../logging/service-log.ts';
import type { InternalTls } from './internal-tls.ts';

/**
 * Has a server of this deployment take connections of one service only, by the name in the caller's certificate, and
 * serve a renewed certificate of its own without a restart.
 * @param client name of that service
 */
export function admit(server: Server, client: string, { tls, log }: { tls: InternalTls; log: ServiceLog }): void {
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    if (isNamed(socket, client)) return;
    log.warn('connection refused: its certificate is another service’s');
    socket.destroy();
  });
  tls.onRenewal(() => {
    server.setSecureContext(tls.asServer());
    log.info('certificate renewed');
  });
}

/** A resumed session carries the certificate that it began with; without any nobody is named. */
function isNamed(socket: TLSSocket, name: string): boolean {
  return socket.authorized && socket.getPeerX509Certificate()?.checkHost(name, { subject: 'never' }) === name;
}
