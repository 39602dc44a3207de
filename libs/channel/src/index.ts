export { ChannelError, type Ending } from './frames/channel-error.ts';
export { answerHeaders, requestHeaders, type AnswerHeaders, type RequestHeaders } from './frames/headers.ts';
export type { RequestHead } from './frames/heads.ts';
export type { AnswerReceiver, AskedRequest } from './gateway/asked-request.ts';
export type { Asked } from './gateway/gateway-connection.ts';
export { RouterChannel, type RouterChannelSettings } from './gateway/router-channel.ts';
export { ChannelHost, type ChannelHostSettings } from './router/channel-host.ts';
export type { TakenRequest } from './router/taken-request.ts';
