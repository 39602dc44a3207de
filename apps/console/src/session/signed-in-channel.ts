const CHANNEL = 'orgn signed in';

/** Tells the other tabs of this browser that somebody has signed in. */
export function saySignedIn(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(null);
  channel.close();
}

/** Hears of sign-ins in other tabs. @returns how to stop hearing */
export function onSignedIn(listener: () => Promise<void>): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = () => void listener().catch(() => undefined);
  return () => channel.close();
}
