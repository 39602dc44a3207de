import { once } from 'node:events';
import { connect } from 'node:net';
import { RouterChannel, type AnswerReceiver, type Asked, type AskedRequest } from '@orgn/channel';

/** What comes of an answer whether it is read or not, as sockets would take it in. */
const UNREAD_BYTES = 1024 * 1024;

interface Sent {
  headers: Record<string, string>;
  /** Text and forms go as they are, anything else as JSON. */
  body: object | string;
  signal?: AbortSignal | null | undefined;
}

/** A gateway's channel to a router, asked as `fetch` asks. */
export class TestChannel {
  private constructor(private readonly channel: RouterChannel) {}

  /** @param url `tcp://host:port` */
  static async open(url: string): Promise<TestChannel> {
    const { hostname, port } = new URL(url);
    const open = async () => {
      const socket = connect(Number(port), hostname);
      await once(socket, 'connect');
      return socket;
    };
    const channel = new RouterChannel({ name: 'test', open });
    await channel.whenOpen(5_000);
    if (!channel.isOpen) throw new Error(`nobody speaks the channel at ${url}`);
    return new TestChannel(channel);
  }

  /** Without anything in between, for tests of the channel itself. */
  post(asked: Asked, receiver: AnswerReceiver): AskedRequest {
    const request = this.channel.post(asked, receiver);
    if (!request) throw new Error('the channel is not open');
    return request;
  }

  async fetch(path: string, { headers, body, signal }: Sent): Promise<Response> {
    const isText = typeof body === 'string';
    const bytes = new Response(isText || body instanceof FormData ? body : JSON.stringify(body));
    const type = body instanceof FormData ? (bytes.headers.get('content-type') ?? '') : 'application/json';
    const asked = {
      path,
      headers: { 'content-type': type, ...headers },
      body: Buffer.from(await bytes.arrayBuffer()),
    };
    return new Promise((resolve, reject) => this.#ask(asked, signal ?? undefined, { resolve, reject }));
  }

  close(): void {
    this.channel.close();
  }

  #ask(asked: Asked, signal: AbortSignal | undefined, promise: ResponsePromise): void {
    const answer = new FetchedAnswer(promise);
    const request = this.post(asked, answer);
    answer.request = request;
    const leave = () => {
      request.abort();
      answer.onError(Object.assign(new Error('The request was aborted.'), { name: 'AbortError' }));
    };
    if (signal?.aborted) leave();
    else signal?.addEventListener('abort', leave, { once: true });
  }
}

interface ResponsePromise {
  resolve: (response: Response) => void;
  reject: (error: Error) => void;
}

/** An answer of the channel as a `Response`, read at its reader's pace. */
class FetchedAnswer implements AnswerReceiver {
  request: AskedRequest | undefined;
  #stream: ReadableStreamDefaultController<Uint8Array> | undefined;
  #isOver = false;

  constructor(private readonly promise: ResponsePromise) {}

  onStart(status: number, headers: object): void {
    const source = {
      start: (controller: ReadableStreamDefaultController<Uint8Array>) => void (this.#stream = controller),
      pull: () => this.request?.resume(),
      cancel: () => {
        this.#isOver = true;
        this.request?.abort();
      },
    };
    const body = new ReadableStream(source, new ByteLengthQueuingStrategy({ highWaterMark: UNREAD_BYTES }));
    this.promise.resolve(new Response(body, { status, headers: headers as Record<string, string> }));
  }

  onData(chunk: Buffer): void {
    if (this.#isOver) return;
    this.#stream?.enqueue(new Uint8Array(chunk));
    if ((this.#stream?.desiredSize ?? 1) <= 0) this.request?.pause();
  }

  onEnd(): void {
    if (!this.#isOver) this.#stream?.close();
    this.#isOver = true;
  }

  onError(error: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.promise.reject(error);
    this.#stream?.error(error);
  }
}
