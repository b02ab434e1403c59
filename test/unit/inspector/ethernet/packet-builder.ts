/** Packets for the tests: as much of them as a decoder looks at. */
export interface TcpOptions {
  readonly source?: string;
  readonly destination?: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly sequence?: number;
  readonly acknowledgement?: number;
  readonly flags?: number;
  readonly payload?: string;
  readonly optionBytes?: number;
  readonly ipId?: number;
}

export const syn = 2;
export const fin = 1;
export const rst = 4;
export const ack = 16;

export function tcpSegment(options: TcpOptions = {}): Buffer {
  const optionBytes = options.optionBytes ?? 12;
  const payload = Buffer.from(options.payload ?? "");
  const header = Buffer.alloc(20 + optionBytes, 0xaa);
  header.writeUInt16BE(options.sourcePort ?? 40000, 0);
  header.writeUInt16BE(options.destinationPort ?? 80, 2);
  header.writeUInt32BE(options.sequence ?? 1000, 4);
  header.writeUInt32BE(options.acknowledgement ?? 1, 8);
  header[12] = ((20 + optionBytes) / 4) << 4;
  header[13] = options.flags ?? ack;
  return Buffer.concat([header, payload]);
}

export function tcp4(options: TcpOptions = {}): Buffer {
  return ip4(6, tcpSegment(options), options);
}

export function udp(sourcePort: number, destinationPort: number, payload: string | Buffer = ""): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(sourcePort, 0);
  header.writeUInt16BE(destinationPort, 2);
  return Buffer.concat([header, Buffer.from(payload)]);
}

export function ip4(
  protocol: number,
  content: Buffer,
  options: TcpOptions & { fragmentOffset?: number } = {},
): Buffer {
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header.writeUInt16BE(20 + content.length, 2);
  header.writeUInt16BE(options.ipId ?? 7, 4);
  header.writeUInt16BE(options.fragmentOffset ?? 0, 6);
  header[9] = protocol;
  Buffer.from((options.source ?? "10.0.0.2").split(".").map(Number)).copy(header, 12);
  Buffer.from((options.destination ?? "10.0.0.3").split(".").map(Number)).copy(header, 16);
  return Buffer.concat([header, content]);
}

/** `extensions`: header bytes whose first byte (next header) is filled in here. Addresses: 16 bytes in hexadecimal. */
export function ip6(
  protocol: number,
  content: Buffer,
  options: {
    source?: string;
    destination?: string;
    extensions?: readonly { type: number; bytes: Buffer }[];
  } = {},
): Buffer {
  const extensions = (options.extensions ?? []).map(({ type, bytes }) => ({
    type,
    bytes: Buffer.from(bytes),
  }));
  for (const [index, { bytes }] of extensions.entries()) bytes[0] = extensions[index + 1]?.type ?? protocol;
  const body = Buffer.concat([...extensions.map(({ bytes }) => bytes), content]);
  const header = Buffer.alloc(40);
  header[0] = 0x60;
  header.writeUInt16BE(body.length, 4);
  header[6] = extensions[0]?.type ?? protocol;
  Buffer.from(options.source ?? "20010db8000000000000000000000002", "hex").copy(header, 8);
  Buffer.from(options.destination ?? "20010db8000000000000000000000003", "hex").copy(header, 24);
  return Buffer.concat([header, body]);
}
