/** The part of a WebSocket that a stream needs; `ws` gives it, and so does a test. */
export interface StreamSocket {
  /** Bytes that wait to be taken by the network. */
  readonly bufferedAmount: number;
  send(text: string): void;
  ping(): void;
  /** Resolves when it is closed, by the other end's consent or, after a second, without. */
  close(code: number, reason: string): Promise<void>;
}

/** What a socket tells. After `onClose` nothing comes. */
export interface StreamSocketListener {
  /** A text message; undefined for one that is no text. */
  onMessage(text: string | undefined): void;
  /** Any other sign of life. */
  onSign(): void;
  onClose(reason: string): void;
}
