import { ByteReader, CoverageFormatError } from "../byte-reader.js";

/** What of one class was executed: its probes, in the order in which JaCoCo numbers them. */
export interface ClassExecution {
  /** CRC-64 of the class file, 16 hexadecimal digits. */
  readonly id: string;
  /** "org/example/Queue". */
  readonly name: string;
  readonly probes: readonly boolean[];
}

const block = { header: 0x01, session: 0x10, execution: 0x11 } as const;
const magic = 0xc0c0;
const version = 0x1007;

/**
 * A jacoco.exec: blocks of which the first is a header. A class that was dumped twice (a file that was appended to) has
 * the probes of both. Format: org.jacoco.core.data.ExecutionDataWriter, version 0x1007 (since JaCoCo 0.5). Throws CoverageFormatError.
 */
export function readExecutionData(bytes: Uint8Array): ReadonlyMap<string, ClassExecution> {
  const reader = new ByteReader(bytes);
  const classes = new Map<string, ClassExecution>();
  for (let isFirst = true; !reader.isAtEnd; isFirst = false) {
    const start = reader.at;
    const type = reader.u1();
    if (isFirst && type !== block.header) throw new CoverageFormatError("this is no execution data", start);
    if (type === block.header) readHeader(reader);
    else if (type === block.session) skipSession(reader);
    else if (type === block.execution) addTo(classes, readClass(reader));
    else throw new CoverageFormatError(`execution data has an unknown block ${type}`, start);
  }
  return classes;
}

/** Probes of several files, of one class each: taken in any is taken. */
export function addTo(classes: Map<string, ClassExecution>, one: ClassExecution): void {
  const known = classes.get(one.id);
  const probes =
    known === undefined ? one.probes : one.probes.map((hit, probe) => hit || known.probes[probe] === true);
  classes.set(one.id, { ...one, probes });
}

function readHeader(reader: ByteReader): void {
  const start = reader.at;
  if (reader.u2() !== magic) throw new CoverageFormatError("this is no execution data", start);
  const found = reader.u2();
  if (found !== version) {
    throw new CoverageFormatError(`execution data of version ${found.toString(16)} is not known`, start);
  }
}

function skipSession(reader: ByteReader): void {
  reader.utf();
  reader.slice(16); // when it began and when it was dumped
}

function readClass(reader: ByteReader): ClassExecution {
  const id = reader.u8().toString(16).padStart(16, "0");
  const name = reader.utf();
  const count = readVarInt(reader);
  const bytes = reader.slice(Math.ceil(count / 8));
  const probes = Array.from({ length: count }, (_, probe) => ((bytes[probe >> 3]! >> (probe & 7)) & 1) === 1);
  return { id, name, probes };
}

/** Seven bits a byte, the low ones first. */
function readVarInt(reader: ByteReader): number {
  let value = 0;
  for (let shift = 0; shift < 32; shift += 7) {
    const byte = reader.u1();
    value += (byte & 0x7f) * 2 ** shift;
    if ((byte & 0x80) === 0) return value;
  }
  throw new CoverageFormatError("execution data has a number that does not end", reader.at);
}
