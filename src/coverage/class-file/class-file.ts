import { ByteReader, CoverageFormatError } from "../byte-reader.js";
import { ConstantPool, type Member } from "./constant-pool.js";
import { decodeInstructions, type Instruction } from "./instructions.js";

export const access = { private: 0x0002, bridge: 0x0040, synthetic: 0x1000, module: 0x8000 } as const;

/** A range of instructions, `start` to before `end`, whose exceptions go to the one at `handler`; by index. */
export interface ExceptionRange {
  readonly start: number;
  readonly end: number;
  readonly handler: number;
  /** Undefined: any. */
  readonly type: string | undefined;
}

export interface Method {
  readonly access: number;
  readonly name: string;
  readonly descriptor: string;
  /** Types of annotations, "Lorg/example/Generated;". */
  readonly annotations: readonly string[];
  /** Empty where it has no code. */
  readonly instructions: readonly Instruction[];
  readonly exceptionRanges: readonly ExceptionRange[];
}

export interface ClassFile {
  readonly access: number;
  readonly name: string;
  readonly superName: string;
  readonly sourceFile: string | undefined;
  readonly annotations: readonly string[];
  readonly methods: readonly Method[];
}

const magic = 0xcafebabe;

/** A class file as far as coverage needs it; JVM Specification, chapter 4. Throws CoverageFormatError. */
export function parseClassFile(bytes: Uint8Array): ClassFile {
  const reader = new ByteReader(bytes);
  if (reader.u4() !== magic) throw new CoverageFormatError("this is no class file", 0);
  reader.slice(4); // its version
  const pool = new ConstantPool(reader);
  const flags = reader.u2();
  const name = pool.named(reader.u2());
  const superName = pool.named(reader.u2());
  reader.slice(2 * reader.u2()); // interfaces
  for (let fields = reader.u2(); fields > 0; fields--) {
    reader.slice(6);
    readAttributes(reader, pool);
  }
  const raw = Array.from({ length: reader.u2() }, () => ({
    access: reader.u2(),
    name: pool.text(reader.u2()),
    descriptor: pool.text(reader.u2()),
    attributes: readAttributes(reader, pool),
  }));
  const attributes = readAttributes(reader, pool);
  const source = attributes.get("SourceFile");
  const bootstraps = bootstrapMethods(attributes, pool);
  return {
    access: flags,
    name,
    superName,
    sourceFile: source === undefined ? undefined : pool.text(new ByteReader(source).u2()),
    annotations: annotationTypes(attributes, pool),
    methods: raw.map(({ attributes: own, ...method }) => ({
      ...method,
      annotations: annotationTypes(own, pool),
      ...codeOf(own.get("Code"), pool, bootstraps),
    })),
  };
}

type Attributes = ReadonlyMap<string, Uint8Array>;

function readAttributes(reader: ByteReader, pool: ConstantPool): Attributes {
  const attributes = new Map<string, Uint8Array>();
  for (let count = reader.u2(); count > 0; count--) {
    const name = pool.text(reader.u2());
    const content = reader.slice(reader.u4());
    const earlier = attributes.get(name); // LineNumberTable may come in parts
    attributes.set(
      name,
      earlier === undefined || name !== "LineNumberTable" ? content : joined(earlier, content),
    );
  }
  return attributes;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = Buffer.concat([first, second.subarray(2)]);
  both.writeUInt16BE((first.length + second.length - 4) / 4);
  return both;
}

function bootstrapMethods(attributes: Attributes, pool: ConstantPool): readonly Member[] {
  const content = attributes.get("BootstrapMethods");
  if (content === undefined) return [];
  const reader = new ByteReader(content);
  return Array.from({ length: reader.u2() }, () => {
    const method = pool.handle(reader.u2());
    reader.slice(2 * reader.u2());
    return method;
  });
}

/** Only the types: what an annotation says is skipped, value by value. */
function annotationTypes(attributes: Attributes, pool: ConstantPool): readonly string[] {
  return ["RuntimeVisibleAnnotations", "RuntimeInvisibleAnnotations"].flatMap((name) => {
    const content = attributes.get(name);
    if (content === undefined) return [];
    const reader = new ByteReader(content);
    return Array.from({ length: reader.u2() }, () => annotation(reader, pool));
  });
}

// Annotations hold annotations, and lists hold lists; javac nests neither as deep.
const maxDepth = 100;

function annotation(reader: ByteReader, pool: ConstantPool, depth = 0): string {
  const type = pool.text(reader.u2());
  for (let pairs = reader.u2(); pairs > 0; pairs--) {
    reader.slice(2);
    skipValue(reader, pool, depth);
  }
  return type;
}

function skipValue(reader: ByteReader, pool: ConstantPool, depth: number): void {
  if (depth > maxDepth) throw new CoverageFormatError("an annotation is nested too deep", reader.at);
  const tag = String.fromCharCode(reader.u1());
  if (tag === "e") reader.slice(4);
  else if (tag === "@") annotation(reader, pool, depth + 1);
  else if (tag === "[")
    for (let values = reader.u2(); values > 0; values--) skipValue(reader, pool, depth + 1);
  else reader.slice(2);
}

function codeOf(
  content: Uint8Array | undefined,
  pool: ConstantPool,
  bootstraps: readonly Member[],
): Pick<Method, "instructions" | "exceptionRanges"> {
  if (content === undefined) return { instructions: [], exceptionRanges: [] };
  const reader = new ByteReader(content, 4); // behind the sizes of stack and frame
  const code = reader.slice(reader.u4());
  const table = Array.from({ length: reader.u2() }, () => ({
    start: reader.u2(),
    end: reader.u2(),
    handler: reader.u2(),
    type: pool.named(reader.u2()) || undefined,
  }));
  const lines = lineNumbers(readAttributes(reader, pool).get("LineNumberTable"));
  const { instructions, indexAt } = decodeInstructions(code, { pool, bootstraps, lines });
  const exceptionRanges = table.map(({ start, end, handler, type }) => ({
    start: indexAt(start),
    end: indexAt(end),
    handler: indexAt(handler),
    type,
  }));
  return { instructions, exceptionRanges };
}

/** Offset → line. Of two for one offset the later counts. */
function lineNumbers(content: Uint8Array | undefined): ReadonlyMap<number, number> {
  const lines = new Map<number, number>();
  if (content === undefined) return lines;
  const reader = new ByteReader(content);
  for (let count = reader.u2(); count > 0; count--) lines.set(reader.u2(), reader.u2());
  return lines;
}
